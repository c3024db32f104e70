"""Of allauth only what the house uses: no sign-up, no addresses to manage, no other log-ins."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path

from accounts import views
from accounts import views_security as security

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("reauthenticate/", security.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("security/", security.security, name="mfa_index"),
    path("security/set-up/", security.set_up, name="accounts-second-factor"),
    path("security/code/", mfa.authenticate, name="mfa_authenticate"),
    path("security/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("security/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("security/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("security/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("security/passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("security/passkeys/login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path(
        "security/passkeys/<slug:handle>/remove/",
        security.passkey_remove,
        name="accounts-passkey-remove",
    ),
    path("security/sessions/end/", security.sessions_end, name="accounts-sessions-end"),
    path("security/sessions/<uuid:handle>/end/", security.session_end, name="accounts-session-end"),
    path("invitation/", views.invitation_accept, name="accounts-invitation"),
    path("invitation/<str:token>/", views.invitation_open, name="accounts-invitation-open"),
    path("me/", views.me, name="accounts-me"),
]
