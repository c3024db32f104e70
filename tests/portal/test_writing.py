"""Writing a reply: nothing typed is lost, and two colleagues never overwrite each other."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Session
from cases.models import Answer, PortalDraft, Reply
from cases.services import replies
from tests.portal.conftest import signed_in
from tests.portal.pages import edit_url, form_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(head):
    return signed_in(head)


def url_of(route, row) -> str:
    return reverse(route, args=[row.pk])


def answer_to(reply: Reply, number: int) -> str:
    return Answer.objects.get(reply=reply, question=number).text


def test_mission_has_one_draft_whoever_begins(browser, colleague, package):
    first = browser.post(url_of("reply-start", package))
    second = colleague.post(url_of("reply-start", package))

    assert first.url == second.url == edit_url(Reply.objects.get())


def test_page_asks_every_question_and_every_element(browser, reply):
    content = reply.package.content
    page = words(browser.get(edit_url(reply)))
    for row in content["questions"]:
        assert f"Your answer to question {row['number']}" in page
        assert row["text"] in page
    for row in content["elements"]:
        assert f"The Government’s position on element {row['number']}" in page
    assert f"Questions: 0 of {len(content['questions'])} answered" in page


def test_save_is_seen_by_colleagues(browser, colleague, reply):
    saved = browser.post(
        edit_url(reply),
        form_of(browser, reply, language="fr", text="Note.", q1="Oui.", e1="Ordre.", p1="DENS"),
    )
    assert saved.url == edit_url(reply)

    form = colleague.get(edit_url(reply)).context["form"]
    values = {name: form[name].value() for name in ("language", "text", "q1", "e1", "p1")}
    assert values == {"language": "fr", "text": "Note.", "q1": "Oui.", "e1": "Ordre.", "p1": "DENS"}
    page = words(colleague.get(edit_url(reply)))
    assert "A colleague of your mission saved this draft" in page
    assert "Questions: 1 of" in page


def test_too_long_answer_is_told_and_kept_in_the_form(browser, reply):
    answer = browser.post(edit_url(reply), form_of(browser, reply, q1="x" * 20_001, q2="Short."))

    assert answer.status_code == 200
    assert "Too long by 1 character" in words(answer)
    assert answer.content.decode().count("x" * 20_001) == 1
    assert "Short." in answer.content.decode()
    assert not reply.answers.exists()


@pytest.mark.parametrize("name", ["q99", "e99", "p99", "q0"])
def test_number_the_letter_does_not_have_is_refused(browser, reply, name):
    answer = browser.post(edit_url(reply), form_of(browser, reply, **{name: "x"}))
    assert "The letter has no such number." in words(answer)


def test_markup_is_text(browser, reply):
    script = "<script>alert(1)</script>"
    browser.post(edit_url(reply), form_of(browser, reply, q1=script))
    assert script not in browser.get(edit_url(reply)).content.decode()
    assert script not in browser.get(url_of("reply-submit", reply)).content.decode()


# Typed and not saved ----------------------------------------------------------------------------


def test_typed_work_is_kept_for_its_writer_alone(browser, colleague, reply):
    kept = browser.post(url_of("draft-keep", reply), form_of(browser, reply, q1="Half a sen"))
    assert kept.status_code == 204

    mine, theirs = browser.get(edit_url(reply)), colleague.get(edit_url(reply))
    assert mine.context["form"]["q1"].value() == "Half a sen"
    assert "What you typed earlier is here again." in words(mine)
    assert not theirs.context["form"]["q1"].value()
    assert not reply.answers.exists()


def test_typed_work_lies_sealed(browser, reply):
    browser.post(url_of("draft-keep", reply), form_of(browser, reply, q1="Half a sen", csrf="no"))
    kept = PortalDraft.objects.get()
    assert kept.content["q1"] == ["Half a sen"]
    assert "csrf" not in kept.content


def test_too_much_typed_work_is_told(browser, reply):
    answer = browser.post(url_of("draft-keep", reply), {"q1": "x" * 210_000})
    assert answer.status_code == 413


def test_saving_lets_typed_work_go(browser, reply):
    browser.post(url_of("draft-keep", reply), form_of(browser, reply, q1="Half a sen"))
    browser.post(edit_url(reply), form_of(browser, reply, q1="A sentence."))

    assert not PortalDraft.objects.exists()
    page = browser.get(edit_url(reply))
    assert page.context["form"]["q1"].value() == "A sentence."
    assert "here again" not in words(page)


def test_one_may_go_back_to_what_is_saved(browser, reply):
    browser.post(url_of("draft-keep", reply), form_of(browser, reply, q1="Half a sen"))
    assert browser.post(url_of("draft-drop", reply)).url == edit_url(reply)
    assert not browser.get(edit_url(reply)).context["form"]["q1"].value()


def test_session_that_ended_while_writing_loses_nothing(browser, reply, who):
    typed = form_of(browser, reply, q1="A whole afternoon of work.")
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))

    answer = browser.post(edit_url(reply), typed)

    assert answer.url == f"/accounts/login/?next={edit_url(reply)}&kept=1"
    again = signed_in(who.mission).get(edit_url(reply))
    assert again.context["form"]["q1"].value() == "A whole afternoon of work."
    assert not reply.answers.exists()


# Two colleagues ---------------------------------------------------------------------------------


def test_different_parts_are_both_kept(browser, colleague, reply):
    mine, theirs = form_of(browser, reply, q1="Mine."), form_of(colleague, reply, q2="Theirs.")
    colleague.post(edit_url(reply), theirs)

    answer = browser.post(edit_url(reply), mine, follow=True)

    assert "A colleague saved other parts meanwhile. Both are kept." in words(answer)
    assert (answer_to(reply, 1), answer_to(reply, 2)) == ("Mine.", "Theirs.")


def test_same_part_is_shown_side_by_side_and_nothing_overwritten(browser, colleague, reply):
    mine = form_of(browser, reply, q1="We deny it.", q2="Only mine.")
    theirs = form_of(colleague, reply, q1="We confirm it.", q3="Only theirs.")
    colleague.post(edit_url(reply), theirs)

    answer = browser.post(edit_url(reply), mine)

    page, form = words(answer), answer.context["form"]
    assert "The same parts were saved meanwhile" in page
    assert answer.context["theirs"] == {"Your answer to question 1": "We confirm it."}
    assert answer.context["yours"] == {"Your answer to question 1": "We deny it."}
    values = [form[name].value() for name in ("q1", "q2", "q3")]
    assert values == ["We deny it.", "Only mine.", "Only theirs."]
    assert answer_to(reply, 1) == "We confirm it."


def test_deciding_after_a_conflict_saves_what_was_decided(browser, colleague, reply):
    mine = form_of(browser, reply, q1="We deny it.")
    colleague.post(edit_url(reply), form_of(colleague, reply, q1="We confirm it."))
    shown = browser.post(edit_url(reply), mine).context["form"]

    decided = {name: shown[name].value() or "" for name in shown.fields} | {"q1": "We inquire."}
    browser.post(edit_url(reply), decided)

    assert answer_to(reply, 1) == "We inquire."
    assert not PortalDraft.objects.exists()


def test_conflict_is_still_there_after_reloading(browser, colleague, reply):
    mine = form_of(browser, reply, q1="We deny it.")
    colleague.post(edit_url(reply), form_of(colleague, reply, q1="We confirm it."))
    browser.post(edit_url(reply), mine)

    again = browser.get(edit_url(reply))

    assert again.context["form"]["q1"].value() == "We deny it."
    assert again.context["theirs"] == {"Your answer to question 1": "We confirm it."}


def test_typed_too_late_waits_for_the_correction(browser, colleague, reply, who):
    mine = form_of(browser, reply, q1="One more fact.")
    colleague.post(edit_url(reply), form_of(colleague, reply, q1="Our answer."))
    reply.refresh_from_db()
    replies.submit_reply(reply, by=who.mission, version=reply.version)

    answer = browser.post(edit_url(reply), mine, follow=True)

    assert "This reply was submitted already and cannot be changed." in words(answer)
    assert "What you typed and did not save is kept." in words(answer)
    assert answer_to(reply, 1) == "Our answer."
    correction = browser.post(url_of("reply-start", reply.package), follow=True)
    assert correction.context["form"]["q1"].value() == "One more fact."
    assert correction.context["theirs"] == {"Your answer to question 1": "Our answer."}


def test_page_of_a_draft_asks_a_fixed_number_of_queries(
    browser, reply, django_assert_max_num_queries
):
    filled = dict.fromkeys(("q1", "q2", "q3", "e1"), "Said.")
    browser.post(edit_url(reply), form_of(browser, reply, **filled))
    browser.get(edit_url(reply))
    with django_assert_max_num_queries(24):
        browser.get(edit_url(reply))
    with django_assert_max_num_queries(24):
        browser.get(url_of("reply-submit", reply))
