"""How the domain says no: with every reason, in words for the person who asked."""

from collections.abc import Sequence


class Refused(Exception):
    """A rule of the domain forbids this now. `reasons` names all of them, never only the first."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(str(reason) for reason in reasons))
        self.reasons: Sequence[str] = reasons


class MoveRefused(Refused):
    """What was asked does not follow from where the noun stands in its life."""


class GateShut(Refused):
    """Consent, risk, verification, clearance or a stop flag forbids an outward act."""


class Stale(Refused):
    """Somebody else saved first. `current` is the row as it stands; nothing was overwritten."""

    def __init__(self, current: object, *reasons: str) -> None:
        super().__init__(*reasons)
        self.current = current


class SavedAlready(Refused):
    """The same form came twice. `current` is the row that came of the first."""

    def __init__(self, current: object, *reasons: str) -> None:
        super().__init__(*reasons)
        self.current = current
