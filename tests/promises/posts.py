"""Every form of console and portal: who sends it, of which row, and what they type.

What a page gives is not typed again: `filled` reads it from the form that the page was drawn with.
"""

import datetime as dt
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any, NamedTuple

from django import forms
from django.utils import timezone

from accounts.models import Role
from accounts.services import invite
from cases.console.parts.nouns import NOUNS
from cases.forms import DayField
from cases.services.cases import protect
from tests.factories import member, mission_of
from tests.factories.journey import office_of, recorded
from tests.samples import pdf, upload
from tests.services.world import build

W = SimpleNamespace


class Post(NamedTuple):
    """`by` names somebody of the world, `of` the row of the address, both by their names there."""

    by: str
    of: str = ""
    typed: Callable[[W], dict[str, Any]] = lambda _w: {}
    named: Callable[[W], dict[str, Any]] = lambda _w: {}


def later(days: int = 30) -> str:
    return (timezone.localdate() + dt.timedelta(days=days)).isoformat()


def cell(w: W) -> dict[str, Any]:
    return {"element": w.element.pk, "source": w.source.pk}


STEPS = ("scope", "people", "acts", "cooperation", "sources", "elements", "evidence", "consent",
         "risk", "texts")  # fmt: skip
ROWS = {
    "person": "person", "act": "act", "cooperation": "cooperation", "source": "source",
    "element": "element", "evidence": "evidence", "risk": "risk", "outcome": "outcome",
    "measure": "measure", "action": "action",
}  # fmt: skip


def _named(part: str, value: str, _w: W) -> dict[str, Any]:
    return {part: value}


def steps() -> list[Post]:
    return [Post("focal", "case", named=partial(_named, "step", step)) for step in STEPS]


def adding() -> list[Post]:
    return [Post("focal", "case", least(noun), partial(_named, "noun", noun)) for noun in NOUNS]


def least(noun: str) -> Callable[[W], dict[str, Any]]:
    """What none of its fields requires, and one of them all the same."""
    return lambda _w: {"kind": "NV"} if noun == "action" else {}


def changing() -> list[Post]:
    return [of_a_part(noun, row) for noun, row in ROWS.items()]


def of_a_part(noun: str, row: str) -> Post:
    return Post("focal", row, named=lambda _w: {"noun": noun})


def deciding(_w: W) -> dict[str, Any]:
    return {"decision": "grant", "answer": "Agreed."}


CONSOLE: dict[str, list[Post]] = {
    "case-search": [Post("focal", typed=lambda w: {"q": "detention", "people": ""})],
    "case-record": [Post("focal", typed=lambda w: {"state": "XAA"})],
    "record-step": steps(),
    "case-file": [Post("focal", "case")],
    "case-edit": [Post("focal", "case", lambda w: {"summary": "Anew."})],
    "part-add": adding(),
    "part-edit": changing(),
    "part-remove": changing(),
    "identity-keep": [
        of_a_part(noun, noun)._replace(typed=lambda _w: {"name": "Wren"})
        for noun in ("person", "source")
    ],
    "case-move": [Post("focal", "filed", named=lambda w: {"move": "triage"})],
    "case-conclude": [Post("reviewer", "verifying", lambda w: {"conclusion": "UNV"})],
    "case-stop": [Post("focal", "case")],
    "case-lift-stop": [Post("reviewer", "stopped")],
    "case-protect": [Post("focal", "case")],
    "case-unprotect": [Post("focal", "protected")],
    "source-told": [Post("focal", "case")],
    "case-give": [Post("focal", "case")],
    "case-assign": [Post("focal", "case", lambda w: {"user": w.mandate.pk, "office": ""})],
    "assignment-end": [Post("focal", "assignment")],
    "case-show": [Post("reviewer", "case", lambda w: {"to": w.guest.pk})],
    "case-unshow": [Post("reviewer", "case", named=lambda w: {"guest": w.shown_to.pk})],
    "case-step-back": [Post("focal", "case")],
    "case-conflict": [Post("reviewer", "case")],
    "recusal-end": [Post("reviewer", "recusal")],
    "case-transfer": [Post("reviewer", "filed", lambda w: {"to": office_of(w.receiver).pk})],
    "transfer-answer": [Post("receiver", "transfer", lambda w: {"answer": "accept"})],
    "transfer-withdraw": [Post("reviewer", "transfer")],
    "containment-close": [Post("focal", "containment")],
    "containment-give": [Post("focal", "containment")],
    "identity-ask": [Post("reviewer", "unnamed")],
    "identity-break-glass": [Post("reviewer", "unnamed")],
    "corroborate": [Post("focal", "case", named=cell)],
    "corroborate-unsay": [Post("focal", "case", named=cell)],
    "evidence-attach": [Post("focal", "evidence")],
    "letter-draft": [Post("mechanism", "decided")],
    "letter-edit": [Post("mechanism", "draft", lambda w: {"subject": "Anew"})],
    "letter-ask-clearance": [Post("mechanism", "draft")],
    "letter-clear": [Post("reviewer", "asked", lambda w: {"digest": w.digest})],
    "letter-send-back": [Post("reviewer", "asked")],
    "letter-conditions": [
        Post(
            "focal",
            "conditioned",
            lambda w: {"digest": w.condition_digest},
            lambda w: {"entry": w.condition.pk},
        )
    ],
    "letter-discard": [Post("mechanism", "draft")],
    "letter-transmit": [Post("mechanism", "cleared", lambda w: {"digest": w.cleared_digest})],
    "signatory-answer": [Post("mandate", "signatory", lambda w: {"answer": "decline"})],
    "extension-decide": [Post("reviewer", "extension", deciding)],
    "reply-assess": [Post("focal", "reply")],
    "lock-set": [Post("reviewer", typed=lambda w: {"person": w.recused.pk, "office": ""})],
    "lock-detail": [Post("admin", "lock")],
    "person-ties": [Post("admin", "guest", lambda w: {"nationalities": ["XAA"]})],
    "case-hold": [Post("reviewer", "case")],
    "hold-lift": [Post("second", "hold")],
    "case-dispose": [Post("reviewer", "over")],
    "disposal-decide": [Post("second", "disposal", lambda w: {"answer": "approve"})],
    "identity-request": [Post("custodian", "waiting")],
    "identity-request-withdraw": [Post("reviewer", "waiting")],
    "identity-request-end": [Post("custodian", "approved")],
    "office-invite": [
        Post(
            "admin",
            "case.office",
            lambda w: {"email": "new@example.org", "role": "reviewer", "language": "en"},
        )
    ],
    "invitation-resend": [Post("admin", "invited")],
    "invitation-withdraw": [Post("admin", "invited")],
    "membership-end": [Post("admin", "membership")],
    "accounts-me": [Post("focal", typed=lambda w: {"name": "Somebody else"})],
    "accounts-token-create": [Post("focal", typed=lambda w: {"days": "7"})],
}


