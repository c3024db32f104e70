"""Every part of a case: who may add, change and remove it, and what its form does not take."""

import pytest
from django.urls import reverse

from accounts.models import Role
from cases.console.parts.nouns import NOUNS
from cases.models import AuditEvent, Draft, Evidence, Identity
from cases.services import evidence as evidence_services
from cases.services import people
from tests import samples
from tests.console.parts.forms_of_parts import BAD, CHANGED, SCRIPTS, TEXTS, typed
from tests.factories import OfficeFactory, member
from tests.factories.journey import NAME, cast, consented, recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return cast()


@pytest.fixture
def case(who):
    return recorded(who)


@pytest.fixture
def focal(client, who):
    client.force_login(who.focal)
    return client


def add_url(case, noun):
    return reverse("part-add", args=[case.pk, noun])


def edit_url(row, noun):
    return reverse("part-edit", args=[noun, row.pk])


def remove_url(row, noun):
    return reverse("part-remove", args=[noun, row.pk])


def drawn(client, url):
    """The page of a form and what it would send back untouched, files left out."""
    answer = client.get(url)
    assert answer.status_code == 200
    form = answer.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return answer, {name: value for name, value in values.items() if value not in (None, "")}


def added(client, case, noun, **more):
    _page, data = drawn(client, add_url(case, noun))
    return client.post(add_url(case, noun), data | typed(noun, case) | more)


def newest(case, noun, before=()):
    rows = getattr(case, NOUNS[noun].rows)
    return rows.exclude(pk__in=before).get()


def ids(case, noun):
    return list(getattr(case, NOUNS[noun].rows).values_list("pk", flat=True))


# Adding -------------------------------------------------------------------------------------


@pytest.mark.parametrize("noun", NOUNS)
def test_part_is_added_and_leads_to_its_section(focal, case, noun):
    before = ids(case, noun)

    answer = added(focal, case, noun)

    assert answer.status_code == 302, answer.context["form"].errors
    assert answer.url == f"{reverse('case-detail', args=[case.pk])}#{NOUNS[noun].section}"
    row = newest(case, noun, before)
    assert AuditEvent.objects.filter(verb="recorded", subject=str(row.pk)).count() == 1


@pytest.mark.parametrize("noun", NOUNS)
def test_any_script_and_markup_is_kept_as_typed_and_shown_as_text(focal, case, noun):
    before = ids(case, noun)
    more = {TEXTS[noun]: SCRIPTS} | ({"status": "CONDITIONS"} if noun == "consent" else {})

    added(focal, case, noun, **more)

    row = newest(case, noun, before)
    assert getattr(row, TEXTS[noun]) == SCRIPTS
    if noun in CHANGED:
        page = focal.get(edit_url(row, noun)).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_mandate_holder_sees_the_case_and_may_not_add(client, who, case, method):
    before = {noun: ids(case, noun) for noun in NOUNS}
    _share(case, who)
    client.force_login(who.mandate)

    answers = {noun: getattr(client, method)(add_url(case, noun)).status_code for noun in NOUNS}

    assert answers == dict.fromkeys(NOUNS, 403)
    assert {noun: ids(case, noun) for noun in NOUNS} == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_finds_no_form(client, case, method):
    client.force_login(member(OfficeFactory(), Role.FOCAL_POINT))

    answers = {noun: getattr(client, method)(add_url(case, noun)).status_code for noun in NOUNS}

    assert answers == dict.fromkeys(NOUNS, 404)


def _share(case, who):
    who.mandate.memberships.create(office=case.office, role=Role.MANDATE_HOLDER)


@pytest.mark.parametrize("noun", ["case", "alias", "communication", "person-x"])
def test_other_nouns_have_no_form(focal, case, noun):
    assert focal.get(add_url(case, noun)).status_code == 404


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: f"{bad[0]}-{bad[2]}-{bad[3][:12]}")
def test_bad_answer_is_said_at_its_field_and_saves_nothing(focal, case, bad):
    noun, wrong, field, words = bad
    before = ids(case, noun)

    answer = added(focal, case, noun, **wrong)

    assert answer.status_code == 200
    form = answer.context["form"]
    assert words in " ".join(form.errors.get(field, [])), form.errors
    page = answer.content.decode()
    assert "<title>Error: " in page.replace("\n", "")
    assert f'id="id_{field}_error"' in page
    assert ids(case, noun) == before
    assert Draft.objects.exists()


