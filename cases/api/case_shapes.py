"""What of a case goes in and comes out."""

from itertools import product
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import Office, User
from cases import consent, verification
from cases.api.fields import Code, Link, Text
from cases.api.reference import active_states, colleagues, staff_offices
from cases.api.shapes import GateOut, In, Out, OutWithReason
from cases.filters import LONGEST_SEARCH
from cases.lifecycles import CASE_MOVES, CaseMove
from cases.models import Case, CaseUserObjectPermission, State
from cases.policy import May, powers
from cases.services.cases import CONCLUSIONS
from cases.vocabulary import CaseKind, Use, Verification


class CaseIn(In):
    """The office is the one it is recorded in; State and kind stand once it is filed."""

    id = serializers.UUIDField(
        required=False,
        help_text="Chosen by you: the same request sent twice records one case.",
    )
    office = Link(Office, staff_offices)
    state = Link(State, active_states)
    kind = serializers.ChoiceField(choices=CaseKind.choices, required=False)
    nature = Code("V-NATURE", allow_blank=False)
    severity = serializers.IntegerField(required=False, min_value=1, max_value=4)
    priority = Code("V-PRIO", allow_blank=False)
    classification = Code("V-CLASSIF", allow_blank=False)
    narrative = Text(help_text="For the house alone.")
    summary = Text(help_text="For the State; people stand in it as [V-1].")
    entry = Text(help_text="For the public.")
    received_on = serializers.DateField(required=False)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        once = {"id", "office"} if self.partial else set()
        if self.instance and self.instance.filed_at:
            once |= {"state", "kind"}
        return {name: field for name, field in fields.items() if name not in once}

    def validate(self, attrs: Any) -> Any:
        if self.partial and not attrs:
            raise serializers.ValidationError(_("Say what is to change."))
        return attrs


class SearchIn(In):
    words = Text(
        required=True,
        max_length=LONGEST_SEARCH,
        help_text="A reference, or words of acts, States and texts; all of them must be there.",
    )
    people = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Names, numbers and addresses too, in cases that are yours by name. Counted.",
    )


class SearchOut(serializers.Serializer):
    search = serializers.UUIDField(source="pk")
    people = serializers.BooleanField()


class CaseRow(Out):
    """A line of a list: codes alone, so that it names nobody."""

    label = serializers.CharField()  # type: ignore[assignment]
    stopped = serializers.BooleanField()

    class Meta:
        model = Case
        fields: tuple[str, ...] = (
            "id",
            "version",
            "changed_at",
            "reference",
            "label",
            "kind",
            "office",
            "owner",
            "state",
            "stage",
            "protecting",
            "nature",
            "severity",
            "priority",
            "classification",
            "verification",
            "received_on",
            "recorded_at",
            "filed_at",
            "due_at",
            "stopped",
            "closed_at",
        )


class CaseOut(CaseRow):
    powers = serializers.SerializerMethodField(help_text="What you may do on this case.")

    class Meta(CaseRow.Meta):
        fields = (
            *CaseRow.Meta.fields,
            "narrative",
            "summary",
            "entry",
            "channel",
            "recorded_by",
            "stopped_at",
            "stopped_by",
            "stop_reason",
            "powers",
        )

    def get_powers(self, case: Case) -> list[str]:
        mine = powers(self.context["request"].user, case)
        return [may.value for may in May if may in mine]


class MoveIn(In):
    move = serializers.ChoiceField(
        choices=[(move.value, str(row.label)) for move, row in CASE_MOVES.items() if row.by_person]
    )


class MoveOut(serializers.Serializer):
    move = serializers.ChoiceField(choices=CaseMove.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    allowed = serializers.BooleanField(help_text="Whether your role may.")
    gates = GateOut(many=True)


class ConcludeIn(In):
    conclusion = serializers.ChoiceField(
        choices=[(code.value, code.label) for code in Verification if code in CONCLUSIONS]
    )


class StopIn(In):
    reason = Text(required=True)


class ProtectIn(In):
    on = serializers.BooleanField()


class GiveIn(In):
    to = Link(User, colleagues)


class ShowIn(In):
    to = Link(User, colleagues)
    reason = Text(required=True)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)
    conditions_met = Text(help_text="Outside the house: how what people asked for is kept.")


class HideIn(In):
    to = Link(User, lambda _user: User.objects.all())


class GuestOut(OutWithReason):
    class Meta:
        model = CaseUserObjectPermission
        fields = ("user", "granted_by", "reason", "expires_at")


class UseOut(serializers.Serializer):
    person = serializers.UUIDField()
    use = serializers.ChoiceField(choices=Use.choices)
    by_name = serializers.BooleanField()
    allowed = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField(), help_text="Every one.")
    conditions = serializers.ListField(
        child=serializers.UUIDField(),
        help_text="The consents whose conditions somebody must say are met.",
    )


def use_rows(case: Case) -> list[dict[str, Any]]:
    """What consent allows today: each person, each use, without name and by name."""
    book, today = consent.ledger(case.consents.all()), timezone.localdate()
    rows = []
    for person in case.persons.all():
        for use, told in product(Use, (consent.FACTS, consent.FACTS_AND_NAME)):
            verdict = consent.weigh(book, person, use, told, today)
            rows.append(
                {
                    "person": person.pk,
                    "use": use.value,
                    "by_name": told is consent.FACTS_AND_NAME,
                    "allowed": verdict.allowed,
                    "reasons": verdict.reasons,
                    "conditions": [entry.pk for entry in verdict.asks],
                }
            )
    return rows


class CellOut(serializers.Serializer):
    source = serializers.UUIDField()  # type: ignore[assignment]
    corroboration = serializers.UUIDField()
    stance = serializers.CharField()
    credibility = serializers.CharField()


class ElementResultOut(serializers.Serializer):
    element = serializers.UUIDField()
    number = serializers.IntegerField()
    result = serializers.CharField(help_text="A code of V-VERIF.")
    reason = serializers.CharField()
    said = CellOut(many=True)


class MatrixOut(serializers.Serializer):
    corroborated = serializers.IntegerField()
    holds = serializers.BooleanField(help_text="Whether every element is corroborated.")
    elements = ElementResultOut(many=True)


def matrix_rows(case: Case) -> dict[str, Any]:
    """Of a case read whole."""
    found = verification.matrix(
        list(case.elements.all()), list(case.sources.all()), case.corroborations.all()
    )
    rows = [
        {
            "element": element.pk,
            "number": element.number,
            "result": status.code.value,
            "reason": status.reason,
            "said": [_cell(word) for word in words if word],
        }
        for element, words, status in found.rows
    ]
    return {"corroborated": found.corroborated, "holds": found.holds, "elements": rows}


def _cell(word: Any) -> dict[str, Any]:
    return {
        "source": word.source_id,
        "corroboration": word.pk,
        "stance": word.stance,
        "credibility": word.credibility,
    }
