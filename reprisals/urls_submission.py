"""The submission door: victims and those who speak for them, without an account."""

from django.urls import include, path

from cases.health import healthz

urlpatterns = [
    path("", include("cases.submission.urls")),
    path("language/", include("reprisals.urls_languages")),
    path("healthz", healthz, name="healthz"),
]
