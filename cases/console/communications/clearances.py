"""Before a letter leaves: mandates endorse it, a second person clears it, or it is put aside."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from accounts.second_factor import second_factor_asked_to_act
from cases.console.communications.finding import get_letter, on, page_of, signatory_of
from cases.console.communications.forms import ConditionsForm
from cases.console.communications.page import LetterPage
from cases.console.editing import FormPage
from cases.lifecycles import LetterStatus
from cases.models import Communication, Consent, Fulfilment, Signatory
from cases.models.term import listed
from cases.policy import May, require
from cases.refusals import Refused
from cases.services import communications, fulfilments
from cases.vocabulary import DataClass

ANSWERS = {"endorse": True, "decline": False}


@second_factor_asked_to_act
@on(signatory_of, "POST")
def signatory_answer(request: AuthedRequest, signatory: Signatory) -> HttpResponse:
    """A holder of the mandate endorses the text they saw, named by its digest, or declines."""
    endorse = ANSWERS.get(request.POST.get("answer", ""))
    if endorse is None:
        raise Refused(_("Choose whether the mandate signs."))
    communications.answer_for_mandate(
        signatory, by=request.user, endorse=endorse, digest=request.POST.get("digest", "")
    )
    said = _("Endorsed. Any change of the text ends it.") if endorse else _("Declined.")
    messages.success(request, said)
    return redirect(page_of(signatory))


@on(get_letter, "POST")
def letter_ask_clearance(request: AuthedRequest, letter: Communication) -> HttpResponse:
    communications.ask_clearance(letter, by=request.user)
    messages.success(request, _("Clearance is asked. The reviewers of the office are told."))
    return redirect(page_of(letter))


@second_factor_asked_to_act
@on(get_letter, "POST")
def letter_clear(request: AuthedRequest, letter: Communication) -> HttpResponse:
    digest = request.POST.get("digest", "")
    communications.clear_letter(letter, by=request.user, digest=digest)
    messages.success(request, _("Cleared. Any change of the text ends it."))
    return redirect(page_of(letter))


@on(get_letter, "POST")
def letter_send_back(request: AuthedRequest, letter: Communication) -> HttpResponse:
    communications.send_back(letter, by=request.user)
    messages.success(request, _("Sent back. The drafter is told."))
    return redirect(page_of(letter))


@on(get_letter, "GET", "HEAD", "POST")
def letter_discard(request: AuthedRequest, letter: Communication) -> HttpResponse:
    """Asks once more: there is no way back from it."""
    require(request.user, May.DRAFT_LETTER, letter.case)
    if request.method == "POST":
        communications.discard_letter(letter, by=request.user)
        messages.success(request, _("Discarded. The text stays readable here."))
        return redirect(page_of(letter))
    if letter.status == LetterStatus.DISCARDED:
        return redirect(page_of(letter))
    context = {"page": LetterPage(letter, request.user)}
    return render(request, "console/communications/discard.html", context)


@on(get_letter, "GET", "HEAD", "POST")
def letter_conditions(request: AuthedRequest, letter: Communication, entry: UUID) -> HttpResponse:
    """Beside the text, what a person asked for: an officer says how this very text keeps to it."""
    require(request.user, May.SAY_CONDITIONS_MET, letter.case)
    asked = get_object_or_404(letter.case.consents.select_related("person"), pk=entry)
    return FormPage(
        request,
        "console/communications/conditions.html",
        form=lambda _row, **given: ConditionsForm(**given),
        save=lambda form: _said(request, letter, asked, form.cleaned_data["words"]),
        done=lambda _result: f"{page_of(letter)}#ready",
        said=_("It is written down how the letter keeps to it. Any change of the text ends it."),
        context=_beside(LetterPage(letter, request.user), asked),
    ).answer()


def _said(request: AuthedRequest, letter: Communication, asked: Consent, words: str) -> Fulfilment:
    digest = request.POST.get("digest", "")
    return fulfilments.say_conditions_met(
        letter, asked, by=request.user, digest=digest, words=words
    )


def _beside(page: LetterPage, asked: Consent) -> dict[str, object]:
    back = listed(str(DataClass(kind).label) for kind in asked.withheld)
    return {"page": page, "entry": asked, "back": back}
