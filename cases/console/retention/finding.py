"""To fetch is to check, as with everything of a case."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.http import AuthedRequest
from cases.models import Disposal, Hold


def hold_of(request: AuthedRequest, pk: UUID) -> Hold:
    visible = Hold.objects.visible_to(request.user).filter(lifted_at=None)
    return get_object_or_404(visible.select_related("case__state", "placed_by"), pk=pk)


def disposal_of(request: AuthedRequest, pk: UUID) -> Disposal:
    visible = Disposal.objects.visible_to(request.user).open()
    return get_object_or_404(visible.select_related("case__state", "asked_by"), pk=pk)
