"""States, and when they sat on the Human Rights Council."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from cases.models.noun import Noun
from cases.models.term import ReferenceRow, in_active_language
from cases.vocabulary import Certainty, RegionalGroup, StateStatus


class DayRange(Func):
    """Both days included. An end before the start is for its own constraint to refuse."""

    function = "daterange"
    output_field = DateRangeField()

    def __init__(self, start: str, end: str) -> None:
        super().__init__(start, Greatest(start, end), RangeBoundary(inclusive_upper=True))


class StateQuerySet(models.QuerySet["State"]):
    def on_council(self, on: date) -> Self:
        """Members of the Human Rights Council on a day."""
        sitting = CouncilTerm.objects.on(on).filter(state=models.OuterRef("pk"))
        return self.filter(models.Exists(sitting))


class State(ReferenceRow):
    """Names follow United Nations usage and imply no position on status."""

    iso3 = models.CharField(_("ISO 3166 code"), max_length=3, primary_key=True)
    iso2 = models.CharField(_("two-letter code"), max_length=2, blank=True)
    m49 = models.CharField(_("M49 code"), max_length=3, blank=True)
    names = models.JSONField(_("names"))
    status = models.CharField(_("status"), max_length=10, choices=StateStatus)
    admitted = models.PositiveSmallIntegerField(_("admitted in"), null=True, blank=True)
    regional_group = models.CharField(
        _("regional group"), max_length=20, choices=RegionalGroup, blank=True
    )
    sub_region_m49 = models.CharField(_("sub-region"), max_length=40, blank=True)
    intermediate_region_m49 = models.CharField(_("intermediate region"), max_length=40, blank=True)
    note = models.TextField(_("note"), blank=True)
    active = models.BooleanField(_("active"), default=True)

    objects = StateQuerySet.as_manager()

    class Meta:
        verbose_name = _("State")
        verbose_name_plural = _("States")
        ordering = ["iso3"]
        constraints = [
            models.CheckConstraint(
                name="synthetic_states_and_only_they_are_xaa_to_xzz",
                condition=Q(status=StateStatus.SYNTHETIC, iso3__regex=r"^X[A-Z]{2}$")
                | (~Q(status=StateStatus.SYNTHETIC) & Q(iso3__regex=r"^[A-WYZ][A-Z]{2}$")),
            ),
            models.CheckConstraint(
                name="state_has_an_english_name", condition=Q(names__has_key="en")
            ),
            models.UniqueConstraint(
                name="iso2_names_one_state", fields=["iso2"], condition=~Q(iso2="")
            ),
            models.UniqueConstraint(
                name="m49_names_one_state", fields=["m49"], condition=~Q(m49="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.names.get('en', '')} ({self.iso3})"

    @property
    def name(self) -> str:
        return in_active_language(self.names)

    @property
    def label(self) -> str:
        return f"{self.name} ({self.iso3})"

    def on_council(self, on: date) -> bool:
        """Asks the terms already fetched where they were prefetched."""
        terms = self.council_terms.all()
        return any(term.active and term.start <= on <= term.end for term in terms)


class CouncilTermQuerySet(models.QuerySet["CouncilTerm"]):
    def on(self, day: date) -> Self:
        return self.filter(active=True, start__lte=day, end__gte=day)


class CouncilTerm(Noun, ReferenceRow):
    """A seat on the Human Rights Council, first and last day included."""

    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="council_terms")
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"))
    certainty = models.CharField(_("certainty"), max_length=10, choices=Certainty)
    source = models.TextField(_("source"), blank=True)
    note = models.TextField(_("note"), blank=True)
    active = models.BooleanField(_("active"), default=True)

    objects = CouncilTermQuerySet.as_manager()

    class Meta:
        verbose_name = _("Council term")
        verbose_name_plural = _("Council terms")
        ordering = ["start", "state"]
        constraints = [
            models.UniqueConstraint(name="a_council_term_begins_once", fields=["state", "start"]),
            models.CheckConstraint(
                name="council_term_ends_after_it_starts",
                condition=Q(end__gt=F("start")),
                violation_error_message=_("The last day must come after the first."),
            ),
            ExclusionConstraint(
                name="council_terms_of_a_state_do_not_overlap",
                expressions=[
                    ("state", RangeOperators.EQUAL),
                    (
                        DayRange("start", "end"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(active=True),
                violation_error_message=_("The State has another term in these years."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state_id} {self.start:%Y-%m-%d} – {self.end:%Y-%m-%d}"
