"""What a worker finds out about files: once, whenever it was killed; and never half."""

import datetime as dt

import pgtrigger
import pytest
from django.utils import timezone

from cases import cleaning, examination, files, tasks
from cases.models import AuditEvent, CleanCopy, CustodyEntry, EvidenceAttachment, ReplyAttachment
from cases.refusals import Refused
from cases.scanning import ScannerSilent
from cases.services import evidence, replies
from cases.vault import Tampered
from tests.clamd import EICAR
from tests.cleaning.test_pictures import SECRET, jpeg
from tests.factories import journey
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db

ORIGINALS = (
    "cases.EvidenceAttachment:evidence_attachment_is_kept_as_it_came",
    "cases.ReplyAttachment:reply_attachment_is_frozen_with_its_reply",
)


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


def attached(case, who, content=None, name="photo.jpg") -> EvidenceAttachment:
    row = evidence.record_evidence(
        case, by=who.focal, kind="PHOTO", upload=upload(content or jpeg(), name)
    )
    return row.attachments.get()


def steps(file) -> list[tuple[str, str]]:
    return list(CustodyEntry.objects.filter(file=file.pk).values_list("step", "note"))


def age(file, **by) -> None:
    """As if it had come long ago; the freeze of originals is lifted for the clock alone."""
    old = timezone.now() - dt.timedelta(**by)
    with pgtrigger.ignore(*ORIGINALS):
        type(file).objects.filter(pk=file.pk).update(added_at=old)


def test_a_clean_copy_is_sealed_beside_the_untouched_original(who, case):
    file = attached(case, who)

    examination.examine_evidence(file.pk)

    file.refresh_from_db()
    copy = file.clean_copy
    made = b"".join(files.read(copy.pk, copy.ring))
    assert (copy.size, copy.media_type, copy.legible) == (len(made), "image/jpeg", False)
    assert SECRET.encode() not in made
    assert b"".join(files.read(file.pk, file.ring)) == jpeg()
    assert (file.scan, file.hindrance) == ("none", "")  # nobody to ask, and that is said
    assert steps(file) == [("received", ""), ("cleaned", "")]
    assert AuditEvent.objects.filter(verb="cleaned", actor=None, case=case.pk).count() == 1


def test_told_twice_it_is_done_once(who, case):
    file = attached(case, who)
    for _twice in range(2):
        examination.examine_evidence(file.pk)
    assert CleanCopy.objects.count() == 1 and len(steps(file)) == 2


def test_a_file_that_was_removed_meanwhile_is_nothing(who, case):
    file = attached(case, who)
    evidence.remove_evidence(file.evidence, by=who.focal)
    examination.examine_evidence(file.pk)
    examination.scan_reply(file.pk)


def test_what_cannot_be_cleaned_is_said_once_and_not_tried_again(who, case, monkeypatch):
    file = attached(case, who)

    def refused(*_args):
        raise cleaning.NotCleanable(examination.Hindrance.PART)

    monkeypatch.setattr(cleaning, "clean", refused)
    examination.examine_evidence(file.pk)
    examination.examine_evidence(file.pk)
    file.refresh_from_db()
    assert file.hindrance == "part" and file.leaving is None
    assert steps(file)[1:] == [("hindered", "part")]


def test_a_file_that_kills_the_worker_does_not_kill_it_for_ever(who, case, monkeypatch):
    file = attached(case, who)

    class Killed(BaseException):
        pass

    def killed(*_args):
        raise Killed

    monkeypatch.setattr(cleaning, "clean", killed)
    for _try in range(examination.MOST_TRIES):
        with pytest.raises(Killed):
            examination.examine_evidence(file.pk)
    examination.examine_evidence(file.pk)
    file.refresh_from_db()
    assert file.hindrance == "failed"
    age(file, hours=1)
    assert examination.evidence_waiting() == []


def test_an_original_that_was_changed_is_never_cleaned(who, case):
    file = attached(case, who)
    files.remove(file.pk, file.ring)
    files.store(upload(pdf()), place_row=file.pk, ring=file.ring)
    with pytest.raises(Tampered):
        examination.examine_evidence(file.pk)
    assert not CleanCopy.objects.exists()


def test_infected_it_is_quarantined_and_no_copy_is_made(who, case, clamd):
    file = attached(case, who, EICAR, "note.txt")
    examination.examine_evidence(file.pk)
    file.refresh_from_db()
    assert (file.scan, file.hindrance, file.leaving) == ("infected", "infected", None)
    assert steps(file)[1:] == [("scanned", "infected"), ("hindered", "infected")]


def test_scanned_clean_it_goes_on(who, case, clamd):
    file = attached(case, who)
    examination.examine_evidence(file.pk)
    file.refresh_from_db()
    assert file.scan == "clean" and file.scanned_at and file.leaving
    assert clamd.seen == [jpeg()]


def test_while_the_scanner_is_silent_nothing_is_taken_apart_and_the_sweep_comes_back(
    who, case, settings, clamd, monkeypatch
):
    file = attached(case, who)
    settings.CLAMD = "unix:/nowhere"
    with pytest.raises(ScannerSilent):
        examination.examine_evidence(file.pk)
    file.refresh_from_db()
    assert (file.scan, file.tries, file.leaving) == ("none", 0, None)
    assert examination.evidence_waiting() == []  # the queue has it still
    age(file, minutes=6)
    assert examination.evidence_waiting() == [file.pk]

    settings.CLAMD = clamd.url
    told = []
    monkeypatch.setattr(tasks.examine_evidence, "delay", told.append)
    tasks.sweep_files()
    assert told == [str(file.pk)]
    tasks.examine_evidence(told[0])
    assert examination.evidence_waiting() == []


def test_a_scanner_that_comes_later_scans_what_came_before_it(who, case, settings, clamd):
    url, settings.CLAMD = settings.CLAMD, ""
    file = attached(case, who)
    examination.examine_evidence(file.pk)
    age(file, hours=1)
    assert examination.evidence_waiting() == []
    settings.CLAMD = url
    assert examination.evidence_waiting() == [file.pk]
    examination.examine_evidence(file.pk)
    file.refresh_from_db()
    assert file.scan == "clean" and CleanCopy.objects.count() == 1


# What a mission attaches ------------------------------------------------------------------------


def reply_with(who, content, name="note.txt"):
    reply = replies.start_reply(journey.transmitted(who), by=who.mission)
    return reply, replies.attach(reply, upload(content, name), by=who.mission)


def test_a_file_of_a_mission_is_scanned_also_after_it_was_submitted(who, clamd):
    reply, file = reply_with(who, EICAR)
    replies.submit_reply(reply, by=who.mission, version=reply.version)
    age(file, minutes=6)
    assert examination.replies_waiting() == [file.pk]  # and not the receipt, which is ours
    examination.scan_reply(file.pk)
    file.refresh_from_db()
    assert file.scan == "infected"
    assert AuditEvent.objects.filter(verb="scanned", detail={"scan": "infected"}).exists()
    assert examination.replies_waiting() == []


def test_an_infected_file_is_not_submitted(who, clamd):
    reply, file = reply_with(who, EICAR)
    examination.scan_reply(file.pk)
    with pytest.raises(Refused, match="virus"):
        replies.submit_reply(reply, by=who.mission, version=reply.version)
    replies.detach(ReplyAttachment.objects.get(pk=file.pk), by=who.mission)
    _again, clean = reply_with(who, b"Harmless.")
    replies.submit_reply(clean.reply, by=who.mission, version=clean.reply.version)
