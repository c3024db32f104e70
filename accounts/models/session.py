"""A session, and whose it is: the row that the browser's cookie names."""

from importlib import import_module
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


class SessionQuerySet(models.QuerySet["Session"]):
    def here(self) -> Self:
        """Of this door: a cookie of another one opens nothing."""
        return self.filter(door=settings.DOOR)

    def running(self) -> Self:
        return self.filter(expire_date__gt=timezone.now())

    def visible_to(self, user: User) -> Self:
        """Everybody sees their own, and no address: where somebody was is nobody's business."""
        return self.here().running().filter(user=user)


class Session(AbstractBaseSession):
    """Ends by the clock, or at once when its row is deleted: accounts/sessions.py."""

    # How a page names it: the key itself would open it.
    handle = models.UUIDField(default=uuid4, unique=True, editable=False)
    door = models.CharField(max_length=10, default="")
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    browser = models.CharField(max_length=40, default="", blank=True)
    began_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = BaseSessionManager.from_queryset(SessionQuerySet)()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-seen_at"]

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        store: type[SessionStore] = import_module(settings.SESSION_ENGINE).SessionStore
        return store
