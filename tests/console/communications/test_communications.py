"""Letters in the console: beginning one, reading it, writing in it, seeing what would leave."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import OfficeKind, Role
from cases.lifecycles import LetterStatus
from cases.models import AuditEvent, Communication, Draft, Mechanism, Person
from cases.models.assignment import Duty
from cases.services import assignments, communications, people
from cases.vocabulary import ConsentScope
from tests.factories import OfficeFactory, journey, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.decided(who)


@pytest.fixture
def letter(case, who):
    return journey.drafted(case, who)


@pytest.fixture
def asked(client, who):
    """A page as somebody gets it, the officer of the mechanisms unless told."""

    def get(name, pk, user=None, data=None):
        client.force_login(user or who.mechanism)
        return client.get(reverse(name, args=[pk]), data)

    return get


@pytest.fixture
def sent(client, who):
    """A form as somebody sends it."""

    def post(name, pk, data, user=None, **more):
        client.force_login(user or who.mechanism)
        return client.post(reverse(name, args=[pk]), data, **more)

    return post


def fields(letter, **changes):
    """The editor's form as its page draws it, with what somebody changed."""
    asked = {f"question_{q.number}": q.text for q in letter.questions.all()}
    return {
        "version": letter.version,
        "language": letter.language,
        "subject": letter.subject,
        "body": letter.body,
        "closing": letter.closing,
        "elements": [str(row.pk) for row in letter.elements.all()],
        **asked,
        **changes,
    }


# Beginning ----------------------------------------------------------------------------------------


def test_an_officer_of_mechanisms_begins_letters_of_their_mandates_alone(asked, who, case):
    page = asked("letter-draft", case.pk).content.decode()

    assert re.findall(r'<option value="(SP-[A-Z]+)"', page) == ["SP-HRD"]
    assert "reply within 60 days, confidential for 60 days" in page


def test_a_focal_point_may_prepare_a_letter_for_any_mandate_but_chooses_first(asked, who, case):
    page = asked("letter-draft", case.pk, who.focal).content.decode()

    assert 'value="SP-WGAD"' in page and 'value="SP-HRD"' in page
    assert "Begin the letter" not in page


def test_only_letters_of_the_lead_mandate_are_offered(asked, who, case):
    page = asked("letter-draft", case.pk, who.focal, {"lead": "SP-WGEID"}).content.decode()

    assert 'value="PIL"' in page
    assert 'value="PRES"' not in page and 'value="STM"' not in page


def test_an_unknown_mandate_offers_no_letter(asked, case):
    page = asked("letter-draft", case.pk, data={"lead": "SP-WGAD"}).content.decode()

    assert "Begin the letter" not in page


def begun(sent, case, who, **changes):
    data = {"row": str(uuid4()), "type": "AL", "language": "en", "subject": "", **changes}
    return sent("letter-draft", case.pk, data, who.mechanism)


def test_a_letter_begins_with_the_template_and_codes_for_people(sent, who, case):
    answer = begun(sent, case, who)

    letter = Communication.objects.get()
    assert answer.url == reverse("letter-edit", args=[letter.pk])
    assert (letter.lead_id, letter.type, letter.drafted_by) == ("SP-HRD", "AL", who.mechanism)
    assert "[V-1]" in letter.body and journey.NAME not in letter.body
    assert letter.questions.exists()


def test_a_form_sent_twice_begins_one_letter(sent, who, case):
    row = str(uuid4())
    first, second = (begun(sent, case, who, row=row) for _ in range(2))

    assert Communication.objects.count() == 1
    assert first.url == second.url


@pytest.mark.parametrize("changes", [{"type": "STM"}, {"type": ""}, {"language": "xx"}])
def test_a_letter_that_there_is_not_is_told_at_its_field(sent, who, case, changes):
    answer = begun(sent, case, who, **changes, subject="About a law")

    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == changes.keys()
    assert 'value="About a law"' in answer.content.decode()
    assert not Communication.objects.exists()


def test_who_does_not_draft_is_refused_and_a_stranger_learns_nothing(asked, who, case):
    stranger = member(OfficeFactory(), Role.FOCAL_POINT)

    assert asked("letter-draft", case.pk, who.reviewer).status_code == 403
    assert asked("letter-draft", case.pk, who.mandate).status_code == 403
    assert asked("letter-draft", case.pk, stranger).status_code == 404
    assert asked("letter-draft", uuid4()).status_code == 404


