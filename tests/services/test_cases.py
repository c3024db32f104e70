"""Recording, filing, concluding, moving, stopping: each rule and its refusal."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import Role
from cases import clocks
from cases.gates import GateState
from cases.lifecycles import CaseMove
from cases.models import Case, Deadline, Notice, Source, State
from cases.models.deadline import DeadlineKind
from cases.refusals import GateShut, MoveRefused, Refused, Stale
from cases.services import acts, assignments, cases, cooperations, elements, people
from cases.vocabulary import Priority, Stage, Verification
from tests.factories import journey, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


def empty(who, **fields):
    office, state = journey.office_of(who.focal), State.objects.get(pk="XAA")
    return cases.record_case(office=office, state=state, by=who.focal, **fields)


def verifying(case, who):
    cases.file_case(case, by=who.focal)
    cases.move_case(case, CaseMove.TRIAGE, by=who.focal)
    cases.move_case(case, CaseMove.ASK_CONSENT, by=who.focal)
    journey.consented(case, who)
    cases.move_case(case, CaseMove.ASSESS_RISK, by=who.focal)
    journey.assessed_risk(case, who)
    return cases.move_case(case, CaseMove.VERIFY, by=who.focal)


# Recording and filing ----------------------------------------------------------------------------


def test_a_new_case_is_a_draft_of_its_recorder(who):
    case = empty(who)
    assert (case.stage, case.filed_at, case.owner) == (Stage.INTAKE, None, who.focal)
    assert case.reference.startswith("RP-")


def test_nobody_records_in_an_office_where_they_have_no_role(who):
    with pytest.raises(PermissionDenied):
        cases.record_case(
            office=journey.office_of(who.mechanism),
            state=State.objects.get(pk="XAA"),
            by=who.focal,
        )
    assert not Case.objects.exists()


def test_filing_names_everything_that_is_missing_and_not_only_the_first(who):
    with pytest.raises(Refused) as refused:
        cases.file_case(empty(who), by=who.focal)
    assert list(refused.value.reasons) == [
        "Write the internal narrative.",
        "Record at least one act.",
        "Record whom the act is alleged against.",
    ]


def test_a_situation_is_filed_without_a_person(who):
    case = empty(who, kind="situation", narrative="A law was announced.")
    acts.record_act(case, by=who.focal, kind="LEG-NEW")
    assert cases.file_case(case, by=who.focal).filed_at


def test_filing_starts_the_clock_of_triage(who, case):
    case = cases.file_case(case, by=who.focal)
    [deadline] = Deadline.objects.filter(case=case)
    assert deadline.kind == DeadlineKind.TRIAGE
    assert deadline.due_at == clocks.triage_due(case.filed_at, case.priority) == case.due_at


@pytest.mark.parametrize(
    ("kind", "severity", "priority"),
    [("LIB-ENF", 4, Priority.URG), ("MOV-EXI", 2, Priority.NORM)],
)
def test_the_gravest_act_decides_how_urgent_a_case_is(who, kind, severity, priority):
    case = empty(who, narrative="Told by the family.", severity=1)
    people.record_person(case, by=who.focal, kind="individual")
    acts.record_act(case, by=who.focal, kind=kind)

    case = cases.file_case(case, by=who.focal)

    assert (case.severity, case.priority) == (severity, priority)
    assert Notice.objects.filter(key=f"urgent:{case.pk}").exists() is (severity == 4)


def test_an_urgent_case_is_triaged_within_a_day_and_tells_the_reviewers_only(who):
    case = empty(who, narrative="Told by the family.", severity=4)
    people.record_person(case, by=who.focal, kind="individual")
    acts.record_act(case, by=who.focal, kind="MOV-EXI")

    case = cases.file_case(case, by=who.focal)

    assert case.due_at - case.filed_at == dt.timedelta(hours=24)
    told = Notice.objects.filter(key=f"urgent:{case.pk}").values_list("recipient", flat=True)
    assert list(told) == [who.reviewer.pk]


def test_a_case_is_filed_once(who, case):
    cases.file_case(case, by=who.focal)
    with pytest.raises(MoveRefused):
        cases.file_case(case, by=who.focal)


# Editing -----------------------------------------------------------------------------------------


def test_the_second_writer_is_told_and_sees_what_stands(who, case):
    cases.edit_case(case, by=who.focal, version=1, summary="First.")
    with pytest.raises(Stale) as stale:
        cases.edit_case(case, by=who.reviewer, version=1, summary="Second.")
    assert stale.value.current.summary == "First."


def test_nonsense_is_refused_before_it_is_saved(who, case):
    with pytest.raises(ValidationError):
        cases.edit_case(case, by=who.focal, version=1, nature="NO-SUCH-CODE")
    case.refresh_from_db()
    assert case.version == 1


# Steps and their gates ---------------------------------------------------------------------------


def test_triage_waits_for_the_filing(who, case):
    with pytest.raises(GateShut, match="Filed"):
        cases.move_case(case, CaseMove.TRIAGE, by=who.focal)


def test_consent_waits_for_a_link_to_the_united_nations(who, case):
    cooperation = case.cooperations.get()
    cooperations.edit_cooperation(cooperation, by=who.focal, version=1, nexus="N4")
    cases.file_case(case, by=who.focal)
    cases.move_case(case, CaseMove.TRIAGE, by=who.focal)
    with pytest.raises(GateShut, match="Link to cooperation"):
        cases.move_case(case, CaseMove.ASK_CONSENT, by=who.focal)


def test_all_shut_gates_are_named_at_once(who):
    case = empty(who, narrative="Little is known.")
    found = cases.gates_of(case, CaseMove.ASK_CONSENT)
    assert [gate.state for gate in found] == [GateState.SHUT] * 3
    assert all(gate.reason and gate.section for gate in found)


def test_risk_waits_for_consent_and_verification_for_risk(who, case):
    cases.file_case(case, by=who.focal)
    cases.move_case(case, CaseMove.TRIAGE, by=who.focal)
    cases.move_case(case, CaseMove.ASK_CONSENT, by=who.focal)
    with pytest.raises(GateShut, match="Consent of V-1 to be recorded"):
        cases.move_case(case, CaseMove.ASSESS_RISK, by=who.focal)
    journey.consented(case, who, STO="REFUSED")
    with pytest.raises(GateShut):
        cases.move_case(case, CaseMove.ASSESS_RISK, by=who.focal)
    journey.consented(case, who)
    cases.move_case(case, CaseMove.ASSESS_RISK, by=who.focal)
    with pytest.raises(GateShut, match="Risk assessment of V-1"):
        cases.move_case(case, CaseMove.VERIFY, by=who.focal)


def test_every_step_of_the_table_of_needs_is_a_reviewers(who, case):
    for move in cases.NEEDS:
        with pytest.raises(PermissionDenied):
            cases.move_case(case, move, by=who.focal)


def test_a_step_that_does_not_start_here_is_refused(who, case):
    with pytest.raises(MoveRefused):
        cases.move_case(case, CaseMove.REPORT, by=who.focal)


def test_steps_of_events_are_never_taken_by_a_person(who):
    case = journey.transmitted(who).communication.case
    for move in (CaseMove.REPLY_RECEIVED, CaseMove.LETTER_SENT):
        with pytest.raises(MoveRefused):
            cases.move_case(case, move, by=who.focal)


def test_a_letter_is_decided_on_only_with_reasonable_grounds(who, case):
    verifying(case, who)
    cases.conclude(case, Verification.UNV, by=who.reviewer)
    cases.move_case(case, CaseMove.PUT_TO_DECISION, by=who.focal)
    with pytest.raises(GateShut, match="Reasonable grounds"):
        cases.move_case(case, CaseMove.PREPARE_LETTER, by=who.reviewer)
    assert cases.move_case(case, CaseMove.FOLLOW, by=who.reviewer).stage == Stage.FOLLOW


def test_closing_ends_what_is_due_and_reopening_brings_it_back_to_triage(who, case):
    cases.file_case(case, by=who.focal)
    case = cases.move_case(case, CaseMove.CLOSE, by=who.reviewer)
    assert case.closed_at
    assert not Deadline.objects.open().exists()

    case = cases.move_case(case, CaseMove.REOPEN, by=who.reviewer)
    assert (case.stage, case.closed_at) == (Stage.TRIAGE, None)


# Concluding --------------------------------------------------------------------------------------


def test_only_a_case_under_verification_is_concluded_on(who, case):
    with pytest.raises(MoveRefused):
        cases.conclude(case, Verification.RGB, by=who.reviewer)


def test_the_owner_never_concludes_also_as_a_reviewer(who, case):
    verifying(case, who)
    Case.objects.filter(pk=case.pk).update(owner=who.reviewer)
    with pytest.raises(Refused, match="neither recorded, owned nor weighed"):
        cases.conclude(case, Verification.RGB, by=who.reviewer)
    second = member(case.office, Role.REVIEWER)
    assert cases.conclude(case, Verification.RGB, by=second).verification == Verification.RGB


def test_nobody_lays_a_case_aside_in_order_to_conclude_on_it(who, case):
    verifying(case, who)
    assignments.give_case(case, to=who.reviewer, by=who.focal)
    assignments.give_case(case, to=who.focal, by=who.reviewer)
    with pytest.raises(Refused, match="neither recorded, owned nor weighed"):
        cases.conclude(case, Verification.RGB, by=who.reviewer)


def test_who_weighed_what_the_sources_say_does_not_conclude(who, case):
    verifying(case, who)
    elements.corroborate(
        case.elements.get(),
        case.sources.get(number=1),
        by=who.reviewer,
        stance="supports",
        credibility="2",
    )
    with pytest.raises(Refused, match="neither recorded, owned nor weighed"):
        cases.conclude(case, Verification.RGB, by=who.reviewer)


def test_reasonable_grounds_need_two_independent_sources_for_every_element(who, case):
    verifying(case, who)
    elements.record_element(case, by=who.focal, kind="harm", statement="[V-1] was hurt.")
    with pytest.raises(GateShut, match="1 of 2 elements"):
        cases.conclude(case, Verification.RGB, by=who.reviewer)
    assert cases.conclude(case, Verification.PAR, by=who.reviewer)


def test_sources_that_are_not_independent_do_not_corroborate(who, case):
    verifying(case, who)
    for source in Source.objects.filter(case=case):
        source.independent_of.clear()
    with pytest.raises(GateShut):
        cases.conclude(case, Verification.RGB, by=who.reviewer)


@pytest.mark.parametrize("status", [Verification.RCV, Verification.TRI, Verification.CHK])
def test_what_is_no_conclusion_is_refused(who, case, status):
    verifying(case, who)
    with pytest.raises(Refused):
        cases.conclude(case, status, by=who.reviewer)


# Stop and protection -----------------------------------------------------------------------------


def test_a_stop_needs_a_reason_tells_the_reviewers_and_stands_until_lifted(who, case):
    with pytest.raises(Refused, match="Say why"):
        cases.stop_case(case, by=who.focal, reason="  ")
    case = cases.stop_case(case, by=who.focal, reason="The family was threatened.")
    assert case.stopped
    assert [notice.recipient for notice in Notice.objects.all()] == [who.reviewer]
    with pytest.raises(Refused, match="already"):
        cases.stop_case(case, by=who.focal, reason="Again.")
    with pytest.raises(PermissionDenied):
        cases.lift_stop(case, by=who.focal)

    case = cases.lift_stop(case, by=who.reviewer)
    assert (case.stopped, case.stop_reason) == (False, "")
    with pytest.raises(Refused):
        cases.lift_stop(case, by=who.reviewer)


def test_whoever_set_a_flag_does_not_lift_it(who, case):
    case = cases.stop_case(case, by=who.reviewer, reason="The family was threatened.")
    with pytest.raises(Refused, match="another reviewer"):
        cases.lift_stop(case, by=who.reviewer)
    second = member(case.office, Role.REVIEWER)
    assert not cases.lift_stop(case, by=second).stopped


def test_no_letter_is_decided_on_while_stopped(who, case):
    verifying(case, who)
    cases.conclude(case, Verification.RGB, by=who.reviewer)
    cases.move_case(case, CaseMove.PUT_TO_DECISION, by=who.focal)
    cases.stop_case(case, by=who.focal, reason="A threat.")
    with pytest.raises(GateShut, match="No stop flag"):
        cases.move_case(case, CaseMove.PREPARE_LETTER, by=who.reviewer)


def test_protection_runs_beside_every_stage(who, case):
    case = cases.protect(case, on=True, by=who.focal)
    assert (case.protecting, case.stage) == (True, Stage.INTAKE)
    assert not cases.protect(case, on=False, by=who.focal).protecting


def test_whatever_happens_to_a_part_the_case_changed(who, case):
    Case.objects.filter(pk=case.pk).update(changed_at=timezone.now() - dt.timedelta(days=1))
    people.record_person(case, by=who.focal, kind="individual")
    case.refresh_from_db()
    assert case.changed_at > timezone.now() - dt.timedelta(minutes=1)


@pytest.mark.parametrize("what", ["state", "kind"])
def test_state_and_kind_stand_once_the_case_is_filed(who, case, what):
    """Filing leaves the version as it is: an open page could still move the case to a State."""
    cases.file_case(case, by=who.focal)
    other = {"state": State.objects.exclude(pk="XAA").first(), "kind": "situation"}

    with pytest.raises(MoveRefused, match="filed already"):
        cases.edit_case(case, by=who.focal, version=case.version, **{what: other[what]})

    case.refresh_from_db()
    assert (case.state_id, case.kind) == ("XAA", "allegation")
