"""Small signs: icon, status, deadline, severity, person, mark, tag."""

from datetime import datetime
from typing import Any

from django.template import Context, Library
from django.utils.translation import gettext_lazy as _

from cases import custody
from cases.models.attachment import Scan
from cases.templatetags.words import term
from cases.vocabulary import Stage

register = Library()

# A ring is new, a disc is worked on, a half disc waits for others, a diamond is done.
KIND_OF_STAGE = {
    Stage.INTAKE: "new",
    Stage.TRIAGE: "new",
    Stage.AWAIT: "wait",
    Stage.REPORT: "done",
    Stage.MONITOR: "wait",
    Stage.CLOSE: "done",
}
SEVERITIES = {1: _("Low"), 2: _("Medium"), 3: _("High"), 4: _("Critical")}
ICON_OF_DEADLINE = {"overdue": "alert", "paused": "pause", "met": "check"}
ICON_OF_MARK = {"good": "check", "warn": "alert", "bad": "stop", "none": "dash"}
KIND_OF_SCAN = {Scan.NONE: "warn", Scan.CLEAN: "good", Scan.INFECTED: "bad"}
ICON_OF_PERSON = {"group": "people", "organisation": "people"}


@register.inclusion_tag("_parts/icon.html")
def icon(name: str, extra: str = "") -> dict[str, str]:
    """`{% icon "exit" "r-flip" %}`: always beside a word. `r-flip` mirrors arrows in Arabic."""
    return {"name": name, "extra": extra}


@register.inclusion_tag("_parts/status.html")
def status(kind: str, label: str) -> dict[str, str]:
    """`{% status "wait" "Awaiting reply" %}`: kind is new, work, wait, stop, done or draft."""
    return {"kind": kind, "label": label}


@register.inclusion_tag("_parts/status.html")
def case_status(case: Any) -> dict[str, Any]:
    """`{% case_status case %}`: the stage in words; a stop goes before every stage."""
    if getattr(case, "stopped_at", None):
        return {"kind": "stop", "label": _("Stopped")}
    kind = KIND_OF_STAGE.get(case.stage, "work")
    return {"kind": kind, "label": term(case.stage, "V-STAGE-CASE")}


@register.inclusion_tag("_parts/deadline.html")
def deadline(due: Any) -> dict[str, Any]:
    """`{% deadline d %}`: d has `state` (due, soon, overdue, paused, met), `due_at` and `label`.

    Relative words first, the date second. Nothing due draws nothing.
    """
    state = getattr(due, "state", "")
    return {"due": due, "icon_name": ICON_OF_DEADLINE.get(state, "clock")}


@register.inclusion_tag("_parts/severity.html")
def severity(level: int | None) -> dict[str, Any]:
    """`{% severity case.severity %}`: 1 to 4, bars and a word."""
    return {"level": level, "label": SEVERITIES.get(level or 0, "")}


@register.inclusion_tag("_parts/mark.html")
def mark(kind: str, label: str) -> dict[str, str]:
    """`{% mark "good" "Corroborated" %}`: kind is good, warn, bad or none."""
    return {"kind": kind, "label": label, "icon_name": ICON_OF_MARK[kind]}


@register.inclusion_tag("_parts/mark.html")
def scan_mark(file: Any) -> dict[str, Any]:
    """`{% scan_mark file %}`: what the virus scanner said of a file that came in, or did not."""
    if custody.waiting(file):
        return {"kind": "warn", "icon_name": "clock", "label": _("Waiting for the virus scanner")}
    kind = KIND_OF_SCAN[file.scan]
    return {"kind": kind, "icon_name": ICON_OF_MARK[kind], "label": Scan(file.scan).label}


@register.inclusion_tag("_parts/tag.html")
def tag(label: str, icon: str = "") -> dict[str, str]:
    """`{% tag "OP4 (a)" %}`, `{% tag "Strictly confidential" "lock" %}`: a quiet label."""
    return {"label": label, "icon_name": icon}


@register.inclusion_tag("_parts/tag.html")
def sealed() -> dict[str, Any]:
    """`{% sealed %}`: beside a text that never leaves the house."""
    return {"label": _("Never leaves"), "icon_name": "lock"}


@register.inclusion_tag("_parts/person.html", takes_context=True)
def person(
    context: Context,
    who: Any,
    url: str = "",
    *,
    name: str | None = None,
    hide_at: datetime | None = None,
    hide_url: str = "",
    asked_at: datetime | None = None,
    verb: str = "",
    detail: str = "",
) -> dict[str, Any]:
    """`{% person p reveal_url name=shown.name hide_at=shown.until %}`: masked unless told.

    `who` has `code`, and `kind` where it is known. `url` is where the name is asked for (POST);
    without it there is no button. `name` is shown until `hide_at`; `hide_url` hides it at once.
    `asked_at`: waiting for the custodian. `verb` stands on the button, `detail` behind it.
    """
    return {
        "who": who,
        "url": url,
        "name": name,
        "hide_at": hide_at,
        "hide_url": hide_url,
        "asked_at": asked_at,
        "verb": verb or _("Show name"),
        "detail": detail,
        "icon_name": ICON_OF_PERSON.get(getattr(who, "kind", ""), "lock"),
        "csrf_token": context.get("csrf_token"),
    }
