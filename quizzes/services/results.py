"""How an attempt ends: its state, its first result, and what the learner has now met."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from quizzes.engine import attempts as rules
from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS
from quizzes.engine.traces import Trace, gather
from quizzes.models import Attempt, Event, Exposure, Question, QuestionVersion, Response, Result
from quizzes.queries.attempts import phase_of
from quizzes.queries.keys import newest_keys
from quizzes.services.recalls import remember_mock

logger = logging.getLogger(__name__)


class IllegalMove(Exception):
    """The table of states has no such move."""


def finish_attempt(
    *,
    attempt_id: int,
    now: datetime,
    by_learner: bool = False,
    trace: Trace | None = None,
    by_instructor: str | None = None,
) -> Attempt:
    """End an attempt: once under concurrency, unchanged when it is over already.

    By the learner, or by an instructor for this reason, it is submitted; by the clock (also when the learner comes
    after the grace) it has expired, stamped with its deadline. An attempt whose time is not up and whose end nobody
    asked for is left as it is.
    """
    with transaction.atomic():
        attempt = Attempt.objects.select_for_update(no_key=True).get(pk=attempt_id)
        state = _end_state(attempt, by_learner or by_instructor is not None, now)
        if state is None:
            return attempt
        _move(attempt, state, now)
        data: dict[str, Any] = {"trace": trace} if trace else {}
        if by_instructor is not None and state == Attempt.State.SUBMITTED:
            data |= {"by": "instructor", "reason": by_instructor}
        Event.objects.create(attempt=attempt, kind=state, received_at=now, data=data)
        attempt.trace = gather(_traces(attempt))
        attempt.save(update_fields=["state", "ended_at", "trace", "deadline", "paused", "paused_at"])
        responses = list(attempt.responses.select_related("version").defer("version__shown", "version__key"))
        is_first = not attempt.results.exists()
        result = append_result(attempt, responses, reason="first" if is_first else "reopened", now=now)
        _record_exposures(attempt, responses, now)
        if is_first:
            remember_mock(attempt, responses, result.fractions, seen_positions(attempt, responses))
    return attempt


def _end_state(attempt: Attempt, asked: bool, now: datetime) -> str | None:
    phase = phase_of(attempt, now)
    if attempt.state != Attempt.State.IN_PROGRESS:
        return None
    if phase is rules.Phase.OVER:
        return str(Attempt.State.EXPIRED)
    return str(Attempt.State.SUBMITTED) if asked else None


def _move(attempt: Attempt, state: str, now: datetime) -> None:
    if not rules.may_move(attempt.state, state):
        raise IllegalMove(f"{attempt.state} cannot become {state}")
    attempt.state = state
    end_pause(attempt, now)
    attempt.ended_at = now if attempt.deadline is None else min(now, attempt.deadline)


def end_pause(attempt: Attempt, now: datetime) -> int:
    """Let the exam clock of an attempt run again, where it stands still: the deadline moves by as long as it stood.

    Returns the milliseconds. Nothing is saved.
    """
    if attempt.paused_at is None:
        return 0
    stood = max(now - attempt.paused_at, timedelta(0))
    attempt.paused_at = None
    attempt.paused += stood // timedelta(milliseconds=1)
    if attempt.deadline is not None:
        attempt.deadline += stood
    return stood // timedelta(milliseconds=1)


def _traces(attempt: Attempt) -> Iterable[tuple[int, Trace]]:
    for tab, data in attempt.events.filter(data__has_key="trace").values_list("tab", "data"):
        yield tab or 0, data["trace"]


def append_result(attempt: Attempt, responses: Sequence[Response], *, reason: str, now: datetime) -> Result:
    """Mark every response by the newest key of the text that was sat, and append what the attempt is worth.

    ``responses`` are all of the attempt's, with their versions loaded. Earlier results stay.
    """
    marking = attempt.rules["marking"]
    corrected = newest_keys([response.question_id for response in responses])
    keys = [corrected.get(response.version_id, response.version) for response in responses]
    fractions = [grade(response, key, marking) for response, key in zip(responses, keys, strict=True)]
    scored = [fraction for response, fraction in zip(responses, fractions, strict=True) if response.scored]
    result = Result.objects.create(
        attempt=attempt,
        number=attempt.results.count() + 1,
        created_at=now,
        reason=reason,
        marking=marking,
        raw=sum(scored),
        maximum=len(scored),
        fractions=fractions,
        versions=[key.pk for key in keys],
    )
    _project(attempt, dict(zip((response.position for response in responses), fractions, strict=True)))
    return result


def grade(response: Response, key: QuestionVersion, marking: str) -> float:
    """How right the response is by this key."""
    if not response.choice:
        return 0.0
    content = Content.from_body(key.body)
    return KINDS[content.kind].grade(content, response.choice, marking)


def _project(attempt: Attempt, fractions: dict[int, float]) -> None:
    """Copy the latest fractions to the rows, for lists and statistics: one UPDATE for each value that occurs."""
    by_value = defaultdict(list)
    for position, fraction in fractions.items():
        by_value[fraction].append(position)
    for fraction, positions in by_value.items():
        attempt.responses.filter(position__in=positions).update(fraction=fraction)


def seen_positions(attempt: Attempt, responses: Sequence[Response]) -> set[int]:
    """Positions that were displayed or answered; without a trace all that was delivered."""
    if not attempt.trace:
        return {response.position for response in responses}
    return {response.position for response in responses if response.choice or str(response.position) in attempt.trace}


def _record_exposures(attempt: Attempt, responses: Sequence[Response], now: datetime) -> None:
    """Enter what was met in the ledger, and note which of it was met for the first time."""
    met = set(
        Exposure.objects.filter(
            person_id=attempt.person_id, question_id__in=[response.question_id for response in responses]
        ).values_list("question_id", flat=True)
    )
    # Decided once: at the end of a reopened attempt its questions stand in the ledger because of itself.
    undecided = attempt.responses.filter(first_exposure=None)
    undecided.exclude(question_id__in=met).update(first_exposure=True)
    undecided.filter(question_id__in=met).update(first_exposure=False)
    seen = seen_positions(attempt, responses)
    questions = [response.question_id for response in responses if response.position in seen]
    record_exposures(attempt.person_id, questions, now=now, revealed=False)


def record_exposures(person_id: int, questions: Iterable[int], *, now: datetime, revealed: bool) -> None:
    """Note that a person has met these questions, and, with ``revealed``, has been served their rationales.

    The first meeting keeps its date; the first reveal keeps its own.
    """
    ids = sorted(set(questions))
    rows = [
        Exposure(
            person_id=person_id,
            question_id=question,
            first_seen_at=now,
            last_seen_at=now,
            revealed_at=now if revealed else None,
        )
        for question in ids
    ]
    Exposure.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["person", "question"], update_fields=["last_seen_at"]
    )
    if revealed:
        Exposure.objects.filter(person_id=person_id, question_id__in=ids, revealed_at=None).update(revealed_at=now)


def close_attempts(*, now: datetime, person_id: int | None = None) -> int:
    """Write down every attempt (of one person) whose grace is over; each in its own transaction. Returns how many.

    One that cannot be marked is logged and left, and the others are closed all the same. Nothing is wrong if this
    never runs: readers treat such an attempt as over.
    """
    overdue = Attempt.objects.filter(state=Attempt.State.IN_PROGRESS, deadline__lte=now, paused_at=None)
    if person_id is not None:
        overdue = overdue.filter(person_id=person_id)
    return sum(_is_closed(pk, now) for pk in list(overdue.values_list("pk", flat=True)))


def _is_closed(attempt_id: int, now: datetime) -> bool:
    try:
        return finish_attempt(attempt_id=attempt_id, now=now).state != Attempt.State.IN_PROGRESS
    except Attempt.DoesNotExist:
        # Deleted with its person since the list was read.
        return False
    except Exception:
        logger.exception("attempt %s could not be closed", attempt_id)
        return False


def reveal_questions(*, person_id: int, codes: Sequence[str], now: datetime) -> None:
    """Note that the rationales of these questions were served to the person; only the first time writes."""
    met = Exposure.objects.filter(person_id=person_id, question__code__in=codes)
    met.filter(revealed_at=None).update(revealed_at=now)
    unknown = set(codes) - set(met.values_list("question__code", flat=True))
    if unknown:
        ids = Question.objects.filter(code__in=unknown).values_list("pk", flat=True)
        record_exposures(person_id, list(ids), now=now, revealed=True)
