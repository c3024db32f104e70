"""What a person would type into the form of each noun, and what each form must not take."""

import datetime as dt

from django.utils import timezone

from cases.console.parts.nouns import NOUNS

SCRIPTS = "وصفه شاهد · 沈某作证 · Свидетель · <script>alert(1)</script> & “quoted”"
TOO_LONG = "x" * 20_001
FUTURE = (timezone.localdate() + dt.timedelta(days=3)).isoformat()


def typed(noun, case):
    """A good answer to each noun's form; the links are to rows of the case."""
    person, source = case.persons.first(), case.sources.first()
    return {
        "person": {"kind": "individual", "sex": "W", "age": "AD", "roles": ["HRD", "LAW"]},
        "act": {"kind": "LIB-DET", "precision": "day", "attribution": "ALLEGED"},
        "cooperation": {"kind": "SIDE", "actor": "HRC", "tense": "PAST"},
        "source": {"kind": "MED", "connection": "RELAY", "reliability": "C"},
        "evidence": {"kind": "PHOTO", "received_on": "2026-09-20"},
        "element": {"kind": "harm", "statement": "[V-1] allegedly lost her licence."},
        "consent": {
            "person": person.pk,
            "scope": "STN",
            "status": "GRANTED",
            "given_on": "2026-10-01",
        },
        "risk": {
            "person": person.pk,
            "level": "3",
            "assessed_on": timezone.localdate().isoformat(),
            "valid_until": FUTURE,
        },
        "outcome": {"person": person.pk, "kind": "DET", "as_of": "2026-10-01"},
        "measure": {"kind": "INV-O"},
        "action": {"kind": "CALL"},
    }[noun] | ({"source": source.pk} if noun == "evidence" else {})


# noun, what is typed instead, the field at which it is said, the words.
BAD = [
    ("person", {"size": "4"}, "size", "An individual has no number of people."),
    ("person", {"size": "-4", "kind": "group"}, "size", "greater than or equal to 0"),
    ("person", {"size": "99999999999", "kind": "group"}, "size", "less than or equal to"),
    ("person", {"age": ""}, "age", "Choose one; if it is not known, choose that."),
    ("person", {"kind": "ghost"}, "kind", "Select a valid choice"),
    ("person", {"roles": ["HRD", "NOPE"]}, "roles", "Choose one of the list."),
    ("person", {"sex": "'; DROP TABLE"}, "sex", "Choose one of the list."),
    ("person", {"description": TOO_LONG}, "description", "Too long by 1 character"),
    ("person", {"name": "x" * 201}, "name", "Too long by 1 character"),
    ("act", {"kind": ""}, "kind", "Choose one."),
    ("act", {"kind": "LIB"}, "kind", "Choose one of the list."),
    ("act", {"started_on": "2026-02-30"}, "started_on", "30 February 2026 does not exist."),
    ("act", {"started_on": "3/11/2026"}, "started_on", "Write the day like 3 Nov 2026."),
    ("act", {"started_on": FUTURE}, "started_on", "This day is still to come."),
    (
        "act",
        {"started_on": "2026-09-03", "ended_on": "2 Sep 2026"},
        "ended_on",
        "before the day on which it began",
    ),
    ("act", {"perpetrators": ["S-XXX"]}, "perpetrators", "Choose one of the list."),
    ("act", {"persons": ["not an id"]}, "persons", "not a valid"),
    ("cooperation", {"actor": ""}, "actor", "Choose one."),
    ("cooperation", {"nexus": "N1"}, "basis", "Say what the link rests on."),
    ("cooperation", {"mechanism": "SP-NONE"}, "mechanism", "Select a valid choice"),
    (
        "cooperation",
        {"started_on": "2026-05-02", "ended_on": "2026-05-01"},
        "ended_on",
        "before the day on which it began",
    ),
    ("source", {"connection": "HEARSAY"}, "connection", "Choose one of the list."),
    ("evidence", {"received_on": "0000-00-00"}, "received_on", "Write the day like"),
    ("evidence", {"received_on": ""}, "received_on", "Give a date."),
    ("element", {"statement": ""}, "statement", "Fill this in."),
    ("element", {"statement": "x" * 4001}, "statement", "Too long by 1 character"),
    ("element", {"kind": "rumour"}, "kind", "Select a valid choice"),
    ("consent", {"person": ""}, "person", "Choose one."),
    ("consent", {"given_on": FUTURE}, "given_on", "This day is still to come."),
    ("consent", {"status": "CONDITIONS"}, "conditions", "Write the conditions."),
    ("consent", {"withheld": ["secrets"]}, "withheld", "Select a valid choice"),
    (
        "consent",
        {"status": "REFUSED", "withheld": ["name"]},
        "withheld",
        "Only for an answer that allows something.",
    ),
    (
        "consent",
        {"scope": "STW", "withheld": ["name"]},
        "withheld",
        "record the use without name instead",
    ),
    ("consent", {"expires_on": "2026-09-30"}, "expires_on", "before the day of the answer"),
    ("risk", {"person": ""}, "person", "Choose a person, or a source."),
    ("risk", {"valid_until": "2026-01-01"}, "valid_until", "before the day of the assessment"),
    ("risk", {"valid_until": ""}, "valid_until", "Give a date."),
    ("risk", {"level": "5"}, "level", "Choose one of the list."),
    ("outcome", {"as_of": FUTURE}, "as_of", "This day is still to come."),
    ("outcome", {"kind": ""}, "kind", "Choose one."),
    ("measure", {"kind": "WAR"}, "kind", "Choose one of the list."),
    ("measure", {"taken_on": "31 Nov 2025"}, "taken_on", "31 November 2025 does not exist."),
    ("action", {"kind": ""}, "kind", "Choose a response, or a protective action."),
    ("action", {"protection": "SHEL"}, "protection", "record the other one apart"),
    ("action", {"done_on": FUTURE}, "done_on", "This day is still to come."),
]

# Which text of each noun takes any script.
TEXTS = {
    "person": "description",
    "act": "description",
    "cooperation": "description",
    "source": "description",
    "evidence": "description",
    "element": "statement",
    "consent": "conditions",
    "risk": "threat",
    "outcome": "note",
    "measure": "description",
    "action": "description",
}
CHANGED = {name: field for name, field in TEXTS.items() if NOUNS[name].edit}
