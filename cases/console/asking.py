"""Asking before a grave step: what happens, to whom, whether it can be undone."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.utils.functional import Promise

from accounts.http import AuthedRequest
from cases.console.editing import FormPage
from cases.console.finding import page_of
from cases.forms import Form
from cases.models import Case
from cases.policy import May, require


class Question(NamedTuple):
    may: May
    title: str | Promise
    text: str | Promise
    verb: str | Promise
    done: str | Promise
    stop: bool = False
    section: str = ""  # of the case page, where one lands after


def asked(
    request: AuthedRequest,
    case: Case,
    question: Question,
    *,
    act: Callable[[dict[str, Any]], Any],
    form: Callable[..., Any] = Form,
    facts: Iterable[tuple[str, Any]] = (),
    **more: Any,
) -> HttpResponse:
    """The page that asks, or what came of the answer. Whoever may not is told before typing."""
    require(request.user, question.may, case)
    return FormPage(
        request,
        "console/case/ask.html",
        form=lambda _row, **given: form(**given),
        save=lambda form: act(form.cleaned_data),
        done=lambda _result: page_of(case, question.section),
        said=str(question.done),
        context={
            "case": case,
            "question": question,
            "facts": list(facts),
            "back": page_of(case, question.section),
            **more,
        },
    ).answer()
