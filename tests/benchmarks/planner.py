"""The figures of the plan: how long one takes, and how it does against plain FSRS."""

import sys
import time
from collections.abc import Iterator
from random import Random
from statistics import mean

from quizzes.engine.planning import Known, Situation, Unmet, make_plan
from tests.benchmarks.simulation import ENOUGH, comparisons, report
from tests.benchmarks.table import Figure

CARDS, DAYS = 3000, 120


def plan_figures(*, quick: bool) -> Iterator[Figure]:
    """The time of a plan, and a line for each budget of the simulation, whose table goes to the error stream."""
    first, again = seconds_of_plan(DAYS), seconds_of_plan(DAYS - 1)
    note = f"the first of a process; {again:.2f} s on another day"
    yield Figure(f"plan of {CARDS} cards, {DAYS} days", first, "s", 1, note=note)
    found = list(comparisons(quick=quick))
    print(report(found), file=sys.stderr, flush=True)
    for one in found:
        must = 95 if one.name == ENOUGH else None
        note = f"recall at the exam {100 * mean(one.gains):+.1f} points in the mean of {len(one.pairs)} seeds"
        yield Figure(f"plan not worse than FSRS, {one.name}", 100 * one.not_worse, "%", must, note=note, least=True)


def seconds_of_plan(days: int) -> float:
    """Processor-seconds of one plan."""
    dice = Random(days)
    cards = tuple(
        Known(number, dice.uniform(0.2, 60), dice.uniform(1, 10), dice.uniform(0, 40), dice.choice([0.8, 1.0, 1.3]))
        for number in range(CARDS)
    )
    begun = time.process_time()
    make_plan(Situation(cards, (Unmet("topic", 400),), (60,) * days))
    return time.process_time() - begun
