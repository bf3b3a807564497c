"""Processes that tests start, stop and kill: each in a group of its own, on a port of its own, gone with the test."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event

from tests.sources import ROOT

SOON = 180.0
"""Seconds after which what does not happen will not happen any more."""
POLL = 0.02


class NeverHappened(AssertionError):
    """A condition that was waited for did not come true."""


def until(condition: Callable[[], object], what: str, seconds: float = SOON) -> None:
    """Wait until a condition is true. Raises NeverHappened, with ``what`` in its words, if it does not come true."""
    end = time.monotonic() + seconds
    pulse = Event()
    while not condition():
        if time.monotonic() > end:
            raise NeverHappened(f"not within {seconds:.0f} s: {what}")
        pulse.wait(POLL)


class Process:
    """One program. ``start`` may be called again after it has ended; what it says is kept in ``log``."""

    def __init__(self, command: list[str], log: Path, environment: Mapping[str, str] | None = None) -> None:
        self.command = command
        self.log = log
        self.environment = environment
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process that was started; the others are its children."""
        assert self._running is not None
        return self._running.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._running is not None and self._running.poll() is None

    def start(self) -> None:
        """Start it in a process group of its own."""
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def signal(self, number: int) -> None:
        """Send a signal to the process that was started, and to it alone."""
        os.kill(self.pid, number)

    def signal_all(self, number: int) -> None:
        """Send a signal to it and to all its children."""
        os.killpg(self.pid, number)

    def wait(self, seconds: float = SOON) -> int:
        """Wait for its end; gives its exit code."""
        assert self._running is not None
        return self._running.wait(seconds)

    def kill(self) -> None:
        """End it and its children at once, as a power cut does."""
        if self.alive:
            self.signal_all(signal.SIGKILL)
            self.wait()

    def said(self) -> str:
        """What it has written to its log."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""
