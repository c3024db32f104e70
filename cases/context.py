"""What every page knows about the house it belongs to."""

from django.conf import settings
from django.http import HttpRequest


def door(request: HttpRequest) -> dict[str, object]:
    return {"door": settings.DOOR, "synthetic": settings.SYNTHETIC}
