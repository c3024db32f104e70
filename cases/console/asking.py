"""Asking before a grave step: what happens, to whom, whether it can be undone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from cases.console.case.finding import page_of
from cases.console.editing import FormPage
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


@dataclass
class Ask:
    """The page that asks, and what comes of the answer: `Ask(request, case, STOP, …).answer()`.

    `act` gets what the form found clean, and calls one service. What it refuses is said on the
    page, and nothing typed is lost. `leads_to`: where one lands after, if not on the case.
    """

    request: AuthedRequest
    case: Case
    question: Question
    act: Callable[[dict[str, Any]], Any]
    form: Callable[..., Any] = Form
    facts: Iterable[tuple[str, Any]] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    leads_to: str = ""

    def answer(self) -> HttpResponse:
        """Whoever may not is told before typing."""
        require(self.request.user, self.question.may, self.case)
        back = page_of(self.case, self.question.section)
        return FormPage(
            self.request,
            "console/case/ask.html",
            form=lambda _row, **given: self.form(**given),
            save=lambda form: self.act(form.cleaned_data),
            done=lambda _result: self.leads_to or back,
            said=str(self.question.done),
            context={**self._words(), "back": back, **self.more},
        ).answer()

    def _words(self) -> dict[str, Any]:
        facts = [(_("Case"), self.case.label), *self.facts]
        return {"case": self.case, "question": self.question, "facts": facts}
