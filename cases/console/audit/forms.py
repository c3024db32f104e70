"""What of the audit is shown: whose deeds, which ones, at which door, on which days."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.db.models import TextChoices as Words
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.forms import DayField, Form
from cases.models import AuditEvent

REFUSED = Q(verb__startswith="refused")


class What(Words):
    LOOKED = "looked", _("Looked at")
    DID = "did", _("Done")
    REFUSED = "refused", _("Refused")
    CAME = "came", _("Signing in and out")


ASKS: dict[str, Q] = {
    What.LOOKED: Q(read=True) & ~REFUSED,
    What.DID: Q(read=False) & ~Q(noun="user"),
    What.REFUSED: REFUSED | Q(verb__endswith="_failed"),
    What.CAME: Q(noun="user", read=False),
}


class Door(Words):
    CONSOLE = "console", _("Console")
    PORTAL = "portal", _("Portal")
    SUBMISSION = "submission", _("Submission door")
    WORKER = "worker", _("The system itself")


def _any(choices: type[Words]) -> list[tuple[str, Any]]:
    return [("", _("All")), *choices.choices]


class AuditForm(Form):
    """`person` and `case` come from the links of the list: nobody types an id."""

    what = forms.ChoiceField(choices=_any(What), required=False, label=_("What"))
    door = forms.ChoiceField(choices=_any(Door), required=False, label=_("Door"))
    day_from = DayField(required=False, label=_("From"))
    day_to = DayField(required=False, label=_("Until"))
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)
    case = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def narrowed(self, rows: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """What could not be read narrows nothing; its error stands beside the field."""
        if not self.is_bound:
            return rows
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        asked = {"door": "door", "person": "actor", "case": "case"}
        found = Q(**{column: said[name] for name, column in asked.items() if name in said})
        if "what" in said:
            found &= ASKS[said["what"]]
        if "day_from" in said:
            found &= Q(at__gte=_moment(said["day_from"], time.min))
        if "day_to" in said:
            found &= Q(at__lte=_moment(said["day_to"], time.max))
        return rows.filter(found)


class CaseAuditForm(AuditForm):
    """Of one case: whoever did something on it can be chosen by name."""

    case = None  # type: ignore[assignment]

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = forms.ChoiceField(
            choices=[("", _("Everybody")), *people], required=False, label=_("Person")
        )


def people_of(rows: QuerySet[AuditEvent]) -> list[tuple[str, str]]:
    """Colleagues who stand in these rows. Who acted for a mission is shown by its name alone."""
    actors = rows.order_by().values("actor").distinct()
    known = User.objects.filter(pk__in=actors).exclude(memberships__office__state__isnull=False)
    return [(str(user.pk), user.name) for user in known.order_by("name")]


def _moment(day: Any, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
