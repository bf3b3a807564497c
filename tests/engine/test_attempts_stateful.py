"""A sitting of nothing but the engine’s rules, driven at random: what a server would keep, and what may come to it.

Messages are delayed, reordered, doubled and sent from two tabs and two devices; the server dies and forgets what it
had not kept; time is granted; the learner submits twice and the sweeper comes by. tests/quizzes/attempts/test_rule.py
does the same through the service and the database, tests/chaos/ through the served site.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from quizzes.engine.attempts import (
    NEVER,
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

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECONDS, GRACE = 60, 2
TABS = {("laptop", 1): 11, ("laptop", 2): 5, ("phone", 1): 7}
OVER = {"submitted", "expired"}


@dataclass(frozen=True)
class Message:
    """An answer on its way: its value is its number, so that no two are alike."""

    number: int
    at: int
    tab: int

    @property
    def stamp(self) -> Stamp:
        """When it was given."""
        return Stamp(self.at, self.tab)


@dataclass
class Kept:
    """What is on the disk."""

    state: str = "in_progress"
    ended: datetime | None = None
    value: int | None = None
    stamp: Stamp = NEVER
    extensions: list[int] = field(default_factory=list)


class Sitting(RuleBasedStateMachine):
    """One answer of one attempt."""

    @initialize(option=st.sampled_from(["standard", "x150", "untimed"]))
    def begin(self, option: str) -> None:
        self.limit = time_limit(SECONDS, option)
        self.now = START
        self.kept = Kept()
        self.on_the_way: list[Message] = []
        self.arrived: list[Message] = []
        self.acknowledged: list[Message] = []
        self.last_at = dict.fromkeys(TABS.values(), -1)
        self.numbers = 0
        self.when_over: Kept | None = None

    @property
    def clock(self) -> Clock:
        """The clock as the row gives it."""
        if self.limit is None:
            return Clock(START, None, GRACE)
        return Clock(START, START + timedelta(seconds=self.limit + sum(self.kept.extensions)), GRACE)

    @property
    def phase(self) -> Phase:
        """What it is at this moment."""
        return self.clock.phase(in_progress=self.kept.state == "in_progress", now=self.now)

    @property
    def is_over(self) -> bool:
        """The same question, answered without the engine."""
        seconds = (self.now - START).total_seconds()
        end = None if self.limit is None else self.limit + sum(self.kept.extensions) + GRACE
        return self.kept.state != "in_progress" or (end is not None and seconds >= end)

    # The pages

    @rule(page=st.sampled_from(sorted(TABS)), ahead=st.sampled_from([0, 0, 0, 1500, 2001, 9000]))
    def give(self, page: tuple[str, int], ahead: int) -> None:
        """An answer is given, and stamped; it may take its time."""
        tab = TABS[page]
        at = max(self.clock.at(self.now) + ahead, self.last_at[tab] + 1)
        if not ahead:
            self.last_at[tab] = at
        self.numbers += 1
        self.on_the_way.append(Message(self.numbers, at, tab))

    @rule(order=st.permutations(sorted(TABS.values())))
    def rivals(self, order: list[int]) -> None:
        """Three pages give at the same millisecond, and their answers arrive in any order."""
        at = max(self.clock.at(self.now), *(last + 1 for last in self.last_at.values()))
        for tab in order:
            self.last_at[tab] = at
            self.numbers += 1
            self.take(Message(self.numbers, at, tab))

    @precondition(lambda self: self.limit is not None)
    @rule(page=st.sampled_from(sorted(TABS)), beside=st.sampled_from([-1, 0, 1]))
    def at_the_last_moment(self, page: tuple[str, int], beside: int) -> None:
        """Given just before the deadline, at it, or just after it; arriving at once or in the grace."""
        assert self.clock.limit is not None
        self.now = max(self.now, START + timedelta(milliseconds=self.clock.limit))
        at = self.clock.limit + beside
        if at > self.last_at[TABS[page]]:
            self.last_at[TABS[page]] = at
            self.numbers += 1
            message = Message(self.numbers, at, TABS[page])
            in_time = beside < 0 and not self.is_over
            assert (self.take(message) is None) == in_time

    @precondition(lambda self: self.on_the_way)
    @rule(which=st.integers(0, 10**6), lost=st.sampled_from(["", "", "", "request", "reply"]), keep=st.booleans())
    def arrive(self, which: int, lost: str, keep: bool) -> None:
        """Any of them arrives, in whatever order; or is lost; or stays on its way, to arrive again."""
        message = self.on_the_way[which % len(self.on_the_way)]
        if not (keep or lost):
            self.on_the_way.remove(message)
        if lost == "request":
            return
        refusal = self.take(message)
        if refusal is Refusal.CLOCK_AHEAD and not lost:
            # The page sets its clock, and stamps again.
            at = max(self.clock.at(self.now), self.last_at[message.tab] + 1)
            self.last_at[message.tab] = at
            self.on_the_way.append(replace(message, at=at))
        elif refusal is None and not lost:
            self.acknowledged.append(message)

    def take(self, message: Message) -> Refusal | None:
        """What a server does with a save: ask the rules, keep what wins, answer when it is kept."""
        stamp = stamp_save(self.clock, at=message.at, tab=message.tab, now=self.now)
        refusal = refuse_save(self.clock, stamp, in_progress=self.kept.state == "in_progress", now=self.now)
        if refusal is None:
            self.arrived.append(message)
            if wins(stamp, self.kept.stamp):
                self.kept.value, self.kept.stamp = message.number, stamp
        return refusal

    # People and time

    @rule(ms=st.integers(0, 20_000) | st.integers(0, 50))
    def wait(self, ms: int) -> None:
        """Time passes."""
        self.now += timedelta(milliseconds=ms)

    @precondition(lambda self: self.limit is not None)
    @rule(to=st.sampled_from([-1, 0, 1, GRACE * 1000 - 1, GRACE * 1000]))
    def near_the_end(self, to: int) -> None:
        """To a moment beside the deadline or the end of the grace; never back."""
        assert self.clock.deadline is not None
        self.now = max(self.now, self.clock.deadline + timedelta(milliseconds=to))

    @rule(seconds=st.sampled_from([1, 30]))
    def extend(self, seconds: int) -> None:
        """More time, for one that runs."""
        if self.phase is not Phase.OVER and self.limit is not None:
            self.kept.extensions.append(seconds)

    @precondition(lambda self: self.numbers > 3)
    @rule()
    def submit(self) -> None:
        """By the learner, as often as they like."""
        self.end("expired" if self.phase is Phase.OVER else "submitted")

    @rule()
    def sweep(self) -> None:
        """By whoever passes."""
        if self.phase is Phase.OVER:
            self.end("expired")

    def end(self, state: str) -> None:
        """The move of the table, or none."""
        if self.kept.state != "in_progress":
            return
        assert may_move(self.kept.state, state)
        deadline = self.clock.deadline
        self.kept.state = state
        self.kept.ended = self.now if deadline is None else min(self.now, deadline)
        self.when_over = replace(self.kept, extensions=list(self.kept.extensions))

    # What holds at every moment

    @invariant()
    def the_last_given_of_what_was_taken_is_kept(self) -> None:
        newest = max(self.arrived, key=lambda one: one.stamp, default=None)
        assert (self.kept.value, self.kept.stamp) == ((newest.number, newest.stamp) if newest else (None, NEVER))

    @invariant()
    def nothing_acknowledged_is_newer_than_what_is_kept(self) -> None:
        assert all(one.stamp <= self.kept.stamp for one in self.acknowledged)

    @invariant()
    def nothing_given_after_the_deadline_is_kept(self) -> None:
        assert self.clock.limit is None or self.kept.stamp.at < self.clock.limit

    @invariant()
    def nothing_changes_after_the_end(self) -> None:
        assert self.when_over is None or self.kept == self.when_over

    @invariant()
    def it_ended_when_it_was_submitted_or_at_its_deadline(self) -> None:
        if self.kept.ended is not None and self.clock.deadline is not None:
            assert self.kept.ended <= self.clock.deadline
            assert self.kept.state == "submitted" or self.kept.ended == self.clock.deadline

    @invariant()
    def what_is_over_takes_nothing(self) -> None:
        assert (self.phase is Phase.OVER) == self.is_over
        if not self.is_over:
            return
        refusal = refuse_save(self.clock, Stamp(0, 1), in_progress=self.kept.state == "in_progress", now=self.now)
        assert refusal is (Refusal.FINISHED if self.kept.state in OVER else Refusal.TOO_LATE)


Sitting.TestCase.settings = settings(deadline=None, max_examples=100, stateful_step_count=40)
TestSitting = Sitting.TestCase
