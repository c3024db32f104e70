"""How the domain says no: with every reason, in words for the person who asked."""

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass
class Hearing:
    """What one request was refused, by the names of the rules; whether the audit says so yet.

    A door may catch a refusal and say it in a form: it was heard here all the same, and is written
    down after the transaction that it ended.
    """

    refused: list[str] = field(default_factory=list)
    written: bool = False


hearing: ContextVar[Hearing | None] = ContextVar("hearing", default=None)


class Refused(Exception):
    """A rule of the domain forbids this now. `reasons` names all of them, never only the first."""

    # Two people at once, or a form sent twice, is nobody's attempt at what they may not do.
    is_an_attempt = True

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(str(reason) for reason in reasons))
        self.reasons: Sequence[str] = reasons
        if self.is_an_attempt and (heard := hearing.get()):
            heard.refused.append(type(self).__name__)


class MoveRefused(Refused):
    """What was asked does not follow from where the noun stands in its life."""


class GateShut(Refused):
    """Consent, risk, verification, clearance or a stop flag forbids an outward act."""


class TooOften(Refused):
    """The measure of something that may be done now and then is spent; later it may again."""


class Stale(Refused):
    """Somebody else saved first. `current` is the row as it stands; nothing was overwritten."""

    is_an_attempt = False

    def __init__(self, current: object, *reasons: str) -> None:
        super().__init__(*reasons)
        self.current = current


class SavedAlready(Refused):
    """The same form came twice. `current` is the row that came of the first."""

    is_an_attempt = False

    def __init__(self, current: object, *reasons: str) -> None:
        super().__init__(*reasons)
        self.current = current
