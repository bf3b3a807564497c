"""What one learner does and suffers, drawn from a seed: the same seed gives the same plan.

Times are milliseconds on the exam clock. What answers when is the machine's; the plan only says what is asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.chaos.course import MINUTES, SIZE

GRACE = 12
"""Seconds on the exam clock, which is faster than the one on the wall."""

FACTORS = {"standard": 1.0, "x125": 1.25, "x150": 1.5}
UNTIMED, UNTIMED_LENGTH = "untimed", 45_000
WORLD = ("the server is killed", "the database", "a worker is killed", "rolling restart")
ENDINGS = ("submit", "submit twice", "submit in the grace", "by the clock")
LATEST_START = 12_000
FIRST, LAST_MOMENT = 1_500, 400


@dataclass(frozen=True, slots=True)
class Page:
    """A tab: on which of the person's devices, and its random number."""

    device: int
    tab: int


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens at a moment: ``do`` names a method of the sitting."""

    at: int
    do: str
    how: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """One schedule."""

    seed: int
    time_option: str
    starts_after: int
    starts_at_once: int
    pages: tuple[Page, ...]
    steps: tuple[Step, ...]
    wishes: tuple[tuple[int, str], ...]
    again: bool

    @property
    def devices(self) -> int:
        """How many devices are used."""
        return 1 + max(page.device for page in self.pages)


def draw(seed: int) -> Plan:
    """The plan of a seed."""
    dice = Random(seed)
    option = dice.choices([*FACTORS, UNTIMED], [60, 12, 13, 15])[0]
    limit = None if option == UNTIMED else round(MINUTES * 60_000 * FACTORS[option])
    pages = _pages(dice)
    maker = _Maker(dice, limit, len(pages))
    return Plan(
        seed=seed,
        time_option=option,
        starts_after=dice.randrange(LATEST_START),
        starts_at_once=dice.choice([1, 1, 1, 2, 3]),
        pages=pages,
        steps=tuple(sorted(maker.steps(), key=lambda step: step.at)),
        wishes=tuple(_wishes(dice, maker.length)),
        again=dice.random() < 0.35,
    )


def _pages(dice: Random) -> tuple[Page, ...]:
    pages = [Page(0, dice.randrange(1, 2**53))]
    if dice.random() < 0.5:
        pages.append(Page(0, dice.randrange(1, 2**53)))
    if dice.random() < 0.5:
        pages.append(Page(1, dice.randrange(1, 2**53)))
    return tuple(pages)


def _wishes(dice: Random, length: int) -> Iterator[tuple[int, str]]:
    if dice.random() < 0.7:
        yield dice.randrange(FIRST, length), dice.choice(WORLD)


class _Maker:
    """Draws the steps of one plan."""

    def __init__(self, dice: Random, limit: int | None, pages: int) -> None:
        self.dice = dice
        self.limit = limit
        self.pages = pages
        self.length = limit or UNTIMED_LENGTH

    def steps(self) -> Iterator[Step]:
        """Everything, in no order."""
        ending = self.dice.choice(ENDINGS[:2] if self.limit is None else ENDINGS)
        end = self.end(ending)
        for _ in range(self.dice.randint(14, 28)):
            yield self.save(self.dice.randrange(FIRST, min(end, self.length) - LAST_MOMENT))
        yield from self.rarities(min(end, self.length))
        yield from self.ending(ending, end)

    def end(self, ending: str) -> int:
        """When it ends, or when time and grace are over."""
        match ending:
            case "submit" | "submit twice":
                return self.dice.randrange(self.length // 3, self.length)
            case "submit in the grace":
                return self.length + self.dice.randrange(500, GRACE * 1000 - 3000)
            case _:
                return self.length + GRACE * 1000

    def save(self, at: int, **more: Any) -> Step:
        """An answer or a flag, and what becomes of it on its way."""
        dice = self.dice
        how: dict[str, Any] = {
            "page": dice.randrange(self.pages),
            "position": dice.randint(1, SIZE),
            "picks": [dice.randrange(12) for _ in range(dice.choice([0, 1, 1, 1, 2, 2]))],
            "register": dice.choices(["choice", "flagged", "both"], [75, 15, 10])[0],
            "flag": dice.random() < 0.6,
            "plain": dice.random() < 0.08,
            "traced": dice.random() < 0.2,
            "after": [0],
            "cut": "",
            "again": True,
            "ahead": 0,
        }
        match dice.choices(["as it should be", "twice", "delayed", "cut", "gone", "ahead"], [40, 15, 20, 12, 8, 5])[0]:
            case "twice":
                how["after"] = [0] * dice.randint(2, 4) if dice.random() < 0.5 else [0, dice.randrange(200, 9000)]
            case "delayed":
                how["after"] = [dice.randrange(300, 9000)]
            case "cut":
                how["cut"] = dice.choice(["body", "reply"])
            case "gone":
                how |= {"cut": dice.choice(["body", "reply"]), "again": False}
            case "ahead":
                how["ahead"] = dice.randrange(15_000, 40_000)
        if how["plain"]:
            how |= {"after": [0], "cut": "", "again": False, "ahead": 0}
        return Step(at, "save", how | more)

    def rarities(self, length: int) -> Iterator[Step]:
        """What happens to some."""
        dice = self.dice
        chances: list[tuple[float, str, dict[str, Any]]] = [
            (0.5, "reload", {"page": dice.randrange(self.pages)}),
            (0.3, "reload", {"page": dice.randrange(self.pages)}),
            (0.2, "heartbeat", {}),
            (0.25, "session_expires", {"page": dice.randrange(self.pages)}),
            (0.25, "extend", {"seconds": dice.choice([6, 12, 18])}),
            (0.2, "edit", {}),
            (0.15, "close_quiz", {}),
            (0.15, "sweep", {}),
            (0.15, "stranger", {"position": dice.randint(1, SIZE)}),
            (0.15, "nonsense", {"position": dice.randint(1, SIZE), "value": dice.choice(["99", "x", "-1"])}),
            (0.15, "nowhere", {"position": dice.choice([0, SIZE + 1, 10**6])}),
            (0.2, "start", {}),
        ]
        for chance, do, how in chances:
            if dice.random() < chance:
                yield Step(dice.randrange(FIRST, length), do, how)

    def ending(self, ending: str, end: int) -> Iterator[Step]:
        """The end, what comes just before and after it, and a look at the report."""
        dice, length = self.dice, self.length
        if ending != "by the clock":
            pages = [0, self.pages - 1] if ending == "submit twice" else [0]
            yield Step(end, "submit", {"pages": pages, "cut": dice.choice(["", "", "reply"])})
        if self.limit is not None and end >= length:
            yield from self.around_the_deadline(length)
        for _ in range(dice.randint(1, 4)):
            yield self.save(end + dice.randrange(300, 6000), ahead=0)
        if dice.random() < 0.4:
            yield Step(end + dice.randrange(200, 4000), "sweep")
        yield Step(end + 7000, "report")

    def around_the_deadline(self, deadline: int) -> Iterator[Step]:
        """Given in time and late to arrive; given too late; arriving after the grace."""
        dice = self.dice
        for _ in range(dice.randint(1, 3)):
            after = [dice.randrange(1000, GRACE * 1000 - 2000)]
            yield self.save(deadline - dice.randrange(100, 3000), after=after, cut="", ahead=0, plain=False)
        if dice.random() < 0.6:
            yield self.save(deadline + dice.randrange(10, 5000), after=[0], cut="", ahead=0)
        if dice.random() < 0.6:
            late = [GRACE * 1000 + dice.randrange(500, 4000)]
            yield self.save(deadline - dice.randrange(10, 1000), after=late, cut="", ahead=0, plain=False)
