"""A name is shown in one answer and nowhere else: no address, session, cache or title holds it."""

from datetime import timedelta

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import AuthedRequest
from accounts.second_factor import second_factor_asked
from cases.console.asking import Ask, Question
from cases.console.case.finding import case_of, identity_of, on, page_of
from cases.console.case.page import Shown
from cases.console.case.pages import PAGE, whole_page
from cases.forms import Form, PlainTextField
from cases.models import Identity, IdentityRequest
from cases.policy import May
from cases.services import identities, identity_requests
from cases.vocabulary import OpeningPurpose

SHOWN_FOR = timedelta(minutes=15)

ASK = Question(
    May.VIEW_CASE,
    gettext_lazy("Ask to see this name"),
    gettext_lazy(
        "The identity custodian of the office that holds the case reads what you write, and lets "
        "you see this one name for a time, or says why not. You and the custodians are told; "
        "nobody else can decide."
    ),
    gettext_lazy("Ask the custodian"),
    gettext_lazy("Asked. You are told when the custodian has decided."),
    section="people",
)
GLASS = Question(
    May.BREAK_GLASS,
    gettext_lazy("Is a life in danger now?"),
    gettext_lazy(
        "You may then see this one name at once, for an hour, without approval. The custodians "
        "and reviewers of the office are told at once, and one of them reviews it afterwards. "
        "It stays on record."
    ),
    gettext_lazy("Open it now"),
    gettext_lazy("You may see this name for an hour. The custodians and reviewers are told."),
    stop=True,
    section="people",
)


class AskForm(Form):
    purpose = forms.ChoiceField(
        label=gettext_lazy("What do you need the name for?"),
        choices=[(one.value, one.label) for one in OpeningPurpose.of_people()],
        widget=forms.RadioSelect,
    )
    motive = PlainTextField(
        label=gettext_lazy("Why do you need it?"),
        help_text=gettext_lazy(
            "The custodian does not see the case: say what is to be done and why it takes the "
            "name. Name nobody."
        ),
        rows=4,
        max_length=2000,
    )


class GlassForm(Form):
    motive = PlainTextField(
        label=gettext_lazy("What is the danger, and what will you do?"),
        help_text=gettext_lazy("Name nobody. Whoever reviews it reads this."),
        rows=4,
        max_length=2000,
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy("A life is in danger now, and I cannot wait for the custodian."),
    )


@second_factor_asked
@on(identity_of, "POST", looked=False)
def identity_reveal(request: AuthedRequest, identity: Identity) -> HttpResponse:
    """The page of the case with this one name in it. The script's clock takes it away again."""
    live = IdentityRequest.objects.in_force().filter(asked_by=request.user, identity=identity)
    by_request = live.order_by("-expires_at").first()
    purpose = by_request.purpose if by_request else OpeningPurpose.WORK
    content = identities.reveal(identity, by=request.user, purpose=purpose)
    until = timezone.now() + SHOWN_FOR
    if by_request and by_request.expires_at:
        until = min(until, by_request.expires_at)
    shown = Shown(identity.pk, identity.subject.code, content, until)
    return _with_name(request, identity, shown)


def _with_name(request: AuthedRequest, identity: Identity, shown: Shown) -> HttpResponse:
    case = case_of(request, identity.subject.case_id)
    response = render(request, PAGE, whole_page(case, request.user, shown))
    response.headers["Cache-Control"] = "no-store, private"
    return response


@on(identity_of, "POST")
def identity_hide(request: AuthedRequest, identity: Identity) -> HttpResponse:
    """Back to the page as everybody sees it."""
    return redirect(page_of(identity, "people" if identity.person_id else "sources"))


@on(identity_of, "GET", "HEAD", "POST")
def identity_ask(request: AuthedRequest, identity: Identity) -> HttpResponse:
    return Ask(
        request,
        identity.subject.case,
        ASK,
        act=lambda said: identity_requests.ask_identity(identity, by=request.user, **said),
        form=AskForm,
        facts=[(_("Whose name"), identity.subject.code)],
    ).answer()


@second_factor_asked
@on(identity_of, "GET", "HEAD", "POST")
def identity_break_glass(request: AuthedRequest, identity: Identity) -> HttpResponse:
    return Ask(
        request,
        identity.subject.case,
        GLASS,
        act=lambda said: identity_requests.break_glass(identity, by=request.user, **said),
        form=GlassForm,
        facts=[(_("Whose name"), identity.subject.code)],
    ).answer()
