"""What of a letter goes in and comes out."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import serializers

from cases.api.fields import Link, Links, Text
from cases.api.reference import active_mechanisms
from cases.api.shapes import GateOut, In, Out, PartIn
from cases.models import (
    Communication,
    Consent,
    Element,
    EvidenceAttachment,
    Mechanism,
    Package,
    Person,
    Question,
    Signatory,
)
from cases.vocabulary import CommunicationType

MOST_QUESTIONS = 50


class DraftIn(PartIn):
    """Begun with case, type and lead mandate; the rest is changed as often as needed."""

    ONCE = (*PartIn.ONCE, "type", "lead")
    LATER = ("questions", "elements", "annexes", "signatories", "in_full")

    type = serializers.ChoiceField(choices=CommunicationType.choices)
    lead = Link(Mechanism, active_mechanisms)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    subject = Text()
    body = Text()
    closing = Text()
    questions = serializers.ListField(
        child=Text(required=True), required=False, max_length=MOST_QUESTIONS
    )
    elements = Links(Element)
    annexes = Links(
        EvidenceAttachment,
        lambda user: EvidenceAttachment.objects.visible_to(user).select_related("evidence"),
    )
    signatories = Links(Mechanism, active_mechanisms)
    in_full = Links(Person, help_text="People to be given by name: their consent decides.")

    def validate(self, attrs: Any) -> Any:
        """A draft starts from its template; what that gives is changed after, not with it."""
        if not self.partial and (early := [name for name in self.LATER if name in attrs]):
            told = _("Draft the letter first, then change this.")
            raise serializers.ValidationError(dict.fromkeys(early, told))
        return super().validate(attrs)


class DigestIn(In):
    digest = serializers.RegexField(r"^[0-9a-f]{64}$", help_text="Of the text that was seen.")


class ConditionsIn(DigestIn):
    consent = Link(Consent)
    words = Text(required=True)


class AnswerIn(In):
    mechanism = serializers.CharField(max_length=20)
    endorse = serializers.BooleanField()
    digest = serializers.RegexField(r"^[0-9a-f]{64}$", required=False)

    def validate(self, attrs: Any) -> Any:
        if attrs["endorse"] and "digest" not in attrs:
            raise serializers.ValidationError({"digest": _("Name the text that is endorsed.")})
        return attrs


class QuestionOut(Out):
    class Meta:
        model = Question
        fields = ("number", "text")


class SignatoryOut(Out):
    class Meta:
        model = Signatory
        fields = ("mechanism", "answer", "endorsed_digest", "answered_by", "answered_at")


class LetterRow(Out):
    """A line of a list: codes alone. The subject is a text, and stands with the letter."""

    package = serializers.UUIDField(source="sent_as", allow_null=True)

    class Meta:
        model = Communication
        fields: tuple[str, ...] = (
            "id",
            "version",
            "changed_at",
            "case",
            "type",
            "lead",
            "status",
            "language",
            "drafted_by",
            "drafted_at",
            "cleared_by",
            "cleared_at",
            "transmitted_by",
            "transmitted_at",
            "package",
        )


class LetterOut(LetterRow):
    questions = QuestionOut(many=True)
    signatories = SignatoryOut(many=True)
    in_full = serializers.SerializerMethodField(help_text="People who are given by name.")

    class Meta(LetterRow.Meta):
        fields = (
            *LetterRow.Meta.fields,
            "subject",
            "body",
            "closing",
            "elements",
            "annexes",
            "questions",
            "signatories",
            "in_full",
            "cleared_digest",
        )

    def get_in_full(self, letter: Communication) -> list[str]:
        return [str(naming.person_id) for naming in letter.namings.all()]


class NumberedOut(serializers.Serializer):
    number = serializers.IntegerField()
    text = serializers.CharField()


class AnnexOut(serializers.Serializer):
    name = serializers.CharField()
    sha256 = serializers.CharField()


class ContentOut(serializers.Serializer):
    """What leaves, with names veiled from whoever did not open them; the digest is over what is
    sent."""

    type = serializers.CharField()
    type_label = serializers.CharField()
    state = serializers.CharField()
    state_name = serializers.CharField()
    language = serializers.CharField()
    signatories = serializers.ListField(child=serializers.CharField())
    subject = serializers.CharField()
    paragraphs = serializers.ListField(child=serializers.CharField())
    elements = NumberedOut(many=True)
    questions = NumberedOut(many=True)
    closing = serializers.ListField(child=serializers.CharField())
    response_days = serializers.IntegerField(allow_null=True)
    annexes = AnnexOut(many=True)


class PreviewOut(serializers.Serializer):
    content = ContentOut()
    digest = serializers.CharField()
    unknown = serializers.ListField(
        child=serializers.CharField(), help_text="Codes in the text that stand for nobody."
    )
    ready = serializers.BooleanField(help_text="Whether every gate is open.")
    gates = GateOut(many=True)


class TransmittedOut(Out):
    class Meta:
        model = Package
        fields = ("id", "code", "digest", "transmitted_at", "due_at", "confidential_until")
