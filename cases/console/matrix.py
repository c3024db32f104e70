"""One cell of the matrix: what one source says of one element."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from cases.console.case_forms import CorroborateForm
from cases.console.editing import FormPage
from cases.console.finding import case_of, on, page_of
from cases.models import Case, Corroboration
from cases.policy import May, require
from cases.services import elements


@on(case_of, "GET", "HEAD", "POST")
def corroborate(request: AuthedRequest, case: Case, element: UUID, source: UUID) -> HttpResponse:
    fact = get_object_or_404(case.elements.all(), pk=element)
    told = get_object_or_404(case.sources.all(), pk=source)
    require(request.user, May.EDIT_CASE, case)
    said = _said(case, element, source)
    return FormPage(
        request,
        "console/case/corroborate.html",
        form=lambda row, **given: CorroborateForm(instance=row, case=case, **given),
        save=lambda form: elements.corroborate(fact, told, by=request.user, **form.cleaned_data),
        done=lambda _word: page_of(case, "corroboration"),
        row=said,
        context={
            "case": case,
            "element": fact,
            "source": told,
            "said": said,
        },
    ).answer()


@on(case_of, "POST")
def unsay(request: AuthedRequest, case: Case, element: UUID, source: UUID) -> HttpResponse:
    """The source says nothing of it after all."""
    word = get_object_or_404(case.corroborations.all(), element=element, source=source)
    elements.unsay(word, by=request.user)
    messages.success(request, _("Taken out of the matrix."))
    return redirect(page_of(case, "corroboration"))


def _said(case: Case, element: UUID, source: UUID) -> Corroboration | None:
    found: Any = case.corroborations.filter(element=element, source=source)
    return found.first()
