"""Letters: beginning one, reading it, writing in it, looking at what would leave."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from accounts.models import User
from accounts.second_factor import second_factor_asked
from cases.console.communications.finding import get_letter, on, page_of
from cases.console.communications.forms import DecideForm, DraftForm, LetterForm
from cases.console.communications.page import LetterPage
from cases.console.editing import FormPage, typed_fields
from cases.console.http import get_case
from cases.gates import Gate
from cases.letters import Composed
from cases.models import Case, Communication, Mechanism
from cases.policy import May, require
from cases.refusals import Refused
from cases.services import communications, drafts, identities, mandates
from cases.services.communications import EDITABLE

LETTER = "console/communications/letter.html"


# Beginning ----------------------------------------------------------------------------------------


def letter_draft(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """First the mandate that leads, then one of the letters that it writes."""
    case = get_case(request, pk)
    require(request.user, May.DRAFT_LETTER, case)
    leads = mandates.leads_for(request.user)
    lead = _lead(request, leads)
    context = {"case": case, "leads": leads, "lead": lead}
    if lead is None:
        return render(request, "console/communications/draft.html", context)
    return _beginning(case, lead, request, context).answer()


def _lead(request: AuthedRequest, leads: mandates.Leads) -> Mechanism | None:
    """The one asked for, else the only or first one of one's own offices."""
    asked = request.GET.get("lead", "")
    return leads.find(asked) or (None if asked else next(iter(leads.own), None))


def _beginning(
    case: Case, lead: Mechanism, request: AuthedRequest, context: dict[str, Any]
) -> FormPage:
    rules = mandates.rules_of(lead)

    def form(_row: None, **given: Any) -> DraftForm:
        return DraftForm(rules=rules, **given)

    def save(form: DraftForm) -> Communication:
        typed = {name: value for name, value in form.cleaned_data.items() if name != "row"}
        return communications.draft_letter(
            case, by=request.user, lead=lead, id=form.cleaned_data["row"], **typed
        )

    return FormPage(
        request,
        "console/communications/draft.html",
        form,
        save,
        done=lambda letter: reverse("letter-edit", args=[letter.pk]),
        said=_("The letter is begun. Only the house sees it."),
        context=context,
    )


# Reading and writing ------------------------------------------------------------------------------


@on(get_letter, "GET", "HEAD")
def letter_detail(request: AuthedRequest, letter: Communication) -> HttpResponse:
    return letter_shown(request, letter)


@second_factor_asked
@on(get_letter, "POST")
def letter_names(request: AuthedRequest, letter: Communication) -> HttpResponse:
    """The page with the names that this person may see in it; the next page veils them again."""
    shown = identities.reveal_in_letter(communications.whole(letter), by=request.user)
    context = {"page": LetterPage(letter, request.user, shown=shown), "decide": DecideForm()}
    response = render(request, LETTER, context)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def letter_shown(
    request: AuthedRequest, letter: Communication, decide: DecideForm | None = None
) -> HttpResponse:
    context = {"page": LetterPage(letter, request.user), "decide": decide or DecideForm()}
    return render(request, LETTER, context)


@on(get_letter, "GET", "HEAD", "POST")
def letter_edit(request: AuthedRequest, letter: Communication) -> HttpResponse:
    """The editor beside what would leave. What has left is read, not written."""
    require(request.user, May.DRAFT_LETTER, letter.case)
    if letter.status not in EDITABLE:
        messages.info(request, _("This letter has left or was discarded; its text stays."))
        return redirect(page_of(letter))
    return _editor(letter, request).answer()


def _editor(letter: Communication, request: AuthedRequest) -> FormPage:
    page = LetterPage(letter, request.user)

    def form(row: Communication, **given: Any) -> LetterForm:
        whole = page.letter if row is letter else communications.whole(row)
        return LetterForm(letter=whole, **given)

    def save(form: LetterForm) -> Communication:
        return communications.edit_letter(letter, by=request.user, **form.changes())

    return FormPage(
        request,
        LETTER,
        form,
        save,
        done=lambda saved: reverse("letter-edit", args=[saved.pk]),
        row=letter,
        said=_("Saved."),
        context={"page": page, "editing": True},
    )


@on(get_letter, "POST")
def letter_preview(request: AuthedRequest, letter: Communication) -> HttpResponse:
    """What would leave if this were saved. Nothing is; what is typed waits for its writer."""
    require(request.user, May.DRAFT_LETTER, letter.case)
    path = reverse("letter-edit", args=[letter.pk])
    drafts.keep_typed_work(request.user.pk, path, typed_fields(request.POST))
    form = LetterForm(request.POST, letter=communications.whole(letter))
    found = _previewed(letter, form, by=request.user) if form.is_valid() else None
    page = LetterPage(letter, request.user, preview=found)
    kept = f"{reverse('draft-keep')}?{urlencode({'path': path})}"
    shown = {"editing": True, "unsaved": found is not None, "draft_url": kept}
    return render(request, LETTER, {"page": page, "form": form, **shown})


def _previewed(
    letter: Communication, form: LetterForm, *, by: User
) -> tuple[Composed, list[Gate]] | None:
    try:
        return communications.preview_letter(letter, by=by, **form.changes())
    except Refused as refused:
        form.add_error(None, list(refused.reasons))
    except ValidationError as error:
        form.add_error(None, error.messages)
    return None
