"""A small browser: kept connections, a session and a CSRF token, a bounded number at once."""

import gzip
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from queue import Empty, SimpleQueue
from typing import TypeVar
from urllib.parse import urlencode

import brotli

ENCODING = "gzip, deflate, br"
"""What browsers take over TLS and on their own machine."""
AT_ONCE = 4
"""Connections that ask at the same time: as many as the server has threads."""

T = TypeVar("T")
Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody signed in: the session's key, and a CSRF secret of their own."""

    pk: int
    session: str
    token: str

    @property
    def cookies(self) -> str:
        """The cookies as a browser sends them."""
        return f"sessionid={self.session}; csrftoken={self.token}"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, as it came over the wire."""

    status: int
    headers: Mapping[str, str]
    wire: bytes

    @property
    def body(self) -> bytes:
        """The body as it was before compression."""
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(self.headers.get("content-encoding", ""))
        return unpack(self.wire) if unpack else self.wire


class UnexpectedReply(Exception):
    """The site did not answer as it must: a figure would be worth nothing."""


class Visitor:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def get(
        self, path: str, learner: Learner | None = None, *, expect: int = 200, encoding: str = ENCODING, etag: str = ""
    ) -> Reply:
        """GET, with the reply's status checked."""
        headers = {"Accept-Encoding": encoding} | ({"If-None-Match": etag} if etag else {})
        return self._send("GET", path, learner, None, headers, expect)

    def post(
        self, path: str, learner: Learner, fields: Fields, *, expect: int, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """POST a form with the token in its field, or, as the exam page's script does, in a header."""
        body = urlencode(fields).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://localhost:{self.port}"}
        return self._send("POST", path, learner, body, kind | dict(headers or {}), expect)

    def _send(
        self,
        method: str,
        path: str,
        learner: Learner | None,
        body: bytes | None,
        headers: Mapping[str, str],
        expect: int,
    ) -> Reply:
        cookies = {"Cookie": learner.cookies} if learner else {}
        self._connection.request(method, path, body, {"Host": f"localhost:{self.port}", **cookies, **headers})
        response = self._connection.getresponse()
        reply = Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        if reply.status != expect:
            raise UnexpectedReply(f"{method} {path}: {reply.status}, not {expect}: {reply.body[:300]!r}")
        return reply

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def drive(port: int, jobs: Iterable[Callable[[Visitor], T]]) -> list[T]:
    """Do the jobs over a few connections at once; gives their results in the order of the jobs."""
    waiting: SimpleQueue[tuple[int, Callable[[Visitor], T]]] = SimpleQueue()
    for numbered in enumerate(jobs):
        waiting.put(numbered)
    done: dict[int, T] = {}

    def work() -> None:
        visitor = Visitor(port)
        try:
            while True:
                number, job = waiting.get_nowait()
                done[number] = job(visitor)
        except Empty:
            return
        finally:
            visitor.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for one in [pool.submit(work) for _ in range(AT_ONCE)]:
            one.result()
    return [done[number] for number in sorted(done)]
