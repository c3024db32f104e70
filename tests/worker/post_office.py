"""A mail server of our own: it takes what comes, as slowly as a test wants."""

import socketserver
import threading
import time


class _Counter(socketserver.StreamRequestHandler):
    server: "PostOffice"

    def handle(self) -> None:
        self._say("220 here")
        for line in self.rfile:
            word = line[:4].strip().upper()
            if word == b"DATA":
                self._say("354 go on")
                self._take()
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> None:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line)
        self.server.arriving.set()
        time.sleep(self.server.slow)
        if not self.server.deaf:
            self.server.mails.append(b"".join(lines).decode())
        self._say("250 taken")

    def _say(self, words: str) -> None:
        try:
            self.wfile.write(words.encode() + b"\r\n")
        except OSError:
            return  # whoever spoke to us is dead


class PostOffice(socketserver.ThreadingTCPServer):
    """`mails` holds what was taken; `arriving` is set while one is being taken."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.mails: list[str] = []
        self.arriving = threading.Event()
        self.slow = 0.0
        self.deaf = False
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])
