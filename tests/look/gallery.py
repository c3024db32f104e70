"""Every part once, with its states. Invented States and pseudonyms only."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.utils import timezone

from accounts.models import Role
from cases.forms import DayField, FileInput, Form, PlainTextField, Versioned

PAGES = Path(__file__).parent / "templates"
KINDS = [("individual", "Individual"), ("group", "Group"), ("organisation", "Organisation")]
REGION = [("1", "Region 2")]
KEPT: list[dict[str, Any]] = []
SENT: list[dict[str, Any]] = []

AGES = [("", "Choose"), ("U18", "Under 18"), ("A", "18–24"), ("B", "25–59")]
ROLES = [
    ("HRD", "Human rights defender"),
    ("LAW", "Lawyer or legal representative"),
    ("WIT", "Witness"),
    ("REL", "Relative"),
    ("JOU", "Journalist"),
]


class PersonForm(Versioned, Form):
    kind = forms.ChoiceField(
        label="What kind of person is this?",
        choices=[
            ("individual", "Individual"),
            ("group", "Group"),
            ("organisation", "Organisation"),
        ],
        widget=forms.RadioSelect,
    )
    name = PlainTextField(
        label="Name, as the person writes it",
        one_line=True,
        help_text="Goes into the vault. Never write it in another field.",
    )
    age = forms.ChoiceField(label="Age group", choices=AGES)
    roles = forms.MultipleChoiceField(
        label="Role", choices=ROLES, widget=forms.CheckboxSelectMultiple, required=False
    )
    since = DayField(label="Since")
    story = PlainTextField(
        label="What happened", required=False, help_text="Write “allegedly” about acts."
    )
    file = forms.FileField(label="A document", widget=FileInput(".pdf,.png"), required=False)
    safe = forms.BooleanField(label="The person can be reached safely")
    office = forms.ChoiceField(label="Office", choices=REGION, initial="1", disabled=True)

    field_order = ["kind", "name", "age", "roles", "since"]


class SecretForm(Form):
    code = PlainTextField(label="Six-digit code from your authenticator", one_line=True)


def _user() -> SimpleNamespace:
    places = [SimpleNamespace(role=Role.ADMINISTRATOR)] if settings.DOOR == "console" else []
    return SimpleNamespace(
        pk=None,
        name="Desk officer, Region 2",
        is_authenticated=True,
        memberships_now=places,
        offices_with=lambda roles: places,  # the fullest menu of an account
    )


def _things(**things: Any) -> SimpleNamespace:
    return SimpleNamespace(**things)


def _deadlines(now: datetime) -> list[SimpleNamespace]:
    told = [
        ("due", 9, "In 7 working days"),
        ("soon", 1, "Tomorrow"),
        ("overdue", -2, "2 days late"),
        ("paused", 4, "Paused 20 Nov"),
        ("met", -20, "Met 3 Nov"),
    ]
    return [
        _things(state=state, due_at=now + timedelta(days=days), label=label)
        for state, days, label in told
    ]


GATES = [
    {"state": "open", "title": "No stop flag", "reason": ""},
    {"state": "wait", "title": "Clearance", "reason": "Asked today, waiting for a second person."},
    {
        "state": "shut",
        "title": "Consent of V-2",
        "reason": "Not given for sending to the State.",
        "section": "people",
        "action": "Ask V-2 through the safe contact",
    },
    {"state": "soon", "title": "Risk assessment", "reason": "Ends on 25 Nov 2026.", "url": "#x"},
]


def _ways() -> dict[str, Any]:
    stages = ["Intake", "Triage", "Consent", "Risk", "Verify", "Decide", "Transmit", "Close"]
    state = ["done"] * 5 + ["current"] + [""] * 2
    return {
        "stages": [_things(label=n, state=s) for n, s in zip(stages, state, strict=True)],
        "steps": [
            _things(label="Scope", state="done", url="#"),
            _things(label="People", state="current", url="#"),
            _things(label="Acts", state="", url=""),
        ],
        "sections": [
            _things(id=i, label=label, count=count)
            for i, label, count in [
                ("signs", "Signs", ""),
                ("people", "People", 4),
                ("gates", "Gates", 4),
                ("lists", "Lists", 2),
                ("forms", "Forms", ""),
                ("messages", "Messages", ""),
                ("versions", "Two versions", ""),
            ]
        ],
        "tabs": [
            _things(label="Open", url="#", current=True, count=3),
            _things(label="Sent", url="#", current=False, count=None),
        ],
        "filters": [_things(label="State: Ardania (XAA)", url="#")],
        "options": [
            _things(value="DET", label="Detention", count=12, checked=True),
            _things(value="SUR", label="Surveillance", count=3, checked=False),
        ],
    }


def _form(request: HttpRequest) -> PersonForm:
    wrong = {"age": "", "since": "31 Nov 2026", "story": "V-1 was …", "kind": "group"}
    return PersonForm({**wrong, "version": "3"}) if "wrong" in request.GET else PersonForm()


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    now = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    seconds = int(request.GET.get("hide", "900"))
    people = {kind: _things(code=f"{kind[0].upper()}-1", kind=kind) for kind in ("victim", "group")}
    context = {
        "base": f"{settings.DOOR}/base.html",
        "user": _user(),
        "form": _form(request),
        "secret_form": SecretForm(),
        "deadlines": _deadlines(now),
        "gates": GATES,
        "person": people["victim"],
        "organisation": _things(code="O-1", kind="organisation"),
        "asked_at": now,
        "hide_at": timezone.now() + timedelta(seconds=seconds),
        "events": [
            _things(at=now, text="Text changed; two endorsements lapsed", by="you", kind=""),
            _things(at=now - timedelta(days=1), text="Letter transmitted", by="M-1", kind="out"),
            _things(at=now - timedelta(days=9), text="Stop flag set", by="", kind="stop", url="#"),
        ],
        "facts": [("People", "Person A, by alias"), ("Reply due", "22 Jan 2027"), ("Empty", "")],
        "messages": [
            Message(constants.SUCCESS, "Saved. V-2 was added."),
            Message(constants.ERROR, "Not sent: consent of V-2 is missing."),
        ],
        "theirs": {"Narrative": "V-1 was allegedly detained at the border post on 3 November."},
        "yours": {"Narrative": "V-1 was allegedly detained on 3 November and questioned."},
        **_ways(),
    }
    return HttpResponse(_page("gallery.html").render(context, request))


@login_not_required
def typed(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        SENT.append(request.POST.dict())
        return HttpResponse(status=204)
    context = {"base": f"{settings.DOOR}/base.html", "form": PersonForm()}
    return HttpResponse(_page("typed.html").render(context, request))


@login_not_required
def draft(request: HttpRequest) -> HttpResponse:
    KEPT.append(request.POST.dict())
    return HttpResponse(status=204)


def _page(name: str) -> Any:
    return engines["django"].from_string((PAGES / name).read_text())
