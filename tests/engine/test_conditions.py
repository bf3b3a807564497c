"""Terms of one learner, laid over those of the others."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine.availability import Terms, availability
from quizzes.engine.conditions import NOTHING, Grant, combined, deadline_under, effective, lengthened

NINE = datetime(2026, 11, 30, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TERMS = Terms(opens_at=NINE, closes_at=NINE + 3 * HOUR, closing_cuts=True, attempts=1, limit=3 * 3600)

moments = st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
grants = st.builds(
    Grant,
    factor=st.floats(1, 3),
    extra=st.integers(0, 7200),
    opens_at=moments,
    due_at=moments,
    closes_at=moments,
    attempts=st.integers(0, 5),
    quiet=st.booleans(),
    breaks=st.booleans(),
)


def test_nothing_granted_changes_nothing() -> None:
    assert effective(TERMS, NOTHING) == TERMS
    assert combined([]) == NOTHING


@pytest.mark.parametrize(
    ("limit", "grant", "expected"),
    [
        (None, Grant(factor=2), None),
        (10800, Grant(factor=1.5), 16200),
        (10800, Grant(factor=1.5, extra=600), 16800),
        (100, Grant(factor=1.255), 126),
        (600, Grant(factor=1.1), 660),
        (10800, NOTHING, 10800),
    ],
)
def test_a_limit_is_lengthened_by_the_factor_and_then_by_the_addition(
    limit: int | None, grant: Grant, expected: int | None
) -> None:
    assert lengthened(limit, grant) == expected


def test_a_closing_that_cuts_comes_later_by_the_time_that_was_granted() -> None:
    terms = effective(TERMS, Grant(factor=1.5))
    assert (terms.limit, terms.closes_at) == (16200, NINE + timedelta(hours=4, minutes=30))
    found = availability(terms, taken=0, last_ended=None, now=NINE)
    assert (found.allowed, found.limit, found.cut) == (True, 16200, False)


def test_a_closing_of_their_own_is_as_it_was_granted() -> None:
    terms = effective(TERMS, Grant(factor=1.5, closes_at=NINE + 2 * HOUR))
    found = availability(terms, taken=0, last_ended=None, now=NINE)
    assert (terms.closes_at, found.limit, found.cut) == (NINE + 2 * HOUR, 7200, True)


def test_a_closing_that_does_not_cut_stays() -> None:
    terms = Terms(closes_at=NINE, limit=3600)
    assert effective(terms, Grant(factor=2)) == Terms(closes_at=NINE, limit=7200)


def test_other_dates_and_more_attempts() -> None:
    other = Grant(opens_at=NINE + 24 * HOUR, closes_at=NINE + 30 * HOUR, attempts=2)
    terms = effective(TERMS, other)
    assert (terms.opens_at, terms.closes_at, terms.attempts) == (other.opens_at, other.closes_at, 3)
    assert effective(Terms(), other).attempts is None


def test_of_two_grants_the_more_generous_holds_and_factors_are_not_multiplied() -> None:
    standing, here = Grant(factor=1.5, quiet=True), Grant(factor=1.25, extra=600, attempts=1, closes_at=NINE)
    assert combined([standing, here]) == Grant(factor=1.5, extra=600, attempts=1, closes_at=NINE, quiet=True)


@given(st.lists(grants, max_size=4))
def test_nobody_is_worse_off_by_a_grant_without_dates(found: list[Grant]) -> None:
    whole = combined([Grant(one.factor, one.extra, attempts=one.attempts) for one in found])
    terms = effective(TERMS, whole)
    assert (terms.limit or 0) >= 3 * 3600
    assert (terms.closes_at or NINE) >= NINE + 3 * HOUR
    assert combined(reversed(found)) == combined(found)


@pytest.mark.parametrize(
    ("limit", "paused", "closes_at", "cuts", "expected"),
    [
        (None, 0, NINE, False, None),
        (None, 0, NINE, True, NINE),
        (3600, 0, None, True, NINE + HOUR),
        (3600, 60_000, None, False, NINE + HOUR + timedelta(minutes=1)),
        (3600, 0, NINE + timedelta(minutes=30), True, NINE + timedelta(minutes=30)),
        (3600, 0, NINE + timedelta(minutes=30), False, NINE + HOUR),
    ],
)
def test_when_an_attempt_is_over(
    limit: int | None, paused: int, closes_at: datetime | None, cuts: bool, expected: datetime | None
) -> None:
    found = deadline_under(started_at=NINE, limit=limit, paused=paused, closes_at=closes_at, cuts=cuts)
    assert found == expected