@pytest.mark.parametrize(
    ("noun", "link"),
    [
        ("act", "persons"),
        ("cooperation", "persons"),
        ("person", "related_to"),
        ("source", "independent_of"),
        ("evidence", "source"),
        ("element", "act"),
        ("consent", "person"),
        ("consent", "given_through"),
        ("risk", "person"),
        ("risk", "source"),
        ("outcome", "person"),
        ("outcome", "source"),
    ],
)
def test_row_of_another_case_cannot_be_linked(focal, who, case, noun, link):
    other = recorded(who, name="Somebody Else")
    rows = {"act": "acts", "source": "sources", "independent_of": "sources"}
    stranger = getattr(other, rows.get(link, "persons")).first()
    if link == "given_through":
        stranger = other.sources.first()
    before = ids(case, noun)

    answer = added(focal, case, noun, **{link: stranger.pk})

    assert "Choose one of the list." in str(answer.context["form"].errors[link])
    assert ids(case, noun) == before


def test_form_sent_twice_adds_one_row(focal, case):
    _page, data = drawn(focal, add_url(case, "source"))
    data |= typed("source", case)

    first = focal.post(add_url(case, "source"), data)
    second = focal.post(add_url(case, "source"), data, follow=True)

    assert first.status_code == 302
    assert "Nothing was added twice" in second.content.decode()
    assert case.sources.count() == 3


@pytest.mark.parametrize("noun", ["act", "cooperation"])
def test_checkboxes_offer_the_rows_of_the_case_and_nothing_else(focal, case, noun):
    form = focal.get(add_url(case, noun)).context["form"]
    assert len(form.fields["persons"].choices) == case.persons.count()


def test_id_of_a_row_of_another_case_adds_and_changes_nothing(focal, who, case):
    other = recorded(who)
    taken = other.sources.first()
    _page, data = drawn(focal, add_url(case, "source"))

    focal.post(add_url(case, "source"), data | typed("source", case) | {"row": taken.pk})

    assert case.sources.count() == 2
    taken.refresh_from_db()
    assert taken.case == other


def test_link_may_say_for_whom(focal, case):
    person = case.persons.get()

    page, _data = drawn(
        focal, f"{add_url(case, 'consent')}?person={person.pk}&scope=STW&status=GRANTED"
    )

    assert str(page.context["form"]["person"].value()) == str(person.pk)
    assert page.context["form"]["scope"].value() == "STW"
    assert page.context["form"]["status"].value() == ""


@pytest.mark.parametrize(
    ("noun", "field"), [("consent", "person"), ("risk", "person"), ("act", "persons")]
)
def test_only_person_of_a_case_is_chosen(focal, who, case, noun, field):
    only = case.persons.get().pk

    page, _data = drawn(focal, add_url(case, noun))
    assert page.context["form"][field].value() in (only, [only])

    people.record_person(case, by=who.focal, kind="individual", sex="U", age="UK")
    page, _data = drawn(focal, add_url(case, noun))
    assert not page.context["form"][field].value()


def test_assessment_of_a_source_chooses_no_person(focal, case):
    source = case.sources.first()

    page, _data = drawn(focal, f"{add_url(case, 'risk')}?source={source.pk}")

    assert page.context["form"]["person"].value() is None


def test_one_leads_back_to_where_one_came_from_and_nowhere_else(focal, case):
    ours = added(focal, case, "measure", next="/cases/?stage=INTAKE")
    theirs = added(focal, case, "measure", next="//evil.example/")

    assert ours.url == "/cases/?stage=INTAKE"
    assert theirs.url.startswith("/cases/")


# Changing -----------------------------------------------------------------------------------


def a_row(client, case, noun):
    before = ids(case, noun)
    added(client, case, noun)
    return newest(case, noun, before)


