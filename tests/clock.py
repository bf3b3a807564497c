"""The clock of the tests: stands still at one moment, in every thread, until a test moves it."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Clock:
    """A moment that a test sets and moves."""

    def __init__(self) -> None:
        self.now = START

    def move(self, **amount: float) -> datetime:
        """Go on by what ``timedelta`` takes (``seconds=5``, ``minutes=-1``), and tell the new moment."""
        self.now += timedelta(**amount)
        return self.now


CLOCK = Clock()


def read() -> datetime:
    """The moment: what the setting CLOCK names."""
    return CLOCK.now
