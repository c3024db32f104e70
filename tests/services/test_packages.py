"""What a mission does with a letter, and the answer to its request for time."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Role
from cases import clocks, intake
from cases.models import AuditEvent, Deadline, Extension, Notice, Package, Receipt
from cases.models.deadline import DeadlineKind
from cases.models.package import ExtensionDecision
from cases.refusals import Refused, Stale
from cases.services import packages
from tests.factories import journey, member, mission_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def package(who):
    return journey.transmitted(who)


def later(package, days=10):
    return clocks.geneva(package.due_at).date() + dt.timedelta(days=days)


def asked(package, who, **fields):
    standard = {"until": later(package), "reason": "The ministry has to be heard."}
    extension = packages.ask_extension(package, by=who.mission, **{**standard, **fields})
    intake.take_in(package.pk)
    return extension


# Receipts ----------------------------------------------------------------------------------------


def test_the_first_reading_leaves_a_receipt_and_every_reading_is_written_down(who, package):
    colleague = member(mission_of("XAA"), Role.MISSION_USER)
    packages.read_package(package, by=who.mission)
    packages.read_package(package, by=colleague)
    assert [(r.kind, r.by) for r in Receipt.objects.all()] == [("read", who.mission)]
    reads = AuditEvent.objects.filter(noun="package", verb="read", read=True)
    assert set(reads.values_list("actor", flat=True)) == {who.mission.pk, colleague.pk}


def test_receipt_is_acknowledged_once_and_is_no_answer(who, package):
    packages.acknowledge(package, by=who.mission)
    packages.acknowledge(package, by=who.mission)
    assert AuditEvent.objects.filter(verb="acknowledged").count() == 1
    intake.take_in(package.pk)
    assert Deadline.objects.open().filter(kind=DeadlineKind.RESPONSE).exists()


@pytest.mark.parametrize("state", ["XBB", None])
def test_nobody_else_reads_acknowledges_or_asks(who, package, state):
    stranger = member(mission_of(state), Role.MISSION_HEAD) if state else who.focal
    for call in (
        lambda: packages.read_package(package, by=stranger),
        lambda: packages.acknowledge(package, by=stranger),
        lambda: packages.ask_extension(package, by=stranger, until=later(package), reason="x"),
    ):
        with pytest.raises(PermissionDenied):
            call()
    assert not Receipt.objects.exists() and not Extension.objects.exists()


# Asking for time ---------------------------------------------------------------------------------


def test_to_ask_moves_nothing_and_tells_the_officers(who, package):
    extension = asked(package, who)
    package.refresh_from_db()
    assert package.due_at == clocks.response_due(package.transmitted_at, 60)
    assert Deadline.objects.open().filter(kind=DeadlineKind.EXTENSION).exists()
    told = Notice.objects.filter(key=f"extension:{extension.pk}")
    assert {notice.recipient_id for notice in told} == {who.focal.pk, who.mechanism.pk}


def test_one_request_at_a_time(who, package):
    asked(package, who)
    with pytest.raises(Refused, match="not been answered yet"):
        asked(package, who, until=later(package, 20))


@pytest.mark.parametrize("days", [0, -1])
def test_a_day_that_gives_no_time_is_refused(who, package, days):
    with pytest.raises(Refused, match="after the present due date"):
        asked(package, who, until=later(package, days))


def test_a_request_says_why(who, package):
    with pytest.raises(ValidationError):
        asked(package, who, reason="")


def test_where_nothing_is_due_there_is_nothing_to_extend(who, package):
    Package.objects.update(due_at=None)
    with pytest.raises(Refused, match="no date"):
        asked(package, who, until=dt.date(2030, 1, 1))


def test_after_the_reply_no_time_is_asked_for(who, package):
    journey.replied(package, who)
    with pytest.raises(Refused, match="A reply was submitted"):
        asked(package, who)


# Deciding ----------------------------------------------------------------------------------------


def test_granting_moves_the_due_date_everywhere_and_tells_the_mission(who, package):
    extension = asked(package, who)
    packages.decide_extension(extension, by=who.reviewer, grant=True)
    package.refresh_from_db()
    due = clocks.end_of(extension.until)
    assert package.due_at == due
    assert Deadline.objects.open().get(kind=DeadlineKind.RESPONSE).due_at == due
    assert not Deadline.objects.open().filter(kind=DeadlineKind.EXTENSION).exists()
    told = Notice.objects.get(key=f"extension:{extension.pk}:decided")
    assert told.recipient == who.mission


def test_a_refusal_says_why_and_moves_nothing(who, package):
    extension, due = asked(package, who), package.due_at
    with pytest.raises(Refused, match="Tell the mission why"):
        packages.decide_extension(extension, by=who.reviewer, grant=False, answer=" ")
    extension = packages.decide_extension(
        extension, by=who.mechanism, grant=False, answer="The matter is urgent."
    )
    package.refresh_from_db()
    assert (extension.decision, package.due_at) == (ExtensionDecision.REFUSED, due)
    assert asked(package, who)  # and another may be asked


def test_a_request_is_decided_once(who, package):
    extension = asked(package, who)
    packages.decide_extension(extension, by=who.reviewer, grant=True)
    with pytest.raises(Stale):
        packages.decide_extension(extension, by=who.mechanism, grant=False, answer="No.")


@pytest.mark.parametrize("person", ["focal", "mandate", "mission"])
def test_nobody_else_decides(who, package, person):
    extension = asked(package, who)
    with pytest.raises(PermissionDenied):
        packages.decide_extension(extension, by=getattr(who, person), grant=True)


def test_time_granted_after_the_reply_reminds_nobody_any_more(who, package):
    extension = asked(package, who)
    journey.replied(package, who)
    packages.decide_extension(extension, by=who.reviewer, grant=True)
    assert not Deadline.objects.open().filter(kind=DeadlineKind.RESPONSE).exists()


@pytest.mark.parametrize("answer", ["Mr Marrowby is at risk.", "Call +000 555 0100 22", "See S-1"])
def test_words_to_the_mission_are_read_by_the_leak_check(who, package, answer):
    extension = asked(package, who)
    with pytest.raises(Refused, match=r"identifies (V|S)-1") as refused:
        packages.decide_extension(extension, by=who.reviewer, grant=True, answer=answer)
    assert "Marrowby" not in str(refused.value)
    extension.refresh_from_db()
    assert (extension.decision, extension.answer) == (ExtensionDecision.ASKED, "")


def test_a_name_that_was_tried_in_an_answer_is_written_down(who, package):
    """Being refused tells that the name is right: that must not go unseen."""
    extension = asked(package, who)
    with pytest.raises(Refused):
        packages.decide_extension(extension, by=who.reviewer, grant=True, answer="Mr Marrowby")
    [tried] = AuditEvent.objects.filter(verb="refused_as_naming")
    assert (tried.actor, tried.subject) == (who.reviewer.pk, str(extension.pk))
    assert tried.case == package.communication.case_id and tried.read
    assert "Marrowby" not in str(tried.detail)
