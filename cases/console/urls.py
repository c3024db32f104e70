"""The console's pages: lists, a case, its parts, its letters."""

from django.urls import include, path

urlpatterns = [
    path("", include("cases.console.lists.urls")),
    path("", include("cases.console.parts.urls")),
    path("", include("cases.console.case.urls")),
    path("", include("cases.console.communications.urls")),
    path("", include("cases.console.people.urls")),
    path("", include("cases.console.audit.urls")),
    path("", include("cases.console.retention.urls")),
    path("", include("cases.console.identity_requests")),
]
