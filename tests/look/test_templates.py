"""What a reviewer would have to remember about templates. Runs over all of the project's."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import engines

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TRANSLATED = re.compile(
    r"\{#.*?#\}|\{% comment.*?%\}.*?\{% endcomment %\}|"
    r"\{% blocktrans(?:late)?\b.*?%\}.*?\{% endblocktrans(?:late)? %\}|\{%.*?%\}|\{\{.*?\}\}",
    re.S,
)
WORD = re.compile(r"[^\W\d_]{2,}")
# Not words of a language: names of keys, protocols.
SPARED = re.compile(r"\b(?:Enter|PDF|API|SHA-256)\b")
SPOKEN = {"aria-label", "title", "placeholder", "alt", "data-label", "aria-description"}
# Tags of ours whose arguments people read.
LABELLED = re.compile(
    r"\{% (?:card|note|mark|tag|status|empty_state|shut_button|post_button|confirmation|sections|"
    r"steps|track|tabs|facet|person|file_row|crumbs|field|nav_link)\b(.*?)%\}",
    re.S,
)
LITERAL = re.compile(r"""(_\()?(["'])((?:(?!\2).)*)\2""")
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|<script(?![^>]*\bsrc=)|\son[a-z]+\s*=|javascript:|\shx-on|\shx-vals='js:",
    re.I,
)


class Spoken(HTMLParser):
    """Words that stand bare in a template."""

    def __init__(self):
        super().__init__()
        self.bare = []
        self.silent = 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("script", "style")
        self.bare += [value for name, value in attrs if name in SPOKEN and _has_word(value)]

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.silent and _has_word(data):
            self.bare.append(data.strip())


def _has_word(text: str | None) -> bool:
    return bool(text and WORD.search(SPARED.sub("", text)))


def bare_words(source: str) -> list[str]:
    parser = Spoken()
    parser.feed(TRANSLATED.sub("", source))
    return parser.bare + [
        literal
        for arguments in LABELLED.findall(source)
        for marked, _quote, literal in LITERAL.findall(arguments)
        if not marked and re.match(r"[A-Z][a-z]", literal)
    ]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("template", TEMPLATES, ids=named)
def test_template_speaks_only_words_that_can_be_translated(template):
    assert bare_words(template.read_text()) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=named)
def test_template_has_no_inline_style_or_script(template):
    assert INLINE.findall(template.read_text()) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=named)
def test_template_compiles(template):
    engines["django"].get_template(str(template.relative_to(ROOT / "templates")))


@pytest.mark.parametrize(
    ("source", "bare"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<p>{% translate "Hello" %} {{ name }}</p>', []),
        ('<a aria-label="Close">{{ x }}</a>', ["Close"]),
        ("<a aria-label=\"{% translate 'Close' %}\">{{ x }}</a>", []),
        ("{% blocktranslate %}Dear {{ you }}{% endblocktranslate %}", []),
        ('{% card "People" "people" %}{% endcard %}', ["People"]),
        ('{% card _("People") "people" icon="plus" %}{% endcard %}', []),
    ],
)
def test_scan_sees_what_is_bare(source, bare):
    assert bare_words(source) == bare


@pytest.mark.parametrize(
    "source",
    [
        '<p style="a">',
        "<script>x</script>",
        '<a onclick="x">',
        "<style>",
        '<a href="javascript:x">',
    ],
)
def test_scan_sees_what_is_inline(source):
    assert INLINE.search(source)
