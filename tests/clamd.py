"""A scanner for tests: speaks INSTREAM as clamd does, and finds the EICAR test file."""

import socketserver
import struct
from pathlib import Path
from tempfile import mkdtemp

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class _Scan(socketserver.StreamRequestHandler):
    server: "Scanner"

    def handle(self) -> None:
        assert self.rfile.read(len(b"zINSTREAM\0")) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.seen.append(content)
        said = "Eicar-Test-Signature FOUND" if EICAR in content else "OK"
        self.wfile.write(f"stream: {self.server.says or said}\0".encode())


class Scanner(socketserver.ThreadingUnixStreamServer):
    """`says` is answered instead of the truth; `seen` is what was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        self.path = Path(mkdtemp()) / "clamd.sock"
        self.seen: list[bytes] = []
        self.says = ""
        super().__init__(str(self.path), _Scan)

    @property
    def url(self) -> str:
        return f"unix:{self.path}"
