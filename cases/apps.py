"""The app of the domain: after every `migrate` the database gives each role what it may have."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from cases.database.applied import apply


class CasesConfig(AppConfig):
    name = "cases"

    def ready(self) -> None:
        post_migrate.connect(_after_migrate, sender=self)


def _after_migrate(*, using: str, plan: list[Any] | None = None, **kwargs: Any) -> None:
    """`flush` sends the same signal, without a plan: rights outlive the rows."""
    if plan is not None:
        apply(using)
