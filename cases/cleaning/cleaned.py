"""What comes of cleaning a file."""

from typing import NamedTuple

from cases.vocabulary import Hindrance

# Characters that a person may put to a State in one annex: a book of a thousand pages.
MOST_TEXT = 3_000_000


class Cleaned(NamedTuple):
    """`text` is everything that can be read in `content`; not `legible`, there is also something
    to be seen that no search can read."""

    content: bytes
    text: str
    legible: bool


class NotCleanable(Exception):
    """No clean copy can be made; `hindrance` says why."""

    def __init__(self, hindrance: Hindrance) -> None:
        super().__init__(hindrance.value)
        self.hindrance = hindrance


def checked(content: bytes, text: str, legible: bool) -> Cleaned:
    if len(text) > MOST_TEXT:
        raise NotCleanable(Hindrance.LONG)
    return Cleaned(content, text, legible)
