"""Security test T38: what somebody sends stands in no log line, whatever becomes of the request."""

import io
import logging

import pytest
from django.conf import settings as house
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from cases.console.case import pages
from cases.models import AuditEvent
from reprisals.logs import Quiet
from tests.factories import journey

pytestmark = pytest.mark.django_db
CANARY = "Zephyrine-Oblonsky"
SENT = {
    "login": f"{CANARY}@example.org", "password": CANARY, "email": CANARY, "reason": CANARY,
    "text": CANARY, "narrative": CANARY, "q": CANARY, "version": CANARY, "next": CANARY,
}  # fmt: skip


@pytest.fixture
def log():
    """All that the handlers of the house would write, at the level of the house."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Quiet(house.LOGGING["formatters"]["line"]["format"]))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def who():
    return journey.cast()


def posts(client, paths):
    codes = set()
    for path in paths:
        for body in (SENT, {"json": CANARY}):
            json = "json" in body
            kind = {"content_type": "application/json"} if json else {}
            codes.add(client.post(path, body, **kind).status_code)
            codes.add(client.get(path, {"q": CANARY}).status_code)
    return codes


def test_nothing_sent_to_the_console_or_the_api_is_logged(log, who, monkeypatch):
    case = journey.decided(who)
    client = Client(raise_request_exception=False)
    client.post(reverse("account_login"), SENT)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(who.focal)
    assert strict.post(reverse("case-stop", args=[case.pk]), SENT).status_code == 403
    client.force_login(who.mandate)
    names = ("case-stop", "case-conclude", "case-lift-stop", "case-give", "case-audit")
    of_case = [reverse(name, args=[case.pk]) for name in names]
    api = [f"/api/v1/{noun}/" for noun in ("cases", "persons", "communications")]
    missing = [reverse("case-detail", args=[case.owner_id]), "/nowhere/"]
    codes = posts(client, [*of_case, *api, *missing])

    def quoting(*_args, **_kwargs):
        raise IntegrityError(f"DETAIL: Failing row contains ({CANARY}).") from ValueError(CANARY)

    monkeypatch.setattr(pages, "render", quoting)
    codes.add(client.get(reverse("case-detail", args=[case.pk])).status_code)

    assert codes >= {400, 403, 404, 500}
    assert "IntegrityError" in log.getvalue()
    assert "builtins.ValueError" in log.getvalue()
    assert CANARY not in log.getvalue()
    assert CANARY not in str(list(AuditEvent.objects.values()))


def test_nothing_sent_to_the_portal_or_the_submission_door_is_logged(log, who, settings):
    package = journey.transmitted(who)
    settings.DOOR, settings.ROOT_URLCONF = "portal", "reprisals.urls_portal"
    client = Client(raise_request_exception=False)
    client.post(reverse("account_login"), SENT)
    client.force_login(who.mission)
    names = ("package-detail", "extension-ask", "reply-start")
    assert posts(client, [reverse(name, args=[package.pk]) for name in names])
    settings.DOOR, settings.ROOT_URLCONF = "submission", "reprisals.urls_submission"
    assert 404 in posts(Client(raise_request_exception=False), ["/", "/nowhere/"])
    assert "Not Found" in log.getvalue()
    assert CANARY not in log.getvalue()


def test_no_error_is_mailed_to_anybody():
    """A mailed report carries the body: nobody is named, no handler mails."""
    assert house.ADMINS == []
    handlers = house.LOGGING["handlers"].values()
    assert [one["class"] for one in handlers] == ["logging.StreamHandler"]
    assert house.LOGGING["loggers"]["django"]["handlers"] == []