def test_a_mandate_of_another_secretariat_is_refused_by_the_service_too(who, case):
    with pytest.raises(Exception, match="You may not prepare letters for this mandate"):
        communications.draft_letter(
            case, by=who.mechanism, type="AL", lead=Mechanism.objects.get(pk="SP-WGAD")
        )


# Reading ------------------------------------------------------------------------------------------


def test_the_page_shows_exactly_what_would_leave_and_never_the_name(asked, who, letter):
    answer = asked("letter-detail", letter.pk)

    page = answer.content.decode()
    made = communications.composed(communications.whole(letter), by=who.mechanism)
    assert made.digest in page
    assert '<span class="r-alias">Person A</span> was allegedly detained' in page
    assert journey.NAME not in page and journey.NARRATIVE not in page


def test_everything_that_holds_the_letter_back_stands_there_with_its_place(asked, who, letter):
    page = asked("letter-detail", letter.pk).content.decode()

    assert "Endorsement:" in page and "Not answered yet." in page
    assert "Clearance by a second person" in page
    assert "Opens when nothing blocks it." in page


def test_reasons_lead_to_the_page_where_they_are_mended(asked, who, letter):
    person = people.record_person(letter.case, by=who.focal, kind="individual")
    communications.edit_letter(
        letter, by=who.mechanism, version=letter.version, subject=f"About [{person.code}]"
    )

    page = asked("letter-detail", letter.pk).content.decode()

    case_page = reverse("case-detail", args=[letter.case_id])
    assert f"{case_page}#consent" in page and f"{case_page}#risk" in page


@pytest.mark.parametrize("name", ["reviewer", "mandate"])
def test_without_the_right_to_write_it_is_a_page_to_read(asked, who, letter, name):
    answer = asked("letter-detail", letter.pk, getattr(who, name))

    assert answer.status_code == 200
    assert "Change the text" not in answer.content.decode()
    assert "Transmit to" not in answer.content.decode()


def test_a_stranger_learns_of_no_letter(asked, who, letter):
    stranger = member(OfficeFactory(), Role.REVIEWER)

    for name in ("letter-detail", "letter-edit", "letter-transmit", "letter-clear"):
        assert asked(name, letter.pk, stranger).status_code == 404


def test_every_look_is_written_down(asked, who, letter):
    asked("letter-detail", letter.pk, who.reviewer)

    looked = AuditEvent.objects.filter(read=True, verb="read", subject=str(letter.pk))
    assert looked.get().actor == who.reviewer.pk


# Writing ------------------------------------------------------------------------------------------


def test_saved_text_is_shown_as_it_would_leave(sent, asked, letter):
    answer = sent("letter-edit", letter.pk, fields(letter, body="We write about [V-1]."))

    assert answer.url == reverse("letter-edit", args=[letter.pk])
    page = asked("letter-edit", letter.pk).content.decode()
    assert 'We write about <span class="r-alias">Person A</span>.' in page
    letter.refresh_from_db()
    assert (letter.version, letter.body) == (2, "We write about [V-1].")


def test_questions_are_added_and_taken_out(sent, letter):
    last = letter.questions.count()
    data = fields(letter, question_1="", question_2="Only this?", **{f"question_{last + 1}": "New"})

    sent("letter-edit", letter.pk, data)

    texts = [q.text for q in letter.questions.order_by("number")]
    assert texts[0] == "Only this?" and texts[-1] == "New"
    assert [q.number for q in letter.questions.all()] == list(range(1, last + 1))


def test_a_mandate_is_asked_to_sign_and_taken_off_again(sent, letter):
    sent("letter-edit", letter.pk, fields(letter, add_mandate="SP-WGAD"))
    assert letter.signatories.count() == 2

    letter.refresh_from_db()
    sent("letter-edit", letter.pk, fields(letter))
    assert [row.mechanism_id for row in letter.signatories.all()] == ["SP-HRD"]


def test_the_second_of_two_writers_is_told_and_loses_nothing(sent, letter):
    old = fields(letter, body="What the second wrote.")
    sent("letter-edit", letter.pk, fields(letter, body="What the first wrote."))

    answer = sent("letter-edit", letter.pk, old)

    page = answer.content.decode()
    assert "Somebody else saved first" in page
    assert "What the second wrote." in page and "What the" in page
    letter.refresh_from_db()
    assert letter.body == "What the first wrote."
    assert answer.context["form"]["version"].value() == str(letter.version)


