"""What is due on a case, and when: opened and met by what people do, never typed in."""

from rest_framework import serializers

from cases.api.rows import Listed
from cases.api.shapes import Out
from cases.models import Deadline


class DeadlineOut(Out):
    state = serializers.CharField(help_text="How it stands now: its day and the clock decide.")

    class Meta:
        model = Deadline
        fields = (
            "id",
            "case",
            "kind",
            "communication",
            "due_at",
            "state",
            "created_at",
            "paused_at",
            "met_at",
            "cancelled_at",
        )


class Deadlines(Listed):
    """Open, met and cancelled ones."""

    model, output, listed = Deadline, DeadlineOut, DeadlineOut
    ordering = ("due_at", "id")
