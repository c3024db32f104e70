"""Outward: sending a letter, its files, and the answer to a mission that asks for time."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from accounts.second_factor import second_factor_asked, second_factor_asked_to_act
from cases import clocks
from cases.console.communications.communications import letter_shown
from cases.console.communications.finding import (
    extension_of,
    get_letter,
    on,
    package_file_of,
    page_of,
)
from cases.console.communications.forms import DecideForm
from cases.console.communications.page import LetterPage
from cases.http import streamed
from cases.models import Communication, Extension, PackageAttachment
from cases.policy import May, require
from cases.refusals import Refused, Stale
from cases.services import packages, transmission


@on(get_letter, "GET", "HEAD", "POST")
def letter_transmit(request: AuthedRequest, letter: Communication) -> HttpResponseBase:
    """Says what will happen and asks; then it has happened, once."""
    require(request.user, May.TRANSMIT_LETTER, letter.case)
    if letter.transmitted_at:
        messages.info(request, _("This letter was transmitted already. Nothing was sent twice."))
        return redirect(page_of(letter))
    return _outward(request, letter)


@second_factor_asked
def _outward(request: AuthedRequest, letter: Communication) -> HttpResponse:
    if request.method != "POST":
        return _confirm(request, letter)
    digest = request.POST.get("digest", "")
    package = transmission.transmit(letter, by=request.user, digest=digest)
    said = _("Transmitted as %(code)s. The mission is told that something waits.")
    messages.success(request, said % {"code": package.code})
    return redirect(page_of(letter))


def _confirm(request: AuthedRequest, letter: Communication) -> HttpResponse:
    page = LetterPage(letter, request.user)
    if page.shut:
        messages.error(request, _("Something still holds this letter back: see what."))
        return redirect(page_of(letter))
    context = {"page": page, **_windows(letter)}
    return render(request, "console/communications/transmit.html", context)


def _windows(letter: Communication) -> dict[str, object]:
    """The days that sending it now would set."""
    rule, now = transmission.rule_of(letter), timezone.now()
    answer, closed = (rule.response_days, rule.confidentiality_days) if rule else (None, None)
    return {
        "due_at": clocks.response_due(now, answer) if answer else None,
        "closed_until": clocks.confidential_until(now, closed) if closed else None,
    }


@on(package_file_of, "GET", "HEAD")
def package_attachment(request: AuthedRequest, file: PackageAttachment) -> HttpResponseBase:
    case = file.package.communication.case
    return streamed(request, file, file.name, case) or redirect(page_of(file))


@second_factor_asked_to_act
@on(extension_of, "POST")
def extension_decide(request: AuthedRequest, extension: Extension) -> HttpResponse:
    letter = extension.package.communication
    require(request.user, May.DECIDE_EXTENSION, letter.case)
    form = DecideForm(request.POST)
    if form.is_valid() and _decided(request, extension, form):
        messages.success(request, _("Answered. The mission is told."))
        return redirect(page_of(extension))
    return letter_shown(request, letter, form)


def _decided(request: AuthedRequest, extension: Extension, form: DecideForm) -> bool:
    """Whether it is; what refuses it is said in the form, beside the words that were typed."""
    grant, answer = form.cleaned_data["decision"] == "grant", form.cleaned_data["answer"]
    try:
        packages.decide_extension(extension, by=request.user, grant=grant, answer=answer)
    except Stale:
        raise
    except Refused as refused:
        form.add_error("answer", list(refused.reasons))
        return False
    return True
