"""A case itself: how it begins, its coded facts, its three texts."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Office
from cases.console.parts.forms.part import Group, formfield
from cases.console.parts.forms.states import StateField, offered
from cases.forms import DayField, Form, ModelForm, NewRow, PlainTextField, Versioned
from cases.letters import TOKEN
from cases.models import Case
from cases.models.fields import TermChoice
from cases.templatetags.signs import SEVERITIES
from cases.vocabulary import CaseKind, Classification, Nature, Priority

KIND_HELP = gettext_lazy(
    "An allegation is about people whom something was done to. A situation is a law, a practice "
    "or an obstacle that hits nobody in particular."
)
STATE_HELP = gettext_lazy(
    "Whose authorities are alleged to be responsible. Begin to type; those your office covers "
    "come first."
)
RECEIVED_HELP = gettext_lazy("The day on which the first information reached the United Nations.")
URGENT_HELP = gettext_lazy(
    "Urgent where life or liberty is at stake now: it is triaged within hours."
)


class BeginForm(NewRow, Form):
    """What is known at once; everything after is saved as one goes."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=CaseKind.choices,
        initial=CaseKind.ALLEGATION,
        widget=forms.RadioSelect,
        help_text=KIND_HELP,
    )
    state = StateField(label=gettext_lazy("State"), help_text=STATE_HELP)
    office = forms.ModelChoiceField(
        label=gettext_lazy("Office that holds the case"), queryset=Office.objects.none()
    )
    received_on = DayField(
        label=gettext_lazy("Received on"),
        past_only=True,
        initial=timezone.localdate,
        help_text=RECEIVED_HELP,
    )
    nature = TermChoice(
        vocabulary="V-NATURE", label=gettext_lazy("Nature of the act"), initial=Nature.UND
    )
    priority = TermChoice(
        vocabulary="V-PRIO",
        label=gettext_lazy("Priority"),
        initial=Priority.NORM,
        help_text=URGENT_HELP,
    )

    def __init__(self, *args: Any, offices: QuerySet[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office, state = self.fields["office"], self.fields["state"]
        assert isinstance(office, forms.ModelChoiceField)  # noqa: S101  tells the type checker
        assert isinstance(state, StateField)  # noqa: S101  tells the type checker
        office.queryset, office.empty_label = offices, None
        office.initial = offices.first()
        state.offer(offered(offices))

    @property
    def groups(self) -> list[Group]:
        names = [["kind"], ["state", "office"], ["received_on"], ["nature", "priority"]]
        return [Group(_("What it is about"), [[self[name] for name in row] for row in names])]

    def for_service(self) -> dict[str, Any]:
        fields = dict(self.cleaned_data)
        return fields | {"id": fields.pop("row")}


class _CaseForm(Versioned, ModelForm):
    """Some fields of a case, as one page asks for them."""

    layout: tuple[tuple[Any, ...], ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = {person.code for person in self.instance.persons.all()}

    @property
    def groups(self) -> list[Group]:
        return [
            Group(title, [[self[name] for name in row] for row in names], *more)
            for title, names, *more in self.layout
        ]

    def for_service(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def _known(self, name: str) -> str:
        """People stand in a text by their codes; a code that nobody has is a slip of the pen."""
        text: str = self.cleaned_data[name]
        unknown = sorted(set(TOKEN.findall(text)) - self.codes)
        if unknown:
            words = _("Nobody in this case is %(codes)s.")
            raise forms.ValidationError(words % {"codes": ", ".join(unknown)}, code="unknown")
        return text


class _Facts(_CaseForm):
    """Mixin: the coded facts."""

    received_on = DayField(
        label=gettext_lazy("Received on"), past_only=True, help_text=RECEIVED_HELP
    )
    nature = TermChoice(vocabulary="V-NATURE", label=gettext_lazy("Nature of the act"))
    severity = forms.TypedChoiceField(
        label=gettext_lazy("Severity"),
        coerce=int,
        choices=list(SEVERITIES.items()),
        help_text=gettext_lazy("Filing raises it to that of the gravest act, never lowers it."),
    )
    priority = TermChoice(
        vocabulary="V-PRIO", label=gettext_lazy("Priority"), help_text=URGENT_HELP
    )
    classification = TermChoice(
        vocabulary="V-CLASSIF",
        label=gettext_lazy("Classification"),
        initial=Classification.SC,
        help_text=gettext_lazy("Strictly confidential unless there is a reason for less."),
    )


class _Texts(_CaseForm):
    """Mixin: three texts for three readers."""

    narrative = PlainTextField(
        label=gettext_lazy("Internal narrative"),
        required=False,
        rows=8,
        help_text=gettext_lazy(
            "For the house alone: what allegedly happened, who says so, what is not known. It "
            "never leaves. Names stay in the vault."
        ),
    )
    summary = PlainTextField(
        label=gettext_lazy("Text for the State"),
        required=False,
        rows=6,
        help_text=gettext_lazy(
            "Letters begin from it. Write “allegedly”, and people as [V-1]: each becomes the word "
            "or the name that their consent allows."
        ),
    )
    entry = PlainTextField(
        label=gettext_lazy("Text for publication"),
        required=False,
        rows=4,
        help_text=gettext_lazy("For the report. Only what its readers may know."),
    )

    def clean_summary(self) -> str:
        return self._known("summary")

    def clean_entry(self) -> str:
        return self._known("entry")


FACTS = ("nature", "severity", "priority", "classification", "received_on")
TEXTS = ("narrative", "summary", "entry")
FACT_ROWS = [["nature", "severity"], ["priority", "classification"], ["received_on"]]
TEXT_ROWS = [["narrative"], ["summary"], ["entry"]]


class CaseForm(_Facts, _Texts):
    layout = (
        (gettext_lazy("Coded facts"), FACT_ROWS),
        (gettext_lazy("Three texts"), TEXT_ROWS),
    )

    class Meta:
        model = Case
        formfield_callback = formfield
        fields = (*FACTS, *TEXTS)


class TextsForm(_Texts):
    layout = ((gettext_lazy("Three texts"), TEXT_ROWS),)

    class Meta:
        model = Case
        formfield_callback = formfield
        fields = TEXTS


class ScopeForm(_Facts):
    """Until a case is filed, what it is about may still be put right."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=CaseKind.choices,
        widget=forms.RadioSelect,
        help_text=KIND_HELP,
    )
    state = StateField(label=gettext_lazy("State"), help_text=STATE_HELP)

    layout = ((gettext_lazy("What it is about"), [["kind"], ["state"], *FACT_ROWS]),)

    class Meta:
        model = Case
        formfield_callback = formfield
        fields = ("kind", "state", *FACTS)

    def __init__(self, *args: Any, offices: QuerySet[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state = self.fields["state"]
        assert isinstance(state, StateField)  # noqa: S101  tells the type checker
        mine = offered(offices)
        state.offer(mine if self.instance.state in mine else [self.instance.state, *mine])
