"""The same dice for two worlds: whatever differs then was told by the house."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from unittest.mock import patch


@contextmanager
def same_chance(seed: str) -> Iterator[None]:
    """All that the operating system gives by chance, from ids to keys, follows from `seed`."""
    throws = count()

    def urandom(size: int) -> bytes:
        return hashlib.shake_256(f"{seed}:{next(throws)}".encode()).digest(size)

    with patch("os.urandom", urandom), patch("random._urandom", urandom):
        yield
