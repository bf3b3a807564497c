"""What an instructor or operator may do to a sitting, each with a reason in its log: void it, or open it again."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from quizzes.engine import attempts as rules
from quizzes.models import Attempt, Event
from quizzes.services.results import IllegalMove


def void_attempt(*, attempt_id: int, reason: str, now: datetime) -> Attempt:
    """Take an attempt out of every count; its answers and its log stay. Raises IllegalMove when it is void already."""
    with transaction.atomic():
        attempt = _locked(attempt_id)
        _require_move(attempt, Attempt.State.VOID)
        attempt.ended_at = attempt.ended_at or now
        _move(attempt, Attempt.State.VOID, {"reason": reason}, now)
    return attempt


def reopen_attempt(*, attempt_id: int, seconds: int, reason: str, now: datetime) -> Attempt:
    """Let a finished exam attempt go on for ``seconds`` more from now. Earlier results stay; its end appends another.

    Raises IllegalMove when it is open or void, or when the person has another attempt at this quiz open.
    """
    if seconds <= 0:
        raise IllegalMove("give at least one second")
    try:
        with transaction.atomic():
            attempt = _locked(attempt_id)
            _require_move(attempt, Attempt.State.IN_PROGRESS)
            attempt.ended_at = None
            if attempt.deadline is not None:
                attempt.deadline = now + timedelta(seconds=seconds)
            _move(attempt, Attempt.State.IN_PROGRESS, {"reason": reason, "seconds": seconds}, now)
    except IntegrityError as error:
        raise IllegalMove("this person has another attempt at the same exam open") from error
    return attempt


def _locked(attempt_id: int) -> Attempt:
    return Attempt.objects.select_for_update(no_key=True).get(pk=attempt_id)


def _require_move(attempt: Attempt, state: Attempt.State) -> None:
    if attempt.mode != "exam" or not rules.may_move(attempt.state, state):
        raise IllegalMove(f"an attempt that is {attempt.get_state_display()} cannot become {state.label}")


def _move(attempt: Attempt, state: Attempt.State, data: dict[str, object], now: datetime) -> None:
    kind = "reopened" if state == Attempt.State.IN_PROGRESS else "voided"
    attempt.state = state
    attempt.save(update_fields=["state", "ended_at", "deadline"])
    Event.objects.create(attempt=attempt, kind=kind, received_at=now, data=data)
