"""The rules of a timed attempt, apart from any database: clock, phases, saves, moves, time options."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.engine.attempts import (
    CLOCK_TOLERANCE_MS,
    MOVES,
    NEVER,
    TIME_OPTIONS,
    UNTIMED,
    Clock,
    Phase,
    Refusal,
    Stamp,
    may_move,
    refuse_save,
    stamp_save,
    time_limit,
    wins,
)

quick = settings(deadline=None, max_examples=100)

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LIMIT = 60_000
GRACE = 60
TIMED = Clock(START, START + timedelta(milliseconds=LIMIT), GRACE)
UNLIMITED = Clock(START, None, GRACE)


def moment(ms: float) -> datetime:
    """So many milliseconds after the start."""
    return START + timedelta(milliseconds=ms)


# The clock


def test_the_clock_reads_whole_milliseconds_since_the_start() -> None:
    assert [TIMED.at(moment(ms)) for ms in (0, 0.999, 1, 1234.5)] == [0, 0, 1, 1234]
    assert TIMED.limit == LIMIT
    assert UNLIMITED.limit is None


def test_before_the_start_the_reading_is_negative() -> None:
    assert TIMED.at(moment(-1)) == -1


@pytest.mark.parametrize(("ms", "left"), [(0, 60_000), (59_999, 1), (60_000, 0), (60_001, 0), (10**9, 0)])
def test_what_remains_is_never_below_nothing(ms: int, left: int) -> None:
    assert TIMED.remaining(moment(ms)) == left
    assert UNLIMITED.remaining(moment(ms)) is None


def test_the_grace_ends_so_many_seconds_after_the_deadline() -> None:
    assert TIMED.closes_at == moment(LIMIT + GRACE * 1000)
    assert UNLIMITED.closes_at is None


@pytest.mark.parametrize(
    ("ms", "phase"),
    [
        (0, Phase.OPEN),
        (59_999.999, Phase.OPEN),
        (60_000, Phase.CLOSING),
        (119_999.999, Phase.CLOSING),
        (120_000, Phase.OVER),
        (10**10, Phase.OVER),
    ],
)
def test_the_phase_follows_the_clock_whatever_was_written(ms: float, phase: Phase) -> None:
    assert TIMED.phase(in_progress=True, now=moment(ms)) is phase
    assert TIMED.phase(in_progress=False, now=moment(ms)) is Phase.OVER
    assert UNLIMITED.phase(in_progress=True, now=moment(ms)) is Phase.OPEN
    assert UNLIMITED.phase(in_progress=False, now=moment(ms)) is Phase.OVER


def test_without_grace_an_attempt_is_never_closing() -> None:
    strict = Clock(START, moment(LIMIT), 0)
    assert strict.phase(in_progress=True, now=moment(LIMIT - 1)) is Phase.OPEN
    assert strict.phase(in_progress=True, now=moment(LIMIT)) is Phase.OVER


@pytest.mark.parametrize(
    "zone_change", [datetime(2026, 10, 25, 0, 59, tzinfo=UTC), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)]
)
def test_an_hour_is_an_hour_over_a_change_of_summer_time(zone_change: datetime) -> None:
    clock = Clock(zone_change, zone_change + timedelta(hours=1), 0)
    assert clock.limit == 3_600_000
    assert clock.phase(in_progress=True, now=zone_change + timedelta(minutes=59, seconds=59)) is Phase.OPEN


# Saves


@pytest.mark.parametrize(
    ("now", "at", "refusal"),
    [
        (1000, 1000, None),
        (1000, 0, None),
        (1000, 1000 + CLOCK_TOLERANCE_MS, None),
        (1000, 1001 + CLOCK_TOLERANCE_MS, Refusal.CLOCK_AHEAD),
        (59_999, 59_999, None),
        (59_999, 60_000, Refusal.TOO_LATE),
        (60_000, 59_999, None),
        (60_000, 60_000, Refusal.TOO_LATE),
        (119_999, 0, None),
        (119_999, 59_999, None),
        (119_999, 119_999, Refusal.TOO_LATE),
        (119_999, 122_000, Refusal.CLOCK_AHEAD),
        (120_000, 0, Refusal.TOO_LATE),
        (10**9, 0, Refusal.TOO_LATE),
    ],
)
def test_what_is_refused_while_nobody_has_ended_it(now: int, at: int, refusal: Refusal | None) -> None:
    assert refuse_save(TIMED, Stamp(at, 1), in_progress=True, now=moment(now)) is refusal


@quick
@given(now=st.integers(0, 10**12), at=st.integers(0, 2**62))
def test_after_the_end_everything_is_refused_as_finished(now: int, at: int) -> None:
    assert refuse_save(TIMED, Stamp(at, 1), in_progress=False, now=moment(now)) is Refusal.FINISHED
    assert refuse_save(UNLIMITED, Stamp(at, 1), in_progress=False, now=moment(now)) is Refusal.FINISHED


@quick
@given(now=st.integers(0, 10**11), at=st.integers(0, 2**62))
def test_untimed_only_a_clock_that_is_ahead_is_refused(now: int, at: int) -> None:
    expected = Refusal.CLOCK_AHEAD if at > now + CLOCK_TOLERANCE_MS else None
    assert refuse_save(UNLIMITED, Stamp(at, 1), in_progress=True, now=moment(now)) is expected


def test_a_missing_reading_means_now() -> None:
    assert stamp_save(TIMED, at=None, tab=7, now=moment(1500)) == Stamp(1500, 7)
    assert stamp_save(TIMED, at=0, tab=7, now=moment(1500)) == Stamp(0, 7)
    assert stamp_save(TIMED, at=999_999, tab=7, now=moment(1500)) == Stamp(999_999, 7)


@pytest.mark.parametrize(
    ("new", "stored", "won"),
    [
        (Stamp(2, 0), Stamp(1, 9), True),
        (Stamp(1, 9), Stamp(2, 0), False),
        (Stamp(1, 2), Stamp(1, 1), True),
        (Stamp(1, 1), Stamp(1, 2), False),
        (Stamp(1, 1), Stamp(1, 1), False),
        (Stamp(0, 0), NEVER, True),
    ],
)
def test_the_later_reading_wins_then_the_greater_tab(new: Stamp, stored: Stamp, won: bool) -> None:
    assert wins(new, stored) is won


@quick
@given(st.lists(st.builds(Stamp, st.integers(0, 9), st.integers(0, 3)), min_size=1), st.randoms())
def test_the_order_of_arrival_does_not_matter(stamps: list[Stamp], random) -> None:
    def held(arrived: list[Stamp]) -> Stamp:
        stored = NEVER
        for stamp in arrived:
            stored = stamp if wins(stamp, stored) else stored
        return stored

    shuffled = stamps * 2
    random.shuffle(shuffled)
    assert held(shuffled) == held(stamps) == max(stamps)


# Moves


@pytest.mark.parametrize(
    ("state", "targets"),
    [
        ("in_progress", {"submitted", "expired", "void"}),
        ("submitted", {"in_progress", "void"}),
        ("expired", {"in_progress", "void"}),
        ("void", set()),
    ],
)
def test_only_the_moves_of_the_table_are_legal(state: str, targets: set[str]) -> None:
    assert {target for target in MOVES if may_move(state, target)} == targets


# Time


@pytest.mark.parametrize(
    ("option", "seconds"),
    [("standard", 10_800), ("plus30", 12_600), ("x125", 13_500), ("x150", 16_200), ("x200", 21_600), (UNTIMED, None)],
)
def test_a_time_option_changes_the_limit(option: str, seconds: int | None) -> None:
    assert time_limit(10_800, option) == seconds


def test_a_quiz_without_a_limit_has_none_under_any_option() -> None:
    assert {time_limit(None, option) for option in (*TIME_OPTIONS, UNTIMED)} == {None}


def test_an_unknown_option_is_an_error() -> None:
    with pytest.raises(KeyError):
        time_limit(10_800, "x900")