# What asks nothing, or changes nothing but what is on the screen.
READ = {
    "home", "case-list", "case-detail", "case-timeline", "case-audit", "audit-list", "withdrawal",
    "letter-list", "letter-detail", "reply-read", "evidence-attachment", "evidence-clean-copy",
    "package-attachment", "reply-attachment", "lock-list", "retention-list", "office-list",
    "office-detail", "identity-request-list", "identity-hide", "healthz", "set_language",
    "history", "inbox", "package-detail", "reply-detail",
}  # fmt: skip
# Whatever is typed is kept for its writer, and let go: nobody else reads it, no row changes.
TYPED = {"draft-keep", "draft-drop", "letter-preview"}
# Writes nothing but the look, in a commit of its own: tests/promises/test_names_open_to_few.py.
LOOKS = {"identity-reveal", "letter-names"}
# No field but proofs and secrets of one's own: tests/accounts/.
OF_AN_ACCOUNT = ("account_", "mfa_", "accounts-invitation", "accounts-passkey", "accounts-second",
                 "accounts-session", "accounts-token-revoke")  # fmt: skip


def adding_a_file(w: W) -> dict[str, Any]:
    file = {"file": upload(pdf(deterministic_id=True), "more.pdf"), "kind": "original"}
    return file | {"version": w.typed.version, "language": "en", "text": "We reply."}


PORTAL: dict[str, list[Post]] = {
    "package-acknowledge": [Post("mission", "unasked")],
    "extension-ask": [Post("mission", "unasked", lambda w: {"until": later(90), "reason": "Time"})],
    "reply-start": [Post("mission", "unasked")],
    "reply-edit": [Post("mission", "typed", lambda w: {"text": "Anew."})],
    "reply-attach": [Post("mission", "typed", adding_a_file)],
    "reply-submit": [
        Post(
            "mission",
            "typed",
            lambda w: {"version": w.typed.version, "authorised": "on", "final": "on"},
        )
    ],
    "reply-detach": [Post("mission", "file")],
    "office-invite": [
        Post(
            "head",
            "mission_office",
            lambda w: {"email": "new@example.org", "role": "mission_user", "language": "fr"},
        )
    ],
    "invitation-resend": [Post("head", "invited_there")],
    "invitation-withdraw": [Post("head", "invited_there")],
    "membership-end": [Post("head", "membership_there")],
    "accounts-me": [Post("mission", typed=lambda w: {"name": "Somebody else"})],
}


def world() -> W:
    w: Any = build()
    w.admin, w.head = member(role=Role.ADMINISTRATOR), member(mission_of(), Role.MISSION_HEAD)
    w.protected = protect(recorded(w), on=True, by=w.focal)
    to = {"email": "invited@example.org", "language": "en"}
    w.invited, _token = invite(office=w.case.office, role=Role.REVIEWER, by=w.admin, **to)
    w.mission_office = there = office_of(w.mission)
    w.membership, w.membership_there = w.recused.memberships.get(), w.mission.memberships.get()
    w.unnamed = w.decided.persons.get().identity
    w.invited_there, _token = invite(office=there, role=Role.MISSION_USER, by=w.head, **to)
    return w


def filled(page: Any) -> dict[str, Any]:
    """The form of this page as a browser would send it, the least that it needs typed in."""
    form = (page.context or {}).get("form")
    if form is None:
        return {}
    return {
        form.add_prefix(name): value
        for name, field in form.fields.items()
        if (value := _value(form[name].value(), field)) not in (None, "", []) and value is not False
    }


def _value(held: Any, field: Any) -> Any:
    several = isinstance(field, (forms.MultipleChoiceField, forms.ModelMultipleChoiceField))
    if several and held:  # a browser has no box for what is not offered
        return [one for one in held if str(one) in {str(value) for value, _label in field.choices}]
    if held not in (None, "", []) or not field.required:
        return "on" if held is True else held
    if isinstance(field, forms.FileField):
        return upload(pdf(deterministic_id=True), "a.pdf")
    if isinstance(field, forms.BooleanField):
        return "on"
    if choices := getattr(field, "choices", None):
        first = next(str(value) for value, _label in choices if value not in ("", None))
        return [first] if several else first
    return later() if isinstance(field, DayField) else "Words"
