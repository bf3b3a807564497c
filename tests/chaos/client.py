"""A browser that does as it is told: asks, hangs up before the answer, or in the middle of its own words."""

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

PATIENCE = 25
"""Seconds to wait for an answer: more than the database's lock may take."""

HTMX = {"HX-Request": "true"}


@dataclass(slots=True)
class Device:
    """A browser of one person: its session, which may run out, and its CSRF secret."""

    session: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What a browser and the page's script send with every request."""
        return {"Cookie": f"sessionid={self.session}; csrftoken={self.token}", "X-CSRFToken": self.token}


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, whole."""

    status: int
    headers: dict[str, str]
    body: str

    def json(self) -> dict[str, Any]:
        """The body, where it is JSON; else nothing."""
        is_json = self.headers.get("content-type", "").startswith("application/json")
        return json.loads(self.body) if is_json else {}


class Lost(Exception):
    """No whole answer came: nobody knows what has become of the request. The message says how."""


class Waited(Lost):
    """Nothing broke: the answer did not come in time."""


async def ask(
    port: int,
    method: str,
    path: str,
    device: Device,
    fields: list[tuple[str, str]] | None = None,
    *,
    headers: dict[str, str] | None = None,
    cut: str = "",
) -> Reply:
    """One request on a connection of its own. ``cut``: hang up in the ``body``, or before the ``reply``.

    Raises Lost.
    """
    try:
        return await asyncio.wait_for(_ask(port, method, path, device, fields, headers or {}, cut), PATIENCE)
    except TimeoutError as error:
        raise Waited(f"no answer in {PATIENCE} s") from error
    except (OSError, asyncio.IncompleteReadError, ValueError) as error:
        raise Lost(f"{type(error).__name__}: {error}") from error


async def _ask(
    port: int,
    method: str,
    path: str,
    device: Device,
    fields: list[tuple[str, str]] | None,
    headers: dict[str, str],
    cut: str,
) -> Reply:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        body = urlencode(fields or []).encode() if method == "POST" else b""
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{port}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in (device.headers | headers).items()]
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode()
        writer.write(head + (body[: len(body) // 2] if cut == "body" else body))
        await writer.drain()
        if cut:
            writer.transport.abort()
            raise Lost(f"cut before the end of the {cut}")
        return _read(await reader.read())
    finally:
        writer.close()


def _read(wire: bytes) -> Reply:
    head, found, body = wire.partition(b"\r\n\r\n")
    if not found:
        raise ValueError("the connection was closed before an answer")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if headers.get("transfer-encoding") == "chunked":
        body = _unchunked(body)
    elif len(body) != int(headers.get("content-length", len(body))):
        raise ValueError("the answer was cut off")
    return Reply(int(first.split()[1]), headers, body.decode())


def _unchunked(rest: bytes) -> bytes:
    whole = b""
    while True:
        size, found, rest = rest.partition(b"\r\n")
        if not found:
            raise ValueError("the answer was cut off")
        if not (length := int(size, 16)):
            return whole
        whole, rest = whole + rest[:length], rest[length + 2 :]


# What a booklet shows

SECTION = re.compile(r'<section data-question="(\d+)" data-choose="(\d+)".*?</section>', re.DOTALL)
OPTION = re.compile(r'<input type="(?:radio|checkbox)" name="choice" value="(\d+)"( checked)?>')
FLAG = re.compile(r'name="flagged" value="1"( checked)?>')
AT = re.compile(r'data-at="(\d+)"')


@dataclass(frozen=True, slots=True)
class Shown:
    """One question as the page shows it: how many options there are, how many to choose, what is chosen."""

    options: int
    choose: int
    choice: tuple[int, ...]
    flagged: bool


@dataclass(frozen=True, slots=True)
class Booklet:
    """A booklet as it was served: the reading of the exam clock, and every question."""

    at: int
    shown: dict[int, Shown]


def read_booklet(html: str) -> Booklet | None:
    """What the page shows; None where it is no booklet (the exam is closing)."""
    found = {}
    for section in SECTION.finditer(html):
        options = OPTION.findall(section.group())
        choice = tuple(int(value) for value, checked in options if checked)
        flag = FLAG.search(section.group())
        found[int(section[1])] = Shown(len(options), int(section[2]), choice, bool(flag and flag[1]))
    at = AT.search(html)
    return Booklet(int(at[1]), found) if at and found else None
