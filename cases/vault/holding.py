"""What a model instance carries in the place of a sealed text, and how texts become bytes."""

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.serializers.json import DjangoJSONEncoder

from cases.vault.errors import NotSealable
from cases.vault.sealing import Place

V = TypeVar("V")


class Sealed:
    """A value as the database holds it. Shows nothing of itself to a log or a template."""

    __slots__ = ("content",)

    def __init__(self, content: bytes) -> None:
        self.content = content

    def __repr__(self) -> str:
        return "<Sealed>"

    def __str__(self) -> str:
        return "[sealed]"

    def __bool__(self) -> bool:
        return bool(self.content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other.content == self.content

    def __hash__(self) -> int:
        return hash(self.content)


@dataclass(frozen=True, slots=True)
class Codec(Generic[V]):
    """How a kind of value is written; nothing at all is written as no bytes."""

    encode: Callable[[V], bytes]
    decode: Callable[[bytes], V]


def _write_json(value: dict[str, Any]) -> bytes:
    if not value:
        return b""
    text = json.dumps(
        value, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode()


def _read_json(plain: bytes) -> dict[str, Any]:
    return json.loads(plain) if plain else {}


TEXT: Codec[str] = Codec(encode=str.encode, decode=bytes.decode)
JSON: Codec[dict[str, Any]] = Codec(encode=_write_json, decode=_read_json)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Held(Generic[V]):
    """A value in clear, and the sealed form it came from: an unchanged one goes back as is.

    `opened` is what `sealed` contains and `place` what it is bound to; all three or none.
    """

    value: V
    codec: Codec[V]
    sealed: Sealed | None = None
    opened: bytes | None = None
    place: Place | None = None

    def changed_to(self, value: V) -> "Held[V]":
        return Held(value, self.codec, self.sealed, self.opened, self.place)

    def still_sealed(self, plain: bytes, place: Place | None) -> Sealed | None:
        return self.sealed if (plain, place) == (self.opened, self.place) else None

    def __repr__(self) -> str:
        return "<Held>"

    def __deepcopy__(self, memo: dict[int, Any]) -> "Held[V]":
        return self.changed_to(copy.deepcopy(self.value, memo))

    def __reduce__(self) -> tuple[Any, ...]:
        """Caches, sessions and task queues pickle; they get the sealed form or nothing."""
        sealed = self.still_sealed(self.codec.encode(self.value), self.place)
        if sealed is None:
            raise NotSealable("A text that is not saved yet cannot be pickled")
        return (Sealed, (sealed.content,))


_as_stored: ContextVar[bool] = ContextVar("as_stored", default=False)


@contextmanager
def as_stored() -> Iterator[None]:
    """Inside, sealed attributes give and take what the database holds, and nothing is opened."""
    token = _as_stored.set(True)
    try:
        yield
    finally:
        _as_stored.reset(token)


def moving_as_stored() -> bool:
    return _as_stored.get()
