"""The clock of the tests: stands still at one moment, in every thread, until a test moves it or lets it run."""

import time
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Clock:
    """A moment that a test sets and moves."""

    def __init__(self) -> None:
        self.now = START

    @property
    def now(self) -> datetime:
        """The moment. Setting it stops the clock there."""
        passed = 0.0 if self._running_since is None else time.monotonic() - self._running_since
        return self._moment + timedelta(seconds=passed)

    @now.setter
    def now(self, moment: datetime) -> None:
        self._moment = moment
        self._running_since: float | None = None

    def run(self) -> None:
        """From here on time passes, beside what ``move`` adds: for a page that has a clock of its own."""
        self.now = self.now
        self._running_since = time.monotonic()

    def move(self, **amount: float) -> datetime:
        """Go on by what ``timedelta`` takes (``seconds=5``, ``minutes=-1``), and tell the new moment."""
        self._moment += timedelta(**amount)
        return self.now


CLOCK = Clock()


def read() -> datetime:
    """The moment: what the setting CLOCK names."""
    return CLOCK.now
