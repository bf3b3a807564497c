"""The one rule of saving, driven at random through the real service, beside a model that is forty lines long.

The model is written from exam.md and shares no code with the engine. Times are milliseconds on the exam clock.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from quizzes.engine.forensics import Held, replay, sequences
from quizzes.engine.kinds import WrongChoice
from quizzes.models import Attempt, Event, Quiz, Response
from quizzes.queries.forensics import saves_of
from quizzes.services.attempts import (
    CannotStart,
    Refused,
    Saved,
    UnreadSave,
    extend_attempt,
    save_response,
    submit_attempt,
)
from quizzes.services.results import close_attempts
from tests import factories
from tests.quizzes.attempts.conftest import GRACE, PROFILE, sit

SIZE = 3
LIMIT = 60_000


@dataclass(frozen=True)
class Sent:
    """One save as a page sends it: None is a register that was not sent."""

    position: int
    choice: tuple[int, ...] | None
    flagged: bool | None
    at: int | None
    tab: int
    trace: Any = field(default_factory=dict, hash=False)


@dataclass
class Register:
    """A value with the (at, tab) under which it was given."""

    value: Any
    stamp: tuple[int, int] = (-1, 0)


class Model:
    """What exam.md says, and no more."""

    def __init__(self) -> None:
        self.now = 0
        self.limit = LIMIT
        self.state = "in_progress"
        self.ended: int | None = None
        self.choices = {position: Register(()) for position in range(1, SIZE + 1)}
        self.flags = {position: Register(False) for position in range(1, SIZE + 1)}
        self.saved_at: dict[int, int | None] = dict.fromkeys(range(1, SIZE + 1))
        self.log: list[tuple[Any, ...]] = [("started", None, None, None)]

    @property
    def over(self) -> bool:
        """Past the grace, or ended: whatever has been written down."""
        return self.state != "in_progress" or self.now >= self.limit + GRACE * 1000

    def save(self, sent: Sent) -> str:
        """Take a save; the reason why not, or nothing."""
        at = self.now if sent.at is None else sent.at
        reason = self._refusal(at)
        stamp = (at, sent.tab)
        kind = reason or self._store(sent, stamp)
        if kind:
            self.log.append((kind, sent.position, at, sent.tab))
        return reason

    def _refusal(self, at: int) -> str:
        if self.state != "in_progress":
            return "finished"
        if self.over:
            return "too_late"
        if at > self.now + 2000:
            return "clock_ahead"
        return "too_late" if at >= self.limit else ""

    def _store(self, sent: Sent, stamp: tuple[int, int]) -> str:
        given = [
            (held[sent.position], value)
            for held, value in ((self.choices, sent.choice), (self.flags, sent.flagged))
            if value is not None
        ]
        won = [(register, value) for register, value in given if stamp > register.stamp]
        repeated = any(stamp == register.stamp for register, _ in given)
        for register, value in won:
            register.value, register.stamp = value, stamp
        if won:
            self.saved_at[sent.position] = self.now
            return "saved"
        if repeated:
            return ""
        if given:
            return "overtaken"
        return "trace" if sent.trace else ""

    def end(self, state: str) -> None:
        """Write the end down, once."""
        self.state = state
        self.ended = min(self.now, self.limit)
        self.log.append((state, None, None, None))

    def sweep(self) -> None:
        """What any reader or the command does."""
        if self.state == "in_progress" and self.over:
            self.end("expired")

    def submit(self) -> None:
        """What the learner does."""
        if self.state == "in_progress":
            self.end("expired" if self.over else "submitted")


class ExamRoom(RuleBasedStateMachine):
    """One sitting of three questions: the last one asks for two options of five."""

    world: "World"

    @initialize(tab=st.integers(0, 2**53))
    def enter(self, tab: int) -> None:
        self.person = self.world.someone()
        self.start = self.world.now
        self.attempt = sit(self.person, self.world.quiz, self.start)
        self.rows = list(self.attempt.responses.select_related("version"))
        self.tabs = [0, 1, tab]
        self.sent: list[Sent] = []
        self.model = Model()

    def moment(self, ms: int | None = None) -> datetime:
        """A reading of the exam clock as a date."""
        return self.start + timedelta(milliseconds=self.model.now if ms is None else ms)

    # What a learner's pages do

    @rule(
        position=st.integers(1, SIZE),
        choice=st.none() | st.lists(st.integers(1, 4), max_size=2, unique=True),
        flagged=st.none() | st.booleans(),
        age=st.none() | st.integers(-4000, 30_000) | st.sampled_from([0, 1, -2000, -2001]),
        tab=st.integers(0, 2),
        trace=st.sampled_from([{}, {}, {"1": {"ms": 5}}]),
    )
    def save(self, position: int, choice: Any, flagged: Any, age: int | None, tab: int, trace: Any) -> None:
        """A save given ``age`` ms ago (below 0: by a clock that is ahead), or without a reading."""
        if choice is not None:
            choice = tuple(sorted(choice[: self.rows[position - 1].version.choose]))
        at = None if age is None else max(0, self.model.now - age)
        self.deliver(Sent(position, choice, flagged, at, self.tabs[tab], trace))

    @rule(position=st.integers(1, SIZE), beside=st.sampled_from([-1, 0, 1]), tab=st.integers(0, 2))
    def at_the_last_moment(self, position: int, beside: int, tab: int) -> None:
        """Given just before the deadline, or just not: by a clock that is a little ahead, or told in the grace."""
        self.model.now = max(self.model.now, self.model.limit - 500)
        self.deliver(Sent(position, (2,), None, self.model.limit + beside, self.tabs[tab]))

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 10**6))
    def replay(self, which: int) -> None:
        """Any earlier message again: a double click, a retry, a page that comes back from the dead."""
        self.deliver(self.sent[which % len(self.sent)])

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 10**6), tab=st.integers(0, 2), choice=st.booleans())
    def rival(self, which: int, tab: int, choice: bool) -> None:
        """Another tab gives something at the same millisecond as an earlier message."""
        old = self.sent[which % len(self.sent)]
        self.deliver(
            replace(old, tab=self.tabs[tab], choice=(1,) if choice else None, flagged=None if choice else True)
        )

    @rule(which=st.permutations(range(4)), position=st.integers(1, SIZE))
    def shuffled(self, which: list[int], position: int) -> None:
        """Four answers given in order arrive in another."""
        first = max(0, self.model.now - 4)
        burst = [Sent(position, (1 + step,), None, first + step, self.tabs[1]) for step in range(4)]
        for index in which:
            self.deliver(burst[index])

    def deliver(self, sent: Sent) -> None:
        self.sent.append(sent)
        before = stored(self.attempt)
        reason = self.model.save(sent)
        if not reason:
            assert self.post(sent) == self.holds(sent.position)
            return
        with pytest.raises(Refused) as refused:
            self.post(sent)
        left = max(0, self.model.limit - self.model.now)
        assert (str(refused.value.reason), refused.value.at, refused.value.remaining) == (reason, self.model.now, left)
        assert stored(self.attempt) == before

    def post(self, sent: Sent, person: int | None = None) -> Saved:
        chosen = None if sent.choice is None else tuple(str(one) for one in sent.choice)
        return save_response(
            person_id=person or self.person.pk,
            code=self.attempt.code,
            position=sent.position,
            save=UnreadSave(chosen, sent.flagged, sent.at, sent.tab, sent.trace),
            now=self.moment(),
        )

    def holds(self, position: int) -> Saved:
        """The state that must now hold, as a reply tells it."""
        saved_at = self.model.saved_at[position]
        return Saved(
            position=position,
            choice=self.model.choices[position].value,
            flagged=self.model.flags[position].value,
            saved_at=self.moment(saved_at),
            at=self.model.now,
            remaining=max(0, self.model.limit - self.model.now),
        )

    @rule(position=st.integers(1, SIZE), values=st.sampled_from([("9",), ("x",), ("1", "2", "3"), ("-1",)]))
    def nonsense(self, position: int, values: tuple[str, ...]) -> None:
        """An option that is not there, or too many: nothing is even looked at."""
        self.unheard(position, values, self.person.pk, WrongChoice)

    @rule(position=st.sampled_from([0, SIZE + 1, 10**30]))
    def nowhere(self, position: int) -> None:
        """A position that is not there."""
        self.unheard(position, ("1",), self.person.pk, Response.DoesNotExist)

    @rule(position=st.integers(1, SIZE))
    def stranger(self, position: int) -> None:
        """Somebody else knows the address."""
        self.unheard(position, ("1",), self.world.stranger.pk, Response.DoesNotExist)

    def unheard(self, position: int, values: tuple[str, ...], person: int, error: type[Exception]) -> None:
        save = UnreadSave(values, True, None, 1, {})
        with pytest.raises(error):
            save_response(person_id=person, code=self.attempt.code, position=position, save=save, now=self.moment())

    # What time and people do

    @rule(ms=st.integers(0, 20_000) | st.integers(0, 50))
    def wait(self, ms: int) -> None:
        self.model.now += ms

    @rule(ms=st.integers(1, 3000))
    def step_back(self, ms: int) -> None:
        """The server's own clock is set back."""
        self.model.now = max(0, self.model.now - ms)

    @rule(to=st.sampled_from([-1, 0, 1, GRACE * 1000 - 1, GRACE * 1000]))
    def near_the_end(self, to: int) -> None:
        """To a moment beside the deadline or the end of the grace; never back."""
        self.model.now = max(self.model.now, self.model.limit + to)

    @rule(seconds=st.sampled_from([-60, 0, 1, 30]))
    def extend(self, seconds: int) -> None:
        allowed = not self.model.over and seconds > 0
        if allowed:
            self.model.limit += seconds * 1000
            self.model.log.append(("extended", None, None, None))
        try:
            extend_attempt(attempt_id=self.attempt.pk, seconds=seconds, reason="fire alarm", now=self.moment())
        except CannotStart:
            assert not allowed
        else:
            assert allowed

    @rule()
    def sweep(self) -> None:
        self.model.sweep()
        close_attempts(now=self.moment())

    @precondition(lambda self: self.model.now > LIMIT // 3)
    @rule()
    def submit(self) -> None:
        self.model.submit()
        submit_attempt(person_id=self.person.pk, code=self.attempt.code, trace={}, now=self.moment())

    @rule(position=st.integers(1, SIZE))
    def edit(self, position: int) -> None:
        """Somebody has the right answer, and the question gets another key: of no concern to who sits the old one."""
        row = self.rows[position - 1]
        self.deliver(Sent(position, tuple(sorted(self.key(row))), None, self.model.now, self.tabs[0]))
        factories.edit(row.question)

    @rule(gone=st.booleans())
    def close_quiz(self, gone: bool) -> None:
        Quiz.objects.filter(pk=self.world.quiz.pk).update(retired=gone)

    @precondition(lambda self: not self.model.over)
    @rule()
    def start_again(self) -> None:
        assert sit(self.person, self.world.quiz, self.moment()).pk == self.attempt.pk

    # What must hold at every moment

    @invariant()
    def the_registers_are_the_models(self) -> None:
        names = ("choice", "choice_at", "choice_tab", "flagged", "flagged_at", "flagged_tab")
        rows = {
            row[0]: (self.shown(row[0], row[1]), *row[2:])
            for row in self.attempt.responses.values_list("position", *names)
        }
        assert rows == {
            position: (choice.value, *choice.stamp, self.model.flags[position].value, *self.model.flags[position].stamp)
            for position, choice in self.model.choices.items()
        }

    @invariant()
    def the_attempt_is_the_models(self) -> None:
        row = Attempt.objects.get(pk=self.attempt.pk)
        ended = None if self.model.ended is None else self.moment(self.model.ended)
        assert (row.state, row.deadline, row.ended_at) == (self.model.state, self.moment(self.model.limit), ended)

    @invariant()
    def the_log_tells_everything_that_came(self) -> None:
        assert list(self.events().values_list("kind", "position", "at", "tab")) == self.model.log

    @invariant()
    def the_log_replayed_gives_what_is_stored(self) -> None:
        saves = saves_of([self.attempt.pk])[self.attempt.pk]
        told, given = replay(saves), sequences(saves)
        for row in self.attempt.responses.all():
            held = told.get(row.position, Held())
            assert (list(held.choice), held.flagged) == (row.choice, row.flagged)
            last = given[row.position][-1].choice if row.position in given else ()
            assert list(last) == row.choice

    @invariant()
    def the_score_is_a_recount(self) -> None:
        results = list(self.attempt.results.values_list("number", "raw", "maximum", "fractions"))
        if self.model.state == "in_progress":
            assert results == []
            return
        right = [float(set(self.model.choices[row.position].value) == self.key(row)) for row in self.rows]
        assert results == [(1, sum(right), SIZE, right)]

    def events(self) -> Any:
        return Event.objects.filter(attempt=self.attempt)

    def shown(self, position: int, choice: list[str]) -> tuple[int, ...]:
        order = self.rows[position - 1].shown_order
        return tuple(sorted(order.index(one) + 1 for one in choice))

    def key(self, row: Response) -> set[int]:
        return {row.shown_order.index(one) + 1 for one in row.version.key["correct"]}


def stored(attempt: Attempt) -> list[tuple[Any, ...]]:
    """Every column of every response."""
    return list(attempt.responses.values_list())


@dataclass
class World:
    """What all sittings share."""

    quiz: Any
    stranger: Any
    someone: Callable[[], Any]
    now: datetime


@pytest.fixture
def world(db: None, now: datetime, django_user_model: Any) -> World:
    exam = factories.make_exam({1: 1})
    factories.make_questions(exam, [1] * 6)
    numbers = count()

    def someone() -> Any:
        return django_user_model.objects.create(username=f"sitter-{next(numbers)}", date_joined=now)

    return World(factories.make_quiz(exam, scored=SIZE, minutes=1), someone(), someone, now)


def test_random_saves_keep_the_rule(world: World) -> None:
    machine = type("Sitting", (ExamRoom,), {"world": world})
    run_state_machine_as_test(machine, settings=PROFILE)