def test_an_invalid_form_comes_back_as_it_was_typed(sent, letter):
    answer = sent("letter-edit", letter.pk, fields(letter, subject="", body="Kept words"))

    assert answer.context["form"].errors.keys() == {"subject"}
    assert "Kept words" in answer.content.decode()
    assert Draft.objects.filter(path=reverse("letter-edit", args=[letter.pk])).exists()


@pytest.mark.parametrize("name", ["elements", "annexes", "in_full", "signatories", "add_mandate"])
def test_what_belongs_to_no_letter_of_ours_is_refused(sent, letter, name):
    answer = sent("letter-edit", letter.pk, fields(letter, **{name: [str(uuid4())]}))

    assert name in answer.context["form"].errors


def test_markup_stays_what_it_is_characters(sent, asked, letter):
    sent("letter-edit", letter.pk, fields(letter, body="<script>alert(1)</script> & [V-1]"))

    page = asked("letter-edit", letter.pk).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; <span" in page


def test_a_name_in_the_text_shuts_the_gate_and_is_not_repeated(sent, asked, letter):
    sent("letter-edit", letter.pk, fields(letter, body="It concerns Marrowby."))

    page = asked("letter-detail", letter.pk).content.decode()
    assert "paragraph 1: something that identifies V-1" in page


def test_a_letter_that_left_is_not_written_in(client, who):
    package = journey.transmitted(who)
    client.force_login(who.mechanism)

    answer = client.get(reverse("letter-edit", args=[package.communication_id]))

    assert answer.url == reverse("letter-detail", args=[package.communication_id])


@pytest.mark.parametrize("name", ["reviewer", "mandate"])
def test_who_may_not_write_is_refused(asked, sent, who, letter, name):
    user = getattr(who, name)

    assert asked("letter-edit", letter.pk, user).status_code == 403
    assert sent("letter-edit", letter.pk, fields(letter), user).status_code == 403
    assert sent("letter-preview", letter.pk, fields(letter), user).status_code == 403


# Previewing ---------------------------------------------------------------------------------------


def test_a_preview_shows_what_was_typed_and_saves_nothing(sent, letter):
    data = fields(letter, body="Typed about [V-1], [V-9].", question_1="What now?")

    page = sent("letter-preview", letter.pk, data).content.decode()

    assert "It is not saved yet." in page
    assert 'Typed about <span class="r-alias">Person A</span>, [V-9].' in page
    assert "Nobody in the case is V-9." in page
    before = letter.body
    letter.refresh_from_db()
    assert (letter.body, letter.version, letter.status) == (before, 1, LetterStatus.DRAFT)
    assert AuditEvent.objects.filter(verb="previewed", subject=str(letter.pk)).exists()
    assert not AuditEvent.objects.filter(verb="letter_edit").exists()


def test_a_preview_leaves_clearance_and_endorsements_as_they_are(sent, who, letter):
    digest = journey.cleared(letter, who)
    letter.refresh_from_db()

    sent("letter-preview", letter.pk, fields(letter, body="Another text."))

    letter.refresh_from_db()
    assert (letter.status, letter.cleared_digest) == (LetterStatus.CLEARED, digest)


def test_one_more_question_is_asked_for_without_script(sent, letter):
    last = letter.questions.count()
    data = fields(letter, **{f"question_{last + 1}": "Typed", "more": "1"})

    page = sent("letter-preview", letter.pk, data).content.decode()

    assert f'name="question_{last + 2}"' in page and "Typed" in page


def test_a_preview_of_something_invalid_says_so(sent, letter):
    answer = sent("letter-preview", letter.pk, fields(letter, subject=""))

    assert answer.context["form"].errors.keys() == {"subject"}
    assert "It is not saved yet." not in answer.content.decode()


def test_what_was_previewed_waits_for_its_writer(sent, asked, letter):
    sent("letter-preview", letter.pk, fields(letter, body="Not yet saved."))

    page = asked("letter-edit", letter.pk).content.decode()

    assert "Not yet saved." in page and "What you typed here is given back" in page


# Names --------------------------------------------------------------------------------------------


def named(letter, **changes):
    person = Person.objects.get(case=letter.case)
    return fields(letter, in_full=[str(person.pk)], **changes)


