"""The mail to a mission: that something waits, where to log in, and not one word more."""

import pytest
from django.core import mail

from cases import notices
from cases.models import Notice
from cases.services import packages
from tests.factories import journey

pytestmark = pytest.mark.django_db


def mails_to(user) -> list[mail.EmailMessage]:
    for notice in Notice.objects.filter(recipient=user, sent_at=None):
        notices.deliver(notice.pk)
    return [letter for letter in mail.outbox if letter.to == [user.email]]


@pytest.fixture
def told(who, package, settings):
    settings.PORTAL_URL, settings.CONSOLE_URL = "https://portal.invalid", "https://console.invalid"
    return mails_to(who.mission)


def test_mission_is_told_once_that_something_waits(who, told):
    assert len(told) == 1
    assert told[0].subject == "Something waits for you"
    assert "https://portal.invalid" in told[0].body
    assert "console.invalid" not in told[0].body
    assert len(mails_to(who.mission)) == 1


def test_mail_says_nothing_of_what_waits(who, package, told):
    case = package.communication.case
    whole = f"{told[0].subject} {told[0].body} {told[0].message().as_string()}"
    secret = [package.code, package.content["subject"], package.state_id, case.reference]
    secret += [str(package.pk), str(case.pk), journey.NAME, "Allegation", "letter", "reprisal"]
    secret += [user.name for user in who]
    for word in secret:
        assert word not in whole, word


def test_answer_about_time_is_told_in_the_same_words(who, package, told):
    extension = packages.ask_extension(
        package, by=who.mission, until=package.due_at.date().replace(year=2099), reason="Records."
    )
    packages.decide_extension(extension, by=who.mechanism, grant=False, answer="No more time.")

    first, second = mails_to(who.mission)

    assert (first.subject, first.body) == (second.subject, second.body)


def test_strange_missions_are_told_nothing(who, package):
    other = journey.cast("XBB")
    assert mails_to(other.mission) == []
