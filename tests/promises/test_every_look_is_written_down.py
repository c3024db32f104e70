"""Security test T14: whoever is shown a case, a letter, a name or a file stands in the audit, once,
before they see it; where that cannot be written, they are shown nothing.

Every address of console, API and portal is asked with the id of every kind of row there is: a new
one is held to this without being named here.
"""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import DatabaseError, models
from django.test import Client

from accounts.models import User
from cases.models import AuditEvent
from tests.api.conftest import machine
from tests.factories import journey
from tests.promises.canaries import Canaries
from tests.promises.routes import ANY, Route, routes
from tests.promises.world import build

pytestmark = pytest.mark.django_db

OK, POSTED_ONLY, FAILED = 200, 405, 500
# What shows nothing of a case: one's own account, offices, reference data, the schema.
APART = (
    "account", "mfa_", "office", "invitation", "membership", "admin:", "token", "session",
    "reference-", "set_language", "healthz", "api-me", "api-schema", "api-states", "api-mechanisms",
    "api-vocabularies", "api-offices", "api-colleagues",
)  # fmt: skip
# A form to begin with, or one that nobody typed into yet.
EMPTY = {"case-record", "draft-keep", "draft-drop", "identity-hide"}
# What the machine opens by itself on the way, beside the look: nothing of it is shown.
MACHINE = {"composed_with_names", "checked_for_leaks"}
# Control: these are among what is shown, so the walk does come in.
KNOWN = {
    "console": {"case-list", "case-detail", "case-timeline", "letter-detail", "api-cases-detail"},
    "portal": {"inbox", "package-detail", "package-attachment", "reply-edit"},
}
# Forms that come back where something is missing, and the noun of their row.
FORMS = {
    "console": {
        "case-assign": "Case",
        "case-give": "Case",
        "case-stop": "Case",
        "identity-ask": "Identity",
    },
    "portal": {"extension-ask": "Package"},
}


def ids(user: User) -> dict[str, str]:
    """One row of each noun that this person sees, of the world that was built."""
    found = {}
    for model in apps.get_app_config("cases").get_models():
        if not isinstance(model._meta.pk, models.UUIDField) or model is AuditEvent:
            continue
        rows = model._default_manager.all()
        seen = rows.visible_to(user) if hasattr(rows, "visible_to") else rows
        if pk := seen.values_list("pk", flat=True).first():
            found[model.__name__] = str(pk)
    return found


def asked(door: str, user: User, client: Client) -> Iterator[tuple[Route, str, datetime]]:
    """Each address that shows something, by the first id with which it does.

    Addresses that begin alike are of the same nouns, which are found with the first of them.
    Tried first are the nouns of the addresses before.
    """
    nouns: dict[str, list[str]] = {}
    every = ids(user)
    for route in routes(door):
        if route.name.startswith(APART) or route.name in EMPTY:
            continue
        cache.clear()  # the throttle of the API counts in it
        begins, row, _rest = route.pattern.partition("<")
        for noun in nouns.get(begins + row) or every if str(ANY) in route.path else [""]:
            path = route.path.replace(str(ANY), every.get(noun, ""))
            last = AuditEvent.objects.values_list("written_at", flat=True)[0]
            status = client.get(path).status_code
            if status == OK:
                nouns.setdefault(begins + row, []).append(noun)
                every = {noun: every[noun], **every} if noun else every
                yield route, path, last
            if status in (OK, POSTED_ONLY):
                break


@pytest.fixture
def who_writes(db):
    who = journey.cast()
    client = machine(who.focal)
    client.person = who.focal
    return journey.recorded(who), client


@pytest.fixture(params=["console", "portal"])
def at(request, settings):
    w = build(Canaries())
    settings.DOOR, settings.ROOT_URLCONF = request.param, f"reprisals.urls_{request.param}"
    client = Client(raise_request_exception=False)
    user = w.who.focal if request.param == "console" else w.own
    client.force_login(user)
    return request.param, user, client


def test_what_is_shown_is_written_down_once_or_not_shown(at, monkeypatch):
    door, user, client = at
    wrong, shown = {}, {}
    for route, path, last in asked(door, user, client):
        events = AuditEvent.objects.filter(written_at__gt=last, read=True, actor=user.pk)
        looks = [(e.verb, e.noun) for e in events if e.verb not in MACHINE]
        if len(looks) != 1:
            wrong[route.name] = looks
        shown[route.name] = path
    assert wrong == {}
    assert KNOWN[door] <= shown.keys()
    cache.clear()
    monkeypatch.setattr(AuditEvent.objects.__class__, "create", broken)
    answered = {name: client.get(path).status_code for name, path in shown.items()}
    assert {name: code for name, code in answered.items() if code != FAILED} == {}


def test_a_page_on_which_a_form_comes_back_is_written_down_too(at):
    """To post rubbish is no way to read without a trace."""
    door, user, client = at
    paths = {route.name: route.path for route in routes(door)}
    every = ids(user)
    for name, noun in FORMS[door].items():
        last = AuditEvent.objects.values_list("written_at", flat=True)[0]
        path = paths[name].replace(str(ANY), every[noun])
        assert client.post(path, {"reason": ""}).status_code == OK, name
        looks = AuditEvent.objects.filter(written_at__gt=last, actor=user.pk, read=True)
        assert looks.exists(), name


@pytest.mark.parametrize("way", ["sent twice", "an old version"])
def test_a_row_that_a_machine_is_given_instead_of_writing_is_a_look(who_writes, way):
    """Whoever sends what is there already, or saw another version, is told how it stands."""
    case, client = who_writes
    if way == "sent twice":
        words = {"id": str(case.pk), "office": str(case.office_id), "state": case.state_id}
        answer = client.post("/api/v1/cases/", words)
    else:
        headers = {"If-Match": '"99"'}
        answer = client.patch(f"/api/v1/cases/{case.pk}/", {"summary": "x"}, headers=headers)
    assert case.narrative in answer.content.decode()
    look = AuditEvent.objects.order_by("-written_at")[0]
    assert (look.verb, look.subject, look.actor) == ("read", str(case.pk), client.person.pk)


def broken(*_args, **_kwargs):
    raise DatabaseError
