"""The matrix: what each source says of each element, what it comes to, and how it is changed."""

import pytest
from django.urls import reverse

from cases.models import AuditEvent
from cases.services import elements, evidence, sources
from tests.factories import journey

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return journey.cast()


@pytest.fixture
def case(who):
    return journey.recorded(who)


@pytest.fixture
def rows(client, case, who):
    """The matrix as the page shows it: what each cell says, and the result."""

    def shown():
        client.force_login(who.focal)
        context = client.get(reverse("case-detail", args=[case.pk])).context
        return [
            ([(cell.kind, cell.says) for cell in cells], result.code, result.reason)
            for _element, cells, result in context["matrix"]
        ]

    return shown


def say(client, case, number, source, user, **fields):
    element = case.elements.get(number=number)
    client.force_login(user)
    url = reverse("corroborate", args=[case.pk, element.pk, source.pk])
    return client.post(url, {"stance": "supports", "credibility": "2", **fields})


def test_two_independent_reliable_sources_corroborate(rows):
    assert rows() == [
        ([("for", "B2"), ("for", "A2")], "COR", "Two independent, reliable sources support it.")
    ]


def test_reliable_contradiction_makes_it_inconsistent(client, rows, case, who):
    say(client, case, 1, case.sources.get(number=2), who.focal, stance="contradicts")

    assert rows() == [
        ([("for", "B2"), ("against", "A2")], "INC", "A reliable source contradicts it.")
    ]


def test_sources_that_depend_on_each_other_are_not_two(client, rows, case, who):
    case.sources.get(number=2).independent_of.clear()

    (_cells, code, reason), *_rest = rows()

    assert code == "PAR"
    assert reason == "The sources that support it are not marked as independent of each other."


def test_one_source_is_not_enough_and_an_unreliable_one_does_not_count(client, rows, case, who):
    poor = sources.record_source(
        case, by=who.focal, kind="FAM", connection="RELAY", reliability="E"
    )
    elements.record_element(case, by=who.focal, kind="harm", statement="Alleged harm.")

    say(client, case, 2, poor, who.focal)
    assert rows()[1][1:] == ("CHK", "No reliable source supports it yet.")

    say(client, case, 2, case.sources.get(number=1), who.focal)
    assert rows()[1][1:] == ("PAR", "One more independent, reliable source is needed.")


def test_second_word_of_a_source_replaces_its_first(client, case, who):
    source = case.sources.get(number=1)

    say(client, case, 1, source, who.focal, credibility="5", note="Less sure now")

    word = case.corroborations.get(source=source)
    assert (word.credibility, word.note, word.first_hand) == ("5", "Less sure now", False)


def test_form_shows_what_was_said(client, case, who):
    source = case.sources.get(number=1)
    say(client, case, 1, source, who.focal, note="Heard it at the gate", first_hand="on")
    element = case.elements.get()

    page = client.get(reverse("corroborate", args=[case.pk, element.pk, source.pk]))

    shown = page.content.decode()
    assert "Heard it at the gate" in shown
    assert element.statement in shown
    assert page.context["form"]["stance"].value() == "supports"


def test_what_is_missing_is_told_and_nothing_is_lost(client, case, who):
    source = case.sources.get(number=1)

    response = say(client, case, 1, source, who.focal, credibility="", note="Typed with care")

    shown = response.content.decode()
    assert response.status_code == 200
    assert "Choose one" in shown
    assert "Typed with care" in shown
    assert case.corroborations.get(source=source).credibility == "2"


def test_evidence_of_another_case_cannot_be_linked(client, case, who):
    other = evidence.record_evidence(journey.recorded(who), by=who.focal, kind="OFFI")

    response = say(client, case, 1, case.sources.get(number=1), who.focal, evidence=other.pk)

    assert response.status_code == 200
    assert case.corroborations.get(source__number=1).evidence is None


def test_word_is_taken_out_again(client, rows, case, who):
    element, source = case.elements.get(), case.sources.get(number=1)
    client.force_login(who.focal)
    url = reverse("corroborate-unsay", args=[case.pk, element.pk, source.pk])

    client.post(url)

    assert rows()[0][0] == [("", ""), ("for", "A2")]
    assert AuditEvent.objects.filter(case=case.pk, verb="removed").count() == 1
    assert client.post(url).status_code == 404


def test_wide_matrix_scrolls_under_a_name(client, case, who):
    for _ in range(12):
        sources.record_source(case, by=who.focal, kind="FAM", connection="DIRECT")
    client.force_login(who.focal)

    shown = client.get(reverse("case-detail", args=[case.pk])).content.decode()

    assert 'role="region" aria-label="Elements and sources"' in shown
    assert "S-14" in shown
