"""Evidence, and the files that are kept sealed with it."""

from pathlib import PurePosixPath
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from cases import audit, custody
from cases.api.attachments import Bytes, Files
from cases.api.fields import Code, Link, Text, Upload
from cases.api.rows import Parts
from cases.api.shapes import In, Out, PartIn
from cases.api.steps import step
from cases.models import CleanCopy, CustodyEntry, Evidence, EvidenceAttachment, Source
from cases.refusals import Refused
from cases.services import evidence
from cases.vocabulary import Hindrance


class EvidenceIn(PartIn):
    kind = Code("V-EVID", required=True)
    source = Link(Source, required=False, allow_null=True)  # type: ignore[assignment]
    description = Text()
    language = Text(max_length=40)
    received_on = serializers.DateField(required=False)


class CleanCopyOut(Out):
    """What may leave of a file. Not legible: there is a picture that no search can read."""

    class Meta:
        model = CleanCopy
        fields = ("id", "media_type", "size", "sha256", "legible", "added_at")


class CustodyEntryOut(Out):
    class Meta:
        model = CustodyEntry
        fields = ("step", "at", "by", "sha256", "note")


class EvidenceAttachmentOut(Out):
    clean_copy = CleanCopyOut(allow_null=True, source="leaving")
    quarantined = serializers.SerializerMethodField(
        help_text="Infected, or waiting for the virus scanner: nobody opens it."
    )

    hindrance = serializers.ChoiceField(choices=Hindrance.choices, allow_blank=True)

    class Meta:
        model = EvidenceAttachment
        fields = (
            "id",
            "evidence",
            "name",
            "copy",
            "scan",
            "scanned_at",
            "quarantined",
            "hindrance",
            "clean_copy",
            "media_type",
            "size",
            "sha256",
            "added_at",
            "added_by",
        )

    def get_quarantined(self, file: EvidenceAttachment) -> bool:
        return custody.quarantined(file)


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
        return super().visible().prefetch_related("attachments__clean_copy")

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
        return super().visible().select_related("evidence", "clean_copy")

    def case_of(self, row: EvidenceAttachment) -> UUID:
        return row.evidence.case_id

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, filters=False
    )
    @action(detail=True, renderer_classes=[JSONRenderer, Bytes], pagination_class=None)
    def clean_copy(self, request: AuthedApiRequest, pk: str) -> HttpResponseBase:
        """The copy that may leave, without what a file says of its makers."""
        row = self.get_object()
        if row.leaving is None:
            raise Refused(_("There is no clean copy of this file."))
        return self.sent(row, row.leaving, f"{row.pk}-clean{PurePosixPath(row.name).suffix}")

    @extend_schema(responses=CustodyEntryOut(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def custody(self, request: AuthedApiRequest, pk: str) -> Response:
        """Through whose hands the file went, in order."""
        row = self.get_object()
        audit.read(row, by=request.user, case=self.case_of(row))
        entries = CustodyEntry.objects.visible_to(request.user).filter(file=row.pk)
        return Response(CustodyEntryOut(entries, many=True).data)
