"""What a reviewer would have to remember about style sheets, icons and files of others."""

import hashlib
import re
from pathlib import Path

import pytest

from cases.templatetags import panels, signs

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PHYSICAL = re.compile(
    r"(?:margin|padding|border|inset|scroll-margin)-(?:left|right)|"
    r"(?<![-\w])(?:left|right)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)"
)
FOUR_SIDES = re.compile(
    r"(?:margin|padding|inset)\s*:\s*([^\s;]+)\s+([^\s;]+)\s+([^\s;]+)\s+([^\s;]+)\s*;"
)
RAW_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")
DECLARATION = re.compile(r"(--r-[\w-]+|color-scheme)\s*:\s*([^;]+);")
ASKS = re.compile(r"""url\((?!["']?data:)|@import|sourceMappingURL""")
TOKEN_USED = re.compile(r"var\((--r-[\w-]+)")


def rules(sheet: Path) -> str:
    """Without comments and without images that carry their own."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)
    return re.sub(r'url\("[^"]*"\)', "", text)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_property_knows_left_from_right(sheet):
    text = rules(sheet)

    sides = [found.group(0) for found in FOUR_SIDES.finditer(text) if found[2] != found[4]]

    assert PHYSICAL.findall(text) + sides == []


def test_only_tokens_hold_colours():
    held = {
        sheet.name: RAW_COLOUR.findall(rules(sheet))
        for sheet in SHEETS
        if sheet.name != "tokens.css"
    }

    assert {name: found for name, found in held.items() if found} == {}


def test_dark_by_choice_and_dark_by_system_are_the_same():
    text = rules(STATIC / "css" / "tokens.css")
    chosen, by_system = text.split("@media screen and (prefers-color-scheme: dark)")
    chosen = chosen[chosen.index('[data-bs-theme="dark"]') :]
    by_system = by_system[: by_system.index("@media print")]

    assert _blocks(chosen) == _blocks(by_system)
    assert len(_blocks(chosen)) == 3


def _blocks(text: str) -> list[dict[str, str]]:
    bodies = re.findall(r"\{([^{}]*)\}", text)
    return [dict(DECLARATION.findall(body)) for body in bodies]


def test_every_token_that_is_used_is_defined():
    defined = {name for sheet in SHEETS for name, _value in DECLARATION.findall(rules(sheet))}
    used = {name for sheet in SHEETS for name in TOKEN_USED.findall(rules(sheet))}

    assert used - defined == set()


def test_every_icon_that_is_used_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    used = {sign for sign, _word in panels.GATE_SIGNS.values()} | {"lock", "clock", "person"}
    for table in (signs.ICON_OF_DEADLINE, signs.ICON_OF_MARK, signs.ICON_OF_PERSON):
        used |= set(table.values())
    for template in TEMPLATES:
        used |= set(re.findall(r'\{% icon "([\w-]+)"|\bicon="([\w-]+)"', template.read_text()))

    names = {name for one in used for name in ([one] if isinstance(one, str) else one) if name}
    assert names - drawn == set()


def test_files_of_others_are_those_that_we_wrote_down():
    told = re.findall(
        r"`([\w./-]+)` \| [\w-]+ \| `([0-9a-f]{64})`", _vendor("README.md").read_text()
    )
    kept = {str(path.relative_to(_vendor(""))) for path in _vendor("").rglob("*.min.*")}

    assert {name for name, _sum in told} == kept
    for name, digest in told:
        assert hashlib.sha256(_vendor(name).read_bytes()).hexdigest() == digest, name


def test_files_of_others_ask_no_other_server():
    for path in _vendor("").rglob("*.css"):
        assert ASKS.findall(path.read_text()) == []


def _vendor(name: str) -> Path:
    return STATIC / "vendor" / name
