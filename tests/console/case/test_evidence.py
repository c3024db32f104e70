"""Files of evidence: sealed as they came, and taken out by those who see the case."""

import hashlib

import pytest
from django.urls import reverse

from cases import files
from cases.models import AuditEvent, EvidenceAttachment
from cases.services import evidence
from tests.factories import journey
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def piece(who):
    case = journey.recorded(who)
    return evidence.record_evidence(case, by=who.focal, kind="OFFI")


def test_file_is_added_with_its_hash(client, piece, who):
    client.force_login(who.focal)
    content = pdf()

    response = client.post(
        reverse("evidence-attach", args=[piece.pk]),
        {"file": upload(content, "Order of V.pdf"), "copy": "redacted"},
    )

    kept = piece.attachments.get()
    assert response.url == f"{reverse('case-detail', args=[piece.case_id])}#sources"
    assert (kept.copy, kept.sha256) == ("redacted", hashlib.sha256(content).hexdigest())
    shown = client.get(reverse("case-detail", args=[piece.case_id])).content.decode()
    assert kept.sha256 in shown
    assert "Redacted copy" in shown and "The clean copy is being made" in shown
    assert AuditEvent.objects.filter(case=piece.case_id, verb="attached").count() == 1


def test_file_that_is_something_else_is_refused_in_words(client, piece, who):
    client.force_login(who.focal)

    response = client.post(
        reverse("evidence-attach", args=[piece.pk]),
        {"file": upload(b"MZ not a document", "order.pdf"), "copy": "original"},
    )

    assert response.status_code == 200
    assert "thing needs your attention" in response.content.decode()
    assert not piece.attachments.exists()


def test_missing_file_is_told(client, piece, who):
    client.force_login(who.focal)

    response = client.post(reverse("evidence-attach", args=[piece.pk]), {"copy": "original"})

    assert "Choose a file." in response.content.decode()


def test_download_gives_the_very_bytes_under_a_name_that_says_nothing(client, piece, who):
    content = pdf()
    kept = evidence.attach(piece, upload(content, "Quillon Marrowby.pdf"), by=who.focal)
    client.force_login(who.reviewer)

    response = client.get(reverse("evidence-attachment", args=[kept.pk]))

    assert response.streaming
    assert b"".join(response.streaming_content) == content
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="E-1-{kept.pk.hex[:8]}.pdf"'
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store, private"
    assert response.headers["Content-Type"] == "application/pdf"
    event = AuditEvent.objects.get(verb="read", actor=who.reviewer.pk)
    assert (event.noun, event.subject, event.case) == (
        "evidenceattachment",
        str(kept.pk),
        piece.case_id,
    )


def test_file_that_is_gone_is_told_and_not_written_down_as_read(client, piece, who):
    kept = evidence.attach(piece, upload(pdf()), by=who.focal)
    files.remove(kept.pk, EvidenceAttachment.ring)
    client.force_login(who.focal)

    response = client.get(reverse("evidence-attachment", args=[kept.pk]), follow=True)

    assert "This file cannot be opened now." in response.content.decode()
    assert not AuditEvent.objects.filter(noun="evidenceattachment", verb="read").exists()


def test_name_of_a_file_is_escaped_on_the_page(client, piece, who):
    evidence.attach(piece, upload(pdf(), "a&b.pdf"), by=who.focal)
    client.force_login(who.focal)

    shown = client.get(reverse("case-detail", args=[piece.case_id])).content.decode()

    assert "a&amp;b.pdf" in shown
