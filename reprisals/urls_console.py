"""The console: OHCHR and mechanism staff, with the machines' door beside it."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts import views
from cases.health import healthz

# Without Django's own way to a row's page: it takes the number of any table, and looks for any row.
reference, app, space = admin.site.urls
reference = [one for one in reference if getattr(one, "name", "") != "view_on_site"]

urlpatterns = [
    path("", include("cases.console.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("accounts.urls_tokens")),
    *([path("accounts/", include("accounts.urls_single_sign_on"))] if settings.OIDC_ISSUER else []),
    path("offices/", include("accounts.urls_offices")),
    path("api/v1/", include("cases.api.urls")),
    # The reference data has no log-in of its own: it would walk around throttle and second factor.
    path("admin/login/", views.reference_login, name="reference-login"),
    path("admin/password_change/", views.reference_password, name="reference-password"),
    path("admin/", (reference, app, space)),
    path("language/", include("reprisals.urls_languages")),
    path("healthz", healthz, name="healthz"),
]
