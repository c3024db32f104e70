"""What is said in public takes consent, a risk assessed and no stop flag; what is quiet, none."""

import datetime as dt

import pytest
from django.utils import timezone

from cases.models import Action, AuditEvent, Fulfilment
from cases.refusals import GateShut
from cases.services import actions, cases, people
from tests.factories import journey

pytestmark = pytest.mark.django_db

PUBLIC = [
    {"kind": "STM"},
    {"kind": "PR"},
    {"kind": "MEDIA"},
    {"kind": "RPT"},
    {"kind": "DIAL"},
    {"kind": "PRES"},
    {"kind": "SGR"},
    {"protection": "PUB"},
    {"kind": "CALL", "public": True},
    {"protection": "LEG", "public": True},
]
QUIET = [{"kind": "CALL"}, {"kind": "MEET"}, {"protection": "QUI"}, {"protection": "LEG"}]
IN_PAPERS = {"RPT", "DIAL", "PRES", "SGR"}


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    """Kept, told to the State, its risk assessed; nobody spoke of the public."""
    return journey.shareable(journey.recorded(who), who)


@pytest.fixture
def person(case):
    return case.persons.get()


@pytest.fixture
def said(case, who, person):
    def say(*scopes, status="GRANTED", **fields):
        for scope in scopes:
            journey.said(case, who, person=person, scope=scope, status=status, **fields)

    return say


def record(case, who, **fields):
    return actions.record_action(case, by=who.focal, **fields)


def refused(case, who, **fields):
    with pytest.raises(GateShut) as shut:
        record(case, who, **fields)
    assert not Action.objects.filter(case=case).exists()
    return list(shut.value.reasons)


@pytest.mark.parametrize("fields", PUBLIC)
@pytest.mark.parametrize("when", ["planned_for", "done_on"])
def test_what_is_public_is_refused_without_the_consent_for_it(case, who, said, fields, when):
    fields = {**fields, when: timezone.localdate()}
    [reason] = refused(case, who, **fields)
    assert "Not asked" in reason and "Consent of V-1" in reason

    said("PBN" if fields.get("kind") in IN_PAPERS else "MED")

    assert record(case, who, **fields).pk


@pytest.mark.parametrize("fields", QUIET)
def test_what_is_quiet_is_written_down_as_it_was(case, who, fields):
    assert record(case, who, **fields).pk


def test_consent_to_one_kind_of_publicity_opens_no_other(case, who, said):
    said("MED")
    assert refused(case, who, kind="SGR")
    said("PBN")
    assert record(case, who, kind="SGR").pk


def test_to_be_named_takes_more_than_to_be_spoken_of(case, who, said, person):
    said("MED")
    reasons = refused(case, who, kind="PR", named=[person])
    assert any("Publish with name" in reason and "by name" in reason for reason in reasons)

    said("PBW")

    assert list(record(case, who, kind="PR", named=[person]).named.all()) == [person]


def test_every_reason_is_given_not_the_first(case, who, said):
    said("STO", "MED", status="REFUSED")
    other = people.record_person(case, by=who.focal, kind="individual")
    cases.stop_case(case, by=who.focal, reason="A relative was visited")

    reasons = " ".join(refused(case, who, kind="PR"))

    for part in ("V-1", other.code, "Store only: Refused", "Public advocacy: Refused"):
        assert part in reasons
    assert f"Risk assessment of {other.code}" in reasons and "stop flag" in reasons


def test_somebody_about_whom_it_is_not_said_is_asked_too(case, who, said):
    """What is said of one may stand in words about another."""
    said("MED")
    people.record_person(case, by=who.focal, kind="individual")
    assert refused(case, who, kind="PR")


def test_a_no_to_being_published_shuts_the_press_too(case, who, said):
    said("MED")
    said("PBN", status="REFUSED")
    assert refused(case, who, kind="STM")


def test_conditions_shut_it_until_somebody_says_how_they_are_kept(case, who, said):
    said("MED", status="CONDITIONS", conditions="Not before the release")
    [reason] = refused(case, who, kind="PR")
    assert "Conditions of V-1" in reason
    assert refused(case, who, kind="PR", conditions_met="  ")

    action = record(case, who, kind="PR", conditions_met="They are free since Monday")

    kept = Fulfilment.objects.get(action=action)
    assert (kept.words, kept.said_by) == ("They are free since Monday", who.focal)
    assert AuditEvent.objects.filter(verb="conditions_met", subject=str(kept.pk)).exists()


def edit(action, who, **fields):
    return actions.edit_action(action, by=who.focal, version=action.version, **fields)


def test_what_becomes_public_is_asked_then(case, who, said):
    action = record(case, who, kind="CALL")
    with pytest.raises(GateShut):
        edit(action, who, public=True)
    action.refresh_from_db()
    assert (action.public, action.version) == (False, 1)

    said("MED")

    assert edit(action, who, public=True).public


def test_a_plan_is_asked_again_when_it_is_said_and_when_it_names(case, who, said, person):
    said("MED")
    action = record(case, who, kind="PR", planned_for=timezone.localdate())
    said("MED", status="WITHDRAWN")
    for more in ({"done_on": timezone.localdate()}, {"named": [person]}):
        with pytest.raises(GateShut):
            edit(action, who, **more)
    action.refresh_from_db()
    assert action.done_on is None and not action.named.exists()


def test_what_came_of_it_is_written_also_after_consent_ended(case, who, said):
    said("MED")
    action = record(case, who, kind="PR", done_on=timezone.localdate() - dt.timedelta(1))
    said("MED", status="WITHDRAWN")

    assert edit(action, who, outcome="The paper printed it").outcome == "The paper printed it"


def test_a_person_of_another_case_is_not_named(case, who, said):
    said("MED", "PBW")
    stranger = journey.recorded(who).persons.get()
    with pytest.raises(Exception, match="another case"):
        record(case, who, kind="PR", named=[stranger])
