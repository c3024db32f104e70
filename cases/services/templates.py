"""The beginning of a letter: the template of its type, filled with what the case says in codes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.models import Case, LetterTemplate, Mechanism


def filled(case: Case, type: str, lead: Mechanism, language: str) -> Mapping[str, Any]:
    """Texts of the template for this type and kind of mandate; empty ones where there is none.

    A template in the language asked for goes before the English one, and one for the kind of
    mandate before one for any. What is filled in speaks the language of the template.
    """
    template = _best(type, lead, language)
    if template is None:
        return {"subject": "", "body": "", "closing": "", "questions": []}
    with override(template.language):
        words = _words(case, lead)

    def fill(text: str) -> str:
        for name, word in words.items():
            text = text.replace("{" + name + "}", word)
        return text

    body = [template.opening, case.summary, template.interim]
    return {
        "subject": fill(template.subject),
        "body": "\n\n".join(fill(part) for part in body if part),
        "closing": fill(template.closing),
        "questions": [fill(question) for question in template.questions],
    }


def _best(type: str, lead: Mechanism, language: str) -> LetterTemplate | None:
    found = LetterTemplate.objects.filter(type=type, active=True, language__in=[language, "en"])
    return min(
        (row for row in found if row.mechanism_kind in ("", lead.kind)),
        key=lambda row: (row.language != language, row.mechanism_kind == ""),
        default=None,
    )


def _words(case: Case, lead: Mechanism) -> dict[str, str]:
    people = [f"[{person.code}]" for person in case.persons.all()]
    return {
        "state": case.state.name,
        "mandates": lead.name,
        "people": _listed(people) or _("the people concerned"),
        "acts": _("the acts described below"),
        "cooperation": _("cooperation with the United Nations"),
    }


def _listed(words: Sequence[str]) -> str:
    if len(words) < 2:  # noqa: PLR2004
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
