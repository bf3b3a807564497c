"""The rounds: whole exams, notes pages and their yardsticks, one after another, so that noise meets all of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import mean, median
from typing import TypeVar
from urllib.parse import quote

from django.conf import settings

from tests.benchmarks.client import Learner, Visitor, drive
from tests.benchmarks.desk import QUESTIONS, Desk
from tests.benchmarks.exams import Sitting
from tests.benchmarks.scholar import VISITS, Scholar
from tests.benchmarks.server import Server
from tests.benchmarks.stage import enrol

STEPS = ("start", "booklet", "save", "submit", "report", "review")
T = TypeVar("T")
Job = Callable[[Visitor], T]


@dataclass
class Measured:
    """Processor seconds a request, by what was asked, one number a round; and the sizes seen."""

    costs: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    exams: list[float] = field(default_factory=list)
    booklets: list[tuple[int, int]] = field(default_factory=list)
    replies: list[int] = field(default_factory=list)

    def ratios(self, name: str, yardstick: str) -> list[float]:
        """One over the other, round by round."""
        return [ours / bare for ours, bare in zip(self.costs[name], self.costs[yardstick], strict=True)]

    def milliseconds(self, name: str) -> float:
        """The median cost of a request in milliseconds."""
        return 1000 * median(self.costs[name])

    def exam_ratios(self) -> list[float]:
        """Whole exams in bare saves."""
        return [exam / bare for exam, bare in zip(self.exams, self.costs["bare save"], strict=True)]


class Rounds:
    """Runs the rounds against a server and gathers what they cost."""

    def __init__(self, server: Server, topics: list[str], searches: list[str], *, sittings: int, reads: int) -> None:
        self.server = server
        self.paths = [f"/notes/{topic}/" for topic in topics] * reads
        self.bare_paths = [f"/bare/page/{topic}/" for topic in topics] * reads
        self.searches = [f"/search/?q={quote(query)}" for query in searches] * reads
        self.bare_searches = [f"/bare/page/search-{place}/" for place in range(len(searches))] * reads
        self.sittings = sittings
        self.desk = Desk()
        self.scholar = Scholar()
        self.measured = Measured()

    def run(self, count: int) -> Measured:
        """So many rounds, after one that only warms the workers up."""
        self._round(0)
        self.measured = Measured()
        for number in range(1, count + 1):
            self._round(number)
        return self.measured

    def _round(self, number: int) -> None:
        learners = enrol(self.sittings)
        sittings = [Sitting(learner, 1000 * number + index) for index, learner in enumerate(learners)]
        costs: dict[str, float] = {}
        costs["start"], _ = self._cost(one.start for one in sittings)
        costs["booklet"], booklets = self._cost(one.booklet for one in sittings)
        questions = len(sittings[0].asked)
        first, _ = self._cost(one.bare_saves for one in sittings)
        whole, replies = self._cost(one.saves for one in sittings)
        second, _ = self._cost(one.bare_saves for one in sittings)
        costs["save"], costs["bare save"] = whole / questions, (first + second) / 2 / questions
        for step in ("submit", "report", "review"):
            costs[step], _ = self._cost(getattr(one, step) for one in sittings)
        costs["preview"], _ = self._cost(self._preview(number) for number in range(QUESTIONS))
        costs["progress"], _ = self._cost([self.scholar.visit] * VISITS)
        costs |= self._pages(learners[0], number)
        for name, cost in costs.items():
            self.measured.costs[name].append(cost)
        self.measured.exams.append(sum(costs[step] * (questions if step == "save" else 1) for step in STEPS))
        self.measured.booklets += booklets
        self.measured.replies += replies

    def _preview(self, number: int) -> Job[int]:
        return lambda visitor: self.desk.preview(visitor, number)

    def _pages(self, learner: Learner, number: int) -> dict[str, float]:
        kinds = [
            ("notes page", self.paths),
            ("bare page", self.bare_paths),
            ("search", self.searches),
            ("bare search", self.bare_searches),
        ]
        costs = {}
        for name, paths in kinds if number % 2 else reversed(kinds):
            costs[name], _ = self._cost(_reading(path, learner) for path in paths)
        return costs

    def _cost(self, jobs: Iterable[Job[T]]) -> tuple[float, list[T]]:
        """Processor seconds of the server for each job, and what the jobs gave."""
        before = self.server.seconds()
        results = drive(self.server.port, jobs)
        return (self.server.seconds() - before) / len(results), results


def _reading(path: str, learner: Learner) -> Job[int]:
    return lambda visitor: len(visitor.get(path, learner).wire)


def keep_pages(port: int, topics: list[str], searches: list[str]) -> None:
    """Put the notes pages and what searches find where the yardstick finds the bytes that it must answer with."""
    settings.YARDSTICK_PAGES.mkdir(exist_ok=True)
    pages = {topic: f"/notes/{topic}/" for topic in topics}
    pages |= {f"search-{place}": f"/search/?q={quote(query)}" for place, query in enumerate(searches)}
    for name, reply in zip(pages, drive(port, [_page(path) for path in pages.values()]), strict=True):
        (settings.YARDSTICK_PAGES / f"{name}.html").write_bytes(reply)


def _page(path: str) -> Job[bytes]:
    return lambda visitor: visitor.get(path).body


def unchanged_share(port: int, topics: list[str]) -> float:
    """Of every notes page asked for again with its ETag: the share answered 304 without a body."""

    def ask(topic: str) -> Job[bool]:
        def again(visitor: Visitor) -> bool:
            etag = visitor.get(f"/notes/{topic}/").headers.get("etag", "")
            return not visitor.get(f"/notes/{topic}/", expect=304, etag=etag).wire

        return again

    return mean(drive(port, [ask(topic) for topic in topics]))
