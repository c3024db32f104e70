"""A letter as it looks on paper. Marks show which words stand for people; they never leave."""

import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

SHORT = 4  # letters of a digest that people compare by eye


class Paper(NamedTuple):
    language: str
    direction: str
    type_label: str
    state_name: str
    subject: SafeString
    paragraphs: list[SafeString]
    elements: list[SafeString]
    questions: list[SafeString]
    closing: list[SafeString]
    signatories: list[str]
    annexes: list[dict[str, str]]
    response_days: int | None


def paper_of(content: Mapping[str, Any], aliases: Collection[str] = ()) -> Paper:
    """`aliases` are the words to mark; nothing but escaped text and marks comes out."""

    def put(text: str) -> SafeString:
        return marked(text, aliases)

    language = content["language"]
    return Paper(
        language=language,
        direction="rtl" if language in settings.LANGUAGES_BIDI else "ltr",
        type_label=content["type_label"],
        state_name=content["state_name"],
        subject=put(content["subject"]),
        paragraphs=[put(text) for text in content["paragraphs"]],
        elements=[put(row["text"]) for row in content["elements"]],
        questions=[put(row["text"]) for row in content["questions"]],
        closing=[put(text) for text in content["closing"]],
        signatories=content["signatories"],
        annexes=content["annexes"],
        response_days=content["response_days"],
    )


def marked(text: str, words: Collection[str]) -> SafeString:
    if not words:
        return conditional_escape(text)
    longest_first = sorted(words, key=len, reverse=True)
    pattern = "|".join(re.escape(word) for word in longest_first)
    pieces = re.split(rf"(?<!\w)({pattern})(?!\w)", text)
    return format_html_join("", "{}", ((_piece(*pair),) for pair in enumerate(pieces)))


def _piece(place: int, text: str) -> SafeString:
    """Of what `re.split` gives with one group, every second piece is a find."""
    if place % 2:
        return format_html('<span class="r-alias">{}</span>', text)
    return conditional_escape(text)


def in_short(digest: str) -> str:
    """4f1c 90ae … d27b: enough to see that two are not the same, the whole stands beside it."""
    return f"{digest[:SHORT]} {digest[SHORT : 2 * SHORT]} … {digest[-SHORT:]}" if digest else ""
