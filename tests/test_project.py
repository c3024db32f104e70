"""Promises about the whole project, kept by a machine instead of by reviewers."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parent.parent
HOUSES = ("accounts", "bench", "cases", "launch", "reprisals")
MOST_LINES, LONGEST_FUNCTION, LONGEST_VIEW = 400, 30, 15
DOORS = ("console", "portal", "submission", "api")

# The layers of `cases`, from the ground up: a room imports from its own row or from below.
LAYERS = [
    [
        "vocabulary",
        "refusals",
        "clocks",
        "vault",
        "inspection",
        "cleaning",
        "scanning",
        "files",
        "health",
        "stems",
        "spellings",
        "sightings",
    ],
    ["lifecycles"],
    ["models"],
    [
        *("policy", "audit", "chain", "anchors", "custody", "consent", "verification", "looks"),
        *("letters", "documents", "database"),
    ],
    [
        *("gates", "notices", "reminders", "deadlines", "moves", "leftovers", "proof"),
        *("withdrawals", "retention", "disclosure", "publicity"),
    ],
    ["intake", "examination"],
    ["tasks"],
    ["services"],
    [
        "analysis",
        "delivery",
        "demo",
        "forms",
        "http",
        "filters",
        "search",
        "paging",
        "templatetags",
        "context",
        "closed",
        "held",
        "management",
        "middleware",
    ],
    [*DOORS, "admin", "apps"],
]
RANK = {room: rank for rank, rooms in enumerate(LAYERS) for room in rooms}
# Imports inside functions: typst and its like cost 0.4 s and are wanted by few requests.
HEAVY = {"typst"}


def sources(*houses: str) -> Iterator[Path]:
    for house in houses or HOUSES:
        for path in sorted((ROOT / house).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def room_of(path: Path) -> str:
    return path.relative_to(ROOT / "cases").parts[0].removesuffix(".py")


def rooms_imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "cases":
                yield from (alias.name for alias in node.names)
            elif node.module.startswith("cases."):
                yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("cases."))


@pytest.mark.parametrize(
    "path", list(sources("cases")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_imports_point_down(path):
    room = room_of(path)
    if room == "__init__":
        return
    assert room in RANK, f"{room} has no place in LAYERS"
    above = {other for other in rooms_imported(path) if RANK.get(other, -1) > RANK[room]}
    assert not above


@pytest.mark.parametrize("door", DOORS)
def test_doors_never_import_each_other(door):
    others = set(DOORS) - {door}
    for path in (ROOT / "cases" / door).rglob("*.py"):
        assert not others & set(rooms_imported(path)), path


def test_every_room_has_its_place():
    rooms = {room_of(path) for path in sources("cases")} - {"__init__"}
    assert rooms <= set(RANK)


def test_no_room_is_a_drawer_for_everything():
    names = {path.stem for path in sources()}
    assert not names & {"utils", "common", "helpers", "signals", "misc"}


def test_no_file_outgrows_one_sitting():
    lengths = {path: len(path.read_text().splitlines()) for path in sources()}
    assert {str(path) for path, lines in lengths.items() if lines > MOST_LINES} == set()


def test_no_function_outgrows_one_screen():
    long = {
        f"{path.name}:{f.name}"
        for path in sources()
        for f in functions(path)
        if (f.end_lineno or 0) - f.lineno >= LONGEST_FUNCTION
    }
    assert long == set()


def test_a_view_reads_calls_and_answers():
    long = {
        f"{path.name}:{f.name}"
        for door in DOORS
        for path in (ROOT / "cases" / door).rglob("*.py")
        for f in functions(path)
        if f.args.args and f.args.args[0].arg == "request"
        if (f.end_lineno or 0) - f.lineno + 1 > LONGEST_VIEW
    }
    assert long == set()


def test_no_import_hides_in_a_function():
    hidden = {
        f"{path.name}:{f.name}"
        for path in sources()
        for f in functions(path)
        for node in ast.walk(f)
        if isinstance(node, ast.Import | ast.ImportFrom)
        if not {a.name.split(".")[0] for a in node.names} <= HEAVY
        if (getattr(node, "module", None) or "").split(".")[0] not in HEAVY
    }
    assert hidden <= LATE


# Read only once the environment of the demo is set.
LATE: set[str] = {"demo.py:demo_users"}


def test_only_services_and_what_stands_below_them_write():
    """Doors read and call; `.save(`, `.create(`, `.delete(` and their like are not theirs."""
    writers = {"save", "create", "bulk_create", "update_or_create", "get_or_create", "delete"}
    found = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for door in DOORS
        for path in (ROOT / "cases" / door).rglob("*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in writers and "objects" in ast.dump(node.func.value)
    }
    assert found == set()


def test_only_the_policy_asks_for_roles():
    """Nothing else reads is_staff, is_superuser or has_perm in order to allow something."""
    asked = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources("cases")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"is_staff", "is_superuser", "has_perm"}
    }
    assert asked == set()


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run")
