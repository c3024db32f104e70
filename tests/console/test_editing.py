"""One form page: typed work comes back, the second of two writers is told, nothing is doubled."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from cases.console.editing import FormPage
from cases.forms import ModelForm, NewRow, PlainTextField, Versioned
from cases.models import Draft, Source
from cases.refusals import Refused
from cases.services import drafts, sources
from tests.factories.journey import cast, recorded

pytestmark = pytest.mark.django_db

PATH = "/cases/a-form/"


class NewForm(NewRow, ModelForm):
    description = PlainTextField(required=False)

    class Meta:
        model = Source
        fields = ("kind", "connection", "description")


class EditForm(Versioned, ModelForm):
    description = PlainTextField(required=False)

    class Meta:
        model = Source
        fields = ("kind", "connection", "description")


@pytest.fixture
def who():
    return cast()


@pytest.fixture
def case(who):
    return recorded(who)


@pytest.fixture
def source(case):
    return case.sources.get(number=1)


@pytest.fixture
def send(who):
    """Sends a form to a page; what stands on it is read from the context."""

    def sent(page_of, data=None, user=None):
        factory = RequestFactory()
        request = factory.get(PATH) if data is None else factory.post(PATH, data)
        request.user = user or who.focal
        request.session = {}
        request._messages = FallbackStorage(request)
        pages = []
        page = page_of(request)
        draw = page._page
        page._page = lambda form, **more: pages.append((form, more)) or draw(form, **more)
        answer = page.answer()
        answer.form, answer.more = pages[-1] if pages else (None, {})
        answer.said = [str(message) for message in get_messages(request)]
        return answer

    return sent


@pytest.fixture
def adding(case):
    def page_of(request, save=None):
        return FormPage(
            request,
            template="console/_editing.html",
            form=lambda row, **given: NewForm(instance=row, **given),
            save=save or (lambda form: _add(case, request.user, form)),
            done=lambda row: f"/saved/{row.pk}/",
        )

    return page_of


@pytest.fixture
def editing(source):
    def page_of(request):
        return FormPage(
            request,
            template="console/_editing.html",
            form=lambda row, **given: EditForm(instance=row, **given),
            save=lambda form: _change(source, request.user, form),
            done=lambda row: "/saved/",
            row=Source.objects.get(pk=source.pk),
        )

    return page_of


def _add(case, user, form):
    fields = {name: form.cleaned_data[name] for name in form._meta.fields}
    return sources.record_source(case, by=user, id=form.cleaned_data["row"], **fields)


def _change(source, user, form):
    fields = {name: form.cleaned_data[name] for name in form._meta.fields}
    return sources.edit_source(source, by=user, version=form.cleaned_data["version"], **fields)


def _new(form, **typed):
    return {"row": str(form["row"].value()), "kind": "MED", "connection": "RELAY"} | typed


def _of(source, **typed):
    return {"version": source.version, "kind": source.kind, "connection": "DIRECT"} | typed


def test_saved_form_leads_on_and_lets_the_typed_work_go(send, adding, case, who):
    drafts.keep_typed_work(who.focal.pk, PATH, {"description": ["half"]})

    answer = send(adding, _new(send(adding).form, description="A newspaper"))

    row = case.sources.get(number=3)
    assert (answer.status_code, answer.url) == (302, f"/saved/{row.pk}/")
    assert row.description == "A newspaper"
    assert answer.said == ["Saved."]
    assert not Draft.objects.exists()


def test_bad_form_is_drawn_again_and_kept(send, adding, who):
    answer = send(adding, _new(send(adding).form, kind="", description="شاهد"))

    assert answer.status_code == 200
    assert "Choose one." in answer.content.decode()
    typed = drafts.typed_work(who.focal, PATH)
    assert typed is not None
    assert typed.content == {"kind": [""], "connection": ["RELAY"], "description": ["شاهد"]}


def test_same_form_twice_saves_once(send, adding, case):
    form = _new(send(adding).form)

    first, second = send(adding, form), send(adding, form)

    assert second.url == first.url
    assert second.said == ["This was saved already. Nothing was added twice."]
    assert case.sources.count() == 3


@pytest.mark.parametrize("spoilt", ["", "not an id"])
def test_form_without_its_id_asks_for_a_new_page(send, adding, case, spoilt):
    answer = send(adding, _new(send(adding).form, row=spoilt))

    assert "Reload the page" in answer.content.decode()
    assert case.sources.count() == 2


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (Refused("First reason.", "Second reason."), ["First reason.", "Second reason."]),
        (ValidationError({"kind": ["Not this kind."]}), ["Not this kind."]),
        (ValidationError({"elsewhere": ["Not so."]}), ["Not so."]),
        (ValidationError("Not at all."), ["Not at all."]),
    ],
)
def test_every_reason_of_a_refusal_is_said(send, adding, refusal, words):
    def save(form):
        raise refusal

    form = _new(send(adding).form, description="still here")
    answer = send(lambda request: adding(request, save), form)

    assert all(word in answer.content.decode() for word in words)
    assert answer.form["description"].value() == "still here"


def test_typed_work_is_given_back_without_version_or_id(send, editing, source, who):
    kept = {"version": [str(source.version)], "row": ["x"], "description": ["<b>half</b>"]}
    drafts.keep_typed_work(who.focal.pk, PATH, kept)

    answer = send(editing)

    assert answer.form["description"].value() == "<b>half</b>"
    assert answer.form["version"].value() == source.version
    assert answer.form["kind"].value() == source.kind
    assert "is given back" in answer.content.decode()
    assert "theirs" not in answer.more


def test_typed_work_that_equals_what_is_saved_is_not_mentioned(send, editing, source, who):
    kept = {name: [str(value)] for name, value in _of(source).items()}
    drafts.keep_typed_work(who.focal.pk, PATH, kept | {"description": [source.description]})

    assert "is given back" not in send(editing).content.decode()


def test_typed_work_of_somebody_else_stays_theirs(send, editing, source, who):
    drafts.keep_typed_work(who.reviewer.pk, PATH, {"description": ["theirs alone"]})

    assert send(editing).form["description"].value() == source.description


def test_typed_work_on_a_row_changed_since_shows_both(send, editing, source, who):
    drafts.keep_typed_work(
        who.focal.pk, PATH, {"version": ["1"], "description": ["Mine"], "kind": ["MED"]}
    )
    sources.edit_source(source, by=who.reviewer, version=1, description="Theirs")

    answer = send(editing)

    assert answer.more["theirs"]["Description"] == "Theirs"
    assert answer.more["yours"]["Description"] == "Mine"
    assert answer.more["yours"]["Kind of source"] == "Media"
    assert answer.form["version"].value() == 2


def test_second_of_two_writers_sees_both_and_saves_deliberately(send, editing, source, who):
    mine = _of(source, description="Mine")
    sources.edit_source(source, by=who.reviewer, version=1, description="Theirs")

    answer = send(editing, mine)

    page = answer.content.decode()
    assert "Somebody else saved first" in page
    assert "Theirs" in page
    assert answer.form["description"].value() == "Mine"
    assert answer.form["version"].value() == "2"
    source.refresh_from_db()
    assert source.description == "Theirs"

    again = send(editing, mine | {"version": 2, "description": "Both"})
    assert again.url == "/saved/"
    source.refresh_from_db()
    assert (source.description, source.version) == ("Both", 3)


def test_way_back_leads_nowhere_else(send, editing, source):
    page = send(editing, _of(source, description="x", version="", next="https://evil.example/"))

    assert "evil.example" not in page.content.decode()


# The addresses of typed work -----------------------------------------------------------------


def _keep(client, path, **fields):
    return client.post(f"{reverse('draft-keep')}?path={path}", fields)


def test_what_is_typed_is_kept_as_one_types(client, who):
    client.force_login(who.focal)

    answer = _keep(client, "/drafts/", description="沈某", next="/", row="x")

    assert answer.status_code == 204
    typed = drafts.typed_work(who.focal, "/drafts/")
    assert typed is not None
    assert typed.content == {"description": ["沈某"]}


@pytest.mark.parametrize("path", ["", "nowhere", "/no/such/page/", "//evil/", "/accounts/me/"])
def test_nothing_is_kept_for_another_address(client, who, path):
    client.force_login(who.focal)

    assert _keep(client, path, description="x").status_code == 400
    assert client.post(reverse("draft-drop"), {"path": path}).status_code == 400
    assert not Draft.objects.exists()


def test_too_much_is_said_to_be_too_much(client, who):
    client.force_login(who.focal)

    assert _keep(client, "/drafts/", description="x" * 250_000).status_code == 413


def test_dropped_work_is_gone_for_its_writer_alone(client, who):
    client.force_login(who.focal)
    for user in (who.focal, who.reviewer):
        drafts.keep_typed_work(user.pk, "/drafts/", {"description": ["x"]})

    answer = client.post(reverse("draft-drop"), {"path": "/drafts/", "next": "/"})

    assert answer.url == "/drafts/?next=%2F"
    assert [draft.user_id for draft in Draft.objects.all()] == [who.reviewer.pk]


def test_typed_work_is_given_back_for_two_weeks(send, editing, source, who):
    drafts.keep_typed_work(who.focal.pk, PATH, {"description": ["old"]})
    Draft.objects.update(saved_at=timezone.now() - timedelta(days=15))

    assert send(editing).form["description"].value() == source.description
