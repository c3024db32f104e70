"""Recording a case in steps: opened at once, saved as one goes, filed when it is whole."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, Session
from cases.console.parts.steps import STEPS
from cases.lifecycles import CaseMove
from cases.models import Case, Draft, State
from cases.services import acts, cases, people
from cases.services.drafts import typed_work
from tests.console.parts.forms_of_parts import SCRIPTS
from tests.factories import OfficeFactory, member, mission_of
from tests.factories.journey import cast, recorded
from tests.test_races import at_once

pytestmark = pytest.mark.django_db

RECORD = "/cases/record/"
NOUN_STEPS = [step.slug for step in STEPS if step.noun]


@pytest.fixture(autouse=True)
def _invented(settings):
    settings.SYNTHETIC = True
    mission_of("XAA")
    mission_of("XBB")


@pytest.fixture
def who():
    return cast()


@pytest.fixture
def focal(client, who):
    client.force_login(who.focal)
    return client


@pytest.fixture
def case(who):
    """Begun, nothing in it."""
    office = who.focal.memberships.get().office
    return cases.record_case(office=office, state=State.objects.get(pk="XAA"), by=who.focal)


def step_url(case, slug):
    return reverse("record-step", args=[case.pk, slug])


def drawn(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    form = answer.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return answer, {name: value for name, value in values.items() if value not in (None, "")}


def begun(client, **more):
    _page, data = drawn(client, RECORD)
    return client.post(RECORD, data | {"state": "XAA"} | more)


# The first step -----------------------------------------------------------------------------


def test_case_is_opened_at_the_first_step(focal, who):
    answer = begun(focal, kind="situation", priority="URG", nature="INT", received_on="1 Oct 2026")

    case = Case.objects.get()
    assert answer.url == step_url(case, "people")
    assert (case.kind, case.priority, case.nature) == ("situation", "URG", "INT")
    assert case.received_on.isoformat() == "2026-10-01"
    assert case.state_id == "XAA"
    assert (case.owner, case.office) == (who.focal, who.focal.memberships.get().office)
    assert case.filed_at is None


@pytest.mark.parametrize(
    "state", ["XAA", "xaa", "Synthetic XAA (XAA)", " Synthetic XAA ", "جمهورية"]
)
def test_state_is_known_by_code_and_by_name_in_any_language(focal, state):
    State.objects.filter(pk="XAA").update(names={"en": "Synthetic XAA", "ar": "جمهورية"})

    assert begun(focal, state=state).status_code == 302


@pytest.mark.parametrize("state", ["Nowhere", "Synthetic", "AFG", SCRIPTS])
def test_state_that_is_not_one_of_the_list_is_said_at_its_field(focal, state):
    """The beginning of two names is none; a real State has no invented case."""
    answer = begun(focal, state=state)

    form = answer.context["form"]
    assert "Choose one of the list; begin to type its name or code." in form.errors["state"]
    assert form["state"].value() == state
    assert not Case.objects.exists()


def test_invented_states_are_offered_only_where_all_is_invented(focal, settings):
    settings.SYNTHETIC = False

    page = focal.get(RECORD).content.decode()

    assert "Afghanistan (AFG)" in page
    assert "XAA" not in page


def test_states_that_ones_office_covers_come_first(focal, who):
    who.focal.memberships.get().office.covers.add(State.objects.get(pk="XBB"))

    page = focal.get(RECORD).content.decode()

    assert page.index("(XBB)") < page.index("(XAA)")


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("state", "", "Fill this in."),
        ("received_on", "2999-01-01", "This day is still to come."),
        ("received_on", "31 Feb 2026", "31 February 2026 does not exist."),
        ("kind", "rumour", "Select a valid choice"),
        ("priority", "", "Choose one."),
    ],
)
def test_bad_answer_opens_nothing(focal, field, typed, words):
    answer = begun(focal, **{field: typed})

    assert words in " ".join(answer.context["form"].errors[field])
    assert not Case.objects.exists()


def test_office_is_one_where_one_records(focal, who):
    answer = begun(focal, office=OfficeFactory().pk)

    assert "office" in answer.context["form"].errors
    assert not Case.objects.exists()


@pytest.mark.parametrize("role", [Role.MANDATE_HOLDER, Role.ANALYST, Role.AUDITOR, Role.EDITOR])
def test_others_record_no_case(client, role):
    client.force_login(member(OfficeFactory(), role))

    assert client.get(RECORD).status_code == 403
    assert client.post(RECORD, {}).status_code == 403


def test_first_step_sent_twice_opens_one_case(focal):
    _page, data = drawn(focal, RECORD)

    first = focal.post(RECORD, data | {"state": "XAA"})
    second = focal.post(RECORD, data | {"state": "XAA"})

    assert first.url == second.url
    assert Case.objects.count() == 1


# The steps ----------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", [step.slug for step in STEPS])
def test_every_step_opens_before_anything_is_recorded(focal, case, slug):
    page = focal.get(step_url(case, slug))

    assert page.status_code == 200
    assert 'aria-current="step"' in page.content.decode()


def test_step_asks_for_one_who_may_change_the_case(client, who, case):
    who.mandate.memberships.create(office=case.office, role=Role.MANDATE_HOLDER)
    client.force_login(who.mandate)
    for step in STEPS:
        assert client.get(step_url(case, step.slug)).status_code == 403, step.slug
        assert client.post(step_url(case, step.slug), {"go": "back"}).status_code == 403, step.slug
    client.force_login(member(OfficeFactory(), Role.FOCAL_POINT))
    for step in STEPS:
        assert client.get(step_url(case, step.slug)).status_code == 404, step.slug


@pytest.mark.parametrize(("slug", "asks"), [("consent", True), ("risk", True), ("acts", False)])
def test_step_about_people_leads_to_the_first_of_them(focal, case, slug, asks):
    page = focal.get(step_url(case, slug)).content.decode()

    assert (reverse("part-add", args=[case.pk, "person"]) in page) is asks


def test_unknown_step_is_none(focal, case):
    assert focal.get(step_url(case, "gossip")).status_code == 404


def test_person_is_added_and_one_goes_on(focal, case):
    url = step_url(case, "people")
    _page, data = drawn(focal, url)

    again = focal.post(url, data | {"sex": "W", "age": "AD", "go": "again"})
    page, data = drawn(focal, url)
    onward = focal.post(url, data | {"sex": "M", "age": "OL", "name": "X Y", "go": "onward"})

    assert again.url == url
    assert "V-1" in page.content.decode()
    assert onward.url == step_url(case, "acts")
    assert [person.sex for person in case.persons.all()] == ["W", "M"]


@pytest.mark.parametrize("slug", NOUN_STEPS)
def test_going_on_with_nothing_typed_saves_nothing(focal, case, slug):
    url = step_url(case, slug)
    _page, data = drawn(focal, url)

    answer = focal.post(url, data | {"go": "onward"})

    place = [step.slug for step in STEPS].index(slug)
    assert answer.url == step_url(case, STEPS[place + 1].slug)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("slug", ["scope", "texts"])
def test_going_on_from_untouched_facts_makes_no_new_version(focal, case, slug):
    url = step_url(case, slug)
    _page, data = drawn(focal, url)

    assert focal.post(url, data | {"go": "onward"}).status_code == 302

    case.refresh_from_db()
    assert case.version == 1


def test_going_on_with_something_wrong_stays_and_says_so(focal, case):
    url = step_url(case, "people")
    _page, data = drawn(focal, url)

    answer = focal.post(url, data | {"sex": "W", "go": "onward"})

    assert answer.status_code == 200
    assert "age" in answer.context["form"].errors


@pytest.mark.parametrize(("go", "to"), [("back", "scope"), ("leave", None)])
def test_leaving_in_the_middle_keeps_what_was_typed(focal, who, case, go, to):
    url = step_url(case, "people")
    _page, data = drawn(focal, url)

    answer = focal.post(url, data | {"description": SCRIPTS, "roles": ["HRD"], "go": go})

    assert answer.url == (step_url(case, to) if to else reverse("case-detail", args=[case.pk]))
    page, _data = drawn(focal, url)
    assert page.context["form"]["description"].value() == SCRIPTS
    assert page.context["form"]["roles"].value() == ["HRD"]
    assert "is given back" in page.content.decode()
    assert not case.persons.exists()


@pytest.mark.parametrize("slug", ["people", "texts"])
def test_enter_in_a_field_saves_and_does_not_leave(focal, case, slug):
    """A browser presses the first button of the form."""
    page = focal.get(step_url(case, slug)).content.decode()

    values = re.findall(r'<button[^>]* name="go" value="(\w+)"', page)

    assert values[0] == "onward"
    assert {"back", "leave"} <= set(values)


def test_session_that_ended_in_the_middle_loses_nothing(focal, who, case):
    url = step_url(case, "acts")
    _page, data = drawn(focal, url)
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))

    answer = focal.post(url, data | {"description": SCRIPTS, "kind": "LIB-DET", "go": "again"})
    assert answer.url.endswith("kept=1")

    focal.force_login(who.focal)
    page, data = drawn(focal, url)
    form = page.context["form"]
    assert (form["description"].value(), form["kind"].value()) == (SCRIPTS, "LIB-DET")
    assert focal.post(url, data | {"go": "again"}).status_code == 302
    assert case.acts.get().description == SCRIPTS
    assert typed_work(who.focal, url) is None


def test_scope_may_be_put_right_until_filing(focal, case):
    url = step_url(case, "scope")
    page, data = drawn(focal, url)
    assert page.context["form"]["state"].value() == "Synthetic XAA (XAA)"

    focal.post(url, data | {"state": "XBB", "severity": "3", "go": "onward"})

    case.refresh_from_db()
    assert (case.state_id, case.severity, case.version) == ("XBB", 3, 2)


def test_second_writer_of_the_texts_sees_both(focal, case):
    url = step_url(case, "texts")
    _page, data = drawn(focal, url)
    focal.post(url, data | {"narrative": "Theirs", "go": "onward"})

    answer = focal.post(url, data | {"narrative": "Mine", "go": "onward"})

    assert answer.context["theirs"]["Internal narrative"] == "Theirs"
    assert answer.context["yours"]["Internal narrative"] == "Mine"
    case.refresh_from_db()
    assert case.narrative == "Theirs"


def test_step_of_the_facts_leads_to_what_sources_say(focal, who):
    case = recorded(who)
    source = case.sources.create(number=3, kind="MED", connection="RELAY")

    page = focal.get(step_url(case, "elements")).content.decode()

    for one, word in ((case.sources.get(number=1), "(written"), (source, "(not yet written")):
        assert (
            f"{reverse('corroborate', args=[case.pk, case.elements.get().pk, one.pk])}?next="
            in page
        )
        assert word in page


# Filing -------------------------------------------------------------------------------------


def test_last_step_names_all_that_is_missing_with_its_step(focal, case):
    page = focal.get(step_url(case, "file")).content.decode()

    for slug, words in (
        ("people", "Record whom the act is alleged against."),
        ("acts", "Record at least one act."),
        ("texts", "Write the internal narrative."),
    ):
        assert words in page
        assert f'href="{step_url(case, slug)}"' in page
    assert 'aria-disabled="true"' in page
    assert reverse("case-file", args=[case.pk]) not in page


def test_filing_too_early_is_refused_with_every_reason(focal, case):
    url = step_url(case, "file")

    answer = focal.post(reverse("case-file", args=[case.pk]), {"next": url}, follow=True)

    assert answer.redirect_chain == [(url, 302)]
    assert len(list(answer.context["messages"])) == 3
    case.refresh_from_db()
    assert case.filed_at is None


def test_whole_case_is_filed_and_is_recorded_no_more(focal, who):
    case = recorded(who)
    page = focal.get(step_url(case, "file")).content.decode()
    assert reverse("case-file", args=[case.pk]) in page

    answer = focal.post(reverse("case-file", args=[case.pk]))

    assert answer.url == reverse("case-detail", args=[case.pk])
    case.refresh_from_db()
    assert case.filed_at
    assert focal.get(step_url(case, "people")).url == answer.url


@pytest.mark.parametrize("method", ["get", "post"])
def test_others_do_not_file(client, who, method):
    case = recorded(who)
    client.force_login(member(OfficeFactory(), Role.FOCAL_POINT))

    answer = getattr(client, method)(reverse("case-file", args=[case.pk]))

    assert answer.status_code == (405 if method == "get" else 404)
    case.refresh_from_db()
    assert case.filed_at is None


# Facts and texts, at any time -----------------------------------------------------------------


def test_facts_and_texts_are_changed_at_any_stage(focal, who):
    case = recorded(who)
    cases.file_case(case, by=who.focal)
    cases.move_case(case, CaseMove.TRIAGE, by=who.focal)
    url = reverse("case-edit", args=[case.pk])
    page, data = drawn(focal, url)
    assert "[V-1]" in page.content.decode()

    answer = focal.post(url, data | {"summary": f"[V-1] {SCRIPTS}", "classification": "C"})

    assert answer.url == f"{reverse('case-detail', args=[case.pk])}#texts"
    case.refresh_from_db()
    assert (case.summary, case.classification) == (f"[V-1] {SCRIPTS}", "C")
    assert case.state_id == "XAA"


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("summary", "[V-9] and [G-4] were allegedly held.", "Nobody in this case is G-4, V-9."),
        ("entry", "[V-2]", "Nobody in this case is V-2."),
        ("narrative", "x" * 20_001, "Too long by 1 character"),
        ("severity", "7", "Select a valid choice"),
        ("classification", "TOP", "Choose one of the list."),
        ("received_on", "", "Give a date."),
    ],
)
def test_bad_facts_are_said_at_their_field(focal, who, field, typed, words):
    case = recorded(who)
    url = reverse("case-edit", args=[case.pk])
    _page, data = drawn(focal, url)

    answer = focal.post(url, data | {field: typed})

    assert words in " ".join(answer.context["form"].errors[field])
    case.refresh_from_db()
    assert case.version == 1


def test_state_and_office_of_a_case_are_not_changed_by_its_form(focal, who):
    case = recorded(who)
    url = reverse("case-edit", args=[case.pk])
    _page, data = drawn(focal, url)

    focal.post(url, data | {"state": "XBB", "office": OfficeFactory().pk, "stage": "CLOSE"})

    now = Case.objects.get(pk=case.pk)
    assert (now.state_id, now.office_id, now.stage) == ("XAA", case.office_id, case.stage)


def test_mandate_holder_does_not_edit(client, who):
    case = recorded(who)
    who.mandate.memberships.create(office=case.office, role=Role.MANDATE_HOLDER)
    client.force_login(who.mandate)

    assert client.get(reverse("case-edit", args=[case.pk])).status_code == 403
    assert client.post(reverse("case-edit", args=[case.pk]), {}).status_code == 403


# Many rows, many hands --------------------------------------------------------------------------


@pytest.mark.parametrize("slug", [step.slug for step in STEPS])
def test_step_asks_no_more_of_a_long_case(focal, who, slug, django_assert_max_num_queries):
    case = recorded(who)
    for _number in range(8):
        person = people.record_person(case, by=who.focal, kind="individual", sex="U", age="UK")
        acts.record_act(case, by=who.focal, kind="LIB-DET", persons=[person])

    with django_assert_max_num_queries(30):
        focal.get(step_url(case, slug))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["case", "person"])
def test_two_posts_at_the_same_moment_save_once(who, case, what):
    if what == "case":
        url, rows = RECORD, Case.objects.exclude(pk=case.pk)
    else:
        url, rows = step_url(case, "people"), case.persons.all()
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(who.focal)
    _page, data = drawn(clients[0], url)
    data |= {"state": "XAA"} if what == "case" else {"sex": "W", "age": "AD", "go": "again"}

    answers = at_once(*[lambda client=client: client.post(url, data) for client in clients])

    assert [answer.status_code for answer in answers] == [302, 302]
    assert rows.count() == 1
