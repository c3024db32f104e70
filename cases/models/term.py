"""Controlled vocabularies: a code, and what it is called in the six languages."""

import threading
import time
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext_lazy as _

from cases.models.noun import Noun

LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
FRESH_FOR = 60  # seconds that a process may speak of yesterday's label


def in_active_language(words: Mapping[str, str]) -> str:
    """What to show this reader; English where the wording of a language is missing."""
    language = (get_language() or "en").partition("-")[0]
    return words.get(language) or words.get("en", "")


class ReferenceRow(models.Model):
    """Loaded from the files of `cases/reference/`, unless an administrator made it ours."""

    local = models.BooleanField(
        _("changed here"),
        default=False,
        help_text=_("Loading the files again leaves this row as it is."),
    )

    class Meta:
        abstract = True


class Term(Noun, ReferenceRow):
    """One code of one list. Never deleted, since old rows still speak its code."""

    vocabulary = models.CharField(_("vocabulary"), max_length=20)
    code = models.CharField(_("code"), max_length=20)
    order = models.PositiveSmallIntegerField(_("order"))
    labels = models.JSONField(_("labels"))
    definition = models.TextField(_("definition"), blank=True)
    valid_from = models.DateField(_("offered from"), null=True, blank=True)
    valid_to = models.DateField(
        _("offered until"),
        null=True,
        blank=True,
        help_text=_("The first day on which it is offered no more."),
    )
    mappings = models.JSONField(_("mappings"), default=dict, blank=True)
    severity = models.PositiveSmallIntegerField(_("severity"), null=True, blank=True)
    needs_review = models.BooleanField(
        _("wording to be confirmed"),
        default=False,
        help_text=_("A native reader has not yet confirmed every language."),
    )

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["vocabulary", "order"]
        constraints = [
            models.UniqueConstraint(
                name="a_code_once_in_a_vocabulary", fields=["vocabulary", "code"]
            ),
            models.CheckConstraint(
                name="term_has_an_english_label", condition=Q(labels__has_key="en")
            ),
            models.CheckConstraint(
                name="term_offered_before_it_ends", condition=Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(
                name="severity_from_1_to_4", condition=Q(severity__range=(1, 4))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vocabulary} {self.code}"

    @property
    def label(self) -> str:
        return in_active_language(self.labels)

    def offered_on(self, on: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= on
        return begun and (self.valid_to is None or on < self.valid_to)


class _Shelf:
    """All terms in this process, read in one query and kept for a minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._lists: dict[str, dict[str, Term]] = {}

    def lists(self) -> dict[str, dict[str, Term]]:
        with self._lock:
            if time.monotonic() - self._read_at >= FRESH_FOR:
                self._lists = self._read()
                self._read_at = time.monotonic()
            return self._lists

    def forget(self) -> None:
        with self._lock:
            self._read_at = float("-inf")

    @staticmethod
    def _read() -> dict[str, dict[str, Term]]:
        lists: dict[str, dict[str, Term]] = {}
        for term in Term.objects.order_by("vocabulary", "order", "code"):
            lists.setdefault(term.vocabulary, {})[term.code] = term
        return lists


_shelf = _Shelf()


def terms(vocabulary: str) -> dict[str, Term]:
    """All terms of a list in their order, also those no longer offered."""
    return _shelf.lists().get(vocabulary, {})


def vocabularies() -> Mapping[str, Mapping[str, Term]]:
    """Every list with its terms."""
    return _shelf.lists()


def listed(words: Iterable[str]) -> str:
    """One after the other, with the comma of the reader's language."""
    return pgettext("between the items of a list", ", ").join(words)


def label(vocabulary: str, code: str) -> str:
    """What a code is called for this reader; nothing for a blank or unknown one."""
    term = terms(vocabulary).get(code)
    return term.label if term else ""


def choices(vocabulary: str, on: date | None = None) -> list[tuple[str, str]]:
    """What may be chosen on a day, today unless told."""
    day = on or timezone.localdate()
    return [(term.code, term.label) for term in terms(vocabulary).values() if term.offered_on(day)]


def forget_terms() -> None:
    """The next question reads the table again."""
    _shelf.forget()
