"""What goes with a letter: a clean copy, searched like the letter, the one that was cleared."""

import pytest

from cases import examination, files
from cases.models import CustodyEntry, EvidenceAttachment, Package
from cases.refusals import GateShut
from cases.services import communications, evidence, transmission
from tests.cleaning.test_office import WORD
from tests.factories import journey
from tests.samples import package, pdf, picture, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


def with_annex(who, content: bytes, name: str, *, examined=True):
    case = journey.decided(who)
    row = evidence.record_evidence(case, by=who.focal, kind="OTH", upload=upload(content, name))
    if examined:
        journey.examined(case)
    letter = journey.drafted(case, who)
    return communications.edit_letter(
        letter, by=who.mechanism, version=1, annexes=list(row.attachments.all())
    )


def reasons(letter, who) -> list[str]:
    _made, gates = communications.readiness(communications.whole(letter), by=who.mechanism)
    return [f"{gate.state} {gate.title}: {gate.reason}" for gate in gates if "nnex" in str(gate)]


def refused(letter, who) -> str:
    digest = journey.cleared(letter, who)
    with pytest.raises(GateShut) as error:
        transmission.transmit(letter, by=who.mechanism, digest=digest)
    assert not Package.objects.exists()
    return str(error.value)


def document(text: str, **more: bytes) -> bytes:
    body = f'<w:document xmlns:w="w"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:document>'
    types = b'<Types xmlns="t"></Types>'
    return package({"[Content_Types].xml": types, "word/document.xml": body.encode(), **more})


def test_a_letter_waits_for_the_clean_copy_and_says_so(who):
    letter = with_annex(who, picture(), "a.png", examined=False)
    assert "Its clean copy is being made" in refused(letter, who)


def test_a_copy_that_came_after_clearance_was_not_cleared(who):
    letter = with_annex(who, picture(), "a.png", examined=False)
    digest = journey.cleared(letter, who)
    journey.examined(letter.case)
    made = communications.composed(communications.whole(letter), by=who.mechanism)
    assert made.digest != digest


def test_a_letter_does_not_leave_with_what_cannot_be_cleaned(who):
    content = document("Text", **{"word/media/image1.emf": b"\1"})
    letter = with_annex(who, content, "a.docx")
    assert EvidenceAttachment.objects.get().media_type == WORD
    assert "No clean copy" in refused(letter, who) and "Replace the file" in reasons(letter, who)[0]


def test_a_letter_waits_for_the_scanner(who, clamd):
    letter = with_annex(who, picture(), "a.png", examined=False)
    assert "Waiting for the virus scanner" in refused(letter, who)
    clamd.says = "Bad FOUND"
    journey.examined(letter.case)
    assert "virus was found" in reasons(letter, who)[0]


@pytest.mark.parametrize(
    "text",
    [
        "Statement of Quillon of the valley",
        "Statement of MARROWBY",
        "Marr</w:t></w:r><w:r><w:t>owby spoke",  # cut into two runs
        "call +000 555 0100 22 in the evening",
    ],
)
def test_what_can_be_read_in_an_annex_goes_through_the_leak_check(who, text):
    letter = with_annex(who, document(text), "a.docx")
    [found] = [reason for reason in reasons(letter, who) if "Leak check" in reason]
    assert found.startswith("shut") and "annex 1: something that identifies V-1" in found
    assert "Leak check" in refused(letter, who)


def test_what_only_the_properties_said_is_not_in_the_copy_and_holds_nothing_up(who):
    named = f"<c><creator>{journey.NAME}</creator></c>".encode()
    letter = with_annex(who, document("The order.", **{"docProps/core.xml": named}), "Quillon.docx")
    assert [reason for reason in reasons(letter, who) if not reason.startswith("open")] == []
    digest = journey.cleared(letter, who)
    sent = transmission.transmit(letter, by=who.mechanism, digest=digest)
    annex = sent.attachments.get(kind="annex")
    assert b"Quillon" not in b"".join(files.read(annex.pk, annex.ring))
    assert "Quillon" not in annex.name


def test_pictures_are_for_a_person_to_look_into(who):
    letter = with_annex(who, picture(), "a.png")
    [reason] = [reason for reason in reasons(letter, who) if "Annex 1" in reason]
    assert reason.startswith("soon") and "cannot be searched" in reason


def test_what_was_cleared_is_what_is_sent_and_custody_says_with_which_letter(who):
    letter = with_annex(who, pdf(), "a.pdf")
    shown = communications.composed(communications.whole(letter), by=who.reviewer).content
    sent = transmission.transmit(letter, by=who.mechanism, digest=journey.cleared(letter, who))
    annex = sent.attachments.get(kind="annex")
    original = EvidenceAttachment.objects.get()
    assert shown["annexes"][0]["sha256"] == annex.sha256 == original.clean_copy.sha256
    assert annex.sha256 != original.sha256
    entry = CustodyEntry.objects.get(file=original.pk, step="enclosed")
    assert (entry.note, entry.sha256, entry.by) == (sent.code, annex.sha256, who.mechanism.pk)


def test_a_copy_that_was_swapped_does_not_leave(who, settings):
    letter = with_annex(who, pdf(), "a.pdf")
    digest = journey.cleared(letter, who)
    copy = EvidenceAttachment.objects.get().clean_copy
    files.remove(copy.pk, copy.ring)
    files.store(upload(picture()), place_row=copy.pk, ring=copy.ring)
    with pytest.raises(examination.Tampered):
        transmission.transmit(letter, by=who.mechanism, digest=digest)
    assert not Package.objects.exists()
    assert list((settings.FILES_DIR / "portal").rglob("*.sealed")) == []
