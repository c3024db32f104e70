"""When something goes wrong: plain words, a way out, no database, nothing told."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject

PAGES = ("400", "403", "403_csrf", "404", "413", "429", "500", "503", "vault", "held")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("door", ["console", "portal", "submission"])
def test_trouble_is_told_without_a_request(settings, door, page):
    settings.DOOR = door

    drawn = render_to_string(f"{page}.html")

    assert f'data-door="{door}"' in drawn
    assert '<a class="btn btn-secondary" href="/">' in drawn
    assert "<h1>" in drawn


@pytest.mark.parametrize("page", PAGES)
def test_trouble_asks_neither_session_nor_user(page):
    def refuse():
        raise AssertionError("asked who it is")

    request = RequestFactory().get("/")
    request.user = request.session = SimpleLazyObject(refuse)

    assert "<h1>" in render_to_string(f"{page}.html", {"exception": "secret path"}, request)


def test_trouble_repeats_nothing_of_the_request():
    request = RequestFactory().get("/cases/RP-7K3M-42/?q=name")
    request.user = AnonymousUser()

    drawn = render_to_string("404.html", {"exception": "Case RP", "request_path": "x"}, request)

    assert "RP" not in drawn and "name=" not in drawn.split("<body>")[1]
