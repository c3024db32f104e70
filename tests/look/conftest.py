"""A server of its own that asks no database, and one Chromium for all its pages."""

import os
from collections.abc import Callable, Iterator
from http import HTTPStatus

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import override_settings
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
LISTEN = """
window.refusals = [];
document.addEventListener('securitypolicyviolation', e => window.refusals.push(
  e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample));
"""


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        live = LiveServer("localhost")
    yield live
    live.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def at_door(settings) -> Callable[[str], None]:
    def choose(door: str) -> None:
        settings.ROOT_URLCONF = "tests.look.urls"
        settings.DOOR = door
        settings.SYNTHETIC = True

    return choose


@pytest.fixture
def visit(chromium, server, settings) -> Iterator[Callable[..., Page]]:
    """A page in a window of its own, in one language and one light."""
    windows = []

    def visit_page(path, *, width=1440, language="en", light="light") -> Page:
        window = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=light, locale="en"
        )
        windows.append(window)
        cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": server.url}
        window.add_cookies([cookie])
        window.add_init_script(LISTEN)
        page = window.new_page()
        answer = page.goto(server.url + path)
        assert answer.status == HTTPStatus.OK
        return page

    yield visit_page
    for window in windows:
        window.close()


@pytest.fixture(scope="session")
def axe() -> Axe:
    return Axe()
