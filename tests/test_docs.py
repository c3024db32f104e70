"""What the pages in docs/ say of the code is read from the code."""

import re
from pathlib import Path

from cases.management.commands.draw_lifecycles import PAGE, page
from tests.test_project import LAYERS

ROOT = Path(__file__).parent.parent
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
CODE = re.compile(r"`((?:cases|accounts|launch|reprisals|tests|docs|templates|static)/[\w./-]+)`")


def pages() -> list[Path]:
    ours = [ROOT / "README.md", ROOT / "tests/promises/README.md"]
    return [*ours, *sorted((ROOT / "docs").rglob("*.md"))]


def test_lifecycles_are_drawn_from_their_tables():
    assert PAGE.read_text() == page(), "run manage.py draw_lifecycles"


def test_every_link_in_the_docs_leads_somewhere():
    dead = {
        f"{path.relative_to(ROOT)}: {target}"
        for path in pages()
        for target in LINK.findall(path.read_text())
        if not (path.parent / target).exists()
    }
    assert dead == set()


def test_every_file_named_in_the_docs_is_there():
    gone = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in pages()
        for name in CODE.findall(path.read_text())
        if not (ROOT / name).exists()
    }
    assert gone == set()


def test_the_table_of_layers_is_that_of_the_imports():
    """Row by row, the rooms that there are."""
    rows = re.findall(r"^\| (\d) \| (.+?) \|", (ROOT / "docs/architecture.md").read_text(), re.M)
    told = [sorted(re.findall(r"`(\w+)/?`", rooms)) for _number, rooms in rows]
    here = {path.stem for path in (ROOT / "cases").iterdir()}
    assert told == [sorted(room for room in layer if room in here) for layer in LAYERS]


def test_each_promise_stands_in_the_list():
    folder = ROOT / "tests/promises"
    told = set(re.findall(r"tests/promises/(test_\w+)\.py", (folder / "README.md").read_text()))
    # That the planted words are found is the control of the others.
    assert told == {path.stem for path in folder.glob("test_*.py")} - {"test_canaries"}
