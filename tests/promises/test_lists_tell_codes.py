"""Lists show labels made of codes; words of officers stand on the page of their case, and names
nowhere. Walked as each role of the house, over cases whose every text is a planted word."""

import re

import pytest
from django.urls import reverse

from accounts.models import Role
from cases.console.lists import cases, communications
from cases.models import Case
from tests.factories import journey, member
from tests.promises.canaries import Canaries, smell
from tests.promises.world import build

pytestmark = pytest.mark.django_db

# What a list may show: who works on a case, where it leads, its reference.
SHOWN = ("staff: ", "other State: ", "case ", "person ", "letter ")
OF_TEXTS = ("person: ", "letter never sent", "other State: narrative")
ROLES = [role for role in Role if not role.startswith("mission")]
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
LISTS = [
    "/",
    "/cases/",
    *(f"/cases/?sort={sort}" for sort in cases.SORTS),
    "/letters/",
    *(f"/letters/?status={tab}" for tab in communications.TABS),
    "/api/v1/cases/",
    "/api/v1/communications/",
]


@pytest.fixture
def w():
    return build(Canaries())


def words(w) -> dict[str, str]:
    return {
        place: word
        for place, word in w.canaries.items()
        if not place.startswith(SHOWN) or place.startswith(OF_TEXTS)
    }


@pytest.mark.parametrize("role", ROLES)
def test_no_list_tells_a_word_of_a_text_or_a_name(w, client, role):
    person = member(journey.office_of(w.who.focal), role)
    client.force_login(person)
    planted = words(w)
    sees = Case.objects.visible_to(person).exists()

    for url in LISTS:
        answer = client.get(url)
        assert not smell(answer.content, planted), url
        if sees and url.endswith("/cases/"):
            assert any(case.reference.encode() in answer.content for case in w.cases)


def test_a_search_that_finds_by_a_word_or_a_name_repeats_neither(w, client):
    client.force_login(w.who.focal)
    planted = words(w)

    for place in ("case: narrative", "act: place", "identity of person: name"):
        typed = planted[place]
        posted = client.post(reverse("case-search"), {"q": typed, "people": "on"})
        page = client.get(posted.url)
        assert not smell(posted.url.encode(), planted)
        others = {key: word for key, word in planted.items() if word != typed}
        assert any(case.reference.encode() in page.content for case in w.cases), place
        assert not smell(page.content, others)
        assert not smell(TITLE.search(page.content.decode())[1].encode(), planted)


def test_no_title_and_no_address_tells_one(w, client):
    client.force_login(w.who.focal)
    planted = words(w)

    for case in w.cases:
        rows = [case, *case.communications.all()]
        for name, row in zip(["case-detail"] + ["letter-detail"] * 9, rows, strict=False):
            page = client.get(reverse(name, args=[row.pk])).content.decode()
            addresses = "\n".join(re.findall(r'(?:href|action|src)="([^"]*)"', page))
            assert not smell(f"{TITLE.search(page)[1]}\n{addresses}".encode(), planted)


def test_the_page_of_the_case_does_show_them_to_whoever_may_read(w, client):
    """Else nothing was planted, and the walk above proves nothing."""
    client.force_login(w.who.focal)

    page = client.get(reverse("case-detail", args=[w.cases[0].pk])).content

    assert {"case: narrative", "act: place"} <= smell(page, words(w))
