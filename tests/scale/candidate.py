"""Somebody at an exam, by HTTP as the exam page speaks it: sends again what got no reply, and remembers what was told.

Whatever a retry does not mend, and being signed out above all, is an error at once.
"""

import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from random import Random
from threading import Event
from urllib.parse import urlencode

from tests.scale.processes import SOON

SECTION = re.compile(r'<section data-question="(\d+)" data-choose="(\d+)".*?</section>', re.DOTALL)
OPTION = re.compile(r'name="choice" value="(\d+)"')
MENDED = {502, 503, 504}
"""Replies of a proxy whose servers are away. The exam page keeps its queue and sends again."""
PAUSE = 0.1
HTMX = {"HX-Request": "true"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was acknowledged."""

    position: int
    at: int
    choice: tuple[int, ...]


class Wrong(AssertionError):
    """A reply that no retry would mend."""


@dataclass
class Candidate:
    """One person with a browser's memory: cookies, the form, and all that was acknowledged."""

    port: int
    seed: int
    name: str = ""
    password: str = ""
    path: str = ""
    given: list[Given] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.tab = self.seed + 1
        self._dice = Random(self.seed)
        self._cookies: dict[str, str] = {}
        self._began = 0.0
        self._at = 0
        self._form: list[tuple[int, int, list[int]]] = []

    # What they do

    def enter(self) -> None:
        """Sign in, if they have a name, and start the short mock; read the booklet."""
        self._send("GET", "/accounts/login/")
        if self.name:
            fields = [("login", self.name), ("password", self.password)]
            reply = self._send("POST", "/accounts/login/", fields)
            self._expect(reply, 302, "signing in")
        start = self._send("POST", "/quizzes/short-mock/start/", [("time", "standard")])
        self._expect(start, 302, "starting")
        self.path = start.headers["location"]
        self._began = time.monotonic()
        page = self._send("GET", self.path)
        self._expect(page, 200, "the booklet")
        self._form = [
            (int(found[1]), int(found[2]), [int(one) for one in OPTION.findall(found[0])])
            for found in SECTION.finditer(page.body)
        ]

    def answer_until(self, end: Event) -> None:
        """Answer every question, and change answers over and over until the end, reading the booklet now and then."""
        while not end.is_set() or len(self.given) < len(self._form):
            number = len(self.given)
            question = self._form[number] if number < len(self._form) else self._dice.choice(self._form)
            self._answer(*question)
            if number % 10 == 9:
                self._expect(self._send("GET", self.path), 200, "the booklet")

    def leave(self) -> str:
        """Submit, and read the report."""
        self._expect(self._send("POST", f"{self.path}submit/", [("trace", "")], HTMX), 204, "submitting")
        report = self._send("GET", f"{self.path}report/")
        self._expect(report, 200, "the report")
        return report.body

    def _answer(self, position: int, choose: int, options: list[int]) -> None:
        choice = tuple(sorted(self._dice.sample(options, choose)))
        self._at = max(self._at + 1, int((time.monotonic() - self._began) * 1000))
        fields = [("choice", str(one)) for one in choice]
        fields += [("has", "choice"), ("at", str(self._at)), ("tab", str(self.tab))]
        reply = self._send("POST", f"{self.path}responses/{position}/", fields, HTMX)
        self._expect(reply, 200, f"answer {position}")
        if tuple(json.loads(reply.body)["choice"]) != choice:
            raise Wrong(f"{choice} was sent for {position}, and this holds: {reply.body}")
        self.given.append(Given(position, self._at, choice))

    # How it travels

    def headers(self) -> dict[str, str]:
        """What goes with every request: where to, who they are, and the token of their forms."""
        host = f"localhost:{self.port}"
        return {
            "Host": host,
            "Origin": f"http://{host}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "X-CSRFToken": self._cookies.get("csrftoken", ""),
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def _send(
        self,
        method: str,
        path: str,
        fields: list[tuple[str, str]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """Send it until a reply comes that a server of ours has made."""
        end = time.monotonic() + SOON
        while True:
            try:
                reply = self._once(method, path, fields, headers or {})
                if reply.status not in MENDED:
                    return reply
                self.faults[f"{method} {reply.status}"] += 1
            except (OSError, HTTPException) as error:
                self.faults[f"{method} {type(error).__name__}"] += 1
            if time.monotonic() > end:
                raise Wrong(f"{method} {path} got no reply in {SOON:.0f} s: {dict(self.faults)}")
            Event().wait(PAUSE * self._dice.random())

    def _once(self, method: str, path: str, fields: list[tuple[str, str]] | None, headers: dict[str, str]) -> Reply:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SOON)
        body = None if fields is None else urlencode(fields)
        try:
            connection.request(method, path, body, self.headers() | headers)
            response = connection.getresponse()
            text = response.read().decode()
            for line in response.headers.get_all("Set-Cookie") or []:
                self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, text)
        finally:
            connection.close()

    @staticmethod
    def _expect(reply: Reply, status: int, what: str) -> None:
        where = reply.headers.get("location", "")
        if reply.status != status or "/accounts/login/" in where:
            raise Wrong(f"{what}: {reply.status} {where} {reply.body[:300]}")
