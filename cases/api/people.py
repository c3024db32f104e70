"""The people of a case, by their codes."""

from django.db.models import QuerySet
from rest_framework import serializers

from cases.api.fields import Code, Codes, Link, Text
from cases.api.identities import Known, with_identity
from cases.api.rows import Parts
from cases.api.shapes import Out, PartIn
from cases.models import Person
from cases.services import people
from cases.vocabulary import PersonKind


class PersonIn(PartIn):
    kind = serializers.ChoiceField(choices=PersonKind.choices, required=False)
    sex = Code("V-DEMOG-SEX")
    age = Code("V-DEMOG-AGE")
    roles = Codes("V-VICTIM")
    vulnerabilities = Codes("V-DEMOG-VULN")
    gender_dimensions = Codes("V-DEMOG-GENDER")
    protected_class = Code("V-CLASS")
    size = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2_000_000_000
    )
    related_to = Link(Person, required=False, allow_null=True)
    description = Text()


class PersonOut(Out):
    code = serializers.CharField()
    alias = serializers.SerializerMethodField(help_text="What the State calls this person.")
    identity_version = serializers.IntegerField(
        allow_null=True, help_text="Of the identity that is kept; null where none is."
    )

    class Meta:
        model = Person
        fields = (
            "id",
            "version",
            "changed_at",
            "case",
            "code",
            "alias",
            "kind",
            "sex",
            "age",
            "roles",
            "vulnerabilities",
            "gender_dimensions",
            "protected_class",
            "size",
            "related_to",
            "description",
            "identity_version",
        )

    def get_alias(self, person: Person) -> str:
        return next((alias.word for alias in person.aliases.all()), "")


class Persons(Known, Parts):
    """People whom an act is alleged against. Who they are is kept apart."""

    model, input, output = Person, PersonIn, PersonOut
    record = staticmethod(people.record_person)
    edit = staticmethod(people.edit_person)
    remove = staticmethod(people.remove_person)

    def visible(self) -> QuerySet[Person]:
        return with_identity(super().visible().prefetch_related("aliases"), "person")
