"""The whole house as it is run: three doors and a worker, each a process, and one Chromium."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple

import pytest
from django.db import connection, connections
from playwright.sync_api import Browser, Page, sync_playwright

from launch.browser import chromium as path_of_chromium
from launch.children import children
from launch.doors import DOORS, FILES_APART, HOST, addresses, processes
from tests.factories.accounts import PASSWORD

PATIENCE = 90  # seconds until every door answers


class House(NamedTuple):
    """Where each door is, and a window for whoever comes."""

    urls: dict[str, str]
    browser: Browser

    def enter(self, door: str, email: str) -> Page:
        """Somebody signs in at a door, in a window of their own."""
        window = self.browser.new_context(viewport={"width": 1280, "height": 900}, locale="en")
        page = window.new_page()
        page.set_default_timeout(15_000)
        page.goto(f"{self.urls[door]}/accounts/login/")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/login/" not in url)
        return page


@pytest.fixture
def house(transactional_db, settings, tmp_path, monkeypatch) -> Iterator[House]:
    where = dict(zip(DOORS, free_ports(), strict=True))
    common = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "FILES_DIR": str(settings.FILES_DIR),
        "EMAIL_DIR": str(tmp_path / "mail"),
        **addresses(where),
    }
    with ExitStack() as stack:
        family = stack.enter_context(children(tmp_path / "logs"))
        for process in processes(where, common, tmp_path):
            family.start(process)
        end = time.monotonic() + PATIENCE
        family.watch(until=lambda: all(map(answers, where.values())) or time.monotonic() > end)
        assert time.monotonic() < end, (tmp_path / "logs" / "console.log").read_text()[-2000:]
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=path_of_chromium(), args=["--no-sandbox"]
        )
        stack.callback(browser.close)
        # Playwright keeps an idle event loop in this thread; the test asks the database between.
        monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield House({door: f"http://localhost:{port}" for door, port in where.items()}, browser)
        connections.close_all()  # those that were opened beside the loop


def free_ports() -> list[int]:
    """As many in a row as the doors and their hosts of files take."""
    while True:
        with closing(socket.socket()) as end:
            end.bind((HOST, 0))
            first = int(end.getsockname()[1])
        if all(map(is_free, range(first, first + len(DOORS) + FILES_APART))):
            return [first + place for place in range(len(DOORS))]


def is_free(port: int) -> bool:
    with closing(socket.socket()) as end:
        try:
            end.bind((HOST, port))
        except (OSError, OverflowError):
            return False
        return True


def database_url() -> str:
    s = connection.settings_dict
    return f"postgresql://{s['USER']}@/{s['NAME']}?host={s['HOST']}&port={s['PORT'] or 5432}"


def answers(port: int) -> bool:
    """/healthz needs the database, the broker and a worker that the beat reached."""
    door = HTTPConnection(HOST, port, timeout=5)
    try:
        door.request("GET", "/healthz")
        return door.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        door.close()
