"""What lists are narrowed by; cases by the filters that their pages have (`cases.filters`)."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

PAGING = frozenset({"cursor", "page_size"})


class OfCase(filters.FilterSet):
    """Of one case. A case that may not be seen has no rows, exactly as one that never was."""

    case = filters.UUIDFilter(field_name="case_id")


class Narrowed(filters.DjangoFilterBackend):
    """Refuses a filter that is not there: a word misspelt would show everything."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        shape = self.get_filterset_class(view, queryset)
        known = PAGING | set(shape.base_filters if shape else ())
        if unknown := set(request.query_params) - known:
            told = _("There is no such filter.")
            raise ValidationError({name: [told] for name in sorted(unknown)})
        return super().filter_queryset(request, queryset, view)
