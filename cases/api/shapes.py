"""What goes in and what comes out, apart: `In` refuses what it does not know, `Out` only reads."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.models import User
from cases.api.fields import Link
from cases.gates import Gate, GateState
from cases.models import Case
from cases.policy import May, cases_where
from cases.vault import SealedTextField


class In(serializers.Serializer):
    """Named fields, and no other: a field that is not ours is an error, never ignored."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := set(data) - set(self.fields)):
            told = _("This field does not exist here.")
            raise serializers.ValidationError({str(name): [told] for name in unknown})
        return super().to_internal_value(data)


class Nothing(In):
    """A step that needs no words."""


class OfCaseIn(In):
    """What belongs to a case says so when it is recorded, and stays there."""

    ONCE: tuple[str, ...] = ("id", "case")

    case = Link(Case)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        once = self.ONCE if self.partial else ()
        return {name: field for name, field in fields.items() if name not in once}

    def validate(self, attrs: Any) -> Any:
        if self.partial and not attrs:
            raise serializers.ValidationError(_("Say what is to change."))
        return attrs


class PartIn(OfCaseIn):
    id = serializers.UUIDField(
        required=False,
        help_text="Chosen by you: the same request sent twice records one row, answered with 200.",
    )


class Out(serializers.ModelSerializer):
    """Named fields of a row, to be read. Nothing is ever written through it."""

    def build_property_field(self, field_name: str, model_class: Any) -> Any:
        """Sealed texts hide from Django's own serializers; here they are texts like others."""
        if isinstance(getattr(model_class, field_name).field, SealedTextField):
            return serializers.CharField, {"read_only": True}
        return super().build_property_field(field_name, model_class)

    def get_fields(self) -> dict[str, Any]:
        """Read only, and null where the column is: Django forgets that of what nobody edits."""
        fields = super().get_fields()
        model: Any = self.Meta.model
        columns = {column.name: column for column in model._meta.fields}
        for name, field in fields.items():
            field.read_only = True
            field.allow_null = field.allow_null or (name in columns and columns[name].null)
        return fields


class OutWithReason(Out):
    """Why it was done is read by whoever may do it, as on the pages, and is null for the rest."""

    reason = serializers.SerializerMethodField()

    def get_reason(self, row: Any) -> str | None:
        return row.reason if row.reason_is_told else None


def with_reason(rows: QuerySet[Any], user: User, may: May, case: str = "case") -> QuerySet[Any]:
    """What `OutWithReason` asks of each row; `case` is the column that leads there."""
    theirs = cases_where(user, may).filter(pk=OuterRef(case))
    return rows.annotate(reason_is_told=Exists(theirs))


class GateOut(serializers.Serializer):
    """One condition: how it stands, why, and the part of the case where something can be done."""

    state = serializers.ChoiceField(choices=GateState.choices)
    title = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    section = serializers.CharField(allow_blank=True)
    row = serializers.CharField(
        allow_blank=True, help_text="The consent whose conditions are to be said to be met."
    )


def gate_rows(gates: list[Gate]) -> list[dict[str, str]]:
    return [gate._asdict() | {"state": gate.state.value} for gate in gates]
