"""What a State answered, beside what was asked; and what the house makes of it."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import Role
from cases import intake
from cases.models import Assessment, AuditEvent
from cases.services import assessments, replies
from cases.services.replies import Words
from cases.vocabulary import Stage
from tests.factories import OfficeFactory, journey, member
from tests.samples import pdf, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def package(who):
    return journey.transmitted(who)


@pytest.fixture
def reply(who, package):
    return journey.replied(package, who)


@pytest.fixture
def page(client):
    def get(name, pk, user):
        client.force_login(user)
        return client.get(reverse(name, args=[pk]))

    return get


@pytest.fixture
def post(client):
    def sent(pk, user, data):
        client.force_login(user)
        return client.post(reverse("reply-assess", args=[pk]), data)

    return sent


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def fields(**changes):
    standard = {
        "version": 0,
        "procedure": "SUB",
        "grade": "C",
        "note": "No facts.",
        "substance_1": "DENU",
        "note_1": "Another matter is named.",
    }
    return {**standard, **changes}


def corrected(package, who, words="The Government corrects itself."):
    """A second version of the reply, submitted and taken in."""
    draft = replies.start_reply(package, by=who.mission)
    draft = replies.save_reply(
        draft, by=who.mission, version=draft.version, questions={1: Words(words)}
    )
    draft = replies.submit_reply(draft, by=who.mission, version=draft.version)
    intake.take_in(package.pk)
    return draft


# Reading ------------------------------------------------------------------------------------------


def test_each_answer_stands_beside_what_was_asked(page, who, package, reply):
    shown = page("reply-read", reply.pk, who.focal).content.decode()

    assert package.content["questions"][0]["text"][:40] in shown
    assert package.content["elements"][0]["text"] in shown
    assert "The Government states." in shown
    assert "The State: Alternative explanation" in shown
    assert who.mission.name not in shown


def test_an_answer_keeps_its_own_language_and_direction(page, who, package):
    draft = replies.start_reply(package, by=who.mission)
    draft = replies.save_reply(
        draft, by=who.mission, version=draft.version, language="ar", text="تفيد الحكومة <b>"
    )
    reply = replies.submit_reply(draft, by=who.mission, version=draft.version)

    shown = page("reply-read", reply.pk, who.focal).content.decode()

    assert 'lang="ar" dir="auto"' in shown and "تفيد الحكومة &lt;b&gt;" in shown


def test_a_draft_of_the_mission_is_nobodys_business_here(page, who, package):
    draft = replies.start_reply(package, by=who.mission)

    assert page("reply-read", draft.pk, who.focal).status_code == 404
    assert page("reply-assess", draft.pk, who.focal).status_code == 404


def test_a_stranger_learns_of_no_reply(page, post, reply):
    stranger = member(OfficeFactory(), Role.FOCAL_POINT)

    assert page("reply-read", reply.pk, stranger).status_code == 404
    assert post(reply.pk, stranger, fields()).status_code == 404


def test_every_look_is_written_down(page, who, reply):
    page("reply-read", reply.pk, who.reviewer)

    looked = AuditEvent.objects.filter(read=True, noun="reply", subject=str(reply.pk))
    assert looked.get().actor == who.reviewer.pk


def test_a_correction_marks_what_it_changed_and_the_old_one_leads_to_it(page, who, package, reply):
    newest = corrected(package, who)

    old = page("reply-read", reply.pk, who.focal).content.decode()
    new = page("reply-read", newest.pk, who.focal).content.decode()

    assert "The State corrected this reply." in old and "Assess the reply" not in old
    assert reverse("reply-read", args=[newest.pk]) in old
    assert new.count("changed in this version") == 1


def test_files_of_the_mission_come_under_a_name_that_says_nothing(page, who, package):
    draft = replies.start_reply(package, by=who.mission)
    file = replies.attach(draft, upload(pdf(), "Marrowby judgment.pdf"), by=who.mission)
    replies.submit_reply(draft, by=who.mission, version=draft.version)

    answer = page("reply-attachment", file.pk, who.focal)

    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert package.code in answer["Content-Disposition"]
    assert "Marrowby" not in answer["Content-Disposition"]
    stranger = member(OfficeFactory(), Role.FOCAL_POINT)
    assert page("reply-attachment", file.pk, stranger).status_code == 404


# Assessing ----------------------------------------------------------------------------------------


def test_the_form_proposes_the_procedure_and_says_what_each_grade_means(page, who, reply):
    answer = page("reply-assess", reply.pk, who.focal)

    shown = answer.content.decode()
    assert '<option value="SUB" selected>' in shown
    assert "E: Contrary measures or rejection. The State acts against" in shown


def test_an_assessment_takes_the_case_on_and_says_what_is_owed(page, post, who, package, reply):
    answer = post(reply.pk, who.focal, fields())

    assert answer.url == f"{reverse('reply-read', args=[reply.pk])}#assessment"
    row = Assessment.objects.get()
    assert (row.grade, row.note, row.assessed_by) == ("C", "No facts.", who.focal)
    assert row.findings.get().substance == "DENU"
    case = package.communication.case
    case.refresh_from_db()
    assert case.stage == Stage.FOLLOW

    shown = page("reply-read", reply.pk, who.focal).content.decode()
    assert "Tell the source" in shown and "Update the outcome" in shown
    assert reverse("source-told", args=[case.pk]) in shown
    for noun in ("action", "outcome", "measure"):
        assert reverse("part-add", args=[case.pk, noun]) in shown


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"grade": "F"}, "grade"),
        ({"grade": ""}, "grade"),
        ({"procedure": "XXX"}, "procedure"),
        ({"substance_1": ""}, "substance_1"),
        ({"substance_1": "<b>"}, "substance_1"),
        ({"version": "x"}, "version"),
    ],
)
def test_what_no_list_has_is_told_at_its_field_and_the_rest_stays(post, who, reply, changes, field):
    answer = post(reply.pk, who.focal, fields(**changes))

    assert field in answer.context["form"].errors
    assert "Another matter is named." in answer.content.decode()
    assert not Assessment.objects.exists()


def test_two_cannot_both_be_the_first_to_assess(post, who, reply):
    post(reply.pk, who.focal, fields())

    answer = post(reply.pk, who.reviewer, fields(grade="A", note="I find facts."))

    shown = answer.content.decode()
    assert "Somebody else saved first" in shown and "I find facts." in shown
    row = Assessment.objects.get()
    assert (row.grade, row.assessed_by) == ("C", who.focal)
    again = post(reply.pk, who.reviewer, fields(version=row.version, grade="A"))
    assert again.status_code == 302
    row.refresh_from_db()
    assert (row.grade, row.version) == ("A", 2)


def test_an_assessment_is_changed_from_what_stands(page, post, who, reply):
    assessments.assess_reply(
        reply, by=who.focal, procedure="LATE", grade="B", findings={1: ("CONF", "Said so.")}
    )

    shown = page("reply-assess", reply.pk, who.focal).content.decode()

    assert '<option value="LATE" selected>' in shown and "Said so." in shown


def test_an_earlier_version_is_not_assessed(page, who, package, reply):
    newest = corrected(package, who)

    answer = page("reply-assess", reply.pk, who.focal)

    assert answer.url == reverse("reply-read", args=[newest.pk])


def test_who_does_not_assess_may_read_and_is_shown_no_button(page, post, who, reply):
    shown = page("reply-read", reply.pk, who.mandate)

    assert shown.status_code == 200
    assert "Assess the reply" not in shown.content.decode()
    assert page("reply-assess", reply.pk, who.mandate).status_code == 403
    assert post(reply.pk, who.mandate, fields()).status_code == 403


def test_pages_of_a_reply_cost_the_same_however_much_it_says(
    client, who, package, reply, django_assert_max_num_queries
):
    client.force_login(who.focal)
    newest = corrected(package, who)
    assessments.assess_reply(
        newest, by=who.focal, procedure="SUB", grade="B", findings={1: ("CONF", "")}
    )
    for name in ("reply-read", "reply-assess"):
        url = reverse(name, args=[newest.pk])
        client.get(url)
        with django_assert_max_num_queries(25):
            client.get(url)
