"""Key rings of the tests' own, so that no test depends on those of the machine."""

import base64

import pytest
from django.db import connection

from tests.vault.note import TEXT, Note, Paper


def key(letter: str) -> str:
    return base64.b64encode(letter.encode() * 32).decode()


OLD = f"2025:{key('o')}"
NEW = f"2026:{key('n')}"
PORTAL = f"portal-2026:{key('p')}"
SEARCH = f"search-2026:{key('s')}"


@pytest.fixture(autouse=True)
def rings(settings):
    settings.KEY_RINGS = {"vault": OLD, "portal": PORTAL, "search": SEARCH}
    return settings


@pytest.fixture
def table(db):
    with connection.schema_editor() as editor:
        editor.create_model(Note)
        editor.create_model(Paper)


@pytest.fixture
def note(table):
    return Note.objects.create(kind="draft", narrative=TEXT, answer="yes", content={"name": TEXT})


@pytest.fixture
def paper(table):
    return Paper.objects.create(kind="draft", narrative=TEXT, summary="short")
