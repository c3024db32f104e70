"""Nobody is told twice, nobody outside, and the mail says nothing."""

import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone, translation

from accounts.models import Role
from cases import notices
from cases.models import Notice
from cases.services import notices as owing
from tests.factories import UserFactory, journey, member, mission_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


def test_told_once_for_one_thing_and_again_for_another(who):
    first = notices.owe([who.focal, who.reviewer], "one")
    assert len(first) == 2
    assert notices.owe([who.focal], "one") == []
    assert len(notices.owe([who.focal], "another")) == 1


def test_the_queue_hears_of_it_only_when_the_debt_is_certain(
    who, monkeypatch, django_capture_on_commit_callbacks
):
    queued = []
    monkeypatch.setattr(owing.tasks.send_notice, "delay", queued.append)
    with django_capture_on_commit_callbacks(execute=True):
        owing.owe([who.focal], "one")
        assert queued == []
    assert queued == [str(Notice.objects.get().pk)]


def test_owner_answers_for_a_case_and_without_one_the_focal_points(who):
    case = journey.recorded(who)
    second = member(case.office, Role.FOCAL_POINT)
    assert notices.officers_of(case) == [who.focal]
    case.owner = None
    assert set(notices.officers_of(case)) == {who.focal, second}


def test_who_left_is_told_nothing(who, mailoutbox):
    case = journey.recorded(who)
    who.focal.is_active = False
    who.focal.save(update_fields=["is_active"])
    assert notices.officers_of(case) == []

    [late] = notices.owe([who.focal], "owed before")
    assert notices.deliver(late)
    assert mailoutbox == []
    assert Notice.objects.get().sent_at


def test_missions_of_one_state_are_told_and_of_no_other(who):
    other = member(mission_of("XBB"), Role.MISSION_USER)
    assert notices.mission_of("XAA") == [who.mission]
    assert notices.mission_of("XBB") == [other]
    assert notices.mission_of("XCC") == []


def test_reviewers_but_the_one_who_acts(who):
    case = journey.recorded(who)
    assert owing.reviewers_of(case) == [who.reviewer]
    assert owing.reviewers_of(case, but=who.reviewer) == []


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_one_mail_is_like_another_but_for_language_and_door(mailoutbox, language):
    people = [UserFactory(language=language), UserFactory(language=language)]
    with translation.override("en"):
        for number, notice in enumerate(notices.owe(people, "something")):
            assert notices.deliver(notice), number
    first, second = mailoutbox
    assert (first.subject, first.body) == (second.subject, second.body)
    assert settings.CONSOLE_URL in first.body
    assert first.to != second.to


def test_a_mission_is_led_to_its_own_door(who, mailoutbox):
    [notice] = notices.owe([who.mission], "something")
    notices.deliver(notice)
    assert settings.PORTAL_URL in mailoutbox[0].body
    assert settings.CONSOLE_URL not in mailoutbox[0].body


def test_the_same_notice_has_the_same_message_id_and_is_sent_once(who, mailoutbox):
    [notice] = notices.owe([who.focal], "something")
    assert notices.deliver(notice) and not notices.deliver(notice)
    assert [mail.extra_headers["Message-ID"] for mail in mailoutbox] == [
        f"<{notice}@notices.invalid>"
    ]


def test_the_sweep_finds_the_oldest_debts_first_and_no_fresh_ones(who):
    now = timezone.now()
    for minutes in (1, 6, 60):
        Notice.objects.create(
            recipient=who.focal,
            key=str(minutes),
            created_at=now - dt.timedelta(minutes=minutes),
        )
    found = [Notice.objects.get(pk=pk).key for pk in notices.lost()]
    assert found == ["60", "6"]
