"""Sessions with two ends: nobody was there for a while, or it has been long enough.

The limits are SESSION_LIMITS of the settings, by door (NIST SP 800-63B-4: at most 12 hours, idle
15 minutes where identities are read). Both are kept here, on the server; the cookie knows nothing.
"""

import re
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore as DjangoStore
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Session

# How exactly "last seen" is kept: one write in this time, however many pages are read.
SEEN_EVERY = timedelta(minutes=1)
BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
NAMES = {"Edg": "Edge", "OPR": "Opera"}
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


class SessionStore(DjangoStore):
    """One row for each session, which says whose it is and at which door."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._began = self._seen = timezone.now()
        self._row: Session | None = None
        self._browser = ""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        row: Session | None = super()._get_session_from_db()  # type: ignore[misc]
        if row is not None and row.door != settings.DOOR:
            self._session_key = row = None
        if row is not None:
            self._row, self._began, self._seen = row, row.began_at, row.seen_at
            self._browser = row.browser
        return row

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast(Session, super().create_model_instance(data))
        if self._row is not None and self._row.session_key == row.session_key:
            row.handle = self._row.handle
        row.door, row.user_id = settings.DOOR, data.get(SESSION_KEY)
        row.began_at, row.seen_at, row.browser = self._began, self._seen, self._browser
        self._row = row
        return row

    def begin(self, browser: str) -> None:
        """Somebody signed in: from here on both clocks run."""
        self._began = self._seen = timezone.now()
        self._browser = browser

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        idle, longest = settings.SESSION_LIMITS[settings.DOOR]
        return min(self._seen + idle, self._began + longest)

    def touch(self) -> None:
        """Somebody was there. Never wakes a session that has ended since this request began."""
        now = timezone.now()
        if now - self._seen < SEEN_EVERY:
            return
        self._seen = now
        running = Session.objects.filter(session_key=self.session_key)
        running.update(seen_at=now, expire_date=self.get_expiry_date())


@receiver(user_logged_in)
def begin(request: HttpRequest, **kwargs: Any) -> None:
    store = request.session
    if isinstance(store, SessionStore):
        store.begin(browser_of(request.headers.get("User-Agent", "")))


def browser_of(agent: str) -> str:
    """ "Firefox, Windows": enough to know one's own machine again, and nothing to track it by."""
    names = [NAMES.get(one, one) for one in BROWSERS if re.search(rf"{one}\w*/", agent)]
    systems = [one.replace("Mac OS", "macOS") for one in SYSTEMS if one in agent]
    return ", ".join([*names[:1], *systems[:1]])
