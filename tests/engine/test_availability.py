"""When a quiz may be begun: at every edge to the second, and whatever the numbers are."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine.availability import Availability, Reason, Terms, availability, cut_limit

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def ask(terms: Terms, now: datetime = NOON, taken: int = 0, last_ended: datetime | None = None) -> Availability:
    return availability(terms, taken=taken, last_ended=last_ended, now=now)


def test_without_terms_everything_may_begin() -> None:
    assert ask(Terms(limit=600), taken=99, last_ended=NOON) == Availability(None, limit=600)


@pytest.mark.parametrize(("offset", "reason"), [(-1, Reason.NOT_OPEN), (0, None), (1, None)])
def test_it_opens_at_its_second(offset: int, reason: Reason | None) -> None:
    found = ask(Terms(opens_at=NOON), NOON + offset * SECOND)
    assert found.reason == reason
    assert found.at == (NOON if reason else None)


@pytest.mark.parametrize(("offset", "reason"), [(-1, None), (0, Reason.CLOSED), (1, Reason.CLOSED)])
def test_it_closes_at_its_second(offset: int, reason: Reason | None) -> None:
    assert ask(Terms(closes_at=NOON), NOON + offset * SECOND).reason == reason


@pytest.mark.parametrize(("offset", "reason"), [(59, Reason.WAIT), (60, None), (61, None)])
def test_the_wait_counts_from_the_end_of_the_last(offset: int, reason: Reason | None) -> None:
    found = ask(Terms(delay=60), NOON + offset * SECOND, taken=1, last_ended=NOON)
    assert found.reason == reason
    assert found.at == (NOON + 60 * SECOND if reason else None)


def test_the_attempts_are_counted() -> None:
    terms = Terms(attempts=2)
    assert [(ask(terms, taken=n).reason, ask(terms, taken=n).left) for n in range(4)] == [
        (None, 2),
        (None, 1),
        (Reason.NO_MORE, 0),
        (Reason.NO_MORE, 0),
    ]


def test_who_would_have_to_wait_past_the_end_has_no_more() -> None:
    terms = Terms(closes_at=NOON + 100 * SECOND, delay=100, attempts=5)
    assert ask(terms, taken=1, last_ended=NOON) == Availability(Reason.NO_MORE, left=0)


@pytest.mark.parametrize(
    ("cuts", "limit", "left", "given", "cut"),
    [
        (True, 3600, 2520, 2520, True),
        (True, 2520, 2520, 2520, False),
        (True, 600, 2520, 600, False),
        (True, None, 2520, 2520, True),
        (False, 3600, 2520, 3600, False),
        (False, None, 2520, None, False),
    ],
)
def test_closing_cuts_where_it_is_ticked(
    cuts: bool, limit: int | None, left: int, given: int | None, cut: bool
) -> None:
    found = ask(Terms(closes_at=NOON + left * SECOND, closing_cuts=cuts, limit=limit))
    assert (found.limit, found.cut) == (given, cut)


def test_more_time_is_cut_as_well() -> None:
    terms = Terms(closes_at=NOON + 100 * SECOND, closing_cuts=True, limit=60)
    assert (cut_limit(terms, 90, NOON), cut_limit(terms, 120, NOON), cut_limit(terms, None, NOON)) == (90, 100, 100)


def test_a_change_to_winter_time_takes_no_hour() -> None:
    """Between 2:00 and 3:00 the clocks of Berlin show every minute twice; the window knows which one is meant."""
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin).astimezone(UTC)
    second = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=berlin).astimezone(UTC)
    assert second - first == timedelta(hours=1)
    terms = Terms(opens_at=first, closes_at=second, closing_cuts=True)
    assert ask(terms, first).limit == 3600
    assert ask(terms, second).reason is Reason.CLOSED


moments = st.integers(-5000, 5000).map(lambda seconds: NOON + timedelta(seconds=seconds))
terms_of_any_kind = st.builds(
    Terms,
    opens_at=st.none() | moments,
    closes_at=st.none() | moments,
    closing_cuts=st.booleans(),
    attempts=st.none() | st.integers(1, 4),
    delay=st.integers(0, 5000),
    limit=st.none() | st.integers(60, 9000),
)


@given(terms_of_any_kind, moments, st.integers(0, 6), st.none() | moments)
def test_what_is_allowed_keeps_every_rule(terms: Terms, now: datetime, taken: int, last: datetime | None) -> None:
    found = ask(terms, now, taken, last)
    if not found.allowed:
        return
    assert terms.opens_at is None or now >= terms.opens_at
    assert terms.closes_at is None or now < terms.closes_at
    assert terms.attempts is None or taken < terms.attempts
    assert last is None or now >= last + timedelta(seconds=terms.delay) or not terms.delay
    if terms.closing_cuts and terms.closes_at is not None:
        assert found.limit is not None
        assert found.limit > 0
        assert now + timedelta(seconds=found.limit) <= terms.closes_at + SECOND
    else:
        assert found.limit == terms.limit


@given(terms_of_any_kind, moments, st.integers(0, 6), st.none() | moments)
def test_who_comes_again_when_told_to_is_let_in(terms: Terms, now: datetime, taken: int, last: datetime | None) -> None:
    """A moment that is named is kept: nothing else stands in the way then, except another wait."""
    found = ask(terms, now, taken, last)
    if found.at is None:
        return
    assert found.at > now
    again = ask(terms, found.at, taken, last)
    assert again.allowed or again.reason in (Reason.WAIT, Reason.CLOSED)
    if again.reason is Reason.WAIT:
        assert again.at is not None
        assert ask(terms, again.at, taken, last).reason in (None, Reason.CLOSED)
