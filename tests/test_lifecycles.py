"""Every move of a case, a letter, a reply and a containment, by the table and by PostgreSQL."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from cases import lifecycles
from cases.lifecycles import (
    CASE_MOVES,
    CONTAINMENT_MOVES,
    LETTER_MOVES,
    REPLY_MOVES,
    ContainmentStatus,
    LetterStatus,
    ReplyStatus,
    moves_from,
    steps,
    target_of,
)
from cases.models import Case
from cases.refusals import MoveRefused
from cases.vocabulary import Stage
from tests.factories import journey

TABLES = {
    "case": (CASE_MOVES, [s for s in Stage if s != Stage.PROTECT]),
    "letter": (LETTER_MOVES, list(LetterStatus)),
    "containment": (CONTAINMENT_MOVES, list(ContainmentStatus)),
    "reply": (REPLY_MOVES, list(ReplyStatus)),
}


def every_pair():
    for name, (moves, statuses) in TABLES.items():
        for move in moves:
            for status in statuses:
                yield pytest.param(moves, move, status, id=f"{name}-{move}-from-{status}")


@pytest.mark.parametrize(("moves", "move", "status"), list(every_pair()))
def test_move_starts_where_its_row_says_and_nowhere_else(moves, move, status):
    if status in moves[move].sources:
        assert target_of(moves, move, status) == moves[move].target
    else:
        with pytest.raises(MoveRefused):
            target_of(moves, move, status)


def test_buttons_offer_only_what_people_do():
    offered = {move for stage in Stage for move in moves_from(CASE_MOVES, stage)}
    assert offered == {move for move, row in CASE_MOVES.items() if row.by_person}


def test_every_stage_is_reached_and_every_one_but_the_parallel_track_is_left():
    reached = {row.target for row in CASE_MOVES.values()} | {Stage.INTAKE}
    left = {source for row in CASE_MOVES.values() for source in row.sources}
    assert reached == left == set(Stage) - {Stage.PROTECT}


def test_a_closed_case_can_be_reopened_and_a_letter_that_left_is_never_a_draft_again():
    assert (Stage.CLOSE, Stage.TRIAGE) in steps(CASE_MOVES)
    sent = {LetterStatus.TRANSMITTED, LetterStatus.ANSWERED, LetterStatus.ASSESSED}
    assert not {target for source, target in steps(LETTER_MOVES) if source in sent} - sent


def forbidden_steps():
    allowed = set(steps(CASE_MOVES))
    stages = [s for s in Stage if s != Stage.PROTECT]
    return [
        pytest.param(a, b, id=f"{a}-to-{b}")
        for a in stages
        for b in stages
        if a != b and (a, b) not in allowed
    ]


def at_stage(stage: str) -> Case:
    """Born there: the guard is on what changes, not on what begins."""
    case = journey.recorded(journey.cast())
    return Case.objects.create(
        office=case.office,
        state=case.state,
        recorded_by=case.recorded_by,
        stage=stage,
        filed_at=timezone.now(),
        closed_at=timezone.now() if stage == Stage.CLOSE else None,
    )


@pytest.mark.django_db
def test_postgresql_refuses_every_step_that_the_table_does_not_have():
    pairs = [param.values for param in forbidden_steps()]
    let_through = []
    for source in {a for a, _b in pairs}:
        case = at_stage(source)
        for target in (b for a, b in pairs if a == source):
            closed = timezone.now() if target == Stage.CLOSE else None
            try:
                with transaction.atomic():
                    Case.objects.filter(pk=case.pk).update(stage=target, closed_at=closed)
            except DatabaseError:
                continue
            let_through.append((source, target))
    assert len(pairs) > 100
    assert let_through == []


@pytest.mark.django_db
@pytest.mark.parametrize(("source", "target"), steps(CASE_MOVES))
def test_postgresql_lets_every_step_of_the_table_through(source, target):
    case = at_stage(source)
    closed = timezone.now() if target == Stage.CLOSE else None
    Case.objects.filter(pk=case.pk).update(stage=target, closed_at=closed)
    case.refresh_from_db()
    assert case.stage == target


def test_moves_of_events_are_no_buttons():
    by_event = {lifecycles.CaseMove.LETTER_SENT, lifecycles.CaseMove.REPLY_RECEIVED}
    assert not by_event & set(moves_from(CASE_MOVES, Stage.AWAIT))
