"""Every name a frame links to, at one address book, so that each door's frame can be drawn."""

from django.conf.urls.i18n import urlpatterns as language
from django.urls import include, path

from tests.look import gallery

NAMES = [
    *("home", "case-list", "case-record", "letter-list", "office-list"),
    *("case-search", "identity-request-list", "audit-list", "lock-list", "retention-list"),
    *("accounts-me", "account_logout", "account_login"),
    *("inbox", "history", "start", "leave"),
]

urlpatterns = [
    path("gallery/", gallery.gallery, name="gallery"),
    path("typed/", gallery.typed, name="typed"),
    path("drafts/", gallery.draft, name="draft"),
    path("language/", include(language)),
    *(path(f"{name}/", gallery.gallery, name=name) for name in NAMES),
]
