"""What to do today so that most is recalled on the day of the exam, and what to expect of it.

The aim is the expected recall on the day of the exam, each question weighted by its domain's share of the blueprint,
within the minutes of each day. A question that was never met counts as not recalled. What a recall is worth, and the
price that fits all of them into the time left, comes from ``horizon``. Then, for today:

1. a mock exam, on its day;
2. new questions, at the pace that meets all of them within two thirds of the time, in at most 60 % of the room;
3. cards, by weight times gain, until the room is full: minutes that are left over are worth nothing tomorrow;
4. more new questions, where the cards leave room.

The forecast adds up what ``horizon`` expects of every card and holds it against the minutes in total: that one single
day is too short is seen by today's set and its backlog, not by the forecast.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from math import ceil, log

from quizzes.engine.horizon import PRICES, Bucket, bucket, newcomer, outlook
from quizzes.engine.mocks import MOCK_MINUTES, REVIEW_MINUTES, Mocks, mock_days
from quizzes.engine.repetition import RETENTION, recall_after

MEETING, ROOM_FOR_NEW = 2 / 3, 0.6
USABLE = 0.77
"""The share of the recalls in total that the forecast counts on: a day's minutes cannot be lent to another day, and
most cards want the last ones. Set so that the forecast meets what simulated learners reach."""

LEAST_GAIN = 0.002
"""In questions recalled at the exam. A recall that gains less is asked for only below 90 %, where room is left."""

FORECAST_LEVELS = (len(PRICES) - 1, *range(len(PRICES) - 3, -1, -3))
"""The prices at which the forecast is computed, the highest first."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds: for a repetition, and for a new question with the reading of its reasons."""

    repetition: int = 75
    question: int = 150


@dataclass(frozen=True, slots=True)
class Known:
    """A card. Stability in days, difficulty 1-10, days since its last recall; weight 1 is the mean question.

    ``done``: it was recalled today, so today it is not asked for again.
    """

    id: int
    stability: float
    difficulty: float
    days_since: float
    weight: float = 1.0
    done: bool = False


@dataclass(frozen=True, slots=True)
class Unmet:
    """So many questions of a topic and weight that were never met."""

    topic: str
    count: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Situation:
    """What is planned from. ``minutes`` of each day from today to the day before the exam (its length: the days).

    ``spent``: seconds studied today; ``since_mock``: days since the latest full mock.
    """

    cards: tuple[Known, ...]
    unmet: tuple[Unmet, ...]
    minutes: tuple[int, ...]
    since_mock: int | None = None
    spent: int = 0
    costs: Costs = Costs()


@dataclass(frozen=True, slots=True)
class Today:
    """What to do, in this order. ``backlog``: cards below 90 % that are left for later."""

    mock: bool
    repetitions: tuple[int, ...]
    questions: tuple[tuple[str, int], ...]
    seconds: int
    backlog: int


@dataclass(frozen=True, slots=True)
class DayAhead:
    """About what a later day holds, ``day`` days from today."""

    day: int
    minutes: int
    mock: bool
    repetitions: int
    questions: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """Expected recall 0-1, weighted. At the exam as planned, if today is skipped, and if nothing more is done.

    ``curve``: (day, as planned, nothing more). The line of nothing more is computed; what the plan adds to it is spread
    over the days by their minutes.
    """

    now: float
    planned: float
    skipped: float
    stopped: float
    curve: tuple[tuple[int, float, float], ...]


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """A plan to the day of the exam."""

    today: Today
    ahead: tuple[DayAhead, ...]
    forecast: Forecast
    mocks: Mocks
    level: int


def spread_minutes(by_weekday: Sequence[int], first: int, days: int) -> tuple[int, ...]:
    """Minutes of each day. ``by_weekday``: Monday first; ``first``: today's weekday, 0 is Monday."""
    return tuple(by_weekday[(first + day) % 7] for day in range(days))


def make_plan(situation: Situation) -> StudyPlan:
    """The plan. The same situation gives the same plan: what is equal is taken by its id."""
    return _Planner(situation).plan()


