"""The filters of lists of cases: the same for the pages of the console and for the API."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models import TextChoices as Words
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.http import AuthedRequest
from accounts.models import Office
from cases import clocks, search
from cases.forms import DayField, Form
from cases.models import Act, Case, Search, State
from cases.models.fields import NOT_OF_THE_LIST
from cases.models.term import terms
from cases.vocabulary import CaseKind, Stage

SOON_WORKING_DAYS = 2
LONGEST_SEARCH = 100
SEARCH_IS_OVER = _("This search is not kept any more. Type it again.")
SEVERITIES = [("4", _("Critical")), ("3", _("High")), ("2", _("Medium")), ("1", _("Low"))]


class Owner(Words):
    ME = "me", _("Me")
    OTHERS = "others", _("Somebody else")
    NOBODY = "nobody", _("Nobody")


class Due(Words):
    OVERDUE = "overdue", _("Overdue")
    SOON = "soon", _("Due within two working days")
    NONE = "none", _("Nothing due")


class Flag(Words):
    STOPPED = "stopped", _("Outward acts stopped")
    PROTECTING = "protecting", _("Under protection")
    UNFILED = "unfiled", _("Being recorded")


def codes(vocabulary: str, *, but: str = "") -> list[tuple[str, str]]:
    """Every code of a list, also those offered no more: old cases hold them."""
    return [(code, term.label) for code, term in terms(vocabulary).items() if code != but]


def offices(request: AuthedRequest | None) -> QuerySet[Office]:
    """Those that hold a case which this person sees: the list tells of no other."""
    if request is None:  # the schema of the API is drawn for nobody
        return Office.objects.none()
    seen = Case.objects.visible_to(request.user).filter(office=OuterRef("pk"))
    return Office.objects.filter(Exists(seen))


def kept_searches(request: AuthedRequest | None) -> QuerySet[Search]:
    return Search.objects.of(request.user) if request else Search.objects.none()


def end_of_soon(now: datetime) -> datetime:
    """The last moment that `clocks.state_of` calls soon."""
    day = clocks.add_working_days(clocks.geneva(now).date(), SOON_WORKING_DAYS + 1)
    return clocks.end_of(day - timedelta(days=1))


class AnyOf(django_filters.MultipleChoiceFilter):
    """One of the chosen values; no value chooses everything."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, error_messages={"invalid_choice": NOT_OF_THE_LIST}, **kwargs)

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return qs.filter(**{f"{self.field_name}__in": list(value)}) if value else qs


class RowsField(django_filters.fields.ModelMultipleChoiceField):
    """Says the same of what does not exist, is none of theirs, or is no id at all."""

    def _check_values(self, value: Any) -> list[Any]:
        try:
            return list(super()._check_values(value))
        except ValidationError as error:
            raise ValidationError(NOT_OF_THE_LIST, code="invalid_choice") from error


class AnyRow(AnyOf, django_filters.ModelMultipleChoiceFilter):
    field_class = RowsField


class Sought(django_filters.ModelChoiceFilter):
    """The id of a search of one's own. Somebody else's is as good as none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, error_messages={"invalid_choice": SEARCH_IS_OVER}, **kwargs)


class Day(django_filters.Filter):
    field_class = DayField


def _code(vocabulary: str, label: Any, **kwargs: Any) -> AnyOf:
    return AnyOf(choices=partial(codes, vocabulary, **kwargs), label=label)


class CaseFilter(django_filters.FilterSet):
    """Give it cases that `visible_to` gave: filters narrow a list, they never widen it."""

    search = Sought(queryset=kept_searches, method="filter_search", label=_("Search"))
    stage = _code("V-STAGE-CASE", _("Stage"), but=Stage.PROTECT)
    due = AnyOf(choices=Due.choices, method="filter_due", label=_("Deadline"))
    severity = AnyOf(choices=SEVERITIES, label=_("Severity"))
    state = AnyRow(queryset=State.objects.all(), to_field_name="iso3", label=_("State"))
    owner = AnyOf(choices=Owner.choices, method="filter_owner", label=_("Owner"))
    flag = AnyOf(choices=Flag.choices, method="filter_flag", label=_("Flag"))
    act = AnyOf(choices=partial(codes, "V-ACT"), method="filter_act", label=_("Alleged act"))
    priority = _code("V-PRIO", _("Priority"))
    verification = _code("V-VERIF", _("Verification"))
    nature = _code("V-NATURE", _("Nature"))
    kind = AnyOf(choices=CaseKind.choices, label=_("Kind of case"))
    office = AnyRow(queryset=offices, label=_("Office"))
    received_from = Day(field_name="received_on", lookup_expr="gte", label=_("Received from"))
    received_to = Day(field_name="received_on", lookup_expr="lte", label=_("Received until"))

    class Meta:
        model = Case
        fields: list[str] = []
        form = Form

    def filter_search(self, queryset: QuerySet, _name: str, value: Search | None) -> QuerySet:
        found = search.matching(value, self.request.user) if value else Q()
        return queryset.filter(found)

    def filter_due(self, queryset: QuerySet, _name: str, value: list[str]) -> QuerySet:
        now = timezone.now()
        asks: dict[str, Callable[[], Q]] = {
            Due.OVERDUE: lambda: Q(due_at__lt=now),
            Due.SOON: lambda: Q(due_at__gte=now, due_at__lte=end_of_soon(now)),
            Due.NONE: lambda: Q(due_at=None),
        }
        return queryset.filter(_any(asks, value))

    def filter_owner(self, queryset: QuerySet, _name: str, value: list[str]) -> QuerySet:
        me = self.request.user.pk
        asks: dict[str, Callable[[], Q]] = {
            Owner.ME: lambda: Q(owner=me),
            Owner.OTHERS: lambda: Q(owner__isnull=False) & ~Q(owner=me),
            Owner.NOBODY: lambda: Q(owner=None),
        }
        return queryset.filter(_any(asks, value))

    def filter_flag(self, queryset: QuerySet, _name: str, value: list[str]) -> QuerySet:
        asks: dict[str, Callable[[], Q]] = {
            Flag.STOPPED: lambda: Q(stopped_at__isnull=False),
            Flag.PROTECTING: lambda: Q(protecting=True),
            Flag.UNFILED: lambda: Q(filed_at=None),
        }
        return queryset.filter(_any(asks, value))

    def filter_act(self, queryset: QuerySet, _name: str, value: list[str]) -> QuerySet:
        return queryset.filter(Exists(Act.objects.filter(case=OuterRef("pk"), kind__in=value)))


def _any(asks: dict[str, Callable[[], Q]], value: list[str]) -> Q:
    found = Q()
    for one in value:
        found |= asks[one]()
    return found
