"""That something did not open is never lost on the way, not even where a template goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from cases.vault.errors import VaultError

_seen: ContextVar[list[VaultError] | None] = ContextVar("unopened", default=None)


@contextmanager
def watching() -> Iterator[list[VaultError]]:
    """Fills with whatever does not open inside. Django's `if` takes any error for a no."""
    seen: list[VaultError] = []
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)


def noted(error: VaultError) -> VaultError:
    seen = _seen.get()
    if seen is not None:
        seen.append(error)
    return error
