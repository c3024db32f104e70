"""The emergency brake, what whoever was locked had read, and letting in again."""

from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import AuthedRequest
from accounts.models import User
from accounts.second_factor import second_factor_asked, second_factor_asked_to_act
from cases import audit
from cases.console.editing import FormPage
from cases.console.event_words import NOUNS
from cases.console.people.finding import lock_of, locker
from cases.console.people.forms import LiftForm, LockForm
from cases.console.people.looks import held_of_late
from cases.models import AuditEvent, Case, Lock
from cases.paging import Column, Page, page_of
from cases.services import locks

SHOWN = 50
NEWEST = [Column("written_at", descending=True), Column("id", descending=True)]


@require_safe
def lock_list(request: AuthedRequest) -> HttpResponse:
    """Whose reading was held of late; locks in force, then those that were lifted."""
    user = locker(request)
    visible = Lock.objects.visible_to(user).select_related("user", "office", "locked_by")
    context = {
        "held": held_of_late(user),
        "locked": visible.in_force(),
        "lifted": visible.exclude(lifted_at=None)[:SHOWN],
    }
    return render(request, "console/people/locks.html", context)


@second_factor_asked
@require_http_methods(["GET", "HEAD", "POST"])
def lock_set(request: AuthedRequest) -> HttpResponse:
    user = locker(request)
    return FormPage(
        request,
        "console/people/lock_set.html",
        form=lambda _row, **given: LockForm(by=user, **_chosen(request, given)),
        save=lambda form: _lock(form.cleaned_data, user),
        done=lambda lock: reverse("lock-detail", args=[lock.pk]),
        said=_("Locked. Below is what was read."),
    ).answer()


def _chosen(request: AuthedRequest, given: dict[str, Any]) -> dict[str, Any]:
    """Whoever comes from the list of an office has chosen already."""
    first = {name: request.GET[name] for name in ("person", "office") if name in request.GET}
    return {**given, "initial": {**first, **given.get("initial", {})}}


def _lock(said: dict[str, Any], by: User) -> Lock:
    if said["person"]:
        return locks.lock_person(said["person"], by=by, reason=said["reason"])
    return locks.lock_office(said["office"], by=by, reason=said["reason"])


@second_factor_asked_to_act
@require_http_methods(["GET", "HEAD", "POST"])
def lock_detail(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What was read, newest first, and the form that lets in again."""
    lock = lock_of(request, pk)
    audit.read(lock, by=request.user)
    return FormPage(
        request,
        "console/people/lock.html",
        form=lambda _row, **given: LiftForm(**given),
        save=lambda form: locks.lift_lock(lock, by=request.user, **form.cleaned_data),
        done=lambda _lock: reverse("lock-list"),
        said=_("The lock is lifted."),
        context={"lock": lock, "reads": Reads(lock, request)},
    ).answer()


class Read(NamedTuple):
    """One look: a case is named only to those who may see it."""

    event: AuditEvent
    what: str
    case: Case | None
    actor: str


class Reads:
    """One page of what a lock's people looked at, for one reader."""

    def __init__(self, lock: Lock, request: AuthedRequest) -> None:
        self.user = request.user
        self.page: Page[AuditEvent] = page_of(
            locks.reads_of(lock),
            NEWEST,
            SHOWN,
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
        )

    @cached_property
    def cases(self) -> dict[UUID, Case]:
        ids = [event.case for event in self.page.rows if event.case]
        return {case.pk: case for case in Case.objects.visible_to(self.user).filter(pk__in=ids)}

    @cached_property
    def rows(self) -> list[Read]:
        ids = [event.actor for event in self.page.rows if event.actor]
        names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
        return [
            Read(
                event,
                str(NOUNS.get(event.noun, event.noun)),
                self.cases.get(event.case) if event.case else None,
                names.get(event.actor, "") if event.actor else "",
            )
            for event in self.page.rows
        ]
