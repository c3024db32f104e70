"""Who sees which rows: asked of every noun that says so, row by row, on one world."""

import datetime as dt

import pytest
import time_machine
from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from accounts.models import Role, User
from cases.lifecycles import ReplyStatus
from cases.models import IdentityRequest, Package, Reply
from cases.services import assignments, identities
from tests.factories import UserFactory, journey, member, mission_of
from tests.services.world import build

pytestmark = pytest.mark.django_db

OF_A_LETTER = "communication__case"
# The way from a noun to its case, where it is not `case`.
WAYS = {
    "Case": ["pk"],
    "Identity": ["person__case", "source__case"],
    "EvidenceAttachment": ["evidence__case"],
    "CleanCopy": ["original__evidence__case"],
    "Signatory": ["communication__case"],
    "Extension": [f"package__{OF_A_LETTER}"],
    "Package": [OF_A_LETTER],
    "PackageAttachment": [f"package__{OF_A_LETTER}"],
    "Reply": [f"package__{OF_A_LETTER}"],
    "ReplyAttachment": [f"reply__package__{OF_A_LETTER}"],
}
# Nobody attached one in this world; `test_evidence` of the services looks at theirs.
FILES = {"EvidenceAttachment", "CleanCopy", "CustodyEntry"}
# Of people and offices, not of a case: tests/services/test_locks.py, tests/api/test_locks.py.
ELSEWHERE = {"Lock", "Tie"}
AT_THE_PORTAL = {"Extension", "Package", "PackageAttachment", "Reply", "ReplyAttachment"}


def nouns():
    return {
        model.__name__: model._default_manager
        for model in apps.get_app_config("cases").get_models()
        if hasattr(model._default_manager.all(), "visible_to") and model.__name__ not in ELSEWHERE
    }


def seen_by(user: User) -> set[tuple[str, object]]:
    """As the next request of this person would find them."""
    fresh = User.objects.get(pk=user.pk)
    return {
        (name, pk)
        for name, rows in nouns().items()
        for pk in rows.visible_to(fresh).values_list("pk", flat=True)
    }


def rows_of(*cases) -> set[tuple[str, object]]:
    """Every row of these cases; of replies those that were submitted."""
    found, pks = set(), [case.pk for case in cases]
    for name, rows in nouns().items():
        of = Q()
        for way in WAYS.get(name, ["case"]):
            of |= Q(**{f"{way}__in": pks})
        if name == "Reply":
            of &= Q(status=ReplyStatus.SUBMITTED)
        if name == "ReplyAttachment":
            of &= Q(reply__status=ReplyStatus.SUBMITTED)
        found |= {(name, pk) for pk in rows.filter(of).values_list("pk", flat=True)}
    return found


def asked_by(rows: set[tuple[str, object]], *people: User) -> set[tuple[str, object]]:
    """Of the requests to see a name only those of these people: more is for the desks."""
    own = set(IdentityRequest.objects.filter(asked_by__in=people).values_list("pk", flat=True))
    return {(name, pk) for name, pk in rows if name != "IdentityRequest" or pk in own}


@pytest.fixture
def w():
    w = build()
    identities.keep_identity(w.source, by=w.focal, content={"name": "Wren"})
    journey.assessed(w.reply, w)
    w.all = list(type(w.case).objects.all())
    return w


def test_each_person_sees_the_rows_of_their_cases_and_no_other(w):
    assert {name for name, _pk in rows_of(*w.all)} == nouns().keys() - FILES

    for person in (w.focal, w.reviewer):  # the office that holds them
        assert seen_by(person) == rows_of(*w.all)
    shared = [case for case in w.all if case.assignments.filter(office__isnull=False)]
    assert 0 < len(shared) < len(w.all)
    for person in (w.mechanism, w.mandate):  # the office that some are assigned to
        assert seen_by(person) == asked_by(rows_of(*shared))
    assert seen_by(w.assignment.user) == rows_of(w.case)  # assigned by name
    guest = asked_by(rows_of(w.case), w.shown_to)
    assert ("IdentityRequest", w.approved.pk) in guest
    assert seen_by(w.shown_to) == guest


def test_a_custodian_sees_who_asks_in_their_office_and_nothing_of_a_case(w):
    other = build()
    everywhere = set(IdentityRequest.objects.values_list("pk", flat=True))
    asked = IdentityRequest.objects.filter(case__office=w.case.office)
    here = set(asked.values_list("pk", flat=True))
    assert seen_by(w.custodian) == {("IdentityRequest", pk) for pk in here}
    assert here and here.isdisjoint(pk for _name, pk in seen_by(other.custodian))
    assert len(everywhere) == 2 * len(here)


def test_nobody_else_sees_anything(w):
    here = w.case.office
    others = [
        UserFactory(is_superuser=True, is_staff=True),
        UserFactory(),
        member(role=Role.FOCAL_POINT),
        member(role=Role.REVIEWER),
        member(mission_of("XBB"), Role.MISSION_HEAD),
        *(member(here, role) for role in (Role.ANALYST, Role.EDITOR, Role.AUDITOR)),
        member(role=Role.CUSTODIAN),
    ]
    for person in others:
        assert seen_by(person) == set(), person.memberships_now


def test_a_mission_sees_what_was_sent_to_it_and_its_own_drafts(w):
    seen = seen_by(w.mission)
    assert {name for name, _pk in seen} == AT_THE_PORTAL
    assert {pk for name, pk in seen if name == "Package"} == set(
        Package.objects.filter(state="XAA").values_list("pk", flat=True)
    )
    drafts = set(Reply.objects.filter(status=ReplyStatus.DRAFT).values_list("pk", flat=True))
    assert drafts and drafts <= {pk for name, pk in seen if name == "Reply"}
    assert not drafts & {pk for _name, pk in seen_by(w.focal)}


def test_what_has_an_end_ends_for_every_noun(w):
    guest, colleague = member(), member(role=Role.MANDATE_HOLDER)
    end = timezone.now() + dt.timedelta(days=3)
    assignments.show_case(w.case, to=guest, by=w.reviewer, reason="Advice", expires_at=end)
    assignments.assign_case(w.case, by=w.focal, user=colleague, duty="review", expires_at=end)
    just_before = end - dt.timedelta(seconds=1)
    for moment, seen in ((just_before, asked_by(rows_of(w.case))), (end, set())):
        with time_machine.travel(moment, tick=False):
            assert seen_by(guest) == seen_by(colleague) == seen
