"""A small run of the simulation that ``make bench`` prints: the plan against plain FSRS, recall for recall."""

from collections import Counter

import pytest

from quizzes.engine.planning import Situation, Unmet, make_plan
from tests.benchmarks.simulation import ALIKE, DAYS, Comparison, Learner, compare, report


def test_for_the_same_recalls_the_plan_is_not_worse_than_plain_fsrs() -> None:
    found = Comparison("30 min a day", [compare(seed, 24) for seed in range(6)])
    assert found.not_worse == 1
    assert sum(found.gains) / len(found.gains) > 0.005
    assert "30 min a day" in report([found])


def test_a_learner_is_the_same_again() -> None:
    assert compare(3, 12) == compare(3, 12)


@pytest.mark.parametrize(("most", "seed"), [(24, 1), (24, 2), (36, 1)])
def test_the_forecast_of_the_first_day_is_about_what_is_reached(most: int, seed: int) -> None:
    unmet = Counter(Learner(seed, most).weights)
    reached = compare(seed, most)
    minutes = round(reached.recalls / DAYS * ALIKE.repetition / 60)
    new = tuple(Unmet(str(weight), count, weight) for weight, count in unmet.items())
    found = make_plan(Situation((), new, (minutes,) * DAYS, costs=ALIKE)).forecast
    assert found.planned == pytest.approx(reached.plan, abs=0.03)
