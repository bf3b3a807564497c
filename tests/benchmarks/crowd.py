"""Many learners at once, in a process of their own: ``python -m tests.benchmarks.crowd``.

Reads a ``Plan`` as JSON from standard input and writes a ``Record`` as JSON to standard output. It asks no one but the
server on the loopback, for as long as the plan says.
"""

import asyncio
import json
import sys
import time
from collections.abc import Coroutine
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlencode

from tests.benchmarks.client import Learner, Reply
from tests.benchmarks.exams import QUIZ, Sitting
from tests.benchmarks.wire import Line

ERRORS_KEPT = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """Who comes, and what they do: all start within some seconds, then answer at their pace, then hand in."""

    port: int
    learners: list[list[Any]]
    starts_within: float = 1.0
    seconds: float = 600.0
    pace: tuple[float, float] = (5.0, 20.0)
    heartbeat: float = 30.0
    submits_within: float = 1.0
    quiz: str = QUIZ


@dataclass
class Record:
    """What came of it; times in milliseconds, from the moment at which the learner meant to ask."""

    redirects: list[float] = field(default_factory=list)
    booklets: list[float] = field(default_factory=list)
    saves: list[float] = field(default_factory=list)
    clocks: list[float] = field(default_factory=list)
    submits: list[float] = field(default_factory=list)
    reports: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)
    error_texts: list[str] = field(default_factory=list)
    acknowledged: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    reconnects: int = 0
    lag: float = 0.0
    phases: dict[str, list[float]] = field(default_factory=dict)

    def fail(self, phase: str, text: str) -> None:
        """One error more."""
        self.errors[phase] = self.errors.get(phase, 0) + 1
        if len(self.error_texts) < ERRORS_KEPT:
            self.error_texts.append(f"{phase}: {text}"[:300])


class Candidate:
    """One learner: a line for answers and one for the clock, as a browser opens several."""

    def __init__(self, plan: Plan, learner: Learner, seed: int, record: Record) -> None:
        self.plan = plan
        self.record = record
        self.sitting = Sitting(learner, seed)
        self.dice = Random(seed)
        self.line, self.second_line = Line(plan.port, learner), Line(plan.port, learner)
        self.html: Reply | None = None

    async def start(self, begin: float) -> None:
        """Press the button somewhere within the first seconds, follow the redirect."""
        due = begin + self.dice.uniform(0, self.plan.starts_within)
        learner = self.sitting.learner
        body = urlencode({"csrfmiddlewaretoken": learner.token, "time": "standard"}).encode()
        path = f"/quizzes/{self.plan.quiz}/start/"
        reply = await self._ask("start", due, 302, self.record.redirects, "POST", path, body)
        if reply is not None:
            self.sitting.begin(reply.headers["location"])
            self.html = await self._ask("start", due, 200, self.record.booklets, "GET", self.sitting.path)

    def read(self) -> None:
        """Look into the booklet, now that nobody is waiting."""
        if self.html is not None:
            self.sitting.read(self.html.body.decode())
            self.html = None

    async def answer(self, begin: float, end: float) -> None:
        """A save every few seconds, of a question picked at random, until the time is over."""
        due = begin + self.dice.uniform(0, self.plan.pace[1])
        while due < end and self.sitting.asked:
            await _until(due)
            path, fields, headers = self.sitting.save_request(self.dice.choice(self.sitting.asked))
            body = urlencode(fields).encode()
            reply = await self._ask("saves", due, 200, self.record.saves, "POST", path, body, headers)
            if reply is not None:
                self._acknowledge(path, [int(value) for name, value in fields if name == "choice"], reply)
            due = max(due, time.monotonic()) + self.dice.uniform(*self.plan.pace)

    def _acknowledge(self, path: str, sent: list[int], reply: Reply) -> None:
        held = json.loads(reply.body)
        if sorted(held["choice"]) != sorted(sent):
            self.record.fail("saves", f"{path}: {held['choice']} is not {sent}")
        code = self.sitting.path.strip("/").rpartition("/")[2]
        self.record.acknowledged.setdefault(code, {})[str(held["position"])] = sorted(held["choice"])

    async def watch(self, begin: float, end: float) -> None:
        """Ask for the clock, as an open page does by itself."""
        due = begin + self.dice.uniform(0, self.plan.heartbeat)
        while due < end and self.sitting.asked:
            path = f"{self.sitting.path}clock/"
            await self._ask("saves", due, 200, self.record.clocks, "GET", path, line=self.second_line)
            due = max(due, time.monotonic()) + self.plan.heartbeat

    async def finish(self, begin: float) -> None:
        """Hand in when all do, and read the report."""
        if not self.sitting.asked:
            return
        due = begin + self.dice.uniform(0, self.plan.submits_within)
        headers = {"HX-Request": "true", "X-CSRFToken": self.sitting.learner.token}
        path = f"{self.sitting.path}submit/"
        if await self._ask("end", due, 204, self.record.submits, "POST", path, b"trace=", headers):
            await self._ask("end", due, 200, self.record.reports, "GET", f"{self.sitting.path}report/")

    async def _ask(
        self,
        phase: str,
        due: float,
        expect: int,
        times: list[float],
        method: str,
        path: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        line: Line | None = None,
    ) -> Reply | None:
        await _until(due)
        try:
            reply = await (line or self.line).ask(method, path, body, headers)
        except (OSError, EOFError, TimeoutError) as error:
            self.record.fail(phase, f"{method} {path}: {error!r}")
            return None
        if reply.status != expect:
            self.record.fail(phase, f"{method} {path}: {reply.status}, not {expect}")
            return None
        times.append(1000 * (time.monotonic() - due))
        return reply

    def close(self) -> None:
        """Hang up, and tell how often a kept connection was gone."""
        for line in (self.line, self.second_line):
            self.record.reconnects += line.broken
            line.close()


async def _until(due: float) -> None:
    left = due - time.monotonic()
    if left > 0:
        await asyncio.sleep(left)


async def _measure_lag(record: Record) -> None:
    """How late this process itself comes when it means to: what it measures cannot be finer."""
    while True:
        due = time.monotonic() + 0.1
        await _until(due)
        record.lag = max(record.lag, 1000 * (time.monotonic() - due))


async def _phase(record: Record, name: str, steps: list[Coroutine[Any, Any, None]]) -> None:
    begun = time.monotonic()
    await asyncio.gather(*steps)
    record.phases[name] = [begun, time.monotonic()]
    print(f"{name} {time.monotonic() - begun:.1f} s", file=sys.stderr, flush=True)


async def run(plan: Plan) -> Record:
    """All of it, phase by phase."""
    record = Record()
    crowd = [Candidate(plan, Learner(*one), seed, record) for seed, one in enumerate(plan.learners)]
    begin = time.monotonic() + 0.2
    await _phase(record, "start", [one.start(begin) for one in crowd])
    for one in crowd:
        one.read()
    lag = asyncio.create_task(_measure_lag(record))
    begin = time.monotonic()
    end = begin + plan.seconds
    await _phase(record, "saves", [step for one in crowd for step in (one.answer(begin, end), one.watch(begin, end))])
    lag.cancel()
    begin = time.monotonic()
    await _phase(record, "end", [one.finish(begin) for one in crowd])
    for one in crowd:
        one.close()
    return record


if __name__ == "__main__":
    json.dump(asdict(asyncio.run(run(Plan(**json.load(sys.stdin))))), sys.stdout)
