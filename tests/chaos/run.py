"""A run: so many schedules on one database, in rooms of learners who sit at the same time; and its log."""

import platform
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.server import free_port
from tests.chaos import clock
from tests.chaos.databases import Cluster, Database, SqliteFile
from tests.chaos.history import Fault
from tests.chaos.plan import GRACE
from tests.chaos.room import Outcome, Room, plans
from tests.chaos.site import THREADS, WORKERS, Site

ROOM = 40
DATABASES: dict[str, Callable[[Path], Database]] = {
    "sqlite": SqliteFile,
    "postgres": lambda folder: Cluster(folder, free_port()),
}

Say = Callable[[str], None]


@dataclass(slots=True)
class Totals:
    """What a run came to."""

    schedules: int = 0
    broken: int = 0
    counts: Counter[str] = field(default_factory=Counter)


@asynccontextmanager
async def opened(name: str, quizzes: int) -> AsyncIterator[Site]:
    """A served site on a database of that name, in a folder that is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        # PostgreSQL runs as a user of its own, who must get to its part of it.
        Path(folder).chmod(0o755)
        site = Site(Path(folder), DATABASES[name](Path(folder)))
        try:
            await site.open(quizzes)
            yield site
        finally:
            await site.close()


async def run(name: str, *, seed: int, schedules: int, room: int, say: Say) -> Totals:
    """Run, and tell; a broken promise is told with its seed and the whole history."""
    begun = time.monotonic()
    totals = Totals()
    async with opened(name, min(room, schedules)) as site:
        say(f"{site.database.title}: {schedules} schedules from seed {seed}, rooms of {min(room, schedules)}")
        say(f"  gunicorn, {WORKERS} workers × {THREADS} threads; Python {platform.python_version()}")
        say(f"  clock {clock.TIMES_FASTER} times as fast, exams of 60 to 90 s and untimed, grace {GRACE} s")
        for first in range(seed, seed + schedules, room):
            drawn = plans(first, min(room, seed + schedules - first))
            outcome = await Room(site, drawn, min(room, schedules)).run()
            totals.schedules += len(drawn)
            totals.broken += len(outcome.violations)
            totals.counts += outcome.counts()
            _tell_room(outcome, first, say)
            if outcome.violations:
                _tell_violations(outcome, name, first, len(drawn), say)
                say(f"The end of the server’s log:\n{site.tail()}")
    say(f"{totals.schedules} schedules on {site.database.title} in {time.monotonic() - begun:.0f} s. What happened:")
    for what, count in sorted(totals.counts.items()):
        say(f"  {count:7}  {what}")
    say(f"Schedules that were never sat: {totals.counts['never sat']}; with a broken promise: {totals.broken}")
    say("")
    return totals


def _tell_room(outcome: Outcome, first: int, say: Say) -> None:
    last = first + len(outcome.histories) - 1
    say(f"  seeds {first}–{last}: broken: {len(outcome.violations)}; {'; '.join(map(_told, outcome.faults))}")


def _told(fault: Fault) -> str:
    """A fault and how long it lasted, on the wall."""
    seconds = (fault.until - fault.since).total_seconds() / clock.TIMES_FASTER
    return f"{fault.what}: {seconds:.1f} s"


def _tell_violations(outcome: Outcome, name: str, first: int, count: int, say: Say) -> None:
    for history in outcome.histories:
        for violation in outcome.violations.get(history.seed, []):
            say(f"BROKEN, seed {history.seed}: {violation}")
    for fault in outcome.faults:
        say(f"  fault: {fault.what}, {fault.since:%H:%M:%S.%f} – {fault.until:%H:%M:%S.%f}")
    for history in outcome.histories:
        if history.seed in outcome.violations:
            say(f"The history of seed {history.seed}. Again: --database {name} --seed {history.seed} --schedules 1")
            say(f"With all who sat beside it: --database {name} --seed {first} --schedules {count} --room {count}")
            for line in history.told():
                say(line)
