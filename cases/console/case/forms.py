"""What is asked before a case is stopped, concluded on, given away, shown, or corroborated."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Office, OfficeKind, User
from cases import clocks
from cases.files import UploadField
from cases.forms import DayField, FileInput, Form, ModelForm, PlainTextField
from cases.lifecycles import CONTAINMENT_MOVES
from cases.models import Case, Containment, Corroboration, EvidenceAttachment
from cases.models.assignment import Duty
from cases.models.case import CASE_ROLES
from cases.models.exclusion import free_of_conflict
from cases.services import fulfilments
from cases.services.cases import CONCLUSIONS
from cases.vocabulary import Stance, Verification

ENDINGS = ".pdf,.docx,.jpg,.jpeg,.png"
CHOOSE = gettext_lazy("Choose")


class StopForm(Form):
    reason = PlainTextField(
        label=gettext_lazy("Why must outward acts stop?"),
        help_text=gettext_lazy("Colleagues on the case read it. It never leaves the house."),
        rows=3,
        max_length=2000,
    )


class ConcludeForm(Form):
    conclusion = forms.ChoiceField(
        label=gettext_lazy("What do the sources come to?"),
        choices=[(code.value, code.label) for code in Verification if code in CONCLUSIONS],
        widget=forms.RadioSelect,
    )


class Colleague(forms.ModelChoiceField):
    """People by name and office, of those who read cases at all."""

    def label_from_instance(self, obj: Any) -> str:
        offices = list(dict.fromkeys(place.office.name for place in obj.memberships.all()))
        return _("%(name)s (%(office)s)") % {"name": obj.name, "office": ", ".join(offices)}


def colleagues(**where: Any) -> QuerySet[User]:
    in_role = {"memberships__role__in": CASE_ROLES, "memberships__office__active": True}
    people = User.objects.filter(is_active=True, **in_role, **where)
    return people.distinct().order_by("name").prefetch_related("memberships__office")


def _end(day: Any) -> datetime | None:
    """The end of the day, which must not have passed; nothing where none was given."""
    if day and day <= timezone.localdate():
        raise ValidationError(_("Choose a day that is still to come."), code="past")
    return clocks.end_of(day) if day else None


def _choices(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """Which rows may be chosen is known once the case is."""
    field: Any = form.fields[name]
    field.queryset = rows


class GiveForm(Form):
    to = Colleague(label=gettext_lazy("To whom?"), queryset=User.objects.none(), empty_label=CHOOSE)

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = colleagues(memberships__office=case.office_id)
        here = free_of_conflict(here, case).exclude(pk=by.pk)
        _choices(self, "to", here.exclude(pk=case.owner_id) if case.owner_id else here)


class CloseForm(Form):
    move = forms.ChoiceField(
        label=gettext_lazy("How it ended"),
        choices=[(move.value, row.label) for move, row in CONTAINMENT_MOVES.items()],
        widget=forms.RadioSelect,
    )
    words = PlainTextField(
        label=gettext_lazy("What was done, and what came of it"),
        help_text=gettext_lazy("No names. It never leaves the house."),
        rows=4,
        max_length=4000,
    )


class HandForm(Form):
    to = Colleague(label=gettext_lazy("To whom?"), queryset=User.objects.none(), empty_label=CHOOSE)

    def __init__(self, *args: Any, task: Containment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = colleagues(memberships__office=task.case.office_id)
        _choices(self, "to", here.exclude(pk=task.owner_id))


class Sharing(Form):
    """Mixin: where people asked for something, how that is kept when somebody outside reads."""

    conditions_met = PlainTextField(
        label=gettext_lazy("How what people asked for is kept"),
        required=False,
        rows=3,
        max_length=2000,
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = fulfilments.asked_of_sharing(case)
        if not asked:
            del self.fields["conditions_met"]
            return
        words = _("Needed outside the house, and kept with your name. Asked for: %(what)s")
        told = "; ".join(f"{person.code}: {entry.conditions}" for person, entry in asked)
        self.fields["conditions_met"].help_text = words % {"what": told}


class AssignForm(Sharing):
    office = forms.ModelChoiceField(
        label=gettext_lazy("An office"),
        queryset=Office.objects.none(),
        empty_label=CHOOSE,
        required=False,
    )
    user = Colleague(
        label=gettext_lazy("Or one person by name"),
        queryset=User.objects.none(),
        empty_label=CHOOSE,
        required=False,
        help_text=gettext_lazy("A person assigned by name may see names in this case."),
    )
    duty = forms.ChoiceField(label=gettext_lazy("Duty"), choices=Duty, initial=Duty.SUPPORT)
    reason = PlainTextField(label=gettext_lazy("Why?"), required=False, rows=2, max_length=2000)
    until = DayField(label=gettext_lazy("Until"), required=False)

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        _choices(self, "user", free_of_conflict(colleagues(), case).exclude(pk=by.pk))
        others = Office.objects.filter(active=True).exclude(kind=OfficeKind.MISSION)
        _choices(self, "office", others.exclude(pk=case.office_id))

    def clean_until(self) -> datetime | None:
        return _end(self.cleaned_data["until"])

    def clean(self) -> dict[str, Any]:
        to = [self.cleaned_data.get("office"), self.cleaned_data.get("user")]
        if not self.errors and len([one for one in to if one]) != 1:
            self.add_error("office", _("Choose an office, or one person: not both."))
        return self.cleaned_data


class ShowForm(Sharing):
    to = Colleague(label=gettext_lazy("To whom?"), queryset=User.objects.none(), empty_label=CHOOSE)
    reason = PlainTextField(label=gettext_lazy("Why?"), rows=3, max_length=2000)
    until = DayField(label=gettext_lazy("Until"), required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        _choices(self, "to", free_of_conflict(colleagues(), case))

    def clean_until(self) -> datetime | None:
        return _end(self.cleaned_data["until"])


class StepBackForm(Form):
    reason = PlainTextField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("You need not say. Those who see the case read it."),
        required=False,
        rows=2,
        max_length=2000,
    )


class ConflictForm(StepBackForm):
    person = Colleague(
        label=gettext_lazy("Who must step back?"), queryset=User.objects.none(), empty_label=CHOOSE
    )
    field_order = ["person", "reason"]

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "person", free_of_conflict(colleagues(), case).exclude(pk=by.pk))
        self.fields["reason"].help_text = ""


class TransferForm(Form):
    to = forms.ModelChoiceField(
        label=gettext_lazy("To which office?"), queryset=Office.objects.none(), empty_label=CHOOSE
    )
    reason = PlainTextField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("The other office reads it before it sees the case: no names."),
        rows=3,
        max_length=2000,
    )
    until = DayField(label=gettext_lazy("The offer ends on"))

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Office.objects.filter(active=True).exclude(kind=OfficeKind.MISSION)
        _choices(self, "to", others.exclude(pk=case.office_id))

    def clean_until(self) -> datetime | None:
        return _end(self.cleaned_data["until"])


class AttachForm(Form):
    file = UploadField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PDF, DOCX, JPEG or PNG, up to 25 MB."),
        widget=FileInput(accept=ENDINGS),
    )
    copy = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=EvidenceAttachment.Copy,
        initial=EvidenceAttachment.Copy.ORIGINAL,
    )


class CorroborateForm(ModelForm):
    class Meta:
        model = Corroboration
        fields = ["stance", "credibility", "first_hand", "evidence", "note"]
        widgets = {"stance": forms.RadioSelect}
        help_texts = {
            "credibility": gettext_lazy("Of what is said, judged apart from who says it."),
            "first_hand": gettext_lazy("The source saw or heard it, or holds the document."),
        }

    note = PlainTextField(
        label=gettext_lazy("What exactly it says"), required=False, rows=3, max_length=4000
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stance: Any = self.fields["stance"]
        stance.choices = Stance.choices
        _choices(self, "evidence", case.evidence.all())
        evidence: Any = self.fields["evidence"]
        evidence.empty_label = _("None")
