"""Recording a case, step by step: opened at once, saved as one goes, filed when it is whole."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import AuthedRequest
from accounts.models import Office, User
from cases import policy
from cases.console.editing import FormPage, touched, way_back
from cases.console.http import get_case, refusals_shown
from cases.console.parts import nouns, steps
from cases.console.parts.forms.case import BeginForm, CaseForm, ScopeForm, TextsForm
from cases.console.parts.pages import page_of_a_form, prefilled, proved
from cases.console.parts.rows import line_of
from cases.console.parts.steps import Step, step_or_404, url_of
from cases.models import Case, Element
from cases.policy import May
from cases.services import cases, drafts


class StepPage(FormPage):
    """A step: forward with nothing typed saves nothing, backward keeps what was typed."""

    case: Case
    step: Step

    def _posted(self) -> HttpResponse:
        go = self.request.POST.get("go", "")
        form = self._make(self.row, data=self.request.POST, files=self.request.FILES)
        if go in ("back", "leave"):
            self._keep()
            return redirect(self._to(go))
        if go == "onward" and not touched(form):
            drafts.let_go(self.request.user, self.request.path)
            return redirect(self._to(go))
        return super()._posted()

    def _to(self, go: str) -> str:
        if go == "leave":
            return reverse("case-detail", args=[self.case.pk])
        by = {"onward": 1, "back": -1}.get(go, 0)
        return url_of(self.case, steps.beside(self.step, by))

    def at(self, case: Case, step: Step) -> "StepPage":
        self.case, self.step = case, step
        return self


@page_of_a_form
def case_record(request: AuthedRequest) -> HttpResponse:
    """The first step opens the case, so that everything after is saved."""
    offices = _offices(request.user)
    if not offices:
        raise policy.refusal(May.RECORD_CASE)
    return FormPage(
        request,
        "console/recording/begin.html",
        form=lambda row, **given: BeginForm(offices=offices, **given),
        save=lambda form: cases.record_case(by=request.user, **form.for_service()),
        done=lambda case: url_of(case, steps.FIRST),
        said=_("The case is opened. Everything is saved as you go."),
    ).answer()


@page_of_a_form
def record_step(request: AuthedRequest, pk: UUID, step: str) -> HttpResponseBase:
    here, case = step_or_404(step), get_case(request, pk)
    policy.require(request.user, May.EDIT_CASE, case)
    if case.filed_at:
        messages.info(request, _("This case is filed. Change it here, section by section."))
        return redirect("case-detail", case.pk)
    page = proved(PAGES.get(here.slug, _noun_step), request, here.noun)
    return page(request, case, here)


@require_POST
@refusals_shown
def case_file(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """End the recording. What is missing is said on the page it was asked from."""
    case = get_case(request, pk)
    cases.file_case(case, by=request.user)
    messages.success(request, _("The case is filed. The time for triage runs."))
    return redirect("case-detail", case.pk)


@page_of_a_form
def case_edit(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """The coded facts and the three texts, at any time."""
    case = get_case(request, pk)
    policy.require(request.user, May.EDIT_CASE, case)
    home = f"{reverse('case-detail', args=[case.pk])}#texts"
    return FormPage(
        request,
        "console/parts/case.html",
        form=lambda row, **given: CaseForm(instance=row, **given),
        save=lambda form: _edited(request, case, form),
        done=lambda row: way_back(request, home),
        row=case,
        context={"case": case, "back_url": way_back(request, home), "people": _people(case)},
    ).answer()


# The pages of the steps --------------------------------------------------------------------------


def _noun_step(request: AuthedRequest, case: Case, here: Step) -> HttpResponse:
    what = nouns.NOUNS[here.noun]
    policy.require(request.user, what.may, case)
    page = StepPage(
        request,
        "console/recording/noun.html",
        form=lambda row, **given: what.form(case=case, **prefilled(request, given)),
        save=lambda form: nouns.added(what, case, form, by=request.user),
        done=lambda row: page._to(request.POST.get("go", "")),
        context=_around(case, here, what=what, rows=_rows(what, case)),
    )
    return page.at(case, here).answer()


def _scope(request: AuthedRequest, case: Case, here: Step) -> HttpResponse:
    offices = _offices(request.user)
    return _case_step(
        request, case, here, lambda row, **given: ScopeForm(instance=row, offices=offices, **given)
    )


def _texts(request: AuthedRequest, case: Case, here: Step) -> HttpResponse:
    return _case_step(request, case, here, lambda row, **given: TextsForm(instance=row, **given))


def _case_step(
    request: AuthedRequest, case: Case, here: Step, form: Callable[..., Any]
) -> HttpResponse:
    page = StepPage(
        request,
        "console/recording/facts.html",
        form=form,
        save=lambda form: _edited(request, case, form),
        done=lambda row: page._to(request.POST.get("go", "")),
        row=case,
        context=_around(case, here, people=_people(case)),
    )
    return page.at(case, here).answer()


def _file(request: AuthedRequest, case: Case, here: Step) -> HttpResponse:
    """What is missing, each with the step where it is done."""
    found = [
        {
            **gate._asdict(),
            "url": url_of(case, step_or_404(gate.section)) if gate.section else "",
        }
        for gate in cases.gates_to_file(case)
    ]
    shut = any(gate["state"] == "shut" for gate in found)
    back = url_of(case, steps.beside(here, -1))
    context = _around(case, here, gates=found, shut=shut, back_url=back)
    return render(request, "console/recording/file.html", context)


PAGES = {"scope": _scope, "texts": _texts, "file": _file}


def _around(case: Case, here: Step, **more: Any) -> dict[str, Any]:
    place = steps.STEPS.index(here) + 1
    return {
        "case": case,
        "step": here,
        "place": place,
        "count": len(steps.STEPS),
        "steps": steps.shown(case, here),
        **more,
    }


def _offices(user: User) -> QuerySet[Office]:
    """Where this person may record a case."""
    held = policy.offices_where(user, May.RECORD_CASE)
    return Office.objects.filter(pk__in=held, active=True)


def _edited(request: AuthedRequest, case: Case, form: Any) -> Case:
    version = form.cleaned_data["version"]
    return cases.edit_case(case, by=request.user, version=version, **form.for_service())


def _rows(what: nouns.Noun, case: Case) -> list[dict[str, Any]]:
    told = _told(case) if what.model is Element else {}
    return [
        {"row": row, "line": line_of(row), "told": told.get(row.pk, ())}
        for row in nouns.rows_of(what, case)
    ]


def _told(case: Case) -> dict[UUID, list[dict[str, Any]]]:
    """Of each fact: every source, whether it spoke of it, and where its words are written."""
    said = set(case.corroborations.values_list("element", "source"))
    sources = list(case.sources.all())
    return {
        fact: [
            {
                "code": source.code,
                "said": (fact, source.pk) in said,
                "url": reverse("corroborate", args=[case.pk, fact, source.pk]),
            }
            for source in sources
        ]
        for fact in case.elements.values_list("pk", flat=True)
    }


def _people(case: Case) -> list[dict[str, str]]:
    """Whom the texts may speak of, by code, and the word that a letter puts for it."""
    words = dict(case.aliases.values_list("person", "word"))
    return [
        {"code": person.code, "word": words.get(person.pk, ""), "what": line_of(person).title}
        for person in case.persons.all()
    ]
