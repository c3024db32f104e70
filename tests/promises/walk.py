"""Each address of a door, with the rows of one desk in it; and what is met there."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import product
from types import SimpleNamespace
from typing import Any

from django.core.cache import cache
from django.db.models import Model, Q
from django.test import Client
from django.urls import resolve

from accounts.models import Invitation, Membership, User
from cases import models
from cases.console.parts.nouns import NOUNS
from cases.console.parts.steps import STEPS
from tests.factories.accounts import prove
from tests.promises.canaries import smell
from tests.promises.crawl import everything
from tests.promises.matrix import PORTAL, kind_of, road_of
from tests.promises.routes import ANY, STAND_INS, Route, routes
from tests.promises.world import address_of

CREATED, FOUND, FAILED = 201, 302, frozenset({429, 500, 503})
LONG_AGO = 3600.0
# Where what is sought stands, and how it is asked for.
SOUGHT: dict[str, dict[str, str]] = {
    "act: place": {},
    "case: narrative": {},
    "case: narrative, from word 0": {},
    "existence: reference": {},
    "identity of person: name": {"people": "on"},
}
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
NAMES = re.compile(r"<(?:\w+:)?(\w+)>")
OF_A_LETTER = ("communication__case",)
# Which rows stand in an address that begins so, and the way from them to their case.
ROWS: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "cases": (models.Case, ("pk",)),
    "persons": (models.Person, ("case",)),
    "acts": (models.Act, ("case",)),
    "cooperations": (models.Cooperation, ("case",)),
    "sources": (models.Source, ("case",)),
    "evidence": (models.Evidence, ("case",)),
    "evidence/attachments": (models.EvidenceAttachment, ("evidence__case",)),
    "elements": (models.Element, ("case",)),
    "corroborations": (models.Corroboration, ("element__case",)),
    "consents": (models.Consent, ("case",)),
    "containments": (models.Containment, ("case",)),
    "risks": (models.RiskAssessment, ("case",)),
    "actions": (models.Action, ("case",)),
    "measures": (models.Measure, ("case",)),
    "outcomes": (models.Outcome, ("case",)),
    "assignments": (models.Assignment, ("case",)),
    "recusals": (models.Recusal, ("case",)),
    "transfers": (models.Transfer, ("case",)),
    "holds": (models.Hold, ("case",)),
    "disposals": (models.Disposal, ("case",)),
    "identities": (models.Identity, ("person__case", "source__case")),
    "identity-requests": (models.IdentityRequest, ("case",)),
    "deadlines": (models.Deadline, ("case",)),
    "letters": (models.Communication, ("case",)),
    "signatories": (models.Signatory, OF_A_LETTER),
    "packages": (models.Package, OF_A_LETTER),
    "letters/files": (models.PackageAttachment, ("package__communication__case",)),
    "extensions": (models.Extension, ("package__communication__case",)),
    "replies": (models.Reply, ("package__communication__case",)),
    "replies/files": (models.ReplyAttachment, ("reply__package__communication__case",)),
}
OF_MODEL = {model: name for name, (model, _ways) in ROWS.items()}
# The same rows under another word: in the API, and at the portal.
ALSO = {
    "evidence-attachments": "evidence/attachments",
    "communications": "letters",
    "package-attachments": "letters/files",
    "reply-attachments": "replies/files",
    "offers": "transfers",
}
AT_THE_PORTAL = {
    "letters": "packages",
    "letters/attachments": "letters/files",
    "replies/attachments": "replies/files",
}


def rows_of(w: SimpleNamespace) -> dict[str, list[str]]:
    """Of each noun the first and the last row of the case of this desk."""
    found = {name: _ends(model, ways, w.case) for name, (model, ways) in ROWS.items()}
    members = Membership.objects.filter(office=w.office)
    invited = Invitation.objects.filter(office=w.office)
    lock = models.Lock.objects.get(user__memberships__office=w.office)
    return {
        **found,
        **{also: found[name] for also, name in ALSO.items()},
        "offices": [str(w.office.pk)],
        "offices/memberships": [str(members[0].pk)],
        "offices/invitations": [str(invited[0].pk)],
        "locks": [str(lock.pk)],
        "ties": [str(models.Tie.objects.get(user=lock.user_id).pk)],
        "people": [str(w.who.focal.pk)],
        "colleagues": [str(w.who.focal.pk)],
        "states": [w.state],
        "mechanisms": ["SP-HRD"],
        "vocabularies": ["V-ACT"],
    }


def _ends(model: type[Model], ways: tuple[str, ...], case: Model) -> list[str]:
    mine = Q()
    for way in ways:
        mine |= Q(**{way: case.pk})
    pks = [str(pk) for pk in model._default_manager.filter(mine).values_list("pk", flat=True)]
    assert pks, model
    return list(dict.fromkeys([pks[0], pks[-1]]))


def rows_at_the_portal(w: SimpleNamespace) -> dict[str, list[str]]:
    rows, place = rows_of(w), w.who.mission.memberships.get()
    return {
        **rows,
        **{also: rows[name] for also, name in AT_THE_PORTAL.items()},
        "offices": [str(place.office_id)],
        "offices/memberships": [str(place.pk)],
    }


def paths(route: Route, rows: Mapping[str, list[str]]) -> list[list[str]]:
    """The addresses of a route: for each noun that it is of, by the first and by the last row."""
    names = NAMES.findall(route.pattern)
    if not names or route.pattern.startswith(("/admin/", "/accounts/")):
        return [[route.path]]
    begins = route.pattern.split("<")[0].strip("/").removeprefix("api/v1/")
    if begins == "parts":
        of = [({"noun": slug}, rows[OF_MODEL[noun.model]]) for slug, noun in NOUNS.items()]
    else:
        more = {name: words for name, words in _words(rows).items() if name in names}
        of = [
            (dict(zip(more, said, strict=True)), rows[begins]) for said in product(*more.values())
        ]
    return [[_filled(route.pattern, words, pk) for pk in pks] for words, pks in of]


def _words(rows: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What can stand in an address beside the row that it is of."""
    return {
        "noun": list(NOUNS),
        "step": [step.slug for step in STEPS],
        "move": [STAND_INS["move"]],
        "element": rows["elements"][:1],
        "source": rows["sources"][:1],
        "guest": rows["people"],
        "entry": rows["consents"][:1],
    }


