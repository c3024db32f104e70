"""The console as it is where OIDC_ISSUER is set."""

from django.urls import include, path

from reprisals import urls_console

urlpatterns = [
    path("accounts/", include("accounts.urls_single_sign_on")),
    *urls_console.urlpatterns,
]
