"""Evidence, and the files that are kept sealed with it."""

from uuid import UUID

from django.db.models import QuerySet
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from cases.api.attachments import Files
from cases.api.fields import Code, Link, Text, Upload
from cases.api.rows import Parts
from cases.api.shapes import In, Out, PartIn
from cases.api.steps import step
from cases.models import Evidence, EvidenceAttachment, Source
from cases.services import evidence


class EvidenceIn(PartIn):
    kind = Code("V-EVID", required=True)
    source = Link(Source, required=False, allow_null=True)  # type: ignore[assignment]
    description = Text()
    language = Text(max_length=40)
    received_on = serializers.DateField(required=False)


class EvidenceAttachmentOut(Out):
    class Meta:
        model = EvidenceAttachment
        fields = (
            "id",
            "evidence",
            "name",
            "copy",
            "media_type",
            "size",
            "sha256",
            "added_at",
            "added_by",
        )


class EvidenceOut(Out):
    code = serializers.CharField()
    attachments = EvidenceAttachmentOut(many=True)

    class Meta:
        model = Evidence
        fields = (
            "id",
            "version",
            "changed_at",
            "case",
            "code",
            "kind",
            "source",
            "description",
            "language",
            "received_on",
            "added_by",
            "attachments",
        )


class AttachIn(In):
    file = Upload()
    copy = serializers.ChoiceField(choices=EvidenceAttachment.Copy.choices, required=False)


class EvidenceRows(Parts):
    """Documents, statements, photographs."""

    model, input, output = Evidence, EvidenceIn, EvidenceOut
    record = staticmethod(evidence.record_evidence)
    edit = staticmethod(evidence.edit_evidence)
    remove = staticmethod(evidence.remove_evidence)

    def visible(self) -> QuerySet[Evidence]:
        return super().visible().prefetch_related("attachments")

    @step(
        {"multipart/form-data": AttachIn},
        output={201: EvidenceAttachmentOut},
        parser_classes=[MultiPartParser],
    )
    def attachments(self, request: AuthedApiRequest, pk: str) -> Response:
        """Seal a file beside its evidence. The SHA-256 is of the bytes as they came."""
        row, given = self.get_object(), self.given(AttachIn)
        upload = given.pop("file")
        attachment = evidence.attach(row, upload, by=request.user, **given)
        return Response(EvidenceAttachmentOut(attachment).data, status.HTTP_201_CREATED)


class EvidenceAttachments(Files):
    """The files of evidence."""

    model, output = EvidenceAttachment, EvidenceAttachmentOut

    def visible(self) -> QuerySet[EvidenceAttachment]:
        return super().visible().select_related("evidence")

    def case_of(self, row: EvidenceAttachment) -> UUID:
        return row.evidence.case_id
