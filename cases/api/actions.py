"""What the United Nations did or will do about a case."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from cases.api.fields import Code, Links, Text
from cases.api.rows import Parts
from cases.api.shapes import Out, PartIn
from cases.models import Action, Person
from cases.services import actions


class ActionIn(PartIn):
    """A response or a protective action, which it stays."""

    ONCE = (*PartIn.ONCE, "kind", "protection")

    kind = Code("V-ACTION")
    protection = Code("V-PROT")
    public = serializers.BooleanField(required=False)
    named = Links(Person, help_text="Who is named in it: that takes more than to be spoken of.")
    conditions_met = Text(help_text="In public: how what people asked for is kept.")
    planned_for = serializers.DateField(required=False, allow_null=True)
    done_on = serializers.DateField(required=False, allow_null=True)
    description = Text()
    outcome = Text()

    def validate(self, attrs: Any) -> Any:
        if not self.partial and bool(attrs.get("kind")) == bool(attrs.get("protection")):
            told = _("Give a response or a protective action, and one of them.")
            raise serializers.ValidationError(told)
        return super().validate(attrs)


class ActionOut(Out):
    class Meta:
        model = Action
        fields = (
            "id",
            "version",
            "changed_at",
            "case",
            "kind",
            "protection",
            "office",
            "communication",
            "owner",
            "public",
            "named",
            "planned_for",
            "done_on",
            "description",
            "outcome",
            "recorded_at",
        )


class Actions(Parts):
    """Calls, statements, protection, letters. A letter that is sent enters itself.

    What is public takes the consent of everybody in the case: 409 with every reason.
    """

    model, input, output = Action, ActionIn, ActionOut
    record = staticmethod(actions.record_action)
    edit = staticmethod(actions.edit_action)
    remove = staticmethod(actions.remove_action)

    def visible(self) -> QuerySet[Action]:
        return super().visible().prefetch_related("named")
