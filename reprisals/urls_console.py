"""The console: OHCHR and mechanism staff, with the machines' door beside it."""

from django.contrib import admin
from django.urls import include, path

from cases.health import healthz

urlpatterns = [
    path("", include("cases.console.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("accounts.urls_tokens")),
    path("offices/", include("accounts.urls_offices")),
    path("api/v1/", include("cases.api.urls")),
    path("admin/", admin.site.urls),
    path("language/", include("reprisals.urls_languages")),
    path("healthz", healthz, name="healthz"),
]
