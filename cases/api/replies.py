"""What States answered, and what it amounts to in the reading of the officers."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from cases.api.access import version_required
from cases.api.attachments import Files
from cases.api.fields import Code, Text
from cases.api.rows import Listed
from cases.api.shapes import In, Out
from cases.api.steps import step
from cases.models import Answer, Assessment, Finding, Reply, ReplyAttachment
from cases.services import assessments

MOST_FINDINGS = 100


class OfCase(filters.FilterSet):
    case = filters.UUIDFilter(field_name="package__communication__case_id")
    package = filters.UUIDFilter(field_name="package_id")


class FindingIn(In):
    element = serializers.IntegerField(min_value=1, max_value=1000)
    substance = Code("V-REPLY-S", required=True)
    note = Text()


class AssessIn(In):
    procedure = Code("V-REPLY-P", required=True)
    grade = Code("V-GRADE", required=True)
    findings = serializers.ListField(child=FindingIn(), max_length=MOST_FINDINGS)
    note = Text()

    def validate_findings(self, rows: list[dict[str, Any]]) -> dict[int, tuple[str, str]]:
        found = {row["element"]: (row["substance"], row.get("note", "")) for row in rows}
        if len(found) < len(rows):
            raise serializers.ValidationError(_("Say one thing about each element."))
        return found


class AnswerOut(Out):
    class Meta:
        model = Answer
        fields = ("question", "element", "position", "text")


class ReplyAttachmentOut(Out):
    class Meta:
        model = ReplyAttachment
        fields = (
            "id",
            "reply",
            "name",
            "kind",
            "media_type",
            "size",
            "sha256",
            "scan",
            "scanned_at",
        )


class FindingOut(Out):
    class Meta:
        model = Finding
        fields = ("element", "substance", "note")


class AssessmentOut(Out):
    findings = FindingOut(many=True)

    class Meta:
        model = Assessment
        fields = (
            "id",
            "version",
            "changed_at",
            "reply",
            "procedure",
            "grade",
            "note",
            "assessed_by",
            "assessed_at",
            "findings",
        )


class ReplyRow(Out):
    class Meta:
        model = Reply
        fields: tuple[str, ...] = (
            "id",
            "package",
            "edition",
            "corrects",
            "language",
            "submitted_at",
            "digest",
        )


class ReplyOut(ReplyRow):
    answers = AnswerOut(many=True)
    attachments = ReplyAttachmentOut(many=True)
    assessment = AssessmentOut(allow_null=True)
    procedure = serializers.SerializerMethodField(
        help_text="On time or late, by the due date as it stood: a code of V-REPLY-P."
    )

    class Meta(ReplyRow.Meta):
        fields = (
            *ReplyRow.Meta.fields,
            "text",
            "answers",
            "attachments",
            "procedure",
            "assessment",
        )

    def get_procedure(self, reply: Reply) -> str:
        return assessments.procedure_of(reply).value


class Replies(Listed):
    """Submitted ones: what a mission is still writing is its own."""

    model, output, listed = Reply, ReplyOut, ReplyRow
    ordering = ("-submitted_at", "id")
    filterset_class = OfCase

    def visible(self) -> QuerySet[Reply]:
        rows = super().visible().select_related("package__communication__case")
        if self.action == "list":
            return rows
        related = rows.select_related("assessment")
        return related.prefetch_related("answers", "attachments", "assessment__findings")

    def case_of(self, row: Reply) -> UUID:
        return row.package.communication.case_id

    def answer(self, row: Reply, code: int = 200) -> Response:
        """A reply never changes: what has a version here is its assessment."""
        response = super().answer(row, code)
        assessment = getattr(row, "assessment", None)
        response.headers.pop("ETag", None)
        if assessment:
            response.headers["ETag"] = f'"{assessment.version}"'
        return response

    def current(self, row: Any) -> Any:
        reply = self.get_queryset().filter(assessment=row.pk).first()
        if reply is None:
            return None
        return ReplyOut(self.seen(reply), context=self.get_serializer_context()).data

    @step(AssessIn, output=ReplyOut)
    def assess(self, request: AuthedApiRequest, pk: str) -> Response:
        """Code the reply, element by element. To assess again takes If-Match."""
        reply = self.get_object()
        version = version_required(request) if hasattr(reply, "assessment") else None
        given = self.given(AssessIn)
        assessments.assess_reply(reply, by=request.user, version=version, **given)
        return self.shown(reply)


class ReplyAttachments(Files):
    """What the mission sent along."""

    model, output = ReplyAttachment, ReplyAttachmentOut

    def visible(self) -> QuerySet[ReplyAttachment]:
        return super().visible().select_related("reply__package__communication")

    def case_of(self, row: ReplyAttachment) -> UUID:
        return row.reply.package.communication.case_id
