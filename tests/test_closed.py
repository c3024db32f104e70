"""A key that is missing is explained, never silent; the rest of the house works on (T12)."""

import logging

import pytest
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse

from cases.closed import SayWhatDoesNotOpen
from cases.models import Case
from cases.vault import RingMissing
from cases.vault.keyring import new_entry
from tests.factories import journey

pytestmark = pytest.mark.django_db
TEXT = "They took her papers at the border"


@pytest.fixture
def case():
    found = journey.recorded(journey.cast())
    found.narrative = TEXT
    found.version += 1
    found.save()
    return found


@pytest.fixture
def officer(client, case):
    client.force_login(case.recorded_by)
    client.raise_request_exception = True  # what reaches the person must be no trace
    return client


def without(settings, vault=""):
    settings.KEY_RINGS = {**settings.KEY_RINGS, "vault": vault}


def test_pages_without_sealed_texts_work_without_the_ring(officer, case, settings):
    without(settings)

    for page in (reverse("case-list"), reverse("home"), reverse("accounts-me")):
        assert officer.get(page).status_code == 200
    assert case.reference in officer.get(reverse("case-list")).content.decode()


@pytest.fixture(params=[("", "does not hold the key ring"), (new_entry("2031"), "has no key")])
def lost(request, settings, case):
    """The ring, or the one key that the case needs; and what is said of it."""
    ring, words = request.param
    without(settings, ring)
    return words


def test_a_case_without_its_key_says_which_one_and_what_to_do(officer, case, lost, caplog):
    words = lost

    with caplog.at_level(logging.ERROR):
        answer = officer.get(reverse("case-detail", args=[case.pk]))

    said = answer.content.decode()
    assert answer.status_code == 503
    assert "Nothing is lost" in said
    assert words in said
    assert "no-store" in answer["Cache-Control"]
    assert TEXT not in said
    assert "Traceback" not in said
    assert words in caplog.text
    assert TEXT not in caplog.text


def test_the_same_at_the_door_of_machines(officer, case, settings):
    without(settings)

    answer = officer.get(f"/api/v1/cases/{case.pk}/")

    assert answer.status_code == 503
    assert "'vault'" in answer.json()["reasons"][0]


def test_a_wrong_key_of_the_right_name_gives_neither_a_text_nor_a_trace(officer, case, settings):
    name = settings.KEY_RINGS["vault"].partition(":")[0]
    without(settings, new_entry(name))

    answer = officer.get(reverse("case-detail", args=[case.pk]))

    assert answer.status_code == 500
    assert "This is not what was kept here" in answer.content.decode()
    assert officer.get(f"/api/v1/cases/{case.pk}/").status_code == 500


def test_an_altered_text_is_said_to_be_altered(officer, case):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET narrative = narrative || 'x'::bytea WHERE id = %s", [case.pk]
        )

    answer = officer.get(reverse("case-detail", args=[case.pk]))

    assert answer.status_code == 500
    assert "altered" in answer.content.decode()


def test_writing_without_the_ring_is_refused_and_nothing_is_changed(officer, case, settings):
    without(settings)

    form = {"version": case.version, "narrative": "new words"}
    answer = officer.post(reverse("case-edit", args=[case.pk]), form)

    assert answer.status_code == 503
    assert Case.objects.get(pk=case.pk).version == case.version


def middleware(view):
    return SayWhatDoesNotOpen(view)


def test_a_page_that_would_go_on_without_the_text_is_not_shown(case, settings):
    """Django's `if` takes an error in a condition of two parts for a no."""
    words = (
        "{% if case.narrative and case.pk %}{{ case.narrative }}{% else %}Nothing told{% endif %}"
    )
    template = engines["django"].from_string(words)

    def view(_request):
        return HttpResponse(template.render({"case": Case.objects.get(pk=case.pk)}))

    request = RequestFactory().get("/")
    assert TEXT in middleware(view)(request).content.decode()
    without(settings)
    assert "Nothing told" in view(request).content.decode()  # what would have been shown

    answer = middleware(view)(request)

    assert answer.status_code == 503
    assert "Nothing told" not in answer.content.decode()


def test_who_comes_from_outside_is_not_told_of_keys(portal):
    door = middleware(lambda _request: HttpResponse())

    answer = door.process_exception(
        RequestFactory().get("/"), RingMissing("This process does not hold the key ring 'portal'")
    )

    said = answer.content.decode()
    assert answer.status_code == 503
    assert "Nothing is lost" in said
    assert "ring" not in said.partition("<h1>")[2]


def test_other_errors_are_none_of_its_business():
    door = middleware(lambda _request: HttpResponse())

    assert door.process_exception(RequestFactory().get("/"), ValueError("x")) is None
