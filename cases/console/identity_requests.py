"""Who asks to see a name: the custodian's list, one request and the decision on it."""

from collections.abc import Callable
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.http import AuthedRequest
from accounts.models import User
from accounts.second_factor import second_factor_asked
from cases import audit
from cases.console.editing import FormPage
from cases.forms import Form, PlainTextField
from cases.http import View, handed
from cases.lifecycles import RequestStatus
from cases.models import Case, IdentityRequest
from cases.models.identity_request import Period
from cases.policy import May, can_in_office, offices_where
from cases.services import identity_requests

ANSWERED = 50  # on one page of the list
SHOWN = 8  # on the home page
PEOPLE = ("asked_by", "agreed_by", "decided_by", "ended_by", "reviewed_by")


# What waits for somebody --------------------------------------------------------------------------


def visible(user: User) -> QuerySet[IdentityRequest]:
    rows = IdentityRequest.objects.visible_to(user)
    return rows.select_related("case__state", *PEOPLE)


def waiting_for(user: User) -> QuerySet[IdentityRequest]:
    """Requests to decide on and emergencies to review; never one's own. The oldest first."""
    decides = offices_where(user, May.DECIDE_IDENTITY)
    reviews = offices_where(user, May.REVIEW_EMERGENCY)
    owed = Q(status=RequestStatus.ASKED, case__office__in=decides) | Q(
        emergency=True, reviewed_at=None, case__office__in=reviews
    )
    others = visible(user).filter(owed).exclude(Q(asked_by=user) | Q(agreed_by=user))
    return others.order_by("-emergency", "asked_at")


@require_safe
def identity_request_list(request: AuthedRequest) -> HttpResponse:
    """What waits, then all that was asked, the last first: nothing of it is ever taken away."""
    waits = list(waiting_for(request.user))
    rest = visible(request.user).exclude(pk__in=[row.pk for row in waits])
    found = Paginator(rest, ANSWERED).get_page(request.GET.get("page"))
    ids = [row.pk for row in (*waits, *found)]
    audit.listed(IdentityRequest, by=request.user, number=len(ids), of=ids)
    context = {"waits": waits, "found": found, "newer": _page(found, -1), "older": _page(found, 1)}
    return render(request, "console/identity_requests/list.html", context)


def _page(found: Any, step: int) -> str:
    there = found.has_next() if step > 0 else found.has_previous()
    return f"?page={found.number + step}" if there else ""


# One request --------------------------------------------------------------------------------------


def _decisions() -> list[tuple[str, str]]:
    words = _("Let them see the name for %(time)s")
    return [
        *((code, words % {"time": label}) for code, label in Period.choices),
        ("refuse", _("Refuse")),
    ]


class DecideForm(Form):
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=_decisions, widget=forms.RadioSelect
    )
    reason = PlainTextField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The person who asked reads it. It stays on record."),
        rows=3,
        max_length=2000,
    )


def _for_counsel() -> list[tuple[str, str]]:
    agree = _("Agree that they see the name for %(time)s") % {"time": Period.HOUR.label}
    return [(Period.HOUR, agree), ("refuse", _("Refuse"))]


class CounselForm(DecideForm):
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        help_text=gettext_lazy("Two custodians have to agree. The second one opens it."),
        choices=_for_counsel,
        widget=forms.RadioSelect,
    )


class ReviewForm(Form):
    justified = forms.TypedChoiceField(
        label=gettext_lazy("Was it justified?"),
        choices=[
            ("yes", gettext_lazy("Justified: a life was in danger and nobody could be asked")),
            ("no", gettext_lazy("Not justified")),
        ],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    review = PlainTextField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The person reads it. It stays on record."),
        rows=3,
        max_length=2000,
    )


