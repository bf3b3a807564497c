"""How a sitting stands for whoever watches it, and what may be done to it there."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from quizzes.engine.attempts import Clock, Phase


class State(StrEnum):
    """What a learner is doing, in the order in which somebody who watches wants to see it."""

    WORKING = "working"
    PAUSED = "paused"
    NOT_STARTED = "not_started"
    TIME_UP = "time_up"
    SUBMITTED = "submitted"
    VOID = "void"


class Action(StrEnum):
    """What somebody who teaches may do to a sitting."""

    EXTEND = "extend"
    END = "end"
    REOPEN = "reopen"
    VOID = "void"


UNDER_WAY: Final = frozenset({State.WORKING, State.PAUSED})
_WRITTEN: Final = {"submitted": State.SUBMITTED, "expired": State.TIME_UP, "void": State.VOID}


def state_of(written: str, clock: Clock, now: datetime) -> State:
    """How an attempt stands at this moment: one past deadline and grace is over, whatever has been written down."""
    if written in _WRITTEN:
        return _WRITTEN[written]
    if clock.phase(in_progress=True, now=now) is Phase.OVER:
        return State.TIME_UP
    return State.PAUSED if clock.paused_at is not None else State.WORKING


def shown_of(states: Sequence[State]) -> int:
    """Which of somebody’s attempts, the first first, stands for them: the one under way, else the last."""
    return next((place for place, state in enumerate(states) if state in UNDER_WAY), len(states) - 1)


def actions_on(state: State, *, exam: bool = True, timed: bool = True) -> tuple[Action, ...]:
    """What may be done to an attempt that stands so. Practice has neither clock nor end that others decide."""
    if not exam or state in (State.VOID, State.NOT_STARTED):
        return ()
    if state in UNDER_WAY:
        return (Action.EXTEND, Action.END, Action.VOID) if timed else (Action.END, Action.VOID)
    return (Action.REOPEN, Action.VOID)
