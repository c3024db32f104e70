"""Pages by key: as fast at the end of a long list as at its beginning."""

from rest_framework.pagination import CursorPagination


class ByKey(CursorPagination):
    """Each page names its neighbours; no page has a number, and no count is owed."""

    ordering = ("-changed_at", "id")
    page_size_query_param = "page_size"
    max_page_size = 200
