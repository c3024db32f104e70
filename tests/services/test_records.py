"""What no door may write, whatever its forms ask for."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.services import acts, cooperations, evidence, outcomes, risks
from tests.factories import journey

pytestmark = pytest.mark.django_db
TO_COME = timezone.localdate() + dt.timedelta(days=2)  # two: a run may pass midnight
LATER = TO_COME + dt.timedelta(days=30)


@pytest.mark.parametrize(
    ("write", "at"),
    [
        (
            lambda case, **by: acts.record_act(case, kind="LIB-DET", started_on=TO_COME, **by),
            "started_on",
        ),
        (
            lambda case, **by: evidence.record_evidence(
                case, kind="COURT", received_on=TO_COME, **by
            ),
            "received_on",
        ),
        (
            lambda case, **by: outcomes.record_outcome(
                case, person=case.persons.get(), kind="DET", as_of=TO_COME, **by
            ),
            "as_of",
        ),
        (
            lambda case, **by: risks.assess_risk(
                case,
                person=case.persons.get(),
                level="3",
                assessed_on=TO_COME,
                valid_until=LATER,
                **by,
            ),
            "assessed_on",
        ),
    ],
    ids=["act", "evidence", "outcome", "risk"],
)
def test_what_lies_behind_us_is_not_dated_in_the_future(write, at):
    who = journey.cast()
    with pytest.raises(ValidationError, match="still to come") as wrong:
        write(journey.recorded(who), by=who.focal)
    assert at in wrong.value.message_dict


def test_a_link_says_what_it_rests_on():
    who = journey.cast()
    case = journey.recorded(who)
    with pytest.raises(ValidationError, match="what the link rests on"):
        cooperations.record_cooperation(
            case, by=who.focal, kind="SIDE", actor="HRC", tense="PAST", nexus="N3"
        )
    assert case.cooperations.count() == 1
