"""Recording a case, filing it, concluding on it, moving it along, stopping what leaves."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Office, User
from cases import audit, clocks, deadlines, gates, moves
from cases.gates import Gate
from cases.lifecycles import CASE_MOVES, CaseMove, moves_from
from cases.models import AuditEvent, Case, State
from cases.models import term as terms
from cases.models.deadline import DeadlineKind
from cases.policy import May, require, require_in_office
from cases.refusals import MoveRefused, Refused
from cases.services import hands, notices, records
from cases.vocabulary import CaseKind, Priority, Stage, Verification

# Working days from "put to decision" to the decision.
TO_DECIDE = 5
SEVERE = 4
CONCLUSIONS = frozenset(
    {
        Verification.RGB,
        Verification.PAR,
        Verification.UNV,
        Verification.INC,
        Verification.UNF,
        Verification.OOS,
    }
)

# What each step of a person asks for, beside the table of lives: the policy, and the gates.
NEEDS: Mapping[CaseMove, May] = {
    CaseMove.PREPARE_LETTER: May.DECIDE_CASE,
    CaseMove.DECIDE_AGAIN: May.DECIDE_CASE,
    CaseMove.FOLLOW: May.DECIDE_CASE,
    CaseMove.NO_REPLY: May.DECIDE_CASE,
    CaseMove.WRITE_AGAIN: May.DECIDE_CASE,
    CaseMove.CLOSE: May.DECIDE_CASE,
    CaseMove.REOPEN: May.DECIDE_CASE,
}


def gates_of(case: Case, move: CaseMove) -> list[Gate]:
    """What must hold before this step; the page draws it, `move_case` refuses by it."""
    asks: Mapping[CaseMove, Callable[[Case], list[Gate]]] = {
        CaseMove.TRIAGE: lambda case: [_filed(case)],
        CaseMove.ASK_CONSENT: gates.scope,
        CaseMove.ASSESS_RISK: gates.consent_recorded,
        CaseMove.VERIFY: gates.risk_assessed,
        CaseMove.PUT_TO_DECISION: lambda case: [_concluded(case)],
        CaseMove.PREPARE_LETTER: lambda case: [gates.verified(case), gates.not_stopped(case)],
        CaseMove.WRITE_AGAIN: lambda case: [gates.verified(case), gates.not_stopped(case)],
        CaseMove.REPORT: lambda case: [gates.not_stopped(case)],
    }
    return gates.in_order(asks[move](case)) if move in asks else []


@transaction.atomic
def record_case(*, office: Office, state: State, by: User, **fields: Any) -> Case:
    """Open a case in an office. It is a draft of the house until it is filed.

    A form that chose the `id` of the case and comes twice opens one; the second time, even at
    the same moment, raises SavedAlready.
    """
    require_in_office(by, May.RECORD_CASE, office.pk)
    hands.require_no_tie(by, state)
    case = Case(office=office, state=state, owner=by, recorded_by=by, **fields)
    case.full_clean(exclude=["id", "office", "state", "owner", "recorded_by", "stopped_by"])
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError:
        records.refuse_twice(Case, case.pk)
        raise
    audit.record("recorded", case, by=by, case=case)
    return case


def whole(case: Case) -> Case:
    """The case with all its parts, read in a fixed number of queries."""
    queryset = Case.objects.with_label().prefetch_related(
        "acts__persons",
        "acts__perpetrators",
        "cooperations__persons",
        "cooperations__mechanism",
        "sources__independent_of",
        "consents__person",
        "risks__person",
        "risks__source",
        "elements",
        "corroborations",
    )
    return queryset.get(pk=case.pk)


@transaction.atomic
def edit_case(case: Case, *, by: User, version: int, **fields: Any) -> Case:
    """Change the coded facts and the three texts. Raises Stale if somebody saved first.

    What it is about, and whose authorities, stands once the case is filed.
    """
    case = records.locked_case(case)
    require(by, May.EDIT_CASE, case)
    case = records.unchanged(case, version)
    if case.filed_at and {"state", "kind"} & fields.keys():
        raise MoveRefused(_("This case is filed already."))
    if "state" in fields:
        hands.require_no_tie(by, fields["state"])
    for name, value in fields.items():
        setattr(case, name, value)
    case.full_clean(exclude=["office", "state", "owner", "recorded_by", "stopped_by"])
    case.version += 1
    case.save()
    audit.record("edited", case, by=by, case=case, detail={"fields": sorted(fields)})
    if "state" in fields:
        hands.let_go_excluded(case, by=by)
    return case


@transaction.atomic
def file_case(case: Case, *, by: User) -> Case:
    """End the recording: from now on the office works on it, and the clock of triage runs.

    Grave acts go the urgent way at once (PP17): their case is triaged within hours.
    """
    case = records.locked_case(case)
    require(by, May.EDIT_CASE, case)
    if case.filed_at:
        raise MoveRefused(_("This case is filed already."))
    if missing := missing_to_file(case):
        raise Refused(*missing)
    case.filed_at = timezone.now()
    case.severity = max([case.severity, *severities(case)])
    if case.severity == SEVERE:
        case.priority = Priority.URG
    case.save(update_fields=["filed_at", "severity", "priority", "changed_at"])
    due_at = clocks.triage_due(case.filed_at, case.priority)
    deadlines.open_deadline(case, DeadlineKind.TRIAGE, due_at=due_at)
    audit.record("filed", case, by=by, case=case)
    if case.priority == Priority.URG:
        notices.owe(notices.reviewers_of(case, but=by), f"urgent:{case.pk}")
    return case


def missing_to_file(case: Case) -> list[str]:
    """The least that the office needs in order to start."""
    return [gate.reason for gate in gates.shut(gates_to_file(case))]


def gates_to_file(case: Case) -> list[Gate]:
    """The same as the page of the last step draws it, with where each is done."""
    asks = [
        (bool(case.narrative), _("A text"), _("Write the internal narrative."), "texts"),
        (case.acts.exists(), _("An act"), _("Record at least one act."), "acts"),
    ]
    if case.kind == CaseKind.ALLEGATION:
        reason = _("Record whom the act is alleged against.")
        asks.append((case.persons.exists(), _("A person"), reason, "people"))
    return [
        Gate(gates.GateState.OPEN, title)
        if done
        else Gate(gates.GateState.SHUT, title, reason, section)
        for done, title, reason, section in asks
    ]


def severities(case: Case) -> list[int]:
    """How grave the recorded acts are, 1 to 4, as V-ACT says."""
    known = terms.terms("V-ACT")
    kinds = case.acts.values_list("kind", flat=True)
    return [severity for kind in kinds if kind in known and (severity := known[kind].severity)]


@transaction.atomic
def move_case(case: Case, move: CaseMove, *, by: User) -> Case:
    """Take a case one step along, if its gates are open; record the step and its clocks."""
    case = records.locked_case(case)
    require(by, NEEDS.get(move, May.MOVE_CASE), case)
    if move not in set(moves_open(case)):
        raise MoveRefused(_("This step is not possible where the case stands now."))
    gates.require_open(gates_of(case, move))
    moves.advance(case, move, by=by)
    _verification_follows(case, move)
    _clocks_follow(case, move)
    return case


def moves_open(case: Case) -> list[CaseMove]:
    """The steps that a person could take from here, before the policy and the gates."""
    return list(moves_from(CASE_MOVES, case.stage))


@transaction.atomic
def conclude(case: Case, conclusion: Verification, *, by: User) -> Case:
    """Say what the verification came to: a second pair of eyes, never the owner's.

    "Reasonable grounds to believe" needs every element corroborated by two independent, reliable
    sources (OP9); the other conclusions leave the case without a letter.
    """
    case = records.locked_case(case)
    require(by, May.DECIDE_CASE, case)
    if case.stage != Stage.VERIFY:
        raise MoveRefused(_("Only a case under verification can be concluded on."))
    if conclusion not in CONCLUSIONS:
        raise Refused(_("Choose one of the conclusions."))
    if _worked_on(case, by):
        raise Refused(_("Somebody who neither recorded, owned nor weighed this case concludes."))
    if conclusion == Verification.RGB:
        gates.require_open([gates.corroborated(case)])
    case.verification = conclusion
    case.save(update_fields=["verification", "changed_at"])
    audit.record("concluded", case, by=by, case=case, detail={"conclusion": conclusion})
    return case


def _worked_on(case: Case, user: User) -> bool:
    """Whether the second pair of eyes would be a first one: now or at any time before."""
    if user.pk in {case.owner_id, case.recorded_by_id}:
        return True
    did = AuditEvent.objects.filter(case=case.pk)
    weighed = did.filter(actor=user.pk, noun__in=["element", "corroboration"], read=False)
    owned = did.filter(verb__in=["given", "let_go"], detail__to=str(user.pk))
    owned |= did.filter(verb="transferred", actor=user.pk)
    return weighed.exists() or owned.exists()


@transaction.atomic
def stop_case(case: Case, *, by: User, reason: str) -> Case:
    """Freeze every outward act. Anybody who works on the case may; it takes effect at once."""
    case = records.locked_case(case)
    require(by, May.STOP_CASE, case)
    if case.stopped:
        raise Refused(_("Outward acts are stopped already."))
    if not reason.strip():
        raise Refused(_("Say why outward acts must stop."))
    case.stopped_at, case.stopped_by, case.stop_reason = timezone.now(), by, reason
    case.save(update_fields=["stopped_at", "stopped_by", "stop_reason", "changed_at"])
    audit.record("stopped", case, by=by, case=case)
    notices.owe(
        notices.reviewers_of(case, but=by), f"stopped:{case.pk}:{case.stopped_at:%Y%m%d%H%M%S}"
    )
    return case


@transaction.atomic
def lift_stop(case: Case, *, by: User) -> Case:
    """Let acts go out again: a second pair of eyes, never whoever set the flag."""
    case = records.locked_case(case)
    require(by, May.LIFT_STOP, case)
    if not case.stopped:
        raise Refused(_("No stop flag is set."))
    if case.stopped_by_id == by.pk:
        raise Refused(_("You set this flag, so another reviewer must lift it."))
    case.stopped_at, case.stopped_by, case.stop_reason = None, None, ""
    case.save(update_fields=["stopped_at", "stopped_by", "stop_reason", "changed_at"])
    audit.record("stop_lifted", case, by=by, case=case)
    return case


@transaction.atomic
def protect(case: Case, *, on: bool, by: User) -> Case:
    """Start or end the protective track, which runs beside every stage."""
    case = records.locked_case(case)
    require(by, May.MOVE_CASE, case)
    case.protecting = on
    case.save(update_fields=["protecting", "changed_at"])
    audit.record("protection_started" if on else "protection_ended", case, by=by, case=case)
    return case


def _filed(case: Case) -> Gate:
    title = _("Filed")
    if case.filed_at:
        return Gate(gates.GateState.OPEN, title)
    return Gate(gates.GateState.SHUT, title, _("Finish recording and file it."), "record")


def _concluded(case: Case) -> Gate:
    title = _("Conclusion of the verification")
    if case.verification in CONCLUSIONS:
        return Gate(gates.GateState.OPEN, title)
    reason = _("A reviewer concludes what the sources come to.")
    return Gate(gates.GateState.SHUT, title, reason, "corroboration")


def _verification_follows(case: Case, move: CaseMove) -> None:
    follows = {
        CaseMove.TRIAGE: Verification.TRI,
        CaseMove.VERIFY: Verification.CHK,
        CaseMove.CHECK_AGAIN: Verification.CHK,
    }
    if move in follows:
        case.verification = follows[move]
        case.save(update_fields=["verification"])


def _clocks_follow(case: Case, move: CaseMove) -> None:
    if move == CaseMove.TRIAGE:
        deadlines.meet(case, DeadlineKind.TRIAGE)
    elif move == CaseMove.PUT_TO_DECISION:
        day = clocks.add_working_days(timezone.localdate(), TO_DECIDE)
        deadlines.open_deadline(case, DeadlineKind.DECIDE, due_at=clocks.end_of(day))
    elif move in {CaseMove.PREPARE_LETTER, CaseMove.FOLLOW}:
        deadlines.meet(case, DeadlineKind.DECIDE)
    elif move == CaseMove.CLOSE:
        deadlines.cancel_all(case)
