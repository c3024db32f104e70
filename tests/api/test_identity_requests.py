"""Asking for a name by machine: the same rules as on the pages, for the same people."""

import pytest

from accounts.models import Role
from cases.models import AuditEvent, IdentityRequest
from tests.api.conftest import machine
from tests.api.world import world
from tests.factories import journey, member

pytestmark = pytest.mark.django_db

ASK = {"purpose": "contact", "motive": "The family asks us to call."}


@pytest.fixture
def here():
    return world()


def test_a_name_is_asked_for_approved_seen_and_taken_back(here):
    guest, keeper = machine(here.guest), machine(here.who.custodian)
    person = here.rows["persons"]

    assert guest.post(f"persons/{person.pk}/reveal/", {"purpose": "contact"}).status_code == 403
    asked = guest.post(f"persons/{person.pk}/ask/", ASK)
    assert (asked.status_code, asked.json()["standing"]) == (200, "asked")
    key = asked.json()["id"]

    waiting = {row["id"]: row for row in keeper.get("identity-requests/").json()["results"]}
    assert waiting[key]["motive"] == ASK["motive"]
    assert journey.NAME not in str(waiting)
    assert keeper.get(f"persons/{person.pk}/").status_code == 404
    assert keeper.post(f"identity-requests/{key}/approve/", {"period": "1h"}).status_code == 400
    approved = keeper.post(
        f"identity-requests/{key}/approve/", {"period": "1h", "reason": "Agreed."}
    )
    assert approved.json()["standing"] == "approved"

    shown = guest.post(f"persons/{person.pk}/reveal/", {"purpose": "contact"})
    assert shown.json()["name"] == journey.NAME
    assert AuditEvent.objects.filter(verb="revealed", actor=here.guest.pk).count() == 1

    assert keeper.post(f"identity-requests/{key}/end/").json()["standing"] == "ended"
    assert guest.post(f"persons/{person.pk}/reveal/", {"purpose": "contact"}).status_code == 403


def test_a_decision_is_made_once_and_never_by_who_asked(here):
    keeper = machine(here.who.custodian)
    key = here.rows["identity-requests"].pk
    asker = machine(here.who.reviewer)
    assert asker.post(f"identity-requests/{key}/refuse/", {"reason": "No."}).status_code == 403
    refused = keeper.post(f"identity-requests/{key}/refuse/", {"reason": "The lead calls."})
    assert refused.json()["standing"] == "refused"
    again = keeper.post(f"identity-requests/{key}/approve/", {"period": "1h", "reason": "Yes."})
    assert again.status_code in {409, 412}
    assert IdentityRequest.objects.get(pk=key).status == "refused"


def test_an_emergency_is_open_at_once_and_reviewed_by_another(here):
    officer, keeper = machine(here.who.reviewer), machine(here.who.custodian)
    source = here.rows["sources"]
    path = f"sources/{source.pk}/break_glass/"
    assert officer.post(path, {"motive": "Now.", "confirmed": False}).status_code == 409
    glass = officer.post(path, {"motive": "Threatened now.", "confirmed": True}).json()
    assert glass["emergency"] and glass["standing"] == "approved"
    shown = officer.post(f"sources/{source.pk}/reveal/", {"purpose": "protection"})
    assert shown.json()["name"] == journey.NAME
    said = {"justified": True, "review": "The threat was real."}
    own = officer.post(f"identity-requests/{glass['id']}/review/", said)
    assert own.status_code == 403
    assert keeper.post(f"identity-requests/{glass['id']}/review/", said).json()["justified"]


def test_nobody_else_finds_a_request(here):
    key = here.rows["identity-requests"].pk
    for name, person in {**here.strangers, "guest": here.guest}.items():
        client = machine(person)
        expected = 200 if name == "custodian" else 404
        assert client.get(f"identity-requests/{key}/").status_code == expected, name
        if name != "custodian":
            assert client.get("identity-requests/").json()["results"] == []


def test_a_purpose_of_the_machine_is_nobodys(here):
    client = machine(here.who.focal)
    path = f"persons/{here.rows['persons'].pk}/reveal/"
    for purpose in ("leak_check", "composing", "curiosity", ""):
        assert client.post(path, {"purpose": purpose}).status_code == 400
    assert not AuditEvent.objects.filter(verb="revealed").exists()


def test_a_name_for_counsel_takes_two_custodians(here):
    second = member(here.case.office, Role.CUSTODIAN)
    guest, keeper, other = machine(here.guest), machine(here.who.custodian), machine(second)
    person = here.rows["persons"]
    key = guest.post(f"persons/{person.pk}/ask/", ASK | {"purpose": "counsel"}).json()["id"]
    path = f"identity-requests/{key}/approve/"

    longer = keeper.post(path, {"period": "8h", "reason": "Counsel asked."})
    assert longer.status_code == 409 and "hour" in str(longer.json())
    first = keeper.post(path, {"period": "1h", "reason": "Counsel asked."}).json()
    assert (first["standing"], first["agreement"]) == ("asked", "Counsel asked.")
    assert keeper.post(path, {"period": "1h", "reason": "Again."}).status_code == 403
    opened = {"purpose": "counsel"}
    assert guest.post(f"persons/{person.pk}/reveal/", opened).status_code == 403
    assert other.post(path, {"period": "1h", "reason": "Yes."}).json()["standing"] == "approved"
    shown = guest.post(f"persons/{person.pk}/reveal/", opened)
    assert shown.json()["name"] == journey.NAME
    knows = machine(here.who.focal)
    assert knows.post(f"persons/{person.pk}/reveal/", opened).status_code == 403
