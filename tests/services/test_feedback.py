"""Who told us is told what came of it."""

import pytest
from django.core.exceptions import PermissionDenied

from cases.models import AuditEvent, Deadline
from cases.refusals import Refused
from cases.services import sources
from tests.factories import journey, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    reply = journey.replied(journey.transmitted(who), who)
    journey.assessed(reply, who)
    return reply.package.communication.case


def owed(case):
    return Deadline.objects.filter(case=case, kind="feedback").open().exists()


def test_that_the_source_was_told_is_written_down_once(case, who):
    assert owed(case)

    sources.source_told(case, by=who.focal)

    assert not owed(case)
    assert AuditEvent.objects.get(verb="source_told").actor == who.focal.pk
    with pytest.raises(Refused, match="Nothing is owed"):
        sources.source_told(case, by=who.focal)
    assert AuditEvent.objects.filter(verb="source_told").count() == 1


def test_only_officers_of_the_case_say_so(case, who):
    for nobody in (who.mandate, member()):
        with pytest.raises(PermissionDenied):
            sources.source_told(case, by=nobody)

    assert owed(case)