def ranked(cards: Sequence[Known], days: int, level: int) -> list[tuple[float, int]]:
    """Weighted gain and id of each card, the greatest gain first. ``days`` until the exam, at least 1."""
    gains = [(one.weight * outlook(_bucket(one), days, _level_for(level, one.weight)).gain, one.id) for one in cards]
    return sorted(gains, key=lambda pair: (-pair[0], pair[1]))


def price_level(
    cards: Sequence[Known], unmet: Sequence[Unmet], days: int, recalls: float, costs: Costs = Costs()
) -> int:
    """The lowest price at which all is done within so many recalls; a new question counts by its cost."""
    return _Sums(tuple(cards), tuple(unmet), days, costs).level(recalls)


def _bucket(card: Known) -> Bucket:
    return bucket(card.stability, card.difficulty, card.days_since)


def _is_due(card: Known) -> bool:
    return recall_after(card.stability, card.days_since) < RETENTION


@lru_cache(maxsize=1000)
def _level_for(level: int, weight: float) -> int:
    """Where a recall is worth more by its weight, its price is lower by that."""
    shift = round(log(max(weight, 0.01)) / log(PRICES[1] / PRICES[0]))
    return min(len(PRICES) - 1, max(0, level - shift))


class _Sums:
    """Over all cards and unmet questions: the recalls they need and the recall they give, by price."""

    def __init__(self, cards: tuple[Known, ...], unmet: tuple[Unmet, ...], days: int, costs: Costs) -> None:
        self.days, self.unmet, self.costs = max(1, days), unmet, costs
        self.groups: dict[tuple[Bucket, float], int] = {}
        for card in cards:
            key = _bucket(card), card.weight
            self.groups[key] = self.groups.get(key, 0) + 1
        self.whole = sum(one.weight for one in cards) + sum(one.weight * one.count for one in unmet)
        self._known: dict[int, tuple[float, float]] = {}

    def at(self, level: int) -> tuple[float, float]:
        """Recalls (a new question by its cost) and expected weighted recall, not divided by the whole."""
        if level not in self._known:
            self._known[level] = self._at(level)
        return self._known[level]

    def _at(self, level: int) -> tuple[float, float]:
        load = expected = 0.0
        for (card, weight), count in self.groups.items():
            found = outlook(card, self.days, _level_for(level, weight))
            load += count * found.recalls
            expected += count * weight * found.expected
        middle = max(1, round(self.days * (1 - MEETING / 2)))
        for one in self.unmet:
            new = newcomer(middle, _level_for(level, one.weight))
            load += one.count * (new.recalls + self.costs.question / self.costs.repetition)
            expected += one.count * one.weight * new.expected
        return load, expected

    def level(self, recalls: float) -> int:
        """The lowest price at which all fits; the highest where nothing does."""
        low, high = 0, len(PRICES) - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self.at(middle)[0] <= recalls else (middle + 1, high)
        return low

    def expected(self, recalls: float, stopped: float) -> float:
        """Weighted recall at the exam, not divided, for so many recalls: straight lines between the prices."""
        points = [(0.0, stopped)]
        for level in FORECAST_LEVELS:
            load, value = self.at(level)
            if load > points[-1][0]:
                points.append((load, max(value, points[-1][1])))
        for (before, low), (after, high) in pairwise(points):
            if recalls < after:
                return low + (high - low) * (recalls - before) / (after - before)
        return points[-1][1]


