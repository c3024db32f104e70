"""A reply: one shared draft, immutable once submitted, corrected by another one."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from accounts.models import Role
from cases import files
from cases.files import FileRefused
from cases.lifecycles import ReplyStatus
from cases.models import Answer, AuditEvent, Reply, ReplyAttachment
from cases.refusals import MoveRefused, Refused, Stale
from cases.services import replies
from cases.services.replies import Words
from tests.factories import journey, member, mission_of
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def package(who):
    return journey.transmitted(who)


@pytest.fixture
def draft(who, package):
    reply = replies.start_reply(package, by=who.mission)
    return replies.save_reply(reply, by=who.mission, version=reply.version, text="We reply.")


@pytest.fixture
def submitted(who, draft):
    return replies.submit_reply(draft, by=who.mission, version=draft.version)


# The draft ---------------------------------------------------------------------------------------


def test_colleagues_of_a_mission_share_one_draft(who, package, draft):
    colleague = member(mission_of("XAA"), Role.MISSION_USER)
    assert replies.start_reply(package, by=colleague) == draft
    with pytest.raises(Stale) as stale:
        replies.save_reply(draft, by=colleague, version=1, text="Mine.")
    assert stale.value.current.text == "We reply."


def test_answers_are_to_numbers_that_the_letter_has(who, draft):
    for side in ("questions", "elements"):
        with pytest.raises(Refused, match="no such number"):
            replies.save_reply(
                draft, by=who.mission, version=draft.version, **{side: {99: Words("?")}}
            )
    draft.refresh_from_db()
    assert not draft.answers.exists()


def test_a_position_is_a_code(who, draft):
    with pytest.raises(ValidationError):
        replies.save_reply(
            draft, by=who.mission, version=draft.version, elements={1: Words("", "NO")}
        )


def test_a_later_saving_changes_an_answer_and_leaves_the_others(who, draft):
    for words in ({1: Words("One."), 2: Words("Two.")}, {2: Words("Changed.")}):
        draft = replies.save_reply(draft, by=who.mission, version=draft.version, questions=words)
    assert [a.text for a in draft.answers.all()] == ["One.", "Changed."]
    counts = replies.answered(draft)
    assert (counts.questions, counts.elements, counts.whole) == (2, 0, False)


def test_files_are_added_and_taken_off_while_it_is_a_draft(
    who, draft, django_capture_on_commit_callbacks
):
    file = replies.attach(draft, upload(pdf(), "réponse.pdf"), by=who.mission)
    row = file.pk
    assert files.read(row, file.ring)
    with django_capture_on_commit_callbacks(execute=True):
        replies.detach(file, by=who.mission)
    assert not ReplyAttachment.objects.exists()
    with pytest.raises(FileNotFoundError):
        files.read(row, file.ring)


def test_a_refused_file_leaves_nothing(who, draft):
    with pytest.raises(FileRefused):
        replies.attach(draft, upload(b"MZ\x90", "reply.pdf"), by=who.mission)
    assert not ReplyAttachment.objects.exists()


def test_a_reply_carries_so_many_files_and_no_more(who, draft, monkeypatch):
    monkeypatch.setattr(replies, "MOST_FILES", 1)
    replies.attach(draft, upload(pdf(), "a.pdf"), by=who.mission)
    with pytest.raises(Refused, match="at most 1"):
        replies.attach(draft, upload(pdf(), "b.pdf"), by=who.mission)


# Submitting --------------------------------------------------------------------------------------


def test_an_empty_reply_is_not_submitted(who, package):
    reply = replies.start_reply(package, by=who.mission)
    with pytest.raises(Refused, match="Write an answer"):
        replies.submit_reply(reply, by=who.mission, version=reply.version)


def test_what_is_submitted_is_what_was_read(who, draft):
    with pytest.raises(Stale):
        replies.submit_reply(draft, by=who.mission, version=draft.version - 1)


def test_submission_gives_a_time_a_digest_and_one_receipt(who, submitted):
    assert submitted.status == ReplyStatus.SUBMITTED
    assert (submitted.submitted_by, bool(submitted.submitted_at)) == (who.mission, True)
    assert submitted.digest == replies.digest_of(Reply.objects.get(pk=submitted.pk))
    [receipt] = submitted.attachments.all()
    assert (receipt.kind, receipt.media_type) == ("receipt", "application/pdf")


@pytest.mark.parametrize(
    "change",
    [
        lambda r: setattr(r, "text", "Other."),
        lambda r: setattr(r, "language", "fr"),
        lambda r: setattr(r, "edition", 2),
        lambda r: Answer.objects.create(reply=r, question=1, text="More."),
        lambda r: ReplyAttachment.objects.create(
            reply=r, name="a.pdf", media_type="application/pdf", size=1, sha256="a" * 64
        ),
    ],
    ids=["text", "language", "edition", "answer", "file"],
)
def test_the_digest_is_over_everything_the_reply_says_and_carries(draft, change):
    before = replies.digest_of(draft)
    assert before == replies.digest_of(Reply.objects.get(pk=draft.pk))
    change(draft)
    assert replies.digest_of(draft) != before


def test_everything_that_wants_a_draft_refuses_what_was_submitted(who, submitted):
    file = submitted.attachments.get()
    for call in (
        lambda: replies.save_reply(submitted, by=who.mission, version=submitted.version, text="x"),
        lambda: replies.attach(submitted, upload(pdf(), "a.pdf"), by=who.mission),
        lambda: replies.detach(file, by=who.mission),
        lambda: replies.submit_reply(submitted, by=who.mission, version=submitted.version),
    ):
        with pytest.raises(MoveRefused):
            call()


@pytest.mark.parametrize(
    "change",
    [
        lambda r: Reply.objects.filter(pk=r.pk).update(language="fr"),
        lambda r: Reply.objects.filter(pk=r.pk).update(status="draft"),
        lambda r: Reply.objects.filter(pk=r.pk).update(digest="0" * 64),
        lambda r: Answer.objects.filter(reply=r).update(position=""),
        lambda r: Answer.objects.filter(reply=r).delete(),
        lambda r: Reply.objects.filter(pk=r.pk).delete(),
    ],
    ids=["language", "status", "digest", "answer", "answer away", "reply away"],
)
def test_postgresql_refuses_any_change_of_it(who, package, draft, change):
    draft = replies.save_reply(
        draft, by=who.mission, version=draft.version, elements={1: Words("No.", "DENU")}
    )
    reply = replies.submit_reply(draft, by=who.mission, version=draft.version)
    with pytest.raises(DatabaseError), transaction.atomic():
        change(reply)


# Corrections -------------------------------------------------------------------------------------


def test_a_correction_begins_from_what_was_submitted_and_leaves_it(who, package, submitted):
    first = json.dumps([submitted.text, submitted.digest])
    correction = replies.start_reply(package, by=who.mission)
    assert (correction.edition, correction.corrects) == (2, submitted)
    assert correction.text == submitted.text

    correction = replies.save_reply(
        correction, by=who.mission, version=correction.version, text="Corrected."
    )
    correction = replies.submit_reply(correction, by=who.mission, version=correction.version)

    submitted.refresh_from_db()
    assert json.dumps([submitted.text, submitted.digest]) == first
    assert correction.digest != submitted.digest


def test_staff_see_nothing_of_a_draft_and_all_of_what_was_submitted(who, draft):
    assert not Reply.objects.visible_to(who.focal).exists()
    reply = replies.submit_reply(draft, by=who.mission, version=draft.version)
    assert Reply.objects.visible_to(who.focal).get() == reply


def test_every_verb_of_a_reply_is_for_its_own_mission(who, package, draft):
    file = replies.attach(draft, upload(pdf(), "a.pdf"), by=who.mission)
    before = AuditEvent.objects.count()
    for stranger in (member(mission_of("XBB"), Role.MISSION_HEAD), who.focal, who.mechanism):
        for call in (
            lambda by: replies.start_reply(package, by=by),
            lambda by: replies.save_reply(draft, by=by, version=draft.version),
            lambda by: replies.attach(draft, upload(pdf(), "b.pdf"), by=by),
            lambda by: replies.detach(file, by=by),
            lambda by: replies.submit_reply(draft, by=by, version=draft.version),
        ):
            with pytest.raises(PermissionDenied):
                call(stranger)
    assert AuditEvent.objects.count() == before
