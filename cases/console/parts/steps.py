"""The steps of recording a case, as data: their order, what each asks, and why."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.console.parts.nouns import NOUNS, Noun
from cases.models import Case

Label = str | Promise


class Step(NamedTuple):
    slug: str
    label: Label
    teaching: Sequence[Label]
    noun: str = ""
    another: Label = ""

    @property
    def what(self) -> Noun | None:
        return NOUNS[self.noun] if self.noun else None


STEPS: Sequence[Step] = (
    Step(
        "scope",
        _("Scope"),
        [
            _("These facts decide who sees the case, and how fast it is looked at."),
            _("None of them names anybody. They can be changed until the case is filed."),
        ],
    ),
    Step(
        "people",
        _("People"),
        [
            _("Everybody is a code: V-1, V-2, G-1 for a group, O-1 for an organisation."),
            _(
                "A name goes into the vault, apart from the case. Opening it there is written "
                "down each time."
            ),
            _("Age and gender make trends visible. They are never published of one person."),
        ],
        "person",
        _("Save and add another person"),
    ),
    Step(
        "acts",
        _("Acts"),
        [
            _("One row for each thing that was allegedly done: an arrest, then a charge."),
            _("Those responsible stand here by kind, for example “police”, never by name."),
        ],
        "act",
        _("Save and add another act"),
    ),
    Step(
        "cooperation",
        _("Cooperation and link"),
        [
            _(
                "An act is a reprisal because of cooperation with the United Nations: sought, "
                "ongoing, past or only suspected, one's own or a relative's."
            ),
            _("Say how strong the link is, and what it rests on. You can change it later."),
        ],
        "cooperation",
        _("Save and add another cooperation"),
    ),
    Step(
        "sources",
        _("Sources"),
        [
            _("Sources never leave the house: no letter and no report speaks of them."),
            _("Judge the source here, and later, fact by fact, what it says."),
        ],
        "source",
        _("Save and add another source"),
    ),
    Step(
        "elements",
        _("What is alleged"),
        [
            _("Cut the story into elements: facts that can be checked and answered one by one."),
            _("Then write, for each, what each source says of it."),
        ],
        "element",
        _("Save and add another element"),
    ),
    Step(
        "evidence",
        _("Evidence"),
        [
            _("Files are kept sealed, exactly as they came."),
            _("Nothing goes out with a letter unless somebody chooses it for that letter."),
        ],
        "evidence",
        _("Save and add another piece"),
    ),
    Step(
        "consent",
        _("Consent"),
        [
            _("Nothing leaves without the person's own words, and each use is asked apart."),
            _("“Not asked” is an answer too, where danger leaves no time."),
            _("Answers are added, never changed: the latest one counts."),
        ],
        "consent",
        _("Save and record another answer"),
    ),
    Step(
        "risk",
        _("Risk"),
        [
            _("An assessment lasts three months at most."),
            _("It can also wait until the case is triaged."),
        ],
        "risk",
        _("Save and assess another"),
    ),
    Step(
        "texts",
        _("Texts"),
        [
            _("The narrative is for the house, the second text for the State, the third for all."),
            _("Write “allegedly”. Do not copy a name, a number or an address into a text."),
        ],
    ),
    Step(
        "file",
        _("Check and file"),
        [_("Once filed, the office works on the case, and the time for triage runs.")],
    ),
)
FIRST = STEPS[1]


def step_or_404(slug: str) -> Step:
    found = next((step for step in STEPS if step.slug == slug), None)
    if found is None:
        raise Http404
    return found


def url_of(case: Case, step: Step) -> str:
    return reverse("record-step", args=[case.pk, step.slug])


def beside(step: Step, by: int) -> Step:
    """The step after or before; the ends have nothing beyond them."""
    place = STEPS.index(step) + by
    return STEPS[min(max(place, 0), len(STEPS) - 1)]


def shown(case: Case, here: Step) -> list[dict[str, Any]]:
    """For `{% steps %}`, and for the last page: what each step holds. One row makes it done."""
    return [_shown(case, step, here) for step in STEPS]


def _shown(case: Case, step: Step, here: Step) -> dict[str, Any]:
    count = getattr(case, step.what.rows).count() if step.what else None
    done = count or {"scope": True, "texts": bool(case.narrative)}.get(step.slug, False)
    state = "current" if step is here else "done" if done else ""
    url = url_of(case, step)
    return {"label": step.label, "url": url, "count": count, "state": state}
