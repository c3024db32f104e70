"""The ledger: what is written, what it re-opens, what it owes."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.clocks import geneva
from cases.lifecycles import LetterStatus
from cases.models import Consent, Deadline, Notice
from cases.models.deadline import DeadlineKind
from cases.refusals import Refused
from cases.vocabulary import ConsentStatus
from tests.factories import journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


def in_days(days):
    return timezone.localdate() + dt.timedelta(days=days)


def say(case, who, **fields):
    standard = {"person": case.persons.get(), "scope": "STN", "status": "GRANTED"}
    return journey.said(case, who, **{**standard, **fields})


def renewal_of(case):
    rows = Deadline.objects.filter(case=case, kind=DeadlineKind.CONSENT_RENEWAL).open()
    return geneva(rows.get().due_at).date() if rows else None


@pytest.mark.parametrize("status", ConsentStatus)
def test_whatever_takes_something_away_reopens_what_is_not_sent(who, status):
    """Only a yes without a word leaves a cleared letter as it is."""
    letter = journey.drafted(journey.decided(who), who)
    journey.cleared(letter, who)

    said = {"conditions": "Not the place."} if status == ConsentStatus.CONDITIONS else {}
    entry = say(letter.case, who, status=status, **said)

    letter.refresh_from_db()
    back = status not in {ConsentStatus.GRANTED, ConsentStatus.BEHALF}
    assert (letter.status == LetterStatus.DRAFT) is back
    assert (letter.cleared_by is None) is back
    assert (letter.signatories.get().answer == "asked") is back
    assert Notice.objects.filter(key__startswith=f"reopened:{letter.pk}").exists() is back
    assert list(entry.reopened.all()) == ([letter] if back else [])


def test_a_letter_that_left_stays_as_it_was_sent(who):
    package = journey.transmitted(who)
    say(package.communication.case, who, status="WITHDRAWN")
    package.communication.refresh_from_db()
    assert package.communication.status == LetterStatus.TRANSMITTED


def test_the_consent_that_ends_first_is_to_be_renewed_first(who):
    case = journey.recorded(who)
    say(case, who, expires_on=in_days(90))
    say(case, who, scope="STO", expires_on=in_days(20))
    assert renewal_of(case) == in_days(20)
    say(case, who, scope="STO", expires_on=in_days(60))
    assert renewal_of(case) == in_days(60)


def test_what_was_taken_back_is_not_to_be_renewed(who):
    case = journey.recorded(who)
    say(case, who, expires_on=in_days(20))
    say(case, who, status="WITHDRAWN")
    assert renewal_of(case) is None


def test_somebody_of_another_case_has_no_say_here(who):
    case, other = journey.recorded(who), journey.recorded(who)
    with pytest.raises(Refused, match="another case"):
        say(case, who, person=other.persons.get())
    with pytest.raises(Refused, match="another case"):
        say(case, who, given_through=other.sources.first())
    assert not Consent.objects.exists()


def test_nobody_has_consented_yet_in_the_future(who):
    case = journey.recorded(who)

    with pytest.raises(ValidationError, match="still to come"):
        say(case, who, given_on=in_days(1))

    assert not Consent.objects.exists()
    assert say(case, who, given_on=in_days(0))


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"status": "CONDITIONS"}, "conditions"),
        ({"status": "REFUSED", "withheld": ["place"]}, "withheld"),
        ({"status": "UNREACHABLE", "expires_on": in_days(9)}, "expires_on"),
        ({"scope": "STW", "withheld": ["name"]}, "withheld"),
    ],
    ids=["conditions", "kept back", "end", "name"],
)
def test_an_answer_that_makes_no_sense_is_refused_at_every_door(who, fields, at):
    case = journey.recorded(who)
    with pytest.raises(ValidationError) as wrong:
        say(case, who, **fields)
    assert set(wrong.value.message_dict) == {at}