def test_a_name_without_consent_enters_no_text_not_even_a_preview(sent, asked, letter):
    preview = sent("letter-preview", letter.pk, named(letter)).content.decode()
    sent("letter-edit", letter.pk, named(letter))
    page = asked("letter-detail", letter.pk).content.decode()

    assert journey.NAME not in preview + page
    assert "Consent of V-1, by name" in page


def test_a_name_with_consent_is_veiled_until_it_is_asked_for_and_written_down(
    sent, asked, who, letter
):
    journey.consented(letter.case, who, **{ConsentScope.STW: "GRANTED"})
    preview = sent("letter-preview", letter.pk, named(letter)).content.decode()
    sent("letter-edit", letter.pk, named(letter))
    page = asked("letter-detail", letter.pk, who.focal).content.decode()

    for text in (preview, page):
        assert journey.NAME not in text
        assert "Person A (named in full when sent)" in text
    assert "gives a person by name" in page
    assert reverse("letter-names", args=[letter.pk]) in page

    shown = sent("letter-names", letter.pk, {}, who.focal)
    assert journey.NAME in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store, private"
    [look] = AuditEvent.objects.filter(verb="revealed", actor=who.focal.pk)
    assert look.detail == {"of": "V-1", "purpose": "letter", "letter": str(letter.pk)}
    assert journey.NAME not in asked("letter-detail", letter.pk, who.focal).content.decode()


def test_whoever_writes_the_letter_does_not_read_the_name_by_it(sent, who, letter):
    journey.consented(letter.case, who, **{ConsentScope.STW: "GRANTED"})
    sent("letter-edit", letter.pk, named(letter))

    refused = sent("letter-names", letter.pk, {})

    assert refused.status_code == 403
    assert journey.NAME not in refused.content.decode()
    assert not AuditEvent.objects.filter(verb="revealed").exists()


def test_beside_each_name_stands_what_consent_says(asked, letter):
    page = asked("letter-edit", letter.pk).content.decode()

    assert "V-1, consent to be named: To the State, with name: Refused" in page


# Other languages, many rows -----------------------------------------------------------------------


def test_an_arabic_letter_runs_from_right_to_left_on_its_paper_alone(sent, asked, letter):
    sent("letter-edit", letter.pk, fields(letter, language="ar", body="نكتب بشأن [V-1]."))

    page = asked("letter-detail", letter.pk).content.decode()
    assert '<article class="r-paper" lang="ar" dir="rtl">' in page
    assert '<html lang="en" dir="ltr"' in page


@pytest.mark.parametrize("name", ["letter-detail", "letter-edit"])
def test_more_people_and_mandates_cost_no_more_queries(
    client, who, letter, name, django_assert_max_num_queries
):
    client.force_login(who.mechanism)
    url = reverse(name, args=[letter.pk])
    client.get(url)
    with django_assert_max_num_queries(40) as few:
        client.get(url)
    for _ in range(4):
        person = people.record_person(letter.case, by=who.focal, kind="individual")
        journey.consented(letter.case, who)
    letter.refresh_from_db()
    communications.edit_letter(
        letter,
        by=who.mechanism,
        version=letter.version,
        body=f"[V-1] [V-2] [V-3] [{person.code}]",
        signatories=list(Mechanism.objects.filter(pk__in=["SP-WGAD", "SP-WGEID", "SP-EDU"])),
    )

    with django_assert_max_num_queries(len(few)):
        client.get(url)


def test_an_office_without_a_mandate_is_told_what_to_do(asked, who, case):
    empty = OfficeFactory(kind=OfficeKind.SECRETARIAT)
    officer = member(empty, Role.MECHANISM_OFFICER)
    assignments.assign_case(case, office=empty, duty=Duty.LETTER, by=who.reviewer)

    page = asked("letter-draft", case.pk, officer).content.decode()

    assert "No mandate to write for" in page and "Begin the letter" not in page


def test_a_preview_of_a_text_that_somebody_changed_is_told(sent, letter):
    old = fields(letter, body="What the second typed.")
    sent("letter-edit", letter.pk, fields(letter, body="What the first wrote."))

    page = sent("letter-preview", letter.pk, old).content.decode()

    assert "Somebody else saved first." in page and "What the second typed." in page
    letter.refresh_from_db()
    assert letter.body == "What the first wrote."
