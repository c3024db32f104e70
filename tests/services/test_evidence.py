"""Evidence: files come in inspected, rest sealed, go when the removal is certain."""

import hashlib

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import OperationalError

from cases import files
from cases.files import FileRefused
from cases.models import CustodyEntry, Evidence, EvidenceAttachment
from cases.refusals import Refused
from cases.services import communications, evidence, transmission
from tests.factories import journey
from tests.samples import pdf, picture, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


def at_rest():
    return [path for path in settings.FILES_DIR.rglob("*") if path.is_file()]


def test_evidence_comes_with_its_file_or_not_at_all(who, case):
    content = picture()
    row = evidence.record_evidence(
        case, by=who.focal, kind="PHOTO", upload=upload(content, "Quillon.png")
    )
    [file] = row.attachments.all()
    assert (file.name, file.media_type, file.size) == ("Quillon.png", "image/png", len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert b"".join(files.read(file.pk, file.ring)) == content
    assert all(content not in path.read_bytes() for path in at_rest())


def test_a_refused_file_leaves_no_evidence(who, case):
    with pytest.raises(FileRefused):
        evidence.record_evidence(
            case, by=who.focal, kind="PHOTO", upload=upload(b"MZ\x90\0binary", "photo.png")
        )
    assert not Evidence.objects.exists()
    assert at_rest() == []


def test_a_code_that_is_none_is_refused(who, case):
    with pytest.raises(ValidationError):
        evidence.record_evidence(case, by=who.focal, kind="NONSENSE")


def test_files_go_only_when_the_removal_is_certain(who, case, django_capture_on_commit_callbacks):
    row = evidence.record_evidence(
        case, by=who.focal, kind="PHOTO", upload=upload(picture(), "a.png")
    )
    with django_capture_on_commit_callbacks(execute=False) as certain:
        evidence.remove_evidence(row, by=who.focal)
        assert len(at_rest()) == 1
    for callback in certain:
        callback()
    assert at_rest() == []
    assert not EvidenceAttachment.objects.exists()


def test_a_file_goes_with_its_clean_copy_and_leaves_its_custody(
    who, case, django_capture_on_commit_callbacks
):
    row = evidence.record_evidence(
        case, by=who.focal, kind="PHOTO", upload=upload(picture(), "a.png")
    )
    journey.examined(case)
    file = row.attachments.get()
    assert len(at_rest()) == 2
    with django_capture_on_commit_callbacks(execute=True):
        evidence.remove_evidence(row, by=who.focal)
    assert at_rest() == []
    entries = CustodyEntry.objects.visible_to(who.focal).filter(file=file.pk)
    assert [(e.step, e.by, e.sha256) for e in entries] == [
        ("received", who.focal.pk, file.sha256),
        ("cleaned", None, file.sha256),
        ("removed", who.focal.pk, ""),
    ]


def test_what_was_sealed_goes_again_when_the_service_fails(who, case, monkeypatch):
    def broken(*_args, **_more):
        assert len(at_rest()) == 1
        raise RuntimeError

    monkeypatch.setattr("cases.services.evidence.custody.enter", broken)
    with pytest.raises(RuntimeError):
        evidence.record_evidence(
            case, by=who.focal, kind="PHOTO", upload=upload(picture(), "a.png")
        )
    assert at_rest() == []


def test_where_nobody_knows_whether_it_failed_the_file_stays_for_the_sweep(who, case, monkeypatch):
    def cut(*_args, **_more):
        raise OperationalError

    monkeypatch.setattr("cases.services.evidence.custody.enter", cut)
    with pytest.raises(OperationalError):
        evidence.record_evidence(
            case, by=who.focal, kind="PHOTO", upload=upload(picture(), "a.png")
        )
    assert len(at_rest()) == 1


def test_what_a_sent_letter_carried_stays(who):
    case = journey.decided(who)
    row = evidence.record_evidence(
        case, by=who.focal, kind="PHOTO", upload=upload(pdf(), "Marrowby.pdf")
    )
    journey.examined(case)
    letter = journey.drafted(case, who)
    communications.edit_letter(
        letter, by=who.mechanism, version=1, annexes=list(row.attachments.all())
    )
    digest = journey.cleared(letter, who)
    transmission.transmit(letter, by=who.mechanism, digest=digest)

    with pytest.raises(Refused, match="carried this file"):
        evidence.remove_evidence(row, by=who.focal)
    assert row.attachments.exists()
