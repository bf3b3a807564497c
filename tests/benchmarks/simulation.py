"""``python -m tests.benchmarks.simulation``: learners with a memory as FSRS-6 describes it, by the plan and by FSRS.

Every learner is simulated twice from one seed: the same bank, the same new questions on the same days, the same number
of recalls in total and the same most a day. Plain FSRS repeats what is due at 90 %, the longest overdue first; the plan
repeats what it ranks highest. What is recalled is decided by the dice of the question and the number of its recall, so
that both meet the same luck. Compared is the expected recall on the day of the exam, weighted by the blueprint.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from math import ceil
from random import Random
from statistics import mean

from quizzes.engine.planning import MEETING, Costs, Known, Unmet, price_level, ranked
from quizzes.engine.repetition import (
    AGAIN,
    GOOD,
    RETENTION,
    days_until,
    first_memory,
    recall_after,
    stability_after,
)

DAYS = 60
SIZES = (300, 400)
WEIGHTS = (26, 29, 25, 20)
"""Of SAP-C02: the one exam whose weights are published."""

ENOUGH = "30 min a day"
"""The budget that holds what 300-400 questions in 60 days need; the target is set for it."""

BUDGETS = {"20 min a day": (16, 20), ENOUGH: (24, 200), "45 min a day": (36, 20)}
"""Recalls that a day holds, at 75 s each, and how many learners are simulated."""


@dataclass(slots=True)
class Learner:
    """A simulated memory: by question, stability, difficulty, the day of the last recall and how many there were."""

    seed: int
    most: int
    weights: tuple[float, ...] = ()
    memory: dict[int, tuple[float, float, int]] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        dice = Random(self.seed)
        size = dice.randint(*SIZES)
        domains = [dice.randrange(len(WEIGHTS)) for _ in range(size)]
        shares = [WEIGHTS[one] / domains.count(one) for one in domains]
        whole = sum(shares)
        self.weights = tuple(share * size / whole for share in shares)

    @property
    def size(self) -> int:
        return len(self.weights)

    def recall(self, question: int, day: int) -> None:
        """One recall, with the luck of this question's so many-th."""
        count = self.counts.get(question, 0)
        self.counts[question] = count + 1
        luck = Random(f"{self.seed} {question} {count}").random()
        if question not in self.memory:
            state = first_memory(GOOD if luck < 0.55 else AGAIN)
        else:
            stability, difficulty, last = self.memory[question]
            chance = recall_after(stability, day - last)
            state = stability_after(stability, difficulty, chance, GOOD if luck < chance else AGAIN)
        self.memory[question] = (*state, day)

    def expected(self) -> float:
        """Weighted recall on the day of the exam; what was never met counts 0."""
        met = ((self.weights[one], recall_after(s, DAYS - last)) for one, (s, _, last) in self.memory.items())
        return sum(weight * chance for weight, chance in met) / self.size


ALIKE = Costs(question=Costs().repetition)
"""Here a first answer is a recall like any other."""

Choice = Callable[[Learner, int, int], list[int]]
"""The questions to repeat on a day, at most so many."""


def live(learner: Learner, room: Callable[[int, int], int], choose: Choice) -> list[int]:
    """Sixty days. ``room`` gives the recalls of a day from the day and those before it. Returns recalls by day."""
    pace, used = ceil(learner.size / (DAYS * MEETING)), 0
    by_day = []
    for day in range(DAYS):
        met = len(learner.memory)
        new = range(met, min(learner.size, met + min(pace, learner.most)))
        chosen = choose(learner, day, max(0, room(day, used) - len(new)))
        for question in (*chosen, *new):
            learner.recall(question, day)
        by_day.append(len(chosen) + len(new))
        used += by_day[-1]
    return by_day


def due(learner: Learner, day: int, most: int) -> list[int]:
    """Plain FSRS: what is due at 90 %, the longest overdue first."""
    dates = ((last + max(1, round(days_until(s, RETENTION))), one) for one, (s, _, last) in learner.memory.items())
    return [one for date, one in sorted(dates) if date <= day][:most]


def planned(total: int) -> Choice:
    """The plan, which knows how many recalls there are in all."""

    def choose(learner: Learner, day: int, most: int) -> list[int]:
        used = sum(learner.counts.values())
        unmet = Counter(learner.weights[len(learner.memory) :])
        left = [Unmet("", count, weight) for weight, count in unmet.items()]
        cards = [
            Known(one, s, d, day - last, learner.weights[one])
            for one, (s, d, last) in learner.memory.items()
            if last < day
        ]
        level = price_level(cards, left, DAYS - day, total - used, ALIKE)
        return [one for _, one in ranked(cards, DAYS - day, level)[:most]]

    return choose


@dataclass(frozen=True, slots=True)
class Pair:
    """One learner by both ways: expected recall at the exam, and the recalls, which are the same in number."""

    fsrs: float
    plan: float
    recalls: int


def compare(seed: int, most: int) -> Pair:
    """One learner. Plain FSRS goes first: what it needs is what the plan is given, spread over the days."""
    plain = Learner(seed, most)
    total = sum(live(plain, lambda day, used: most, due))
    ours = Learner(seed, most)
    used = sum(live(ours, lambda day, used: min(most, ceil((total - used) / (DAYS - day))), planned(total)))
    assert used <= total
    return Pair(plain.expected(), ours.expected(), total)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All learners with one budget."""

    name: str
    pairs: list[Pair]

    @property
    def gains(self) -> list[float]:
        """By how much the plan is better, for each learner."""
        return [pair.plan - pair.fsrs for pair in self.pairs]

    @property
    def not_worse(self) -> float:
        """In which share of the seeds the plan is not worse, 0-1."""
        return mean(gain >= 0 for gain in self.gains)


def comparisons(quick: bool = False) -> Iterator[Comparison]:
    """One for each budget; ``quick``: a tenth of the learners."""
    for name, (most, learners) in BUDGETS.items():
        count = max(4, learners // 10) if quick else learners
        yield Comparison(name, [compare(seed, most) for seed in range(count)])


def report(found: Iterable[Comparison]) -> str:
    """The table."""
    lines = [f"Simulated learners, {DAYS} days, {SIZES[0]}-{SIZES[1]} questions: recall expected at the exam"]
    lines.append(
        f"{'budget':14} {'seeds':>6} {'recalls':>8} {'FSRS 0.9':>9} {'plan':>7} {'gain':>8} {'worst':>8}  not worse"
    )
    for one in found:
        fsrs, plan = mean(pair.fsrs for pair in one.pairs), mean(pair.plan for pair in one.pairs)
        recalls = mean(pair.recalls for pair in one.pairs)
        lines.append(
            f"{one.name:14} {len(one.pairs):6} {recalls:8.0f} {fsrs:9.4f} {plan:7.4f} "
            f"{mean(one.gains):+8.4f} {min(one.gains):+8.4f}  {one.not_worse:.1%}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    print(report(comparisons(quick="--quick" in sys.argv)))
