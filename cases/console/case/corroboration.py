"""One cell of the matrix: what one source says of one element."""

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from cases.console.case.finding import case_of, on, page_of
from cases.console.case.forms import CorroborateForm
from cases.console.editing import FormPage, way_back
from cases.models import Case, Corroboration, Element, Source
from cases.policy import May, require
from cases.services import elements


class Spot(NamedTuple):
    """One element, one source of the same case, and what is said so far."""

    case: Case
    element: Element
    source: Source
    said: Corroboration | None

    def form(self, row: Corroboration | None, **given: Any) -> CorroborateForm:
        return CorroborateForm(instance=row, case=self.case, **given)


def _spot(case: Case, element: UUID, source: UUID) -> Spot:
    said = case.corroborations.filter(element=element, source=source).first()
    fact = get_object_or_404(case.elements.all(), pk=element)
    return Spot(case, fact, get_object_or_404(case.sources.all(), pk=source), said)


@on(case_of, "GET", "HEAD", "POST")
def corroborate(request: AuthedRequest, case: Case, element: UUID, source: UUID) -> HttpResponse:
    spot = _spot(case, element, source)
    require(request.user, May.EDIT_CASE, case)
    return FormPage(
        request,
        "console/case/corroborate.html",
        form=spot.form,
        row=spot.said,
        save=lambda form: elements.corroborate(
            spot.element, spot.source, by=request.user, **form.cleaned_data
        ),
        done=lambda _word: way_back(request, page_of(case, "corroboration")),
        context=spot._asdict(),
    ).answer()


@on(case_of, "POST")
def unsay(request: AuthedRequest, case: Case, element: UUID, source: UUID) -> HttpResponse:
    """The source says nothing of it after all."""
    word = get_object_or_404(case.corroborations.all(), element=element, source=source)
    elements.unsay(word, by=request.user)
    messages.success(request, _("Taken out of the matrix."))
    return redirect(page_of(case, "corroboration"))
