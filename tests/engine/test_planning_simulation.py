"""A small run of the simulation that ``make bench`` prints: the plan against plain FSRS, recall for recall."""

from tests.benchmarks.simulation import Comparison, compare, report


def test_for_the_same_recalls_the_plan_is_not_worse_than_plain_fsrs() -> None:
    found = Comparison("30 min a day", [compare(seed, 24) for seed in range(6)])
    assert found.not_worse == 1
    assert sum(found.gains) / len(found.gains) > 0.005
    assert "30 min a day" in report([found])


def test_a_learner_is_the_same_again() -> None:
    assert compare(3, 12) == compare(3, 12)
