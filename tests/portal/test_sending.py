"""Check, submit once, hold a receipt; later a correction that leaves the first as it was."""

from unittest import mock

import pytest
from django.urls import reverse

from cases import files
from cases.lifecycles import ReplyStatus
from cases.models import AuditEvent, Reply, ReplyAttachment
from cases.services import replies
from tests.documents.reading import opened, says, words_of
from tests.portal.conftest import signed_in
from tests.portal.pages import edit_url, form_of, words

pytestmark = pytest.mark.django_db

PROMISES = {"authorised": "on", "final": "on"}


def url_of(route, row) -> str:
    return reverse(route, args=[row.pk])


@pytest.fixture
def written(browser, reply) -> Reply:
    browser.post(edit_url(reply), form_of(browser, reply, q1="The Government states.", p1="ALT"))
    reply.refresh_from_db()
    return reply


def submit(browser, reply, **fields):
    data = {"version": reply.version, **PROMISES, **fields}
    return browser.post(url_of("reply-submit", reply), data)


def test_save_and_check_leads_to_the_check(browser, reply):
    answer = browser.post(edit_url(reply), form_of(browser, reply, q1="x", onward="1"))
    assert answer.url == url_of("reply-submit", reply)


def test_check_names_what_has_no_answer(browser, written):
    page = words(browser.get(url_of("reply-submit", written)))

    missing = page.split("These have no answer:")[1].split("You may submit without them")[0]
    numbers = [row["number"] for row in written.package.content["questions"]]
    assert missing.split() == [part for n in numbers[1:] for part in ("Question", str(n))]
    assert "The Government states." in page
    assert "Gives another explanation" in page


def test_nothing_said_cannot_be_submitted(browser, reply):
    page = browser.get(url_of("reply-submit", reply))
    assert "There is nothing to submit yet." in words(page)
    assert "Submit the reply</button>" not in page.content.decode()

    answer = submit(browser, reply)
    assert "Write an answer, take a position or attach a document first." in words(answer)
    reply.refresh_from_db()
    assert reply.status == ReplyStatus.DRAFT


@pytest.mark.parametrize("missing", ["authorised", "final"])
def test_both_promises_are_asked(browser, written, missing):
    answer = submit(browser, written, **{missing: ""})
    assert "Tick the box to go on." in words(answer)
    written.refresh_from_db()
    assert written.status == ReplyStatus.DRAFT


def test_empty_post_is_told_what_is_missing(browser, written):
    assert "Tick the box to go on." in words(browser.post(url_of("reply-submit", written)))


@pytest.mark.parametrize("role", ["user", "head"])
def test_either_role_submits_and_gets_a_receipt(browser, head, written, role):
    client = browser if role == "user" else signed_in(head)

    answer = submit(client, written)

    assert answer.url == url_of("reply-detail", written)
    written.refresh_from_db()
    assert written.status == ReplyStatus.SUBMITTED
    page = words(client.get(answer.url))
    assert "Receipt (PDF)" in page
    assert written.digest in page


def test_second_press_submits_nothing_twice(browser, written):
    submit(browser, written)
    again = submit(browser, written)

    assert again.url == url_of("reply-detail", written)
    assert "This reply was submitted already." in words(browser.get(again.url))
    assert Reply.objects.count() == 1
    assert AuditEvent.objects.filter(verb="submitted").count() == 1
    assert ReplyAttachment.objects.filter(kind="receipt").count() == 1


def test_draft_saved_meanwhile_is_read_again_first(browser, head, written):
    colleague = signed_in(head)
    colleague.post(edit_url(written), form_of(colleague, written, q2="Added."))

    answer = submit(browser, written)

    assert answer.url == url_of("reply-submit", written)
    page = words(browser.get(answer.url))
    assert "A colleague saved the draft meanwhile." in page
    assert "Added." in page
    written.refresh_from_db()
    assert written.status == ReplyStatus.DRAFT


def test_submitted_reply_is_read_only(browser, written):
    submit(browser, written)

    for route in ("reply-edit", "reply-submit"):
        assert browser.get(url_of(route, written)).url == url_of("reply-detail", written)
    browser.post(edit_url(written), {"version": written.version, "q1": "Changed."})
    assert written.answers.get(question=1).text == "The Government states."
    assert browser.get(url_of("reply-detail", written)).status_code == 200


def test_draft_has_no_page_of_a_submitted_reply(browser, written):
    assert browser.get(url_of("reply-detail", written)).url == edit_url(written)


def test_receipt_says_what_was_sent(browser, written, who):
    submit(browser, written)
    written.refresh_from_db()
    row = written.attachments.get(kind="receipt")

    answer = browser.get(url_of("reply-attachment", row))
    pdf = b"".join(answer.streaming_content)

    content = written.package.content
    assert answer.headers["Content-Type"] == "application/pdf"
    assert pdf == b"".join(files.read(row.pk, row.ring))
    for text in (written.package.code, content["subject"], content["state_name"]):
        assert says(pdf, text), text
    assert says(pdf, f"1 / {len(content['questions'])}")
    assert written.digest in words_of(pdf)
    for user in who:
        assert "".join(user.name.split()) not in words_of(pdf) + str(opened(pdf).metadata)


def test_correction_is_a_new_version_and_the_first_stays(browser, written):
    submit(browser, written)
    first = Reply.objects.get()

    draft = browser.post(url_of("reply-start", first.package), follow=True)
    correction = draft.context["reply"]
    assert draft.context["form"]["q1"].value() == "The Government states."
    assert "Correction begun" in words(draft)

    browser.post(edit_url(correction), form_of(browser, correction, q1="The Government corrects."))
    correction.refresh_from_db()
    submit(browser, correction)

    assert first.answers.get(question=1).text == "The Government states."
    old, new = (words(browser.get(url_of("reply-detail", r))) for r in (first, correction))
    assert "A later version corrects this one." in old
    assert "A later version corrects this one." not in new
    assert "Version 2" in new
    assert "The Government corrects." in new
    digests = Reply.objects.values_list("digest", flat=True)
    assert len(set(digests)) == 2


def test_colleague_who_submits_between_look_and_press_is_told_of(browser, head, written):
    real = replies.submit_reply

    def both(reply, **fields):
        real(reply, **{**fields, "by": head})
        return real(reply, **fields)

    with mock.patch.object(replies, "submit_reply", both):
        answer = browser.post(
            url_of("reply-submit", written), {"version": written.version, **PROMISES}, follow=True
        )

    assert answer.redirect_chain[-1][0] == url_of("reply-detail", written)
    assert "This reply was submitted already." in words(answer)
    assert AuditEvent.objects.filter(verb="submitted").count() == 1
