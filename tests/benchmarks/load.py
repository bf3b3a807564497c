"""What the server does when a whole year comes at once: 500 starts in one second, their saves, their submissions.

The client is a process of its own (``tests.benchmarks.crowd``); the server is served as in production, by
``gunicorn.conf.py``. Everything stays on the loopback.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from io import StringIO

from django.core.management import call_command

from quizzes.models import Response
from tests.benchmarks.client import drive
from tests.benchmarks.crowd import Plan, Record
from tests.benchmarks.exams import Sitting
from tests.benchmarks.server import WORKERS, Server, machine_seconds, serving
from tests.benchmarks.stage import enrol, grow_bank
from tests.benchmarks.table import Figure
from tests.sources import ROOT

LEARNERS = 500


def alone(
    port: int, *, database: bool, seconds: float, bank: int, learners: int = LEARNERS, starts_within: float = 1.0
) -> list[Figure]:
    """The same on a database that is empty as yet."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_course", stdout=StringIO())
    grow_bank(bank)
    crowd = measure_load(port, database=database, seconds=seconds, learners=learners, starts_within=starts_within)
    return list(crowd)


def measure_load(
    port: int, *, database: bool, seconds: float, learners: int = LEARNERS, starts_within: float = 1.0
) -> Iterator[Figure]:
    """The figures of one crowd; the bank must be there. They start, and at the end submit, within so many seconds."""
    people = [[one.pk, one.session, one.token] for one in enrol(learners)]
    with serving(port, database=database, application="sapro.wsgi") as server:
        _warm_up(port)
        with _watched(server) as used:
            plan = Plan(port, people, starts_within=starts_within, seconds=seconds, submits_within=starts_within)
            record = _sent(plan)
        rss, _ = server.memory()
    within = "one second" if starts_within == 1 else f"{starts_within:g} s"
    yield from _start_figures(record, f"{learners} starts in {within}", used)
    yield from _save_figures(record, learners, seconds, used)
    yield from _end_figures(record, f"{learners} submissions in {within}: errors", used)
    yield Figure("memory of a worker after it", rss, "MB", 150, 110, "RSS of the larger")
    for text in record.error_texts:
        print(text, file=sys.stderr)


def _warm_up(port: int) -> None:
    """A few exams, so that both workers have loaded what they need: a site that has just started is another matter."""
    sittings = [Sitting(learner, seed) for seed, learner in enumerate(enrol(4 * WORKERS))]
    drive(port, [one.start for one in sittings])
    drive(port, [one.booklet for one in sittings])
    drive(port, [one.saves for one in sittings])


def _sent(plan: Plan) -> Record:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.crowd"],
        input=json.dumps(asdict(plan)),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
        check=True,
        timeout=plan.seconds + 300,
    )
    return Record(**json.loads(done.stdout))


@dataclass
class Used:
    """Processor time of the server at many moments, also of workers that have been replaced since."""

    samples: list[tuple[float, ...]] = field(default_factory=list)
    _known: dict[int, float] = field(default_factory=dict)

    def take(self, server: Server) -> None:
        """One sample more. A process may end while it is looked at."""
        try:
            self._known |= server.seconds_by_process()
        except OSError:
            return
        self.samples.append((time.monotonic(), sum(self._known.values()), *machine_seconds()))

    def between(self, begin: float, end: float) -> tuple[float, float]:
        """Between two moments: the server's share of the machine's processor time, and how much was left idle."""
        before = max((one for one in self.samples if one[0] <= begin), default=self.samples[0])
        after = min((one for one in self.samples if one[0] >= end), default=self.samples[-1])
        server, used, idle = (late - early for late, early in zip(after[1:], before[1:], strict=True))
        return server / (used + idle), idle / (used + idle)


@contextmanager
def _watched(server: Server) -> Iterator[Used]:
    used, over = Used(), threading.Event()

    def watch() -> None:
        while True:
            used.take(server)
            if over.wait(0.5):
                return

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield used
    finally:
        over.set()
        thread.join()
        used.take(server)


def percentile(times: list[float], share: float) -> float:
    """The time that this share of all does not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def spread(times: list[float], unit: float = 1.0, digits: int = 0) -> str:
    """The usual shares in words."""
    shares = (("median", 0.5), ("p95", 0.95), ("p99", 0.99), ("longest", 1.0))
    return ", ".join(f"{name} {percentile(times, share) / unit:.{digits}f}" for name, share in shares)


def _busy(record: Record, phase: str, used: Used) -> str:
    begin, end = record.phases[phase]
    server, idle = used.between(begin, end)
    return f"processors: server {server:.0%}, all else {1 - server - idle:.0%}, idle {idle:.0%}"


def _start_figures(record: Record, name: str, used: Used) -> Iterator[Figure]:
    lasted = record.phases["start"][1] - record.phases["start"][0]
    note = f"{len(record.booklets)} booklets after {lasted:.1f} s"
    yield Figure(f"{name}: errors", record.errors.get("start", 0), "", 0, note=note)
    note = f"seconds: {spread(record.redirects, 1000, 1)}"
    yield Figure("– p95 to the redirect", percentile(record.redirects, 0.95) / 1000, "s", 8, 4, note)
    note = f"seconds: {spread(record.booklets, 1000, 1)}; {_busy(record, 'start', used)}"
    yield Figure("– p95 to the booklet", percentile(record.booklets, 0.95) / 1000, "s", 15, 7.5, note)


def _save_figures(record: Record, learners: int, seconds: float, used: Used) -> Iterator[Figure]:
    name = f"{learners} learners, a save each every 5–20 s, {seconds:.0f} s: errors"
    note = f"{len(record.saves)} saves and {len(record.clocks)} heartbeats; connections made again: {record.reconnects}"
    yield Figure(name, record.errors.get("saves", 0), "", 0, note=note)
    note = f"milliseconds: {spread(record.saves, digits=1)}; the client itself was late by {record.lag:.0f} at most"
    yield Figure("– p99 of a save", percentile(record.saves, 0.99), "ms", 250, 100, note)
    yield Figure("– p99 of a heartbeat", percentile(record.clocks, 0.99), "ms", note=_busy(record, "saves", used))
    yield Figure("– acknowledged answers that are not stored", lost(record), "", 0, note="compared one by one")


def _end_figures(record: Record, name: str, used: Used) -> Iterator[Figure]:
    note = f"seconds: {spread(record.submits, 1000, 1)}; {_busy(record, 'end', used)}"
    yield Figure(name, record.errors.get("end", 0), "", 0, note="each followed by its report")
    yield Figure("– p95 to the confirmation", percentile(record.submits, 0.95) / 1000, "s", note=note)


def lost(record: Record) -> int:
    """How many answers were acknowledged last for their question and are not what the database holds."""
    rows = Response.objects.filter(attempt__code__in=list(record.acknowledged)).exclude(choice=[])
    held = {
        (code, str(position)): sorted(shown.index(one) + 1 for one in choice)
        for code, position, shown, choice in rows.values_list("attempt__code", "position", "shown_order", "choice")
    }
    return sum(
        held.get((code, position)) != choice
        for code, answers in record.acknowledged.items()
        for position, choice in answers.items()
    )
