"""The least that makes a printed page."""

from typing import Any

from django.utils import timezone

from cases.documents.receipt import Receipt


def receipt(**changes: Any) -> Receipt:
    standard: dict[str, Any] = {
        "reference": "AL-XAA-000000",
        "subject": "Alleged detention",
        "state_name": "Ardania",
        "submitted_at": timezone.now(),
        "version": 1,
        "digest": "0" * 64,
        "questions_answered": 1,
        "questions_asked": 1,
        "elements_answered": 1,
        "elements_asked": 1,
        "attachments": [],
        "language": "en",
        "synthetic": True,
    }
    return Receipt(**{**standard, **changes})
