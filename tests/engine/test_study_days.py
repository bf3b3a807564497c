"""The calendar by hand: where days stand, how large they are, and that nothing is said of the others."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine.study_days import WEEKS, added, calendar, first_day, size_of

MONDAY = date(2026, 11, 23)
SUNDAY = date(2026, 11, 29)


def test_it_begins_with_a_monday_and_ends_today() -> None:
    assert first_day(MONDAY) == date(2026, 6, 1)
    assert first_day(SUNDAY) == date(2026, 6, 1)
    assert len(calendar({}, MONDAY).days) == 25 * 7 + 1
    assert len(calendar({}, SUNDAY).days) == 26 * 7


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_every_day_stands_under_its_weekday(today: date) -> None:
    days = calendar({}, today).days
    assert days[-1].on == today
    assert all(day.weekday == day.on.weekday() for day in days)
    assert (days[0].week, days[-1].week) == (0, WEEKS - 1)
    assert all(day.size == 0 for day in days)


def test_days_grow_with_what_was_answered() -> None:
    assert [size_of(number) for number in (None, 0, 1, 14, 15, 39, 40, 400)] == [0, 1, 1, 1, 2, 2, 3, 3]


def test_answers_of_one_day_are_added_and_weeks_told_newest_first() -> None:
    wednesday, before = MONDAY + timedelta(days=2), MONDAY - timedelta(days=3)
    found = added([(MONDAY, 10), (before, 0), (MONDAY, 5), (wednesday, 75), (date(2020, 1, 1), 9)])
    assert found[MONDAY] == 15
    made = calendar(found, SUNDAY)
    assert (made.studied, made.last) == (3, wednesday)
    assert [(one.begins, one.days, one.answers) for one in made.weeks] == [
        (MONDAY, (MONDAY, wednesday), 90),
        (date(2026, 11, 16), (before,), 0),
    ]


def test_months_stand_where_they_begin() -> None:
    months = calendar({}, SUNDAY).months
    assert months[0] == (0, date(2026, 6, 1))
    assert [day.month for _, day in months] == [6, 7, 8, 9, 10, 11]
    assert {day.month: week for week, day in months}[7] == 4


def test_nothing_done_is_nothing_told() -> None:
    made = calendar({}, SUNDAY)
    assert (made.studied, made.last, made.weeks) == (0, None, ())
