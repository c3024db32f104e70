"""What a reply amounts to: each element, procedure and substance apart, and what is owed then."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from cases.models import Assessment, Deadline, Package
from cases.models.deadline import DeadlineKind
from cases.refusals import MoveRefused, Refused, Stale
from cases.services import assessments, replies
from cases.vocabulary import ReplyProcedure, Stage
from tests.factories import journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def reply(who):
    return journey.replied(journey.transmitted(who), who)


def test_first_assessment_moves_the_case_on_and_owes_word_to_the_source(who, reply):
    reply.refresh_from_db()
    assessment = journey.assessed(reply, who)
    case = assessment.case
    case.refresh_from_db()
    assert case.stage == Stage.FOLLOW
    assert [f.substance for f in assessment.findings.all()] == ["ALT"]
    kinds = set(Deadline.objects.filter(case=case).open().values_list("kind", flat=True))
    assert {DeadlineKind.FEEDBACK, DeadlineKind.OUTCOME} <= kinds
    assert DeadlineKind.ASSESSMENT not in kinds


def test_every_element_is_found_on_and_no_other(who, reply):
    for findings in ({}, {1: ("ALT", ""), 2: ("ALT", "")}):
        with pytest.raises(Refused, match="each element"):
            assessments.assess_reply(
                reply, by=who.focal, procedure="SUB", grade="C", findings=findings
            )
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"procedure": "NO"}, {"grade": "Z"}, {"findings": {1: ("NO", "")}}]
)
def test_codes_are_of_their_lists(who, reply, wrong):
    right = {"procedure": "SUB", "grade": "C", "findings": {1: ("ALT", "")}}
    with pytest.raises(ValidationError), transaction.atomic():
        assessments.assess_reply(reply, by=who.focal, **{**right, **wrong})
    assert not Assessment.objects.exists()


def test_a_draft_is_not_assessed(who):
    package = journey.transmitted(who)
    draft = replies.start_reply(package, by=who.mission)
    with pytest.raises(MoveRefused):
        journey.assessed(draft, who)


def test_whoever_did_not_read_the_first_assessment_does_not_overwrite_it(who, reply):
    first = journey.assessed(reply, who)
    with pytest.raises(Stale):
        journey.assessed(reply, who)
    changed = assessments.assess_reply(
        reply,
        by=who.reviewer,
        procedure="SUB",
        grade="A",
        findings={1: ("CONF", "")},
        version=first.version,
    )
    assert (changed.pk, changed.grade, changed.version) == (first.pk, "A", 2)


@pytest.mark.parametrize(
    ("days", "procedure"), [(-1, ReplyProcedure.LATE), (1, ReplyProcedure.SUB)]
)
def test_late_is_what_came_after_the_due_date(reply, days, procedure):
    due_at = reply.submitted_at + dt.timedelta(days=days)
    reply.package.due_at = due_at
    assert assessments.procedure_of(reply) == procedure


def test_without_a_due_date_nothing_is_late(reply):
    reply.package = Package(due_at=None)
    assert assessments.procedure_of(reply) == ReplyProcedure.SUB


def test_what_the_state_took_back_is_not_assessed_any_more(who, reply):
    """Else the newest version would count as read, by whatever door that came."""
    journey.replied(reply.package, who)

    with pytest.raises(MoveRefused, match="newest version"):
        journey.assessed(reply, who)

    assert not Assessment.objects.exists()
    assert Deadline.objects.filter(kind=DeadlineKind.ASSESSMENT).open().exists()
