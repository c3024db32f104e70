"""In whose hands a case is: its owner, other offices and people, guests."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import AuthedRequest
from accounts.models import User
from accounts.second_factor import second_factor_asked_to_act
from cases.console.asking import Ask, Question
from cases.console.case.finding import assignment_of, case_of, on
from cases.console.case.forms import AssignForm, GiveForm, ShowForm
from cases.models import Assignment, Case
from cases.models.access import guests_of
from cases.policy import May
from cases.services import assignments

GIVE = Question(
    May.ASSIGN_CASE,
    gettext_lazy("Give the case to another officer?"),
    gettext_lazy(
        "The new owner answers for the case and may see names in it. Whoever owned it before "
        "still sees the case with the office, but no names."
    ),
    gettext_lazy("Give the case"),
    gettext_lazy("The case has a new owner."),
)
ASSIGN = Question(
    May.ASSIGN_CASE,
    gettext_lazy("Assign the case"),
    gettext_lazy(
        "Another office, or one person, then works on the case beside its own office, with the "
        "roles they have. A mission never does."
    ),
    gettext_lazy("Assign"),
    gettext_lazy("The case is assigned."),
)
END = Question(
    May.ASSIGN_CASE,
    gettext_lazy("End this assignment?"),
    gettext_lazy("It gives no access from now on. That it was there stays on record."),
    gettext_lazy("End the assignment"),
    gettext_lazy("The assignment has ended."),
    stop=True,
)
SHOW = Question(
    May.SHARE_CASE,
    gettext_lazy("Show the case to a guest"),
    gettext_lazy(
        "A guest from outside the offices of the case may look at it and do nothing. No name is "
        "shown to them, save where a person allowed it in a letter. To show it again to the same "
        "person replaces the reason and the end."
    ),
    gettext_lazy("Show the case"),
    gettext_lazy("The guest can look at the case now."),
)


@second_factor_asked_to_act
@on(case_of, "GET", "HEAD", "POST")
def case_give(request: AuthedRequest, case: Case) -> HttpResponse:
    return Ask(
        request,
        case,
        GIVE,
        act=lambda said: assignments.give_case(case, by=request.user, **said),
        form=partial(GiveForm, case=case, by=request.user),
        facts=[(_("Owner now"), case.owner or _("nobody"))],
    ).answer()


@second_factor_asked_to_act
@on(case_of, "GET", "HEAD", "POST")
def case_assign(request: AuthedRequest, case: Case) -> HttpResponse:
    return Ask(
        request,
        case,
        ASSIGN,
        act=lambda said: assignments.assign_case(case, by=request.user, **_with_end(said)),
        form=partial(AssignForm, case=case, by=request.user),
    ).answer()


@second_factor_asked_to_act
@on(assignment_of, "GET", "HEAD", "POST")
def assignment_end(request: AuthedRequest, assignment: Assignment) -> HttpResponse:
    return Ask(
        request,
        assignment.case,
        END,
        act=lambda _said: assignments.end_assignment(assignment, by=request.user),
        facts=[
            (_("Assigned to"), assignment.office or assignment.user),
            (_("Duty"), assignment.get_duty_display()),
            (_("Reason"), assignment.reason),
        ],
    ).answer()


@second_factor_asked_to_act
@on(case_of, "GET", "HEAD", "POST")
def case_show(request: AuthedRequest, case: Case) -> HttpResponse:
    """Who may look already, and the form that lets one more look."""
    return Ask(
        request,
        case,
        SHOW,
        act=lambda said: assignments.show_case(case, by=request.user, **_with_end(said)),
        form=partial(ShowForm, case=case),
        more={"guests": guests_of(case)},
    ).answer()


def _with_end(said: dict[str, Any]) -> dict[str, Any]:
    """The form asks "until"; what is kept is the moment at which it expires."""
    return {"expires_at": said["until"], **{k: v for k, v in said.items() if k != "until"}}


@second_factor_asked_to_act
@on(case_of, "POST")
def case_unshow(request: AuthedRequest, case: Case, guest: UUID) -> HttpResponse:
    guests = User.objects.filter(pk__in=guests_of(case).values("user"))
    assignments.end_showing(case, to=get_object_or_404(guests, pk=guest), by=request.user)
    messages.success(request, _("The guest no longer sees the case."))
    return redirect("case-show", case.pk)
