"""What lists of parts are narrowed by."""

from django_filters import rest_framework as filters


class OfCase(filters.FilterSet):
    """Of one case. A case that may not be seen has no rows, exactly as one that never was."""

    case = filters.UUIDFilter(field_name="case_id")