@pytest.mark.parametrize("noun", CHANGED)
def test_part_is_changed(focal, case, noun):
    row = a_row(focal, case, noun)
    _page, data = drawn(focal, edit_url(row, noun))

    answer = focal.post(edit_url(row, noun), data | {CHANGED[noun]: "Better words"})

    assert answer.status_code == 302, answer.context["form"].errors
    row.refresh_from_db()
    assert getattr(row, CHANGED[noun]) == "Better words"
    assert row.version == 2


@pytest.mark.parametrize("noun", CHANGED)
def test_untouched_form_changes_no_answer(focal, case, noun):
    row = a_row(focal, case, noun)
    _page, data = drawn(focal, edit_url(row, noun))
    before = {f.name: getattr(row, f.name) for f in row._meta.fields}

    assert focal.post(edit_url(row, noun), data).status_code == 302

    row.refresh_from_db()
    moved = {"version", "changed_at"}
    assert {f.name for f in row._meta.fields if getattr(row, f.name) != before[f.name]} <= moved


@pytest.mark.parametrize("noun", CHANGED)
def test_second_of_two_writers_is_told_and_loses_nothing(focal, who, case, noun):
    row = a_row(focal, case, noun)
    _page, data = drawn(focal, edit_url(row, noun))
    text = CHANGED[noun]
    focal.post(edit_url(row, noun), data | {text: "Theirs, first"})

    second = focal.post(edit_url(row, noun), data | {text: "Mine, second"})

    page = second.content.decode()
    assert second.status_code == 200
    assert "Somebody else saved first" in page
    assert "Theirs" in page
    assert second.context["form"][text].value() == "Mine, second"
    row.refresh_from_db()
    assert getattr(row, text) == "Theirs, first"
    again = focal.post(
        edit_url(row, noun),
        data | {text: "Both", "version": second.context["form"]["version"].value()},
    )
    assert again.status_code == 302
    row.refresh_from_db()
    assert getattr(row, text) == "Both"


@pytest.mark.parametrize("noun", CHANGED)
def test_who_writes_while_another_removes_may_add_it_anew(focal, case, noun):
    row = a_row(focal, case, noun)
    page, data = drawn(focal, edit_url(row, noun))
    assert f'name="case" value="{case.pk}"' in page.content.decode()
    url = edit_url(row, noun)
    row.delete()

    answer = focal.post(url, data | {CHANGED[noun]: "Not lost", "case": case.pk}, follow=True)

    assert answer.redirect_chain[0][0] == add_url(case, noun)
    assert answer.context["form"][CHANGED[noun]].value() == "Not lost"
    assert "Somebody removed this meanwhile" in answer.content.decode()


def test_removed_row_and_a_foreign_case_tell_a_stranger_nothing(client, who, case):
    row = case.sources.first()
    client.force_login(member(OfficeFactory(), Role.FOCAL_POINT))

    for data in ({}, {"case": case.pk}, {"case": "not an id"}):
        assert client.post(edit_url(row, "source"), data).status_code == 404
    assert not Draft.objects.exists()


def test_page_that_lost_its_version_overwrites_nothing(focal, case):
    row = case.sources.first()
    _page, data = drawn(focal, edit_url(row, "source"))
    data.pop("version")

    answer = focal.post(edit_url(row, "source"), data | {"description": "x"})

    assert "Reload the page" in answer.content.decode()
    row.refresh_from_db()
    assert row.description == ""


@pytest.mark.parametrize("page", [edit_url, remove_url])
@pytest.mark.parametrize("noun", CHANGED)
def test_others_may_not_change_or_remove(client, who, case, noun, page):
    client.force_login(who.focal)
    row = a_row(client, case, noun)
    _share(case, who)
    client.force_login(who.mandate)
    assert client.get(page(row, noun)).status_code == 403
    assert client.post(page(row, noun)).status_code == 403
    client.force_login(member(OfficeFactory(), Role.FOCAL_POINT))
    assert client.get(page(row, noun)).status_code == 404
    assert client.post(page(row, noun)).status_code == 404
    assert type(row).objects.filter(pk=row.pk).exists()


def test_consent_is_never_changed_or_removed(focal, who, case):
    consented(case, who)
    entry = case.consents.first()

    assert focal.get(edit_url(entry, "consent")).status_code == 404
    assert focal.post(remove_url(entry, "consent"), {"version": 1}).status_code == 404


