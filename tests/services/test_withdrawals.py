"""Consent taken back: nothing is recorded unseen; then all of it happens at once, and stays."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import OfficeKind, Role
from cases import gates
from cases.lifecycles import ContainmentMove, LetterStatus
from cases.models import (
    AuditEvent,
    Case,
    CaseUserObjectPermission,
    Consent,
    Containment,
    Deadline,
    Notice,
)
from cases.refusals import GateShut, MoveRefused, Refused
from cases.services import (
    actions,
    assignments,
    communications,
    consents,
    containments,
    fulfilments,
    packages,
    people,
    transmission,
)
from tests.factories import OfficeFactory, journey, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


def outsider():
    return member(OfficeFactory.create(kind=OfficeKind.ENTITY), Role.REVIEWER)


def takes_back(case, who, scope="STN", status="WITHDRAWN", **fields):
    person = fields.pop("person", None) or case.persons.get()
    return journey.said(case, who, person=person, scope=scope, status=status, **fields)


def kinds(entry):
    return sorted(entry.containments.values_list("kind", flat=True))


def test_nothing_is_recorded_before_all_that_it_touches_was_seen(who):
    package = journey.transmitted(who)
    case = package.communication.case
    fields = {"person": case.persons.get(), "scope": "STN", "status": "WITHDRAWN"}
    for seen in ("", "0" * 64):
        with pytest.raises(consents.Touches) as told:
            consents.record_consent(case, by=who.focal, seen=seen, **fields)
    assert [one.row for one in told.value.touched.left] == [package]
    assert not Consent.objects.filter(case=case, status="WITHDRAWN").exists()
    assert not Containment.objects.exists()

    digest = told.value.touched.digest
    journey.drafted(case, who)  # meanwhile there is more to take back
    with pytest.raises(consents.Touches):
        consents.record_consent(case, by=who.focal, seen=digest, **fields)


def test_every_unsent_letter_loses_endorsements_and_clearance(who):
    case = journey.decided(who)
    draft, endorsed, asked, cleared = (journey.drafted(case, who) for _n in range(4))
    digest = communications.composed(communications.whole(endorsed), by=who.mandate).digest
    communications.answer_for_mandate(
        endorsed.signatories.get(), by=who.mandate, endorse=True, digest=digest
    )
    communications.ask_clearance(asked, by=who.mechanism)
    journey.cleared(cleared, who)

    entry = takes_back(case, who)

    letters = [draft, endorsed, asked, cleared]
    assert set(entry.reopened.all()) == set(letters)
    for letter in letters:
        letter.refresh_from_db()
        assert (letter.status, letter.cleared_by, letter.cleared_digest) == ("draft", None, "")
        assert letter.signatories.get().answer == "asked"
    assert not Deadline.objects.filter(case=case, kind="clearance").open().exists()
    told = Notice.objects.filter(key__startswith="reopened:")
    assert {one.recipient for one in told} == {who.mechanism, who.mandate}


def test_a_letter_about_others_is_opened_again_too(who):
    """What is told of one may stand in words about another."""
    case = journey.decided(who)
    other = people.record_person(case, by=who.focal, kind="individual")
    letter = journey.drafted(case, who)
    journey.said(case, who, person=other, scope="STN", status="REFUSED")
    letter.refresh_from_db()
    assert list(letter.reopened_by.all())


def test_the_name_alone_taken_back_touches_only_what_names(who):
    case = journey.decided(who)
    person = case.persons.get()
    journey.said(case, who, person=person, scope="STW", status="GRANTED")
    plain, naming = journey.drafted(case, who), journey.drafted(case, who)
    communications.edit_letter(naming, by=who.mechanism, version=1, in_full=[person])
    for letter in (plain, naming):
        journey.cleared(letter, who)
    entry = takes_back(case, who, scope="STW")
    assert list(entry.reopened.all()) == [naming]
    plain.refresh_from_db()
    assert plain.status == LetterStatus.CLEARED


@pytest.mark.parametrize(
    ("fields", "touches"),
    [
        ({"scope": "STN", "status": "GRANTED", "withheld": ["place"]}, True),
        ({"scope": "STN", "status": "CONDITIONS", "conditions": "After the release."}, True),
        ({"scope": "STN", "status": "UNREACHABLE"}, True),
        ({"scope": "STO", "status": "WITHDRAWN"}, True),
        ({"scope": "PBN", "status": "REFUSED"}, False),
        ({"scope": "STN", "status": "GRANTED"}, False),
    ],
    ids=["kept back", "condition", "silence", "keeping", "another use", "renewal"],
)
def test_narrowing_takes_back_as_a_withdrawal_does(who, fields, touches):
    case = journey.transmitted(who).communication.case
    entry = journey.said(case, who, person=case.persons.get(), **fields)
    assert bool(entry.containments.filter(kind="letter")) is touches


def test_each_thing_that_left_becomes_a_task_with_to_whom_when_and_by_whom(who):
    package = journey.transmitted(who)
    case = package.communication.case
    packages.read_package(package, by=who.mission)
    guest, reviewer = outsider(), who.reviewer
    assignments.show_case(case, to=guest, by=reviewer, reason="Advice")
    spoken = actions.record_action(
        case, by=who.focal, kind="MEET", done_on=timezone.localdate(), owner=who.focal
    )
    journey.said(case, who, person=case.persons.get(), scope="MED", status="GRANTED")
    actions.record_action(case, by=who.focal, kind="PR", planned_for=timezone.localdate())

    entry = takes_back(case, who, scope="STO")

    assert kinds(entry) == ["action", "guest", "letter", "person", "share"]
    letter = entry.containments.get(kind="letter")
    assert (letter.package, letter.left_at, letter.left_by) == (
        package,
        package.transmitted_at,
        who.mechanism,
    )
    shown = entry.containments.get(kind="guest")
    assert (shown.guest, shown.left_by) == (guest, reviewer)
    assert entry.containments.get(kind="share").assignment.office == journey.office_of(who.mandate)
    assert entry.containments.get(kind="action").action == spoken
    assert {task.owner for task in entry.containments.all()} == {case.owner}
    assert Deadline.objects.open().filter(case=case, kind="containment").exists()
    assert Notice.objects.filter(key=f"withdrawal:{entry.pk}", recipient=who.reviewer).exists()


def test_a_guest_from_outside_sees_the_case_no_more(who):
    case = journey.decided(who)
    guest, colleague = outsider(), member(role=Role.REVIEWER)
    for to in (guest, colleague):
        assignments.show_case(case, to=to, by=who.reviewer, reason="Advice")
    takes_back(case, who, scope="UNI")
    assert not Case.objects.visible_to(guest).filter(pk=case.pk).exists()
    assert Case.objects.visible_to(colleague).filter(pk=case.pk).exists()
    assert list(CaseUserObjectPermission.objects.values_list("user", flat=True)) == [colleague.pk]


def test_a_guest_whose_look_ended_before_is_still_found(who):
    case, guest = journey.decided(who), outsider()
    assignments.show_case(case, to=guest, by=who.reviewer, reason="Advice")
    assignments.end_showing(case, to=guest, by=who.reviewer)
    entry = takes_back(case, who, scope="UNI")
    assert entry.containments.get(kind="guest").guest == guest


def test_what_was_published_is_found_when_publishing_is_taken_back(who):
    case = journey.decided(who)
    journey.said(case, who, person=case.persons.get(), scope="MED", status="GRANTED")
    said = actions.record_action(
        case, by=who.focal, kind="STM", done_on=timezone.localdate(), public=True
    )
    entry = takes_back(case, who, scope="PBN", status="REFUSED")
    assert entry.containments.get(kind="action").action == said
    assert not entry.containments.filter(kind="share").exists()


def test_a_withdrawal_after_the_end_of_a_consent_still_finds_what_left_under_it(who):
    case = journey.transmitted(who).communication.case
    person, today = case.persons.get(), timezone.localdate()
    old = {"given_on": today - dt.timedelta(9), "expires_on": today - dt.timedelta(1)}
    Consent.objects.create(
        case=case, person=person, scope="STN", status="GRANTED", recorded_by=who.focal, **old
    )
    assert takes_back(case, who).containments.filter(kind="letter").exists()


# Closing ------------------------------------------------------------------------------------------


@pytest.fixture
def task(who):
    entry = takes_back(journey.transmitted(who).communication.case, who)
    return entry.containments.get(kind="letter")


@pytest.mark.parametrize(
    ("move", "status"), [("finish", "done"), ("give_up", "not_possible")], ids=str
)
def test_a_task_is_closed_once_in_words(who, task, move, status):
    with pytest.raises(Refused, match="Say what was done"):
        containments.close_containment(task, by=who.focal, move=ContainmentMove(move), words=" ")
    closed = containments.close_containment(
        task, by=who.focal, move=ContainmentMove(move), words="The mission was asked."
    )
    assert (closed.status, closed.closed_by, closed.words) == (
        status,
        who.focal,
        "The mission was asked.",
    )
    with pytest.raises(MoveRefused):
        containments.close_containment(
            task, by=who.focal, move=ContainmentMove.FINISH, words="Again."
        )


def test_the_clock_is_met_when_the_last_task_is_closed(who, task):
    clock = Deadline.objects.filter(case=task.case, kind="containment")
    for one in list(task.consent.containments.all()):
        assert clock.open().exists()
        containments.close_containment(one, by=who.focal, move=ContainmentMove.FINISH, words="Yes.")
    assert not clock.open().exists() and clock.get().met_at


def test_tasks_go_with_the_case_and_may_be_handed_on(who, task):
    assignments.give_case(task.case, to=who.reviewer, by=who.focal)
    task.refresh_from_db()
    assert task.owner == who.reviewer
    with pytest.raises(Refused, match="officer of the office"):
        containments.give_containment(task, to=outsider(), by=who.focal)
    handed = containments.give_containment(task, to=who.focal, by=who.reviewer)
    assert handed.owner == who.focal
    assert Notice.objects.filter(key__startswith="containment:", recipient=who.focal).exists()


# Conditions and sharing ---------------------------------------------------------------------------


def test_conditions_of_sharing_are_answered_for_or_nobody_outside_sees_the_case(who):
    case = journey.decided(who)
    person = case.persons.get()
    said = {"status": "CONDITIONS", "conditions": "Not the field office."}
    journey.said(case, who, person=person, scope="UNI", **said)
    guest, office = outsider(), OfficeFactory.create(kind=OfficeKind.ENTITY)
    with pytest.raises(GateShut, match="Conditions of V-1"):
        assignments.show_case(case, to=guest, by=who.reviewer, reason="Advice")
    with pytest.raises(GateShut, match="Conditions of V-1"):
        assignments.assign_case(case, by=who.focal, office=office, duty="support")
    words = "It is at headquarters."
    assignments.show_case(case, to=guest, by=who.reviewer, reason="Advice", conditions_met=words)
    held = assignments.assign_case(
        case, by=who.focal, office=office, duty="support", conditions_met=words
    )
    assert [one.words for one in held.fulfilments.all()] == [words]
    assert case.fulfilments.get(guest=guest).said_by == who.reviewer


@pytest.mark.parametrize("shut", ["consent", "risk", "stop"])
def test_sharing_outside_takes_consent_an_assessment_and_no_stop(who, shut):
    case = journey.decided(who)
    if shut == "consent":
        takes_back(case, who, scope="UNI")
    elif shut == "risk":
        case.risks.all().delete()
    else:
        Case.objects.filter(pk=case.pk).update(stopped_at=timezone.now(), stopped_by=who.focal)
    office = OfficeFactory.create(kind=OfficeKind.ENTITY)
    with pytest.raises(GateShut):
        assignments.assign_case(case, by=who.focal, office=office, duty="support")
    with pytest.raises(GateShut):
        assignments.show_case(case, to=outsider(), by=who.reviewer, reason="Advice")
    desk = OfficeFactory.create()  # inside the house nothing is shared
    assignments.assign_case(case, by=who.focal, office=desk, duty="support")


def test_a_person_outside_assigned_by_name_may_see_names_and_takes_consent_to_that(who):
    case = journey.decided(who)
    journey.said(
        case, who, person=case.persons.get(), scope="UNI", status="GRANTED", withheld=["name"]
    )
    with pytest.raises(GateShut, match="Kept back: Name"):
        assignments.assign_case(case, by=who.focal, user=outsider(), duty="support")
    office = OfficeFactory.create(kind=OfficeKind.ENTITY)
    assignments.assign_case(case, by=who.focal, office=office, duty="support")


def test_a_condition_holds_a_letter_until_somebody_says_how_this_text_keeps_it(who):
    case = journey.decided(who)
    person = case.persons.get()
    entry = journey.said(
        case, who, person=person, scope="STN", status="CONDITIONS", conditions="No dates."
    )
    letter = journey.drafted(case, who)
    digest = journey.cleared(letter, who)
    with pytest.raises(GateShut, match="Conditions of V-1"):
        transmission.transmit(letter, by=who.mechanism, digest=digest)
    fulfil(letter, entry, who, digest)
    again = journey.said(
        case, who, person=person, scope="STN", status="CONDITIONS", conditions="No dates."
    )
    with pytest.raises(GateShut, match="Conditions of V-1"):  # another answer, asked anew
        transmission.transmit(letter, by=who.mechanism, digest=digest)
    with pytest.raises(Refused, match="another answer since"):
        fulfil(letter, entry, who, digest)
    with pytest.raises(Refused, match="The text changed"):
        fulfil(letter, again, who, "0" * 64)
    fulfil(letter, again, who, digest)
    assert transmission.transmit(letter, by=who.mechanism, digest=digest)
    assert AuditEvent.objects.filter(case=case.pk, verb="conditions_met").count() == 2


def fulfil(letter, entry, who, digest):
    return fulfilments.say_conditions_met(
        letter, entry, by=who.focal, digest=digest, words="Only months are given."
    )


def test_an_edit_ends_what_was_said_of_the_text_before(who):
    case = journey.decided(who)
    entry = journey.said(
        case, who, person=case.persons.get(), scope="STN", status="CONDITIONS", conditions="No."
    )
    letter = journey.drafted(case, who)
    made = communications.composed(communications.whole(letter), by=who.mechanism)
    fulfil(letter, entry, who, made.digest)
    shut = {gate.title for gate in open_gates(letter, who)}
    assert "Conditions of V-1" not in shut
    communications.edit_letter(letter, by=who.mechanism, version=1, subject="Other words")
    assert "Conditions of V-1" in {gate.title for gate in open_gates(letter, who)}


def open_gates(letter, who):
    _made, found = communications.readiness(communications.whole(letter), by=who.mechanism)
    return gates.shut(found)


def test_whoever_took_something_back_stays_with_the_case(who):
    case = journey.decided(who)
    person = people.record_person(case, by=who.focal, kind="individual")
    journey.said(case, who, person=person, scope="UNI", status="REFUSED")
    with pytest.raises(Refused, match="contained here"):
        people.remove_person(person, by=who.focal)
