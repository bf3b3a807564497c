"""A connection of asyncio that is kept, dropped and made again as a browser does."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from tests.benchmarks.client import ENCODING, Learner, Reply

KEPT_SECONDS = 1.5
"""A connection idle for longer is not used again: the server hangs up after two seconds."""
PATIENCE = 60.0


@dataclass
class Line:
    """One person's connection. ``broken`` counts kept ones that the server had closed just then."""

    port: int
    learner: Learner
    broken: int = 0
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None
    _used: float = 0.0

    async def ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Reply:
        """Send a request and read its reply. Raises OSError, EOFError and TimeoutError as the network does."""
        kept = self._writer is not None and time.monotonic() - self._used < KEPT_SECONDS
        message = self._message(method, path, body, headers or {})
        async with asyncio.timeout(PATIENCE):
            try:
                return await self._exchange(message, fresh=not kept)
            except (OSError, EOFError):
                # A server may close an idle connection at any time: a browser asks again on a new one.
                if not kept:
                    raise
                self.broken += 1
                return await self._exchange(message, fresh=True)

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    def _message(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self.port}", f"Accept-Encoding: {ENCODING}"]
        lines += [f"Cookie: {self.learner.cookies}"]
        if method == "POST":
            lines += [f"Origin: http://localhost:{self.port}", f"Content-Length: {len(body)}"]
            lines += ["Content-Type: application/x-www-form-urlencoded"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + body

    async def _exchange(self, message: bytes, *, fresh: bool) -> Reply:
        if fresh:
            self.close()
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        assert self._reader is not None
        assert self._writer is not None
        self._writer.write(message)
        head = await self._reader.readuntil(b"\r\n\r\n")
        status, headers = _read_head(head)
        length = int(headers.get("content-length", "0"))
        wire = await self._reader.readexactly(length) if status not in (204, 304) else b""
        self._used = time.monotonic()
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Reply(status, headers, wire)


def _read_head(head: bytes) -> tuple[int, dict[str, str]]:
    first, *rest = head.decode("latin-1").split("\r\n")
    pairs = (line.split(":", 1) for line in rest if line)
    return int(first.split(" ", 2)[1]), {name.strip().lower(): value.strip() for name, value in pairs}