def test_each_perpetrator_keeps_its_own_attribution_unless_changed(focal, case):
    act = case.acts.get()
    act.perpetrators.create(kind="S-PRI", attribution="ADMITTED")
    _page, data = drawn(focal, edit_url(act, "act"))

    focal.post(edit_url(act, "act"), data | {"description": "x"})

    assert set(act.perpetrators.values_list("kind", "attribution")) == {
        ("S-POL", "ALLEGED"),
        ("S-PRI", "ADMITTED"),
    }
    _page, data = drawn(focal, edit_url(act, "act"))
    focal.post(edit_url(act, "act"), data | {"perpetrators": ["S-ARM"], "attribution": "INDICATED"})
    assert set(act.perpetrators.values_list("kind", "attribution")) == {("S-ARM", "INDICATED")}


# Removing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("noun", CHANGED)
def test_removal_asks_first(focal, case, noun):
    row = a_row(focal, case, noun)

    page, data = drawn(focal, remove_url(row, noun))
    assert "cannot be brought back" in page.content.decode()
    assert type(row).objects.filter(pk=row.pk).exists()

    answer = focal.post(remove_url(row, noun), data | {"next": "/cases/"})
    assert answer.url == "/cases/"
    assert not type(row).objects.filter(pk=row.pk).exists()
    assert AuditEvent.objects.filter(verb="removed", subject=str(row.pk)).count() == 1


def test_nobody_removes_what_they_did_not_see(focal, case):
    row = case.sources.get(number=2)
    _page, asked = drawn(focal, remove_url(row, "source"))
    _page, data = drawn(focal, edit_url(row, "source"))
    focal.post(edit_url(row, "source"), data | {"description": "New words"})

    answer = focal.post(remove_url(row, "source"), asked)

    assert "Somebody changed this meanwhile" in answer.content.decode()
    assert type(row).objects.filter(pk=row.pk).exists()
    answer = focal.post(
        remove_url(row, "source"), {"version": answer.context["form"]["version"].value()}
    )
    assert answer.status_code == 302


def test_refused_removal_says_why(focal, who, case):
    source = case.sources.first()
    added(focal, case, "consent", given_through=source.pk)

    answer = focal.post(remove_url(source, "source"), {"version": source.version})

    assert "A consent was given through this source" in answer.content.decode()


# Who somebody is ----------------------------------------------------------------------------


def test_name_goes_into_the_vault_and_never_back_into_a_form(focal, case):
    before = ids(case, "person")
    added(focal, case, "person", name="Zelindra Voss", contact="+000 555 0100 33")

    row = newest(case, "person", before)
    kept = Identity.objects.get(person=row)
    assert kept.content == {"name": "Zelindra Voss", "contact": "+000 555 0100 33"}
    page, data = drawn(focal, edit_url(row, "person"))
    assert "Voss" not in page.content.decode()
    assert "name" not in data


def test_blank_name_leaves_what_is_kept(focal, case):
    person = case.persons.get()
    _page, data = drawn(focal, edit_url(person, "person"))

    focal.post(edit_url(person, "person"), data | {"safe_contact": "Only at night"})

    content = Identity.objects.get(person=person).content
    assert content["name"] == NAME
    assert content["safe_contact"] == "Only at night"


def test_nothing_is_sealed_where_nothing_is_told(focal, case):
    before = ids(case, "source")
    added(focal, case, "source")

    assert not Identity.objects.filter(source=newest(case, "source", before)).exists()


def test_two_who_write_into_the_vault_both_keep_their_words(focal, who, case):
    person = case.persons.get()
    _page, data = drawn(focal, edit_url(person, "person"))
    theirs = reverse("identity-keep", args=["person", person.pk])
    _page, identity = drawn(focal, theirs)
    focal.post(theirs, identity | {"notes": "Theirs"})

    answer = focal.post(edit_url(person, "person"), data | {"other_names": "Mine"})

    page = answer.content.decode()
    assert "Somebody else wrote into the vault meanwhile" in page
    assert "Theirs" not in page
    assert answer.context["form"]["other_names"].value() == "Mine"
    known = answer.context["form"]["identity_version"].value()
    focal.post(
        edit_url(person, "person"), data | {"other_names": "Mine", "identity_version": known}
    )
    content = Identity.objects.get(person=person).content
    assert (content["notes"], content["other_names"]) == ("Theirs", "Mine")


