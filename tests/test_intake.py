"""Twice is once: what a mission did reaches its case, whoever says it how often."""

import pytest

from cases import intake
from cases.lifecycles import CaseMove, LetterStatus
from cases.models import AuditEvent, Deadline, Notice, Receipt, Reply
from cases.models.deadline import DeadlineKind
from cases.services import cases, packages, replies
from cases.vocabulary import Stage
from tests.factories import journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def package(who):
    return journey.transmitted(who)


def submitted(package, who, text="We reply."):
    reply = replies.start_reply(package, by=who.mission)
    reply = replies.save_reply(reply, by=who.mission, version=reply.version, text=text)
    return replies.submit_reply(reply, by=who.mission, version=reply.version)


def marks():
    return (
        AuditEvent.objects.count(),
        Notice.objects.count(),
        Deadline.objects.count(),
        list(Deadline.objects.order_by("id").values_list("due_at", "met_at")),
    )


def test_taken_in_twice_is_taken_in_once(who, package):
    packages.read_package(package, by=who.mission)
    reply = submitted(package, who)
    assert len(intake.take_in(package.pk)) == 2
    once = marks()

    assert intake.take_in(package.pk) == []

    assert marks() == once
    assert Reply.objects.get().taken_in_at and Receipt.objects.get().taken_in_at
    assert Notice.objects.filter(key=f"reply:{reply.pk}").count() == 2


def test_the_sweep_finds_what_waits_and_nothing_else(who, package):
    assert intake.waiting() == []
    packages.acknowledge(package, by=who.mission)
    assert intake.waiting() == [package.pk]
    intake.take_in(package.pk)
    assert intake.waiting() == []
    replies.start_reply(package, by=who.mission)
    assert intake.waiting() == []  # a draft is the mission's own


def test_the_reply_meets_its_deadline_and_its_assessment_is_owed(who, package):
    submitted(package, who)
    intake.take_in(package.pk)
    case, letter = package.communication.case, package.communication
    case.refresh_from_db()
    letter.refresh_from_db()
    assert (case.stage, letter.status) == (Stage.ASSESS, LetterStatus.ANSWERED)
    assert Deadline.objects.get(kind=DeadlineKind.RESPONSE).met_at
    assert Deadline.objects.open().filter(kind=DeadlineKind.ASSESSMENT, communication=letter)


def test_a_correction_is_told_of_and_its_assessment_owed_again(who, package):
    first = submitted(package, who)
    intake.take_in(package.pk)
    first.refresh_from_db()
    journey.assessed(first, who)

    second = submitted(package, who, "We correct.")
    assert len(intake.take_in(package.pk)) == 2

    case = package.communication.case
    case.refresh_from_db()
    assert (second.edition, case.stage) == (2, Stage.ASSESS)
    assert Deadline.objects.open().filter(kind=DeadlineKind.ASSESSMENT).exists()


def test_a_reply_to_a_closed_case_is_kept_and_said_and_does_not_reopen_it(who, package):
    case = package.communication.case
    cases.move_case(case, CaseMove.CLOSE, by=who.reviewer)
    submitted(package, who)
    assert len(intake.take_in(package.pk)) == 2
    case.refresh_from_db()
    assert case.stage == Stage.CLOSE
    assert AuditEvent.objects.filter(verb="reply_received", case=case.pk).exists()


def test_a_package_that_is_none_brings_nothing(package):
    assert intake.take_in(package.communication_id) == []
