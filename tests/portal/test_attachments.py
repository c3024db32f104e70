"""Files of a reply: taken, refused in words, taken off again, and carried away by name."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases import files
from cases.inspection import MEGABYTE
from cases.models import ReplyAttachment
from cases.services import replies
from tests.portal.pages import edit_url, form_of, words
from tests.samples import office, pdf, picture
from tests.samples import package as archive

pytestmark = pytest.mark.django_db


def attach(browser, reply, content, name, kind="original", **fields):
    url = reverse("reply-attach", args=[reply.pk])
    upload = SimpleUploadedFile(name, content, "application/octet-stream")
    return browser.post(url, form_of(browser, reply, file=upload, kind=kind, **fields))


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (pdf(), "Note.pdf", "application/pdf"),
        (picture(), "Photo.png", "image/png"),
        (picture("JPEG"), "Photo.jpeg", "image/jpeg"),
        (office(), "Nota.docx", None),
    ],
)
def test_file_is_added_and_what_is_typed_stays(browser, reply, content, name, media_type):
    answer = attach(browser, reply, content, name, kind="translation", q1="Half a sen")

    assert answer.url == f"{edit_url(reply)}#files"
    row = reply.attachments.get()
    assert (row.name, row.kind) == (name, "translation")
    assert media_type in (None, row.media_type)
    page = browser.get(edit_url(reply))
    assert name in words(page)
    assert page.context["form"]["q1"].value() == "Half a sen"


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "empty.pdf", "empty"),
        (b"MZ\x90\x00" + b"\0" * 200, "tool.exe", ""),
        (picture(), "Note.pdf", "The name ends in .pdf"),
        (archive({"a.txt": b"a"}), "all.zip", "Archives are not accepted."),
        (b"%PDF-1.7 broken", "Note.pdf", ""),
        (b"<svg onload='alert(1)'/>", "drawing.svg", ""),
    ],
)
def test_refused_file_is_told_at_its_field_and_nothing_is_lost(browser, reply, content, name, says):
    answer = attach(browser, reply, content, name, q1="Half a sen")

    assert answer.status_code == 200
    assert answer.context["attach"].errors["file"]
    assert says in words(answer)
    assert answer.context["form"]["q1"].value() == "Half a sen"
    assert not reply.attachments.exists()


def test_huge_file_is_refused(browser, reply):
    answer = attach(browser, reply, b"%PDF-" + b"\0" * (25 * MEGABYTE), "Note.pdf")
    assert "The file is larger than 25 MB." in words(answer)


def test_no_file_is_told(browser, reply):
    url = reverse("reply-attach", args=[reply.pk])
    answer = browser.post(url, form_of(browser, reply, kind="original", q1="Half a sen"))
    assert "Choose a file." in words(answer)
    assert answer.context["form"]["q1"].value() == "Half a sen"


def test_kind_of_the_house_cannot_be_chosen(browser, reply):
    answer = attach(browser, reply, picture(), "Photo.png", kind="receipt")
    assert answer.context["attach"].errors["kind"]
    assert not reply.attachments.exists()


def test_too_many_files_are_refused(browser, reply, monkeypatch):
    monkeypatch.setattr(replies, "MOST_FILES", 1)
    attach(browser, reply, picture(), "One.png")
    assert "A reply carries no more files than these." in words(browser.get(edit_url(reply)))

    answer = attach(browser, reply, picture(), "Two.png")

    assert "A reply carries at most 1 files." in words(answer)
    assert reply.attachments.count() == 1


def test_saving_takes_a_chosen_file_along(browser, reply):
    upload = SimpleUploadedFile("Note.pdf", pdf())
    data = form_of(browser, reply, q1="Said.", file=upload, kind="original")

    browser.post(edit_url(reply), data)

    assert reply.attachments.get().name == "Note.pdf"
    assert reply.answers.get(question=1).text == "Said."


def test_saving_with_a_refused_file_saves_nothing_by_halves(browser, reply):
    upload = SimpleUploadedFile("all.zip", archive({"a.txt": b"a"}))
    answer = browser.post(edit_url(reply), form_of(browser, reply, q1="Said.", file=upload))
    assert answer.status_code == 200
    assert answer.context["form"]["q1"].value() == "Said."
    assert not reply.answers.exists()


def test_file_is_taken_off_again(browser, reply, settings):
    attach(browser, reply, picture(), "Photo.png")
    row = reply.attachments.get()

    url = reverse("reply-detach", args=[row.pk])
    answer = browser.post(url, form_of(browser, reply, q1="Half a sen"))

    assert answer.url == f"{edit_url(reply)}#files"
    assert not ReplyAttachment.objects.exists()
    assert browser.get(edit_url(reply)).context["form"]["q1"].value() == "Half a sen"


def test_submitted_reply_takes_no_file_and_gives_none_up(browser, submitted, who):
    receipt = submitted.attachments.get()
    upload = SimpleUploadedFile("Note.pdf", pdf())

    late = browser.post(reverse("reply-attach", args=[submitted.pk]), {"file": upload})
    browser.post(reverse("reply-detach", args=[receipt.pk]))

    assert late.url == reverse("reply-detail", args=[submitted.pk])
    assert list(submitted.attachments.all()) == [receipt]


def test_download_has_a_name_that_says_nothing(browser, reply):
    attach(browser, reply, picture(), "Statement of the Minister.png")
    row = reply.attachments.get()

    answer = browser.get(reverse("reply-attachment", args=[row.pk]))

    name = f"{reply.package.code}-original-{row.pk.hex[:8]}.png"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert answer.headers["Content-Length"] == str(row.size)
    assert b"".join(answer.streaming_content) == picture()


def test_letter_downloads_under_its_reference(browser, package):
    row = package.attachments.get()
    answer = browser.get(reverse("package-attachment", args=[row.pk]))
    assert f'filename="{package.code}.pdf"' in answer.headers["Content-Disposition"]
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_file_that_is_gone_is_told_in_words(browser, package):
    row = package.attachments.get()
    files.remove(row.pk, row.ring)

    answer = browser.get(reverse("package-attachment", args=[row.pk]), follow=True)

    assert "This file cannot be opened now." in words(answer)
