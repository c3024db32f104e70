"""The page of the audit speaks: no verb that the code writes is shown as a code."""

import ast
from collections.abc import Iterator

from cases.console.event_words import ABOUT, ON_PARTS, VERBS
from tests.test_project import sources, tree

WRITE = {"audit.record", "audit.came"}


def verbs() -> Iterator[str]:
    """What `audit` is told in so many words, by whatever module."""
    for path in sources("cases", "accounts"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("audit."):
                told = [word.value for word in node.keywords if word.arg == "verb"]
                told += node.args[:1] if ast.unparse(node.func) in WRITE else []
                yield from (str(one.value) for one in told if isinstance(one, ast.Constant))


def test_every_verb_has_words():
    assert set(verbs()) - {*VERBS, *ON_PARTS, *ABOUT} == set()
    assert len(set(verbs())) > 50
