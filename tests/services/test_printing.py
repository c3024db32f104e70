"""What is transmitted is printed first: no letter leaves without its PDF, none half."""

import pytest

from cases import files
from cases.lifecycles import LetterStatus
from cases.models import AuditEvent, Package, PackageAttachment
from cases.refusals import Refused
from cases.services import communications, transmission
from tests.documents.reading import opened, squeezed, words_of
from tests.factories import journey

pytestmark = pytest.mark.django_db


def printed(package: Package) -> bytes:
    row = package.attachments.get(kind=PackageAttachment.Kind.LETTER)
    return b"".join(files.read(row.pk, row.ring))


def test_package_carries_the_letter_as_it_was_frozen():
    package = journey.transmitted(journey.cast())
    pdf, content = printed(package), package.content

    parts = [content["subject"], content["state_name"], *content["signatories"]]
    parts += content["paragraphs"] + content["closing"]
    parts += [row["text"] for row in (*content["elements"], *content["questions"])]
    said = words_of(pdf).replace("-", "")  # where a line ends at one, a reader leaves it out
    words = [word.replace("-", "") for text in parts for word in text.split()]
    assert not [word for word in words if squeezed(word) not in said]


def test_no_person_of_the_house_and_of_the_case_stands_in_it():
    who = journey.cast()
    package = journey.transmitted(who)
    pdf = printed(package)

    found = words_of(pdf) + str(opened(pdf).metadata)
    case = package.communication.case
    for word in (*(user.name for user in who), *(user.email for user in who), journey.NAME):
        assert "".join(word.split()) not in found, word
    for word in ("V-1", "S-1", case.reference, journey.office_of(who.focal).name):
        assert "".join(word.split()) not in found, word


def test_sign_that_cannot_be_printed_keeps_the_letter_here(settings):
    who = journey.cast()
    letter = journey.drafted(journey.decided(who), who)
    communications.edit_letter(
        letter, by=who.mechanism, version=letter.version, subject="A smile \N{GRINNING FACE}"
    )
    letter.refresh_from_db()
    digest = journey.cleared(letter, who)

    with pytest.raises(Refused) as refused:
        transmission.transmit(letter, by=who.mechanism, digest=digest)

    assert "U+1F600" in str(refused.value)
    assert "\N{GRINNING FACE}" not in str(refused.value)
    letter.refresh_from_db()
    assert letter.status == LetterStatus.CLEARED
    assert not Package.objects.exists()
    assert not AuditEvent.objects.filter(verb="transmitted").exists()
    assert not list(settings.FILES_DIR.rglob("*.sealed"))
