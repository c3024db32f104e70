"""What States, victims and people who sign in read is there in the six languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
# Doors and pages that people outside the house see; the console follows later.
PAGES = ["portal", "submission", "account", "accounts", "mfa", "emails"]
CODE = ["accounts", "cases/portal", "cases/submission"]
STRING = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(_|n?gettext|n?pgettext)\(\s*{STRING}(?:,\s*{STRING})?")
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|</?\w+")


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))


def of_template(path: Path) -> Iterator[str]:
    for name, first, second in CALL.findall(templatize(path.read_text())):
        yield ast.literal_eval(second if "pgettext" in name else first)


def of_code(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in CALLS:
            text = node.args[1 if name.startswith("pgettext") else 0]
            if isinstance(text, ast.Constant):
                yield str(text.value)


def said_outside() -> set[str]:
    templates = [page for room in PAGES for page in (ROOT / "templates" / room).rglob("*.*")]
    code = [path for room in CODE for path in (ROOT / room).rglob("*.py")]
    words = {text for path in templates for text in of_template(path)}
    words |= {text for path in code for text in of_code(path) if "migrations" not in path.parts}
    return words


def test_words_are_found_at_all():
    assert {"Inbox", "Sign in", "Acknowledge receipt"} <= said_outside()


@pytest.mark.parametrize("language", OTHERS)
def test_whoever_comes_from_outside_reads_their_language(language):
    translated = {entry.msgid for entry in catalogue(language) if entry.translated()}
    assert said_outside() - translated == set()


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_their_places(language):
    wrong = [
        entry.msgid
        for entry in catalogue(language)
        for text in [entry.msgstr, *entry.msgstr_plural.values()]
        if set(PLACE.findall(text)) - set(PLACE.findall(entry.msgid + entry.msgid_plural))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_a_guess(language):
    assert catalogue(language).fuzzy_entries() == []
