"""Pausing an exam, where its quiz allows that: the clock stands still, and what is asked is out of sight."""

from datetime import datetime

from django.db import transaction

from quizzes.engine.attempts import Phase
from quizzes.models import Attempt, Event
from quizzes.queries.attempts import phase_of
from quizzes.services.results import end_pause


class CannotPause(Exception):
    """This attempt has no pauses, or is over."""


def pause_attempt(*, person_id: int, code: str, now: datetime) -> Attempt:
    """Stop the exam clock. A second pause finds the first.

    Raises Attempt.DoesNotExist when it is not theirs, and CannotPause.
    """
    with transaction.atomic():
        attempt = _locked(person_id, code)
        if phase_of(attempt, now) is not Phase.OPEN or not attempt.rules.get("pause_allowed"):
            raise CannotPause
        if attempt.paused_at is None:
            attempt.paused_at = now
            attempt.save(update_fields=["paused_at"])
            Event.objects.create(attempt=attempt, kind="paused", received_at=now)
    return attempt


def resume_attempt(*, person_id: int, code: str, now: datetime) -> Attempt:
    """Let the clock run again; nothing happens where it runs. Raises Attempt.DoesNotExist when it is not theirs."""
    with transaction.atomic():
        attempt = _locked(person_id, code)
        if attempt.paused_at is not None and attempt.state == Attempt.State.IN_PROGRESS:
            stood = end_pause(attempt, now)
            attempt.save(update_fields=["paused_at", "paused", "deadline"])
            Event.objects.create(attempt=attempt, kind="resumed", received_at=now, data={"ms": stood})
    return attempt


def _locked(person_id: int, code: str) -> Attempt:
    attempts = Attempt.objects.select_for_update(no_key=True)
    return attempts.get(code=code, person_id=person_id, mode="exam")
