"""What says, warns, asks and tells: gates, timeline, notes, cards, files, two versions."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms import BaseForm
from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from cases.templatetags.versions import compared

register = Library()

GATE_ORDER = ("shut", "soon", "wait", "open")
GATE_SIGNS = {
    "shut": ("stop", _("Blocks:")),
    "soon": ("alert", _("Soon:")),
    "wait": ("clock", _("Waiting:")),
    "open": ("check", _("Open:")),
}


def _of(item: Any, name: str) -> Any:
    """An attribute or a key: views may hand over rows, named tuples or dictionaries."""
    return item.get(name, "") if isinstance(item, Mapping) else getattr(item, name, "")


@register.inclusion_tag("_parts/gates.html")
def gates(items: Iterable[Any], page: str = "") -> dict[str, Any]:
    """`{% gates gates case.get_absolute_url %}`: every condition at once, shut ones first.

    Each has `state` (shut, soon, wait, open), `title`, `reason`, and the one thing to do: `url`
    with `action`, or `section`, the part of `page` where it is done.
    """
    rows = [_gate(item, page) for item in items]
    return {"gates": sorted(rows, key=lambda row: GATE_ORDER.index(row["state"]))}


def _gate(item: Any, page: str) -> dict[str, Any]:
    state, section = str(_of(item, "state")), _of(item, "section")
    sign, word = GATE_SIGNS[state]
    return {
        "state": state,
        "icon": sign,
        "word": word,
        "title": _of(item, "title"),
        "reason": _of(item, "reason"),
        "url": _of(item, "url") or (f"{page}#{section}" if section else ""),
        "action": _of(item, "action") or _("Go there"),
    }


@register.inclusion_tag("_parts/shut_button.html")
def shut_button(label: str, why: str, kind: str = "primary") -> dict[str, Any]:
    """`{% shut_button "Transmit" "Consent of V-2 is missing." %}`: reachable, and says why."""
    id = f"why-{slugify(label, allow_unicode=True)}"
    return {"label": label, "why": why, "kind": kind, "id": id}


@register.inclusion_tag("_parts/post_button.html", takes_context=True)
def post_button(
    context: Context, url: str, label: str, kind: str = "secondary", icon: str = "", **fields: Any
) -> dict[str, Any]:
    """`{% post_button url "Take it on" "primary" icon="check" version=case.version %}`.

    A form of one button; further keywords travel as hidden fields. Kinds: primary, secondary,
    quiet, stop.
    """
    token = context.get("csrf_token")
    return {
        "url": url,
        "label": label,
        "kind": kind,
        "icon": icon,
        "fields": fields,
        "csrf_token": token,
    }


@register.inclusion_tag("_parts/timeline.html")
def timeline(events: Iterable[Any]) -> dict[str, Any]:
    """`{% timeline events %}`: newest first as given.

    Each has `at`, `text`, and maybe `by`, `url`, `kind`: "out" (it left the house) or "stop".
    """
    return {"events": events}


@register.inclusion_tag("_parts/empty_state.html")
def empty_state(
    title: str, text: str = "", url: str = "", action: str = "", icon: str = "search"
) -> dict[str, Any]:
    """`{% empty_state "No case matches" "No case fits…" url "Remove that filter" %}`.

    Says what was looked for and the nearest way out. Never a hint at what one may not see.
    """
    return {"title": title, "text": text, "url": url, "action": action, "icon": icon}


@register.simple_block_tag
def note(content: SafeString, kind: str = "", title: str = "") -> str:
    """`{% note "warn" title="Look first." %}…{% endnote %}`: kind is "", warn, bad or accent."""
    return render_to_string("_parts/note.html", {"body": content, "kind": kind, "title": title})


@register.simple_block_tag
def card(
    content: SafeString,
    title: str,
    id: str = "",
    *,
    count: Any = None,
    url: str = "",
    action: str = "",
    icon: str = "pencil",
    flush: bool = False,
    foot: str = "",
) -> str:
    """`{% card "People" "people" count=2 url=add_url action="Add person" %}…{% endcard %}`.

    `flush` for tables and lists that go from edge to edge; `foot` is a quiet sentence below.
    """
    return render_to_string(
        "_parts/card.html",
        {
            "body": content,
            "title": title,
            "id": id or slugify(title) or "card",
            "count": count,
            "url": url,
            "action": action,
            "icon": icon,
            "flush": flush,
            "foot": foot,
        },
    )


@register.inclusion_tag("_parts/toast.html")
def toast(message: Any) -> dict[str, Any]:
    """`{% toast message %}`: one message of django.contrib.messages; the frame draws them all."""
    bad = _of(message, "level_tag") in ("error", "warning")
    return {"message": message, "bad": bad}


@register.inclusion_tag("_parts/file_row.html")
def file_row(
    name: str, detail: str = "", url: str = "", *, mark_kind: str = "", mark_label: str = ""
) -> dict[str, Any]:
    """`{% file_row f.name "2 pages" f.url mark_kind="good" mark_label="Clean, sealed" %}`."""
    return {
        "name": name,
        "detail": detail,
        "url": url,
        "mark_kind": mark_kind,
        "mark_label": mark_label,
    }


@register.inclusion_tag("_parts/diff.html")
def diff(
    theirs: Mapping[str, Any], yours: Mapping[str, Any], base: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """`{% diff theirs yours %}`: what two people wrote, field by field, words marked.

    Each maps a label to a text. Fields that do not differ are left out. With `base`, the text
    both began with, what somebody took out is marked too.
    """
    return {"rows": compared(theirs, yours, base)}


@register.inclusion_tag("_parts/confirmation.html", takes_context=True)
def confirmation(
    context: Context,
    title: str,
    text: str,
    verb: str,
    back_url: str,
    *,
    url: str = "",
    facts: Iterable[tuple[str, Any]] = (),
    form: BaseForm | None = None,
    draft_url: str = "",
    stop: bool = False,
) -> dict[str, Any]:
    """`{% confirmation title text "Transmit" back_url facts=pairs form=form %}`.

    Says what happens, to whom, until when it can be undone; the button repeats the verb. Posts to
    `url`, or to the page itself. What is typed into the form is kept at `draft_url`.
    """
    return {
        "title": title,
        "text": text,
        "verb": verb,
        "back_url": back_url,
        "url": url,
        "facts": facts,
        "form": form,
        "draft_url": draft_url,
        "kind": "stop" if stop else "primary",
        "csrf_token": context.get("csrf_token"),
    }
