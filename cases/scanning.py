"""Asking ClamAV, where there is one, whether a file is known to be malicious.

`CLAMD` names its socket: `unix:/run/clamav/clamd.ctl` or `tcp:clamav:3310`. Empty, nothing is
scanned, and every page and answer says so. Configured and not reached, a file waits: it is opened
by nobody (fail closed) until a sweep has had it scanned.
"""

import socket
import struct
from collections.abc import Iterable

from django.conf import settings

PATIENCE = 60  # seconds for one answer
PIECE = 64 * 1024
LONGEST_ANSWER = 4096


class ScannerSilent(Exception):
    """No answer, or none that says what the file is: whoever asked must not go on."""


def configured() -> bool:
    return bool(settings.CLAMD)


def is_infected(pieces: Iterable[bytes]) -> bool:
    """Send the file through clamd's INSTREAM. Raises ScannerSilent unless it says clearly."""
    try:
        with _connected() as clamd:
            clamd.sendall(b"zINSTREAM\0")
            for piece in pieces:
                for start in range(0, len(piece), PIECE):
                    part = piece[start : start + PIECE]
                    clamd.sendall(struct.pack(">I", len(part)) + part)
            clamd.sendall(struct.pack(">I", 0))
            answer = _answer(clamd)
    except OSError as error:
        raise ScannerSilent("The virus scanner does not answer") from error
    if answer == "stream: OK":
        return False
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return True
    raise ScannerSilent("The virus scanner could not scan")


def _connected() -> socket.socket:
    kind, _colon, place = settings.CLAMD.partition(":")
    if kind == "tcp":
        host, _colon, port = place.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=PATIENCE)
    clamd = socket.socket(socket.AF_UNIX)
    clamd.settimeout(PATIENCE)
    try:
        clamd.connect(place)
    except OSError:
        clamd.close()
        raise
    return clamd


def _answer(clamd: socket.socket) -> str:
    answer = b""
    while len(answer) < LONGEST_ANSWER and (part := clamd.recv(LONGEST_ANSWER)):
        answer += part
    return answer.rstrip(b"\0\n").decode(errors="replace")
