"""Where points go: counts over answers made by hand, and against a recount over answers made at random."""

from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine.losses import (
    FALSE_MECHANISM,
    Graded,
    broken_by,
    calibration,
    misses_by,
    overlooked,
    requirement_name,
    time_spent,
)
from quizzes.engine.scoring import Interval

names = st.sampled_from(["", "x", "y", "z"])
answers = st.lists(
    st.builds(
        Graded,
        mark=st.just("m"),
        position=st.integers(1, 75),
        task=names,
        topic=names,
        services=st.lists(names, max_size=3).map(tuple),
        right=st.booleans(),
        answered=st.just(True),
        confidence=st.sampled_from(["", "guess", "fairly", "sure"]),
        seconds=st.none() | st.integers(0, 500).map(float),
        broken=st.sets(st.sampled_from("pqr")).map(lambda found: tuple(sorted(found))),
    ),
    max_size=40,
)


@given(answers)
def test_the_counts_are_those_of_a_recount(found: list[Graded]) -> None:
    for row in misses_by(found, lambda one: one.services):
        about = [one for one in found if row.name in one.services]
        assert (row.misses, row.n) == (sum(not one.right for one in about), len(about))
        assert row.latest == next(one for one in about if not one.right)
    of, rows = overlooked(found, lambda one: one.broken)
    assert of == sum(not one.right and len(one.broken) > 0 for one in found)
    assert {row.name: row.misses for row in rows} == {
        name: n for name in "pqr" if (n := sum(not one.right and name in one.broken for one in found))
    }
    for level in calibration(found):
        said = [one.right for one in found if one.confidence == level.level]
        assert (level.right, level.n) == (said.count(True), len(said))
        assert 0 <= level.interval.low <= level.interval.high <= 1
    spent = time_spent(found)
    assert spent.seconds == sum(one.seconds or 0 for one in found)
    assert spent.right + spent.wrong == sum(one.seconds is not None for one in found)
    assert 0 <= spent.wrong_share <= 1


def test_most_missed_stand_first_and_what_was_never_missed_nowhere() -> None:
    made = [
        Graded("m", position, task, "", (), right, True)
        for position, (task, right) in enumerate([("a", True), ("b", False), ("c", False), ("c", True), ("d", False)])
    ]
    made.append(Graded("m", 9, "c", "", (), right=False, answered=False))
    rows = misses_by(made, lambda one: [one.task])
    assert [(row.name, row.misses, row.n) for row in rows] == [("c", 2, 3), ("b", 1, 1), ("d", 1, 1)]
    assert rows[0].latest.position == 2


def test_a_qualifier_is_one_requirement_whatever_it_is_about() -> None:
    assert requirement_name("MINIMUM change to the feed software") == "MINIMUM change"
    assert requirement_name("MOST cost-effectively") == requirement_name("MOST  cost-effective")
    assert requirement_name("LEAST operational overhead.") == "LEAST operational overhead"
    assert requirement_name("A first answer may take a minute") == "A first answer may take a minute"
    assert requirement_name("NAT of both sides must stay") == "NAT of both sides must stay"
    assert requirement_name("") == ""


def test_an_option_breaks_what_its_author_said() -> None:
    constraints = [{"id": "cost", "text": "MOST cost-effectively"}, {"id": "rpo", "text": "lose no order"}]
    flaws = {
        "a": {"breaks": "cost", "family": "cost"},
        "b": {"breaks": FALSE_MECHANISM, "family": "no_such_mechanism"},
        "c": {"breaks": "gone", "family": "scope"},
        "e": {"breaks": "cost", "family": "unheard of"},
    }
    assert broken_by(["a"], flaws, constraints) == (("MOST cost-effective",), ("cost",))
    assert broken_by(["b", "a"], flaws, constraints) == (
        ("MOST cost-effective", FALSE_MECHANISM),
        ("cost", "no_such_mechanism"),
    )
    assert broken_by(["c", "d"], flaws, constraints) == ((), ("scope",))
    assert broken_by(["e"], flaws, constraints) == (("MOST cost-effective",), ())
    assert broken_by([], flaws, []) == ((), ())


def test_nothing_answered_counts_nothing() -> None:
    assert misses_by([], lambda one: one.services) == ()
    assert overlooked([], lambda one: one.broken) == (0, ())
    assert time_spent([]).wrong_share == time_spent([]).right_each == time_spent([]).wrong_each == 0
    assert [(row.n, row.interval) for row in calibration([])] == [(0, Interval(0, 1))] * 3
