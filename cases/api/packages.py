"""What crossed to the portal, what the mission did with it, and its requests for time."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from cases.api.attachments import Files
from cases.api.fields import Text
from cases.api.letter_shapes import ContentOut
from cases.api.rows import Listed
from cases.api.shapes import In, Out
from cases.api.steps import step
from cases.models import Extension, Package, PackageAttachment, Receipt
from cases.services import packages


class OfCase(filters.FilterSet):
    case = filters.UUIDFilter(field_name="communication__case_id")
    communication = filters.UUIDFilter(field_name="communication_id")


class ReceiptOut(Out):
    class Meta:
        model = Receipt
        fields = ("kind", "at")


class ExtensionOut(Out):
    class Meta:
        model = Extension
        fields = (
            "id",
            "package",
            "until",
            "reason",
            "asked_at",
            "decision",
            "decided_by",
            "decided_at",
            "answer",
        )


class PackageAttachmentOut(Out):
    class Meta:
        model = PackageAttachment
        fields = ("id", "package", "name", "kind", "media_type", "size", "sha256")


class PackageRow(Out):
    class Meta:
        model = Package
        fields: tuple[str, ...] = (
            "id",
            "code",
            "communication",
            "state",
            "type",
            "language",
            "digest",
            "transmitted_at",
            "due_at",
            "confidential_until",
        )


class PackageOut(PackageRow):
    content = ContentOut()
    receipts = ReceiptOut(many=True)
    extensions = ExtensionOut(many=True)
    attachments = PackageAttachmentOut(many=True)

    class Meta(PackageRow.Meta):
        fields = (*PackageRow.Meta.fields, "content", "receipts", "extensions", "attachments")


class DecideIn(In):
    grant = serializers.BooleanField()
    answer = Text(help_text="What the mission is told; needed where time is refused.")


class Packages(Listed):
    """Frozen copies: nobody changes what a State has received."""

    model, output, listed = Package, PackageOut, PackageRow
    ordering = ("-transmitted_at", "id")
    filterset_class = OfCase

    def visible(self) -> QuerySet[Package]:
        rows = super().visible().select_related("communication")
        if self.action == "list":
            return rows
        return rows.prefetch_related("receipts", "extensions", "attachments")

    def case_of(self, row: Package) -> UUID:
        return row.communication.case_id


class Extensions(Listed):
    """Requests of missions for time."""

    model, output = Extension, ExtensionOut
    ordering = ("-asked_at", "id")
    filterset_class: Any = None

    def visible(self) -> QuerySet[Extension]:
        return super().visible().select_related("package__communication__case")

    def case_of(self, row: Extension) -> UUID:
        return row.package.communication.case_id

    @step(DecideIn, output=ExtensionOut, in_person=True)
    def decide(self, request: AuthedApiRequest, pk: str) -> Response:
        """Grant or refuse time. Granting moves the date by which a reply is due."""
        extension = self.get_object()
        given = self.given(DecideIn)
        return self.shown(packages.decide_extension(extension, by=request.user, **given))


class PackageAttachments(Files):
    """The letter as it was printed, and its annexes under their neutral names."""

    model, output = PackageAttachment, PackageAttachmentOut

    def visible(self) -> QuerySet[PackageAttachment]:
        return super().visible().select_related("package__communication")

    def case_of(self, row: PackageAttachment) -> UUID:
        return row.package.communication.case_id
