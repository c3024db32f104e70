"""Who may come in at this door: architecture.md, "Doors are processes"."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext as _
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from accounts.models import User


class DoorBackend(ModelBackend):
    """Passwords and sessions count only at the door of their owner's offices.

    Asked again with every request: whoever is deactivated, or loses the last membership on this
    side, is a stranger from the next request on.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """By e-mail only: a form that asks for a user name would walk around throttle and TOTP."""
        email = kwargs.get("email")
        if not email or not password:
            return None
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            User().set_password(password)  # the time a wrong password takes
            return None
        right = user.check_password(password)
        return user if right and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        return isinstance(user, User) and user.belongs_at(settings.DOOR)


class DoorTokenAuthentication(TokenAuthentication):
    """A token is worth what a session of its owner would be worth at this door."""

    def validate_user(self, auth_token: AuthToken) -> tuple[User, AuthToken]:
        user, token = super().validate_user(auth_token)
        if not user.belongs_at(settings.DOOR):
            raise AuthenticationFailed(_("User inactive or deleted."))
        return user, token