class _Planner:
    def __init__(self, situation: Situation) -> None:
        self.situation, self.costs = situation, situation.costs
        self.cards, self.unmet, self.minutes = situation.cards, situation.unmet, situation.minutes
        self.days = len(self.minutes)
        self.new = sum(one.count for one in self.unmet)
        self.sums = _Sums(self.cards, self.unmet, self.days, self.costs)
        met = len(self.cards) / max(1, len(self.cards) + self.new)
        self.mocks = mock_days(self.minutes, met, situation.since_mock)

    @cached_property
    def rooms(self) -> tuple[int, ...]:
        """Seconds of each day for cards and questions: what a mock and its reading leave."""
        return tuple(self._room(day) for day in range(self.days))

    def _room(self, day: int) -> int:
        taken = MOCK_MINUTES + REVIEW_MINUTES if day in self.mocks.days and not self.mocks.proposed else 0
        return max(0, (self.minutes[day] - taken) * 60 - (self.situation.spent if day == 0 else 0))

    @property
    def recalls(self) -> float:
        """Recalls that the time left holds."""
        return sum(self.rooms) / self.costs.repetition

    def plan(self) -> StudyPlan:
        level = self.sums.level(self.recalls)
        return StudyPlan(self._today(level), self._ahead(level), self._forecast(), self.mocks, level)

    def _pace(self, day: int) -> int:
        """New questions that belong to a day: by its share of the room until all should have been met."""
        until = max(1, ceil(self.days * MEETING))
        window = sum(self.rooms[:until]) if day < until else 0
        return ceil(self.new * self.rooms[day] / window) if window else 0

    def _today(self, level: int) -> Today:
        if not self.days:
            return Today(False, (), (), 0, 0)
        room, each, fresh = self.rooms[0], self.costs.repetition, self.costs.question
        gains = ranked([one for one in self.cards if not one.done], self.days, level)
        due = {one.id for one in self.cards if _is_due(one)}
        useful = [one for gain, one in gains if gain > LEAST_GAIN or one in due]
        questions = min(self._pace(0), self.new, int(room * ROOM_FOR_NEW) // fresh)
        repetitions = useful[: (room - questions * fresh) // each]
        questions += min(self.new - questions, (room - questions * fresh - len(repetitions) * each) // fresh)
        mock = 0 in self.mocks.days
        seconds = len(repetitions) * each + questions * fresh
        if mock and not self.mocks.proposed:
            seconds += min(self.minutes[0], MOCK_MINUTES + REVIEW_MINUTES) * 60
        topics = self._topics(questions)
        return Today(mock, tuple(repetitions), topics, seconds, self._backlog(set(repetitions)))

    def _backlog(self, chosen: set[int]) -> int:
        left = (one for one in self.cards if not one.done and one.id not in chosen)
        return sum(map(_is_due, left))

    def _topics(self, questions: int) -> tuple[tuple[str, int], ...]:
        """Topic by topic, those that weigh more first: what is read together stays together.

        Weights are compared in halves, so that small differences do not turn the order of the course upside down.
        """
        counts: dict[str, int] = {}
        weights: dict[str, float] = {}
        for one in self.unmet:
            counts[one.topic] = counts.get(one.topic, 0) + one.count
            weights[one.topic] = weights.get(one.topic, 0) + one.count * one.weight
        found: list[tuple[str, int]] = []
        there = [topic for topic, count in counts.items() if count]
        for topic in sorted(there, key=lambda topic: -round(2 * weights[topic] / counts[topic])):
            taken = min(questions, counts[topic])
            questions -= taken
            found += [(topic, taken)] if taken else []
        return tuple(found)

    def _ahead(self, level: int) -> tuple[DayAhead, ...]:
        each, fresh, whole = self.costs.repetition, self.costs.question, sum(self.rooms)
        load = self.sums.at(level)[0] - self.new * fresh / each
        found = []
        for day in range(1, min(8, self.days)):
            questions = min(self._pace(day), self.new, int(self.rooms[day] * ROOM_FOR_NEW) // fresh)
            share = load * self.rooms[day] / whole if whole else 0
            repetitions = min(round(share), (self.rooms[day] - questions * fresh) // each)
            mock = day in self.mocks.days
            found.append(DayAhead(day, self.minutes[day], mock, repetitions, questions))
        return tuple(found)

    def _forecast(self) -> Forecast:
        whole = self.sums.whole or 1.0
        steps = sorted({round(self.days * step / 12) for step in range(13)})
        idle = {day: self._idle(day) / whole for day in steps}
        stopped = idle[steps[-1]]
        planned = self.sums.expected(USABLE * self.recalls, stopped * whole) / whole
        today = self.rooms[0] / self.costs.repetition if self.days else 0
        skipped = self.sums.expected(USABLE * (self.recalls - today), stopped * whole) / whole
        total = sum(self.rooms) or 1
        curve = tuple(
            (day, idle[day] + (planned - stopped) * sum(self.rooms[:day]) / total, idle[day]) for day in steps
        )
        return Forecast(idle[0], planned, skipped, stopped, curve)

    def _idle(self, days: int) -> float:
        return sum(one.weight * recall_after(one.stability, one.days_since + days) for one in self.cards)
