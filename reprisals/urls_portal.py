"""The portal: Permanent Missions, and nothing of the console."""

from django.urls import include, path

from cases.health import healthz

urlpatterns = [
    path("", include("cases.portal.urls")),
    path("accounts/", include("accounts.urls")),
    path("offices/", include("accounts.urls_offices")),
    path("language/", include("reprisals.urls_languages")),
    path("healthz", healthz, name="healthz"),
]
