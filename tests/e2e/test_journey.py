"""One case from the first word to the assessed reply, by five people in a browser."""

import time

import pytest

from accounts.models import Office, OfficeKind, Role
from cases.models import AuditEvent, Case, Deadline, Mechanism, Notice, Package, Reply, State
from cases.models.deadline import DeadlineKind
from cases.vocabulary import Stage
from launch.browser import chromium
from tests.e2e import walk
from tests.factories import OfficeFactory, member, mission_of
from tests.factories.accounts import PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.worker,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine"),
]
EMAILS = {
    Role.FOCAL_POINT: "focal@example.org",
    Role.REVIEWER: "reviewer@example.org",
    Role.MECHANISM_OFFICER: "mechanism@example.org",
    Role.MANDATE_HOLDER: "mandate@example.org",
    Role.MISSION_HEAD: "mission@example.org",
}


def test_from_recording_to_assessed_reply(house):
    people()
    focal, reviewer, mechanism, mandate = (
        house.enter("console", EMAILS[role]) for role in list(EMAILS)[:4]
    )

    case = walk.record(focal, "Synthetic XAA (XAA)")
    walk.verify_and_decide(focal, reviewer, case)
    letter = walk.draft(mechanism, case)
    walk.send(mechanism, mandate, reviewer, letter)
    mission = house.enter("portal", EMAILS[Role.MISSION_HEAD])
    walk.answer(mission)
    assert until(Reply.objects.exclude(taken_in_at=None).exists)
    walk.assess(focal, case)

    console, portal = house.urls["console"], house.urls["portal"]
    pages = [case, letter, *(f"{console}{path}" for path in ("/", "/cases/", "/letters/"))]
    pages += [f"{case}record/{step}/" for step in ("people", "consent", "file")]
    assert walk.too_wide(focal, "console", pages) == []
    assert walk.too_wide(mission, "portal", [mission.url, f"{portal}/", f"{portal}/history/"]) == []

    found = Case.objects.get()
    assert found.stage == Stage.FOLLOW
    assert found.assessments.get().grade == "C"
    assert walk.NAME not in str(Package.objects.get().content)
    assert Deadline.objects.get(kind=DeadlineKind.RESPONSE).met_at is not None
    assert until(lambda: not Notice.objects.owed().exists())
    assert AuditEvent.objects.filter(verb="transmitted").count() == 1


def people() -> None:
    """A desk, the secretariat of one mandate, and the mission of a fictitious State."""
    mission = mission_of("XAA")
    desk = OfficeFactory.create(name="Desk of the journey")
    secretariat = OfficeFactory.create(
        kind=OfficeKind.SECRETARIAT, name="Secretariat of the journey"
    )
    secretariat.mechanisms.add(Mechanism.objects.get(pk="SP-HRD"))
    desk.covers.set(State.objects.filter(pk="XAA"))
    places: list[Office] = [desk, desk, secretariat, secretariat, mission]
    for (role, email), office in zip(EMAILS.items(), places, strict=True):
        member(office, role, email=email, password=PASSWORD)


def until(true, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.2)
    return False
