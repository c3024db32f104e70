"""For the door where machines come in too: the console."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("me/tokens/", views.token_create, name="accounts-token-create"),
    path("me/tokens/revoke/", views.token_revoke, name="accounts-token-revoke"),
]