def test_identity_has_a_page_of_its_own(focal, case):
    source = case.sources.first()
    url = reverse("identity-keep", args=["source", source.pk])
    _page, data = drawn(focal, url)

    empty = focal.post(url, data)
    answer = focal.post(url, data | {"name": "沈某"})

    assert "Fill in at least one field." in empty.content.decode()
    assert answer.status_code == 302
    assert Identity.objects.get(source=source).content == {"name": "沈某"}


def test_two_first_words_about_one_source_do_not_replace_each_other(focal, case):
    source = case.sources.first()
    url = reverse("identity-keep", args=["source", source.pk])
    focal.post(url, {"name": "First"})

    answer = focal.post(url, {"contact": "Second"})

    assert "meanwhile" in answer.content.decode()
    known = answer.context["form"]["identity_version"].value()
    focal.post(url, {"contact": "Second", "identity_version": known})
    assert Identity.objects.get(source=source).content == {"name": "First", "contact": "Second"}


@pytest.mark.parametrize("noun", ["act", "case", "evidence"])
def test_only_people_and_sources_have_an_identity(focal, case, noun):
    url = reverse("identity-keep", args=[noun, case.persons.get().pk])

    assert focal.get(url).status_code == 404


# Files --------------------------------------------------------------------------------------


def test_evidence_takes_its_file(focal, case):
    added(focal, case, "evidence", upload=samples.upload(samples.pdf(), "تقرير.pdf"))

    attachment = case.evidence.get().attachments.get()
    assert (attachment.name, attachment.media_type) == ("تقرير.pdf", "application/pdf")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "empty.pdf", "empty"),
        (b"MZ\x90\x00 not a document", "virus.pdf", ""),
        (samples.picture(), "photo.pdf", "but the content is of the kind"),
        (b"%PDF-1.7\n" + b"x" * (25 * 1024 * 1024), "huge.pdf", "larger than 25 MB"),
    ],
    ids=["empty", "other kind", "wrong ending", "huge"],
)
def test_wrong_file_is_said_at_its_field_and_nothing_is_kept(focal, case, content, name, words):
    answer = added(focal, case, "evidence", upload=samples.upload(content, name), description="x")

    assert answer.status_code == 200
    form = answer.context["form"]
    assert words in " ".join(form.errors["upload"])
    assert form["description"].value() == "x"
    assert not Evidence.objects.exists()


def test_evidence_is_changed_without_touching_its_files(focal, who, case):
    row = evidence_services.record_evidence(
        case, by=who.focal, kind="PHOTO", upload=samples.upload(samples.picture(), "a.png")
    )
    page, data = drawn(focal, edit_url(row, "evidence"))

    assert "upload" not in page.context["form"].fields
    assert focal.post(edit_url(row, "evidence"), data | {"language": "fa"}).status_code == 302
    assert row.attachments.count() == 1


# Many rows ----------------------------------------------------------------------------------


def test_form_asks_no_more_with_many_people(focal, who, case, django_assert_max_num_queries):
    for _number in range(12):
        people.record_person(case, by=who.focal, kind="individual", sex="U", age="UK")

    for noun in NOUNS:
        with django_assert_max_num_queries(25):
            focal.get(add_url(case, noun))


def test_a_public_action_without_consent_says_every_reason_and_loses_nothing(focal, case):
    answer = added(focal, case, "action", public="on", description="They spoke to the press")

    said = answer.content.decode()
    assert answer.status_code == 200 and not case.actions.exists()
    assert "Consent of V-1: Speak of it to the press" in said
    assert "Risk assessment of V-1" in said
    assert "They spoke to the press" in said


def test_whom_an_action_names_is_chosen_by_code(focal, case):
    answer, _data = drawn(focal, add_url(case, "action"))

    said = answer.content.decode()
    assert "Who is named in it" in said and "V-1" in said and NAME not in said
    person = case.persons.get()
    assert b"by name" in added(focal, case, "action", public="on", named=[person.pk]).content
