"""What the leak matrix speaks of: the roads to data, the kinds of data, and who may meet which.

`docs/leak-matrix.md` is drawn from here: `python -m tests.promises.matrix`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.promises.routes import Route

# Kinds of data ----------------------------------------------------------------------------------


class Kind(NamedTuple):
    letter: str
    words: str
    places: tuple[str, ...]


KINDS = (
    Kind("I", "identity: a name, an address, a number of a person or a source", ("identity",)),
    Kind("X", "that the case exists: its id or its reference", ("existence",)),
    Kind("P", "the people of the case: the ids of their rows, never more", ("people",)),
    Kind("N", "the narrative, whole, a word of it or three words in a row", ("case: narrative",)),
    Kind(
        "W",
        "words of officers about what happened",
        (
            *("case: summary", "case: entry", "person: ", "source: ", "act: ", "cooperation: "),
            *("corroboration: ", "outcome: ", "action: ", "measure: ", "finding: "),
            "assessment: ",
        ),
    ),
    Kind(
        "Y",
        "why a colleague was assigned, or asked to see a name",
        ("assignment: ", "request: "),
    ),
    Kind(
        "H",
        "why somebody was let in or kept out, and why the case is held or offered",
        ("grant: ", "recusal: ", "hold: ", "transfer: ", "lock: "),
    ),
    Kind("C", "consent: conditions, how it was explained, who witnessed", ("consent: ",)),
    Kind("R", "risk: threat, vulnerability, capacity, what is done", ("risk: ",)),
    Kind("E", "evidence: descriptions and names of files", ("evidence: ",)),
    Kind("U", "a letter that was not sent", ("letter unsent",)),
    Kind("L", "the letter as it was sent", ("letter sent",)),
    Kind("A", "the answer of the State", ("reply",)),
    Kind("S", "names, addresses and offices of staff", ("staff: ",)),
    Kind("M", "names and addresses of the people of a mission", ("mission: ",)),
    Kind("T", "what its writer typed and did not save yet", ("typed work",)),
)


def kind_of(place: str) -> str:
    """The letter. Raises LookupError for a place that nobody said the kind of."""
    return next(_of(place))


def _of(place: str) -> Iterator[str]:
    yield from (kind.letter for kind in KINDS if place.startswith(kind.places))
    raise LookupError(place)


# Roads ------------------------------------------------------------------------------------------


class Road(NamedTuple):
    name: str
    words: str
    routes: tuple[str, ...]


ROADS = (
    Road("home", "the page of today, with its tallies", ("home",)),
    Road(
        "lists",
        "lists of cases, letters, requests, what falls due, with their facets and tabs",
        ("case-list", "letter-list", "identity-request-list", "retention-list"),
    ),
    Road("search", "what a search answers, by a word, a reference or a name", ("case-search",)),
    Road(
        "pages",
        "pages of a case, of its letters, replies and requests",
        (
            *("case-detail", "letter-detail", "letter-preview", "reply-read", "withdrawal"),
            *("transfer-answer", "identity-request", "disposal-decide"),
        ),
    ),
    Road("timeline", "what happened on a case", ("case-timeline",)),
    Road("audit", "who did and saw what, of a case and of the house", ("case-audit", "audit-list")),
    Road(
        "forms",
        "forms, with what stands in their fields and can be chosen in them",
        (
            *("case-record", "record-step", "case-file", "case-edit", "part-", "identity-keep"),
            *("case-move", "case-conclude", "case-stop", "case-lift-stop", "case-protect"),
            *("case-unprotect", "source-told", "case-give", "case-assign", "assignment-end"),
            *("case-show", "case-unshow", "case-step-back", "case-conflict", "recusal-end"),
            *("case-transfer", "transfer-withdraw", "containment-", "corroborate"),
            *("corroborate-unsay", "case-hold"),
            *("hold-lift", "case-dispose", "identity-ask", "identity-break-glass"),
            *("identity-request-withdraw", "identity-request-end", "evidence-attach"),
            *("letter-draft", "letter-edit", "letter-ask-clearance", "letter-clear"),
            *("letter-send-back", "letter-conditions", "letter-discard", "letter-transmit"),
            *("signatory-answer", "extension-decide", "reply-assess", "draft-"),
        ),
    ),
    Road(
        "files",
        "downloads: bytes, names and headers",
        (
            *("evidence-attachment", "evidence-clean-copy", "package-attachment"),
            "reply-attachment",
        ),
    ),
    Road(
        "names",
        "what is pressed to see a name",
        ("identity-reveal", "identity-hide", "letter-names"),
    ),
    Road("people", "offices, members, locks and ties", ("office-", "invitation-", "membership-",
         "lock-", "person-ties")),
    Road(
        "account",
        "log-in, proof, sessions, tokens, one's own page; errors and what never was",
        ("account_", "accounts-", "mfa_", "set_language", "healthz", "reference-"),
    ),
    Road("admin", "the reference data", ("admin:", "/admin/")),
    Road("API lists", "each list, narrowed and searched", ()),
    Road("API rows", "each row and what hangs on it, its history and audit", ()),
    Road(
        "API choices",
        "who and what can be chosen; the schema",
        (
            *("api-states-", "api-mechanisms-", "api-vocabularies-", "api-offices-"),
            "api-colleagues-",
            *("api-me", "api-schema"),
        ),
    ),
)  # fmt: skip
GOES_ON = frozenset("-_:/")
PORTAL = Road("portal", "each page of the portal", ())


def _is(name: str, said: str) -> bool:
    """What ends as a word goes on stands for all that begin so."""
    return name.startswith(said) if said[-1] in GOES_ON else name == said


def road_of(route: Route) -> str:
    """Raises LookupError for a route that nobody said the road of."""
    return next(_roads(route))


def _roads(route: Route) -> Iterator[str]:
    for road in ROADS:
        if any(_is(route.name, name) for name in road.routes):
            yield road.name
    if route.name.startswith("api-"):
        yield "API lists" if route.name.endswith("-list") else "API rows"
    raise LookupError(route.name)


# Who meets what -----------------------------------------------------------------------------------

TABLE: dict[str, dict[str, str]] = {
    "owner": {
        "home": "SX",
        "lists": "SX",
        "search": "X",
        "pages": "ACELNPRSUWXY",
        "timeline": "SX",
        "audit": "SX",
        "forms": "AELPRSTUWXY",
        "files": "ALX",
        "names": "CEINPRSWXY",
        "account": "S",
        "API lists": "ACEPRWXY",
        "API rows": "ACELNPRUWXY",
        "API choices": "S",
    },
    "reviewer": {
        "home": "SX",
        "lists": "SX",
        "search": "SX",
        "pages": "ACELNPRSUWXY",
        "timeline": "SX",
        "audit": "SX",
        "forms": "AEHLNPRSUWXY",
        "files": "ALX",
        "names": "X",
        "people": "HSX",
        "account": "S",
        "API lists": "ACEHPRWXY",
        "API rows": "ACEHLNPRUWXY",
        "API choices": "S",
    },
    "colleague of the desk": {
        "home": "S",
        "lists": "SX",
        "search": "SX",
        "pages": "ACELNPRSUWXY",
        "timeline": "SX",
        "audit": "SX",
        "forms": "AELNPRSUWXY",
        "files": "ALX",
        "names": "X",
        "account": "S",
        "API lists": "ACEPRWXY",
        "API rows": "ACELNPRUWXY",
        "API choices": "S",
    },
    "mechanism officer": {
        "home": "SX",
        "lists": "SX",
        "search": "SX",
        "pages": "ACELNPRSUWXY",
        "timeline": "SX",
        "forms": "AELNPRSUWX",
        "files": "ALX",
        "names": "X",
        "account": "S",
        "API lists": "ACEPRWXY",
        "API rows": "ACELNPRUWXY",
        "API choices": "S",
    },
    "mandate holder": {
        "home": "SX",
        "lists": "SX",
        "search": "SX",
        "pages": "ACELNRSUWXY",
        "timeline": "SX",
        "forms": "X",
        "files": "ALX",
        "names": "X",
        "account": "S",
        "API lists": "ACEPRWXY",
        "API rows": "ACELNPRUWXY",
        "API choices": "S",
    },
    "guest": {
        "lists": "SX",
        "search": "SX",
        "pages": "ACELNRSUWXY",
        "timeline": "SX",
        "forms": "X",
        "files": "ALX",
        "names": "X",
        "API lists": "ACEPRWXY",
        "API rows": "ACELNPRUWXY",
        "API choices": "S",
    },
    "guest whose time is over": {"API choices": "S"},
    "guest shown no more": {"API choices": "S"},
    "colleague who stepped back": {
        "home": "S",
        "forms": "S",
        "people": "HS",
        "account": "S",
        "API lists": "H",
        "API rows": "H",
        "API choices": "S",
    },
    "desk to which it is offered": {
        "home": "S",
        "pages": "HS",
        "forms": "S",
        "people": "S",
        "account": "S",
        "API lists": "H",
        "API rows": "H",
        "API choices": "S",
    },
    "reviewer of another desk": {"API choices": "S"},
    "custodian": {
        "home": "SX",
        "lists": "SX",
        "pages": "SXY",
        "account": "S",
        "API lists": "XY",
        "API rows": "XY",
        "API choices": "S",
    },
    "analyst": {"account": "S", "API choices": "S"},
    "editor": {"account": "S", "API choices": "S"},
    "auditor": {"audit": "PSX", "account": "S", "API choices": "S"},
    "administrator": {
        "people": "HMS",
        "account": "S",
        "API lists": "H",
        "API rows": "H",
        "API choices": "S",
    },
    "nobody signed in": {},
    "mission that got the letter": {"portal": "ALX"},
    "another mission": {},
}
FOOT = ""
# The page ---------------------------------------------------------------------------------------

PAGE = Path(__file__).parents[2] / "docs/leak-matrix.md"
HEAD = """# Who meets what on which road

One case of one desk, with a planted word in every place where something can be written. Each
address of console, API and portal is asked as each of these people; what of the case is found in
the answer, in its body, headers, cookies and files, and in whatever dress, is a letter here.
A dot: nothing. `tests/promises/test_leak_matrix.py` walks all of it and fails when an answer
tells more or less than this page, or when an address, a place or a kind of row is not known to it.

This page is drawn from `tests/promises/matrix.py`: change what is expected there, then run
`python -m tests.promises.matrix`.
"""


def page() -> str:
    kinds = "\n".join(f"| {kind.letter} | {kind.words} |" for kind in KINDS)
    roads = "\n".join(f"| {road.name} | {road.words} |" for road in (*ROADS, PORTAL))
    names = [road.name for road in (*ROADS, PORTAL)]
    rows = "\n".join(
        f"| {who} | {' | '.join(TABLE[who].get(road, '·') for road in names)} |" for who in TABLE
    )
    return f"""{HEAD}
## Kinds of data

| | |
|---|---|
{kinds}

## Roads

| road | what is asked |
|---|---|
{roads}

## The case, met by

| who | {" | ".join(names)} |
|---|{"---|" * len(names)}
{rows}

{FOOT}"""


if __name__ == "__main__":
    PAGE.write_text(page())
