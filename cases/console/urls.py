"""The console's pages: lists, a case, its parts, its letters."""

from django.urls import include, path

urlpatterns = [
    path("", include("cases.console.urls_lists")),
    path("", include("cases.console.urls_parts")),
    path("", include("cases.console.urls_cases")),
    path("", include("cases.console.urls_communications")),
]
