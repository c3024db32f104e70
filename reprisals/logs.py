"""Log lines without what people sent: security.md, T38.

The message of an exception may quote the row that PostgreSQL refused, or the value that a form
got. A line says of an error what it was and where, never what it said.
"""

import logging
import traceback
from types import TracebackType

ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class Quiet(logging.Formatter):
    """Frames and types of exceptions, those that caused them too; no messages, no values."""

    def formatException(self, ei: ExceptionInfo) -> str:
        lines: list[str] = []
        error = ei[1]
        while error is not None:
            frames = "".join(traceback.format_tb(error.__traceback__))
            lines.insert(0, f"{frames}{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or error.__context__
        return "\n".join(lines)
