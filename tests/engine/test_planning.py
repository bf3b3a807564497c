"""The plan to the exam: within the budget, always the same, better with more time, and quick."""

import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.engine.mocks import APART, MOCK_MINUTES, mock_days
from quizzes.engine.planning import Known, Situation, Unmet, make_plan, ranked, spread_minutes
from quizzes.engine.repetition import recall_after

WEEKS = st.lists(st.integers(0, 240), min_size=7, max_size=7)


def cards(count: int, seed: int = 1) -> tuple[Known, ...]:
    dice = Random(seed)
    return tuple(
        Known(number, dice.uniform(0.2, 60), dice.uniform(1, 10), dice.uniform(0, 40), dice.choice([0.8, 1.0, 1.3]))
        for number in range(1, count + 1)
    )


@given(st.integers(0, 60), st.integers(0, 50), WEEKS, st.integers(0, 45), st.integers(0, 7200))
@settings(max_examples=60, deadline=None)
def test_no_day_takes_more_than_its_minutes(known: int, new: int, week: list[int], days: int, spent: int) -> None:
    minutes = spread_minutes(week, 2, days)
    plan = make_plan(Situation(cards(known), (Unmet("one", new),), minutes, spent=spent))
    assert plan.today.seconds <= (minutes[0] * 60 if days else 0)
    for day in plan.ahead:
        mock = MOCK_MINUTES * 60 if day.mock and not plan.mocks.proposed else 0
        assert day.repetitions * 75 + day.questions * 150 + mock <= minutes[day.day] * 60
        assert min(day.repetitions, day.questions) >= 0


@given(st.integers(0, 40), st.integers(0, 60), st.integers(1, 40), st.integers(0, 170), st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_more_minutes_never_lower_the_forecast(known: int, new: int, days: int, minutes: int, more: int) -> None:
    def forecast(each: int) -> float:
        # Under three hours, so that no mock takes the time that was added.
        return make_plan(Situation(cards(known), (Unmet("one", new),), (min(each, 179),) * days)).forecast.planned

    assert forecast(minutes) <= forecast(minutes + more) + 1e-12


@given(st.integers(0, 60), st.integers(0, 50), WEEKS, st.integers(1, 45))
@settings(max_examples=40, deadline=None)
def test_doing_more_is_never_forecast_to_be_worse(known: int, new: int, week: list[int], days: int) -> None:
    found = make_plan(Situation(cards(known), (Unmet("one", new),), spread_minutes(week, 0, days))).forecast
    assert 0 <= found.stopped <= found.skipped <= found.planned <= 1
    assert found.curve[0][1] == pytest.approx(found.now)
    assert found.curve[-1] == (days, pytest.approx(found.planned if sum(week) else found.stopped), found.stopped)


def test_the_order_of_the_cards_changes_nothing() -> None:
    known = cards(80)
    minutes = (40,) * 30
    turned = make_plan(Situation(known[::-1], (), minutes))
    assert turned.today == make_plan(Situation(known, (), minutes)).today


def test_cards_that_are_alike_are_taken_by_their_ids() -> None:
    alike = tuple(Known(number, 5, 5, 9) for number in (3, 1, 2))
    assert [one for _, one in ranked(alike, 10, 5)] == [1, 2, 3]


def test_moving_the_date_plans_anew() -> None:
    known = cards(120)
    near, far = (make_plan(Situation(known, (Unmet("one", 60),), (40,) * days)) for days in (3, 60))
    assert near.today.repetitions != far.today.repetitions
    assert near.forecast.planned < far.forecast.planned


def test_the_heavier_of_two_alike_comes_first() -> None:
    pair = (Known(1, 5, 5, 9, 0.5), Known(2, 5, 5, 9, 1.5))
    assert make_plan(Situation(pair, (), (3,))).today.repetitions == (2, 1)


def test_the_day_before_the_exam_what_is_nearly_forgotten_comes_first() -> None:
    known = (Known(1, 100, 5, 1), Known(2, 5, 5, 60), Known(3, 20, 5, 30))
    today = make_plan(Situation(known, (), (2,))).today
    assert today.repetitions == (2,)
    assert today.backlog > 0


def test_a_card_repeated_today_is_not_asked_for_again_and_its_time_is_spent() -> None:
    known = (Known(1, 1, 8, 0.1, done=True), Known(2, 5, 5, 9))
    assert make_plan(Situation(known, (), (60,))).today.repetitions == (2,)
    assert make_plan(Situation(known, (), (60,), spent=3600)).today.repetitions == ()


def test_nothing_to_plan_from_plans_nothing() -> None:
    plan = make_plan(Situation((), (), (30,) * 10))
    assert (plan.today.repetitions, plan.today.questions, plan.today.seconds) == ((), (), 0)
    assert (plan.forecast.now, plan.forecast.planned) == (0, 0)


def test_without_a_day_left_nothing_is_asked_for() -> None:
    assert make_plan(Situation(cards(5), (Unmet("one", 5),), ())).today.seconds == 0


def test_without_cards_new_questions_come_at_their_pace_with_the_heavier_topic_first() -> None:
    plan = make_plan(Situation((), (Unmet("light", 90, 0.7), Unmet("heavy", 6, 1.4)), (20,) * 60))
    assert plan.today.questions == (("heavy", 6), ("light", 2))


def test_nothing_done_is_forgetting_alone() -> None:
    found = make_plan(Situation((Known(1, 10, 5, 4),), (), (0,) * 6)).forecast
    assert found.planned == found.skipped == found.stopped == pytest.approx(recall_after(10, 10))
    assert found.now == pytest.approx(recall_after(10, 4))


# Mocks


@given(WEEKS, st.integers(0, 150), st.floats(0, 1), st.none() | st.integers(0, 30))
def test_mocks_keep_their_distances(week: list[int], days: int, met: float, since: int | None) -> None:
    minutes = spread_minutes(week, 3, days)
    found = mock_days(minutes, met, since)
    assert all(after - before >= APART for before, after in zip(found.days, found.days[1:], strict=False))
    for day in found.days:
        assert day <= days - 3
        assert minutes[day] >= (1 if found.proposed else MOCK_MINUTES)
        assert met >= 1 / 3 or day >= days // 2
        assert since is None or day + since >= APART


def test_the_last_mock_is_three_to_seven_days_before_the_exam() -> None:
    assert mock_days((200,) * 30, 0.5, None).days == (7, 17, 27)


def test_the_first_waits_for_a_third_of_the_bank_or_half_of_the_time() -> None:
    assert mock_days((200,) * 30, 0.2, None).days == (17, 27)


def test_a_day_is_proposed_to_whoever_never_has_three_hours() -> None:
    found = mock_days(spread_minutes((30, 30, 30, 30, 30, 90, 60), 0, 28), 1, None)
    assert found.proposed
    assert {day % 7 for day in found.days} == {5}


def test_three_thousand_cards_are_planned_within_a_second() -> None:
    situation = Situation(cards(3000), tuple(Unmet(f"t{one}", 4) for one in range(100)), (60,) * 120)
    make_plan(situation)
    again = Situation(cards(3000, seed=2), situation.unmet, (60,) * 119)
    begun = time.process_time()
    make_plan(again)
    assert time.process_time() - begun < 1.0