class RequestPage:
    """One request as one person sees it."""

    def __init__(self, row: IdentityRequest, user: User) -> None:
        self.row, self.user = row, user

    @property
    def mine(self) -> bool:
        return self.row.asked_by_id == self.user.pk

    def _another(self, may: May) -> bool:
        return not self.mine and can_in_office(self.user, may, self.row.case.office_id)

    @property
    def may_decide(self) -> bool:
        open_to_them = self.row.status == RequestStatus.ASKED and not self.agreed
        return open_to_them and self._another(May.DECIDE_IDENTITY)

    @property
    def agreed(self) -> bool:
        """They agreed, and wait for another custodian."""
        return self.row.agreed_by_id == self.user.pk

    @property
    def may_review(self) -> bool:
        return self.row.to_review and self._another(May.REVIEW_EMERGENCY)

    @property
    def may_end(self) -> bool:
        return self.row.in_force and (self.mine or self._another(May.DECIDE_IDENTITY))

    @property
    def may_withdraw(self) -> bool:
        return self.mine and self.row.status == RequestStatus.ASKED

    @cached_property
    def case_url(self) -> str:
        """For whoever sees the case; a custodian need not."""
        seen = Case.objects.visible_to(self.user).filter(pk=self.row.case_id).exists()
        return reverse("case-detail", args=[self.row.case_id]) if seen else ""

    @property
    def form(self) -> tuple[type[Form], Callable[[Any], Any], str | Promise] | None:
        """What this person is asked, and what comes of the answer."""
        if self.may_decide:
            decided = _("Decided. The person who asked is told.")
            if self.row.for_counsel and not self.row.agreed_at:
                decided = _("Written down. The name opens only when another custodian agrees too.")
            form = CounselForm if self.row.for_counsel else DecideForm
            return form, self._decide, decided
        if self.may_review:
            return ReviewForm, self._review, _("Reviewed. The person is told.")
        return None

    def _decide(self, form: Form) -> IdentityRequest:
        said, reason = form.cleaned_data["decision"], form.cleaned_data["reason"]
        if said == "refuse":
            return identity_requests.refuse_request(self.row, by=self.user, reason=reason)
        return identity_requests.approve_request(self.row, by=self.user, period=said, reason=reason)

    def _review(self, form: Form) -> IdentityRequest:
        return identity_requests.review_emergency(self.row, by=self.user, **form.cleaned_data)


def _request_of(request: AuthedRequest, pk: UUID) -> IdentityRequest:
    return get_object_or_404(visible(request.user), pk=pk)


def _page_of(row: IdentityRequest) -> str:
    return reverse("identity-request", args=[row.pk])


def _look(request: AuthedRequest, row: IdentityRequest) -> None:
    audit.read(row, by=request.user, case=row.case_id)


def on(*methods: str) -> Callable[[View], View]:
    return handed(_request_of, methods, _page_of, _look)


@on("GET", "HEAD", "POST")
def identity_request(request: AuthedRequest, row: IdentityRequest) -> HttpResponseBase:
    page = RequestPage(row, request.user)
    if page.form:
        return _asked(request, page)
    if request.method == "POST":
        messages.info(request, _("Nothing is left to decide here."))
        return redirect(_page_of(row))
    return render(request, "console/identity_requests/request.html", {"page": page})


@second_factor_asked
def _asked(request: AuthedRequest, page: RequestPage) -> HttpResponse:
    form, save, said = page.form or (Form, lambda _form: None, "")
    return FormPage(
        request,
        "console/identity_requests/request.html",
        form=lambda _row, **given: form(**given),
        save=save,
        done=lambda _row: reverse("identity-request-list"),
        said=str(said),
        context={"page": page},
    ).answer()


@on("POST")
def identity_request_withdraw(request: AuthedRequest, row: IdentityRequest) -> HttpResponse:
    identity_requests.withdraw_request(row, by=request.user)
    messages.success(request, _("Withdrawn."))
    return redirect(_page_of(row))


@on("POST")
def identity_request_end(request: AuthedRequest, row: IdentityRequest) -> HttpResponse:
    identity_requests.end_request(row, by=request.user)
    messages.success(request, _("Ended. The name is masked again."))
    return redirect(_page_of(row))


urlpatterns = [
    path("identity-requests/", identity_request_list, name="identity-request-list"),
    path("identity-requests/<uuid:pk>/", identity_request, name="identity-request"),
    path(
        "identity-requests/<uuid:pk>/withdraw/",
        identity_request_withdraw,
        name="identity-request-withdraw",
    ),
    path("identity-requests/<uuid:pk>/end/", identity_request_end, name="identity-request-end"),
]
