"""One case from the first word to the assessed reply, and what it leaves behind."""

import pytest

from cases.lifecycles import LetterStatus, ReplyStatus
from cases.models import AuditEvent, Deadline, Notice
from cases.models.deadline import DeadlineKind
from cases.vocabulary import Stage
from tests.factories import journey

pytestmark = pytest.mark.django_db


def test_whole_life():
    who = journey.cast()

    package = journey.transmitted(who)
    case = package.communication.case
    case.refresh_from_db()
    assert case.stage == Stage.AWAIT

    reply = journey.replied(package, who)
    case.refresh_from_db()
    assert (case.stage, reply.status) == (Stage.ASSESS, ReplyStatus.SUBMITTED)

    journey.assessed(reply, who)
    case.refresh_from_db()
    package.communication.refresh_from_db()
    assert (case.stage, package.communication.status) == (Stage.FOLLOW, LetterStatus.ASSESSED)


def test_the_answer_meets_the_deadline_and_owes_the_officers_a_notice():
    who = journey.cast()
    package = journey.transmitted(who)
    response = Deadline.objects.get(kind=DeadlineKind.RESPONSE)
    assert (response.met_at, response.due_at) == (None, package.due_at)

    reply = journey.replied(package, who)

    response.refresh_from_db()
    assert response.met_at is not None
    told = Notice.objects.filter(key=f"reply:{reply.pk}").values_list("recipient", flat=True)
    assert set(told) == {who.focal.pk, who.mechanism.pk}


def test_package_holds_the_alias_and_never_the_name():
    who = journey.cast()
    content = str(journey.transmitted(who).content)

    assert "Person A was allegedly detained" in content
    assert journey.NAME not in content and "V-1" not in content
    assert journey.NARRATIVE not in content


def test_every_step_is_in_the_audit():
    who = journey.cast()
    journey.assessed(journey.replied(journey.transmitted(who), who), who)

    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert verbs >= {
        "recorded",
        "filed",
        "kept",
        "case_triage",
        "concluded",
        "drafted",
        "endorsed",
        "letter_clear",
        "checked_for_leaks",
        "transmitted",
        "submitted",
        "letter_answer",
        "assessed",
    }