def _filled(pattern: str, words: Mapping[str, str], pk: str) -> str:
    return NAMES.sub(lambda name: words.get(name[1], pk), pattern)


def takes_only_changes(path: str) -> bool:
    """An address of the API without GET: it answers 405 before it looks for any row."""
    actions = getattr(resolve(path).func, "actions", None)
    return actions is not None and "get" not in actions


# What is met --------------------------------------------------------------------------------------

OK = 200
ODD = dict.fromkeys(("fields", "expand", "ordering", "search"), "*")


def _names(own: str, word: str) -> bool:
    """Whether this is what the reader is called: it stands on each of their pages."""
    return word in own or address_of(word) in own


class Walker:
    """One person at one door, who looks for the words of one desk."""

    def __init__(self, user: User | None, sought: Mapping[str, str]) -> None:
        own = f"{user.name} {user.email}" if user else ""
        self.user = user
        self.sought = {place: word for place, word in sought.items() if not _names(own, word)}
        self.met: dict[str, set[str]] = defaultdict(set)  # of a road: the places
        self.failed: list[str] = []
        self.client = Client(raise_request_exception=False)
        if user:
            self.client.force_login(user)

    def at_another_door(self) -> "Walker":
        """The same person, as that door knows them; what they met stays with them."""
        there = Walker(self.user, self.sought)
        there.met, there.failed = self.met, self.failed
        return there

    def asks(self, road: str, path: str, method: str = "get", **more: Any) -> Any:
        """Everything that comes, but the ids that were asked with."""
        cache.clear()  # throttles count in it
        answer = getattr(self.client, method)(path, **more)
        came = everything(answer)
        for asked in IDS.findall(f"{path} {more}"):
            came = came.replace(asked.encode(), b"")
        self.met[road] |= smell(came, self.sought)
        if answer.status_code in FAILED and not path.startswith("/healthz"):
            self.failed.append(f"{answer.status_code} {path}")
        return answer

    def walks(
        self,
        door: str,
        rows: Mapping[str, list[str]],
        only: Collection[str] = (),
        but: Collection[str] = (),
    ) -> "Walker":
        """Each address by GET, by the first row of each noun; where that is shown, by the last."""
        for route in routes(door):
            if route.name in but or (only and route.name not in only):
                continue
            road = PORTAL.name if door == "portal" else road_of(route)
            for found in paths(route, rows):
                if not takes_only_changes(found[0]):
                    self._walks_along(road, route, found)
            if road == "audit":  # beside the newest rows, what was done to the case
                done = {"what": "did", "case": rows["cases"][0]}
                self.asks(road, paths(route, rows)[0][0], data=done)
        return self

    def _walks_along(self, road: str, route: Route, found: list[str]) -> None:
        first, *rest = found
        if self.asks(road, first).status_code == OK:
            for path in rest:
                self.asks(road, path)
        if route.name.endswith("-list"):
            self.asks(road, first, data=ODD)

    def kinds(self) -> dict[str, str]:
        """Of each road on which something was met, its kinds as letters."""
        found = {
            road: "".join(sorted({kind_of(place) for place in places}))
            for road, places in self.met.items()
        }
        return {road: letters for road, letters in found.items() if letters}

    # What is asked by POST and shows something ---------------------------------------------------

    def searches(self) -> None:
        """By a word of a text, three of the narrative, a reference and a name."""
        for place, people in SOUGHT.items():
            words, sought = self.sought[place], self.sought
            self.sought = {key: word for key, word in sought.items() if word != words}
            posted = self.asks("search", "/cases/search/", "post", data={"q": words, **people})
            onward = getattr(posted, "url", "")
            if onward.startswith("/cases/?"):
                self.asks("search", onward)
            made = self._posts(
                "search", "/api/v1/cases/search/", {"words": words, "people": bool(people)}
            )
            if made.status_code == CREATED:
                self.asks("search", "/api/v1/cases/", data={"search": made.json()["search"]})
            self.sought = sought

    def opens_names(self, rows: Mapping[str, list[str]]) -> None:
        """Presses what shows a name: on the page, in a letter, in the API."""
        for pk in rows["identities"]:
            self.asks("names", f"/identities/{pk}/reveal/", "post", data={"purpose": "contact"})
        for pk in rows["letters"]:
            self.asks("names", f"/letters/{pk}/names/", "post")
        for noun in ("persons", "sources"):
            for pk in rows[noun]:
                self._posts("names", f"/api/v1/{noun}/{pk}/reveal/", {"purpose": "contact"})

    def errs(self, rows: Mapping[str, list[str]]) -> None:
        """What never was; and what asks first whether it is still they."""
        for path in ("/no-such-page/", f"/cases/{ANY}/", f"/api/v1/cases/{ANY}/"):
            self.asks("account", path)
        if self.user:
            prove(self.client, self.user, ago=LONG_AGO)
            for pk in rows["identities"]:
                stale = self.asks("account", f"/identities/{pk}/reveal/", "post")
                if stale.status_code == FOUND:
                    self.asks("account", stale.url)
            prove(self.client, self.user)

    def _posts(self, road: str, path: str, data: dict[str, Any]) -> Any:
        return self.asks(road, path, "post", data=data, content_type="application/json")
