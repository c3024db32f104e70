"""Only where OIDC_ISSUER is set, and at the console alone: missions have no provider here."""

from django.urls import path

from accounts import single_sign_on as views

urlpatterns = [
    path("sso/sign-in/", views.sign_in, name="single-sign-on"),
    path("sso/link/", views.link, name="single-sign-on-link"),
    path("sso/unlink/", views.unlink, name="single-sign-on-unlink"),
    # Its name is allauth's; the provider is always "sso".
    path(
        "sso/callback/",
        views.callback,
        {"provider_id": views.PROVIDER},
        name="openid_connect_callback",
    ),
]
