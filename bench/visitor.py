"""Somebody with an account at a door, over HTTP, as a browser would be."""

import re
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import urlencode

from bench.house import DOORS
from bench.people import PASSWORD
from launch.doors import HOST

PATIENCE, LOGIN = 300, "/accounts/login/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Answer(NamedTuple):
    status: int
    queries: int
    seconds: float
    body: bytes
    location: str


@dataclass
class Visitor:
    door: str
    email: str
    cookies: SimpleCookie = field(default_factory=SimpleCookie)
    line: HTTPConnection | None = None

    def get(self, path: str, *, keep: str = "") -> Answer:
        return self._ask("GET", path, {"X-Keep-Queries": keep} if keep else {})

    def post(self, path: str, fields: dict[str, str], *, form: str) -> Answer:
        """With the token of the page `form`."""
        token = TOKEN.search(self.get(form).body.decode())
        if token is None:
            raise RuntimeError(f"{form} shows no form to {self.email}")
        body = urlencode(fields | {"csrfmiddlewaretoken": token[1]}).encode()
        return self._ask("POST", path, {"Content-Type": "application/x-www-form-urlencoded"}, body)

    def sign_in(self) -> Answer:
        said = {"login": self.email, "password": PASSWORD}
        answer = self.post(LOGIN, said, form=LOGIN)
        if answer.status != 302:  # noqa: PLR2004  found
            raise RuntimeError(f"{self.email} is not let in at the {self.door}: {answer.status}")
        return answer

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        origin = f"http://localhost:{DOORS[self.door]}"
        cookies = "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())
        whole = {"Host": origin.removeprefix("http://"), "Origin": origin, "Cookie": cookies}
        whole |= {"Sec-Fetch-Site": "same-origin", "Referer": origin + path, **headers}
        begun = time.perf_counter()
        try:
            return self._answer(method, path, whole, body, begun)
        except (HTTPException, OSError):  # the server let go of a line that was idle
            self.line = None
            return self._answer(method, path, whole, body, time.perf_counter())

    def _answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes, begun: float
    ) -> Answer:
        if self.line is None:
            self.line = HTTPConnection(HOST, DOORS[self.door], timeout=PATIENCE)
        self.line.request(method, path, body or None, headers)
        answer = self.line.getresponse()
        text = answer.read()
        for cookie in answer.msg.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        return Answer(
            answer.status,
            int(answer.getheader("X-Queries") or 0),
            time.perf_counter() - begun,
            text,
            answer.getheader("Location") or "",
        )
