"""The parts of a case as data: which form, which services, where they stand on the page."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast

from django.core.exceptions import ObjectDoesNotExist
from django.forms import BaseForm
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases.console.editing import know_version
from cases.console.parts.forms.act import ActForm
from cases.console.parts.forms.action import ActionForm
from cases.console.parts.forms.consent import ConsentForm
from cases.console.parts.forms.cooperation import CooperationForm
from cases.console.parts.forms.element import ElementForm
from cases.console.parts.forms.evidence import EvidenceForm
from cases.console.parts.forms.identity import IdentityFields, IdentityForm
from cases.console.parts.forms.measure import MeasureForm
from cases.console.parts.forms.outcome import OutcomeForm
from cases.console.parts.forms.part import PartForm
from cases.console.parts.forms.person import PersonForm
from cases.console.parts.forms.risk import RiskForm
from cases.console.parts.forms.source import SourceForm
from cases.models import (
    Act,
    Action,
    Case,
    Consent,
    Cooperation,
    Element,
    Evidence,
    Identity,
    Measure,
    Outcome,
    Person,
    RiskAssessment,
    Source,
)
from cases.policy import May
from cases.refusals import Refused, Stale
from cases.services import (
    actions,
    acts,
    consents,
    cooperations,
    elements,
    evidence,
    identities,
    measures,
    outcomes,
    people,
    risks,
    sources,
)
from cases.services.consents import Touches

Label = str | Promise


class Noun(NamedTuple):
    """One kind of part. Without `edit` and `remove`, rows are added and never changed."""

    model: Any
    form: type[PartForm]
    rows: str  # the case's name for them
    section: str  # of the case page
    adding: Label
    editing: Label
    removing: Label
    record: Callable[..., Any]
    edit: Callable[..., Any] | None = None
    remove: Callable[..., Any] | None = None
    may: May = May.EDIT_CASE
    goes_with: Label = ""
    related: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """For templates, which would call a service they name."""
        return self.edit is not None


NOUNS: Mapping[str, Noun] = {
    "person": Noun(
        Person,
        PersonForm,
        "persons",
        "people",
        gettext_lazy("Add a person"),
        gettext_lazy("Change this person"),
        gettext_lazy("Remove this person"),
        people.record_person,
        people.edit_person,
        people.remove_person,
        goes_with=gettext_lazy(
            "With the person go their consents, assessments of risk and outcomes, and what the "
            "vault holds about them."
        ),
    ),
    "act": Noun(
        Act,
        ActForm,
        "acts",
        "acts",
        gettext_lazy("Add an alleged act"),
        gettext_lazy("Change this alleged act"),
        gettext_lazy("Remove this alleged act"),
        acts.record_act,
        acts.edit_act,
        acts.remove_act,
        goes_with=gettext_lazy("What is written of who allegedly did it goes with it."),
    ),
    "cooperation": Noun(
        Cooperation,
        CooperationForm,
        "cooperations",
        "cooperation",
        gettext_lazy("Add a cooperation"),
        gettext_lazy("Change this cooperation"),
        gettext_lazy("Remove this cooperation"),
        cooperations.record_cooperation,
        cooperations.edit_cooperation,
        cooperations.remove_cooperation,
        goes_with=gettext_lazy("The link to the act that is written in it goes with it."),
    ),
    "source": Noun(
        Source,
        SourceForm,
        "sources",
        "sources",
        gettext_lazy("Add a source"),
        gettext_lazy("Change this source"),
        gettext_lazy("Remove this source"),
        sources.record_source,
        sources.edit_source,
        sources.remove_source,
        goes_with=gettext_lazy(
            "With the source goes what it says of each element, its assessments of risk, and what "
            "the vault holds about it."
        ),
    ),
    "element": Noun(
        Element,
        ElementForm,
        "elements",
        "corroboration",
        gettext_lazy("Add an element"),
        gettext_lazy("Change this element"),
        gettext_lazy("Remove this element"),
        elements.record_element,
        elements.edit_element,
        elements.remove_element,
        goes_with=gettext_lazy("What each source says of it goes with it."),
    ),
    "evidence": Noun(
        Evidence,
        EvidenceForm,
        "evidence",
        "sources",
        gettext_lazy("Add evidence"),
        gettext_lazy("Change this evidence"),
        gettext_lazy("Remove this evidence"),
        evidence.record_evidence,
        evidence.edit_evidence,
        evidence.remove_evidence,
        goes_with=gettext_lazy("Its files are destroyed and cannot be brought back."),
    ),
    "consent": Noun(
        Consent,
        ConsentForm,
        "consents",
        "consent",
        gettext_lazy("Record an answer"),
        "",
        "",
        consents.record_consent,
        may=May.RECORD_CONSENT,
        related=("person",),
    ),
    "risk": Noun(
        RiskAssessment,
        RiskForm,
        "risks",
        "risk",
        gettext_lazy("Assess a risk"),
        gettext_lazy("Change this assessment"),
        gettext_lazy("Remove this assessment"),
        risks.assess_risk,
        risks.edit_risk,
        risks.remove_risk,
        may=May.ASSESS_RISK,
        related=("person", "source"),
    ),
    "outcome": Noun(
        Outcome,
        OutcomeForm,
        "outcomes",
        "follow-up",
        gettext_lazy("Record an outcome"),
        gettext_lazy("Change this outcome"),
        gettext_lazy("Remove this outcome"),
        outcomes.record_outcome,
        outcomes.edit_outcome,
        outcomes.remove_outcome,
        related=("person",),
    ),
    "measure": Noun(
        Measure,
        MeasureForm,
        "measures",
        "follow-up",
        gettext_lazy("Record a measure of the State"),
        gettext_lazy("Change this measure"),
        gettext_lazy("Remove this measure"),
        measures.record_measure,
        measures.edit_measure,
        measures.remove_measure,
    ),
    "action": Noun(
        Action,
        ActionForm,
        "actions",
        "letters",
        gettext_lazy("Record an action"),
        gettext_lazy("Change this action"),
        gettext_lazy("Remove this action"),
        actions.record_action,
        actions.edit_action,
        actions.remove_action,
    ),
}


def noun_or_404(name: str) -> Noun:
    if name not in NOUNS:
        raise Http404
    return NOUNS[name]


def rows_of(noun: Noun, case: Case) -> list[Any]:
    return list(getattr(case, noun.rows).select_related(*noun.related))


def added(noun: Noun, case: Case, form: PartForm, *, by: User) -> Any:
    """What an answer of a person takes back is shown in its form before it is recorded."""
    try:
        return noun.record(case, by=by, **form.for_service(), **_identity(form))
    except Touches as told:
        cast(ConsentForm, form).show(told.touched)
        raise


def changed(noun: Noun, row: Any, form: PartForm, *, by: User) -> Any:
    """Raises Stale only for the row itself; what happened beside it is said in words."""
    assert noun.edit  # noqa: S101  tells the type checker
    try:
        return noun.edit(row, by=by, **form.for_service(), **_identity(form))
    except ObjectDoesNotExist:
        raise Refused(_("Somebody removed this meanwhile. Save again to add it anew.")) from None
    except Stale as stale:
        if not isinstance(stale.current, Identity):
            raise
        raise _written_meanwhile(form, stale.current) from None


def keep_identity(subject: Person | Source, form: IdentityForm, *, by: User) -> Identity:
    version = form.cleaned_data["identity_version"]
    try:
        return identities.keep_identity(subject, by=by, content=form.identity(), version=version)
    except Stale as stale:
        raise _written_meanwhile(form, stale.current) from None


def _written_meanwhile(form: BaseForm, identity: object) -> Refused:
    """Nobody is shown what the other wrote; saving again is deliberate, and possible."""
    know_version(form, "identity_version", identity)
    return Refused(
        _("Somebody else wrote into the vault meanwhile. Save again to add yours to it.")
    )


def _identity(form: PartForm) -> dict[str, Any]:
    if not isinstance(form, IdentityFields):
        return {}
    own = {"identity": form.identity()}
    return own if form.new else own | {"identity_version": form.cleaned_data["identity_version"]}
