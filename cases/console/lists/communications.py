"""Letters of the cases one sees, by where they stand, with the next thing to do about each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthedRequest
from accounts.models import User
from cases import policy
from cases.console.http import saw
from cases.console.lists import listing
from cases.console.lists.duties import UNSENT, asked_of
from cases.console.lists.work import for_mandate
from cases.lifecycles import LetterStatus, ReplyStatus
from cases.models import Assignment, Case, Communication, Deadline, Extension, Reply
from cases.models.package import ExtensionDecision
from cases.paging import Column, page_of
from cases.policy import May

SIZE = 25
NEWEST = (Column("changed_at", True), Column("id"))
KINDS = {
    LetterStatus.DRAFT: "draft",
    LetterStatus.IN_CLEARANCE: "wait",
    LetterStatus.CLEARED: "work",
    LetterStatus.TRANSMITTED: "wait",
    LetterStatus.ANSWERED: "new",
    LetterStatus.ASSESSED: "done",
    LetterStatus.DISCARDED: "stop",
}
# Tabs in the order of a letter's life. Those with a number hold work; the others only grow.
TABS: dict[str, Q] = {
    "draft": Q(status=LetterStatus.DRAFT),
    "clearance": Q(status=LetterStatus.IN_CLEARANCE),
    "cleared": Q(status=LetterStatus.CLEARED),
    "awaiting": Q(status=LetterStatus.TRANSMITTED),
    "answered": Q(status=LetterStatus.ANSWERED),
    "assessed": Q(status=LetterStatus.ASSESSED),
    "discarded": Q(status=LetterStatus.DISCARDED),
    "all": Q(),
}
COUNTED = ("draft", "clearance", "cleared", "answered")


@dataclass(frozen=True)
class Tab:
    url: str
    label: str
    current: bool
    count: int | None


class Row(NamedTuple):
    letter: Communication
    case: Case
    url: str
    kind: str
    due: Deadline | None
    verb: str
    way: str


@require_safe
def letter_list(request: AuthedRequest) -> HttpResponse:
    letters, tabs = Communication.objects.visible_to(request.user), tabs_of(request.user)
    asked = request.GET.get("status", "all")
    here = asked if asked in tabs else "all"
    shown = _rows(letters.filter(tabs[here]), request.user)
    page = page_of(shown, NEWEST, SIZE, **listing.marks_of(request))
    saw(request, page.rows)
    context = {
        "rows": [row_of(letter, request.user) for letter in page.rows],
        "tabs": _tabs(request, letters, tabs, here),
        "filtered": here != "all",
        **listing.paged(request, page, tab_known=asked in tabs),
    }
    return render(request, "console/lists/letters.html", context)


def tabs_of(user: User) -> dict[str, Q]:
    """Whoever holds a mandate sees first what they are asked to endorse."""
    if not policy.offices_where(user, May.ENDORSE_LETTER):
        return TABS
    asked = asked_of(user).filter(communication=OuterRef("pk"))
    return {"endorse": Q(status__in=UNSENT) & Q(Exists(asked)), **TABS}


def _tabs(
    request: AuthedRequest, letters: QuerySet[Communication], tabs: Mapping[str, Q], here: str
) -> list[Tab]:
    counted = {
        name: Count("pk", filter=tabs[name]) for name in ("endorse", *COUNTED) if name in tabs
    }
    numbers = letters.order_by().filter(_any_of(tabs, counted)).aggregate(**counted)
    labels = _labels()
    return [
        Tab(listing.address(request, status=name), labels[name], name == here, numbers.get(name))
        for name in tabs
    ]


def _any_of(tabs: Mapping[str, Q], names: Mapping[str, object]) -> Q:
    found = Q(pk__in=[])
    for name in names:
        found |= tabs[name]
    return found


def _labels() -> dict[str, str]:
    return {
        "endorse": _("To endorse"),
        "draft": _("Drafts"),
        "clearance": _("In clearance"),
        "cleared": _("Cleared"),
        "awaiting": _("Awaiting reply"),
        "answered": _("Answered"),
        "assessed": _("Reply assessed"),
        "discarded": _("Discarded"),
        "all": _("All"),
    }


def _rows(letters: QuerySet[Communication], user: User) -> QuerySet[Communication]:
    """With all that a row shows, in a fixed number of queries; no text is opened."""
    in_force = Prefetch("case__assignments", Assignment.objects.in_force(), to_attr="in_force")
    running = Prefetch("deadlines", Deadline.objects.running(), to_attr="running")
    mine = Prefetch("signatories", asked_of(user).distinct(), to_attr="asked_of_me")
    replies = Reply.objects.filter(status=ReplyStatus.SUBMITTED).only("package", "edition")
    asked = Extension.objects.filter(decision=ExtensionDecision.ASKED).only("package")
    sealed = ("narrative", "summary", "entry", "stop_reason")
    return (
        letters.select_related("case__state", "lead", "package")
        .defer("subject", "body", "closing", "package__content", *(f"case__{n}" for n in sealed))
        .prefetch_related(
            "case__acts",
            "case__persons",
            in_force,
            running,
            mine,
            Prefetch("package__replies", replies.order_by("-edition"), to_attr="submitted"),
            Prefetch("package__extensions", asked, to_attr="asked_for_time"),
        )
    )


def row_of(letter: Any, user: User) -> Row:
    """Of a letter with what `_rows` put on it."""
    case = letter.case
    powers = policy.powers_of_viewer(user, case, case.in_force)
    url = reverse("letter-detail", args=[letter.pk])
    verb, way = _next(letter, powers)
    due = min(letter.running, key=lambda deadline: deadline.due_at, default=None)
    return Row(letter, case, url, KINDS[LetterStatus(letter.status)], due, verb, way or url)


def _next(letter: Any, powers: frozenset[May]) -> tuple[str, str]:
    """What this person can do about it now; the second is an address of its own, if any."""
    package = getattr(letter, "package", None)
    if letter.asked_of_me and May.ENDORSE_LETTER in powers and letter.status in UNSENT:
        return for_mandate(letter.asked_of_me)[1], ""
    if package and package.asked_for_time and May.DECIDE_EXTENSION in powers:
        return _("Decide on more time"), ""
    if package and package.submitted and letter.status == LetterStatus.ANSWERED:
        verb = _("Assess reply") if May.ASSESS_REPLY in powers else _("Read the reply")
        return verb, reverse("reply-read", args=[package.submitted[0].pk])
    needs = {
        LetterStatus.DRAFT: (May.DRAFT_LETTER, _("See what blocks it")),
        LetterStatus.IN_CLEARANCE: (May.CLEAR_LETTER, _("Clear the letter")),
        LetterStatus.CLEARED: (May.TRANSMIT_LETTER, _("Transmit")),
    }
    may, verb = needs.get(LetterStatus(letter.status), (None, ""))
    return (verb if may in powers else _("Read")), ""
