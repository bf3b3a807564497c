"""A site that has been used for years: many finished attempts, copied row by row from a few real ones."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from quizzes.models import Attempt, Event, Exposure, Quiz, Response, Result
from quizzes.services.attempts import start_attempt
from quizzes.services.practice import start_practice
from quizzes.services.results import finish_attempt
from tests.benchmarks.exams import QUIZ
from tests.benchmarks.stage import enrol

ORIGINALS = 20
ATTEMPTS_EACH = 20
"""So many sittings each person of the past has behind them: two exams of 75 questions, the rest practice of ten."""
EXAM_EVERY = 10
CHUNK = 5_000


def grow_history(size: int) -> list[int]:
    """Finished attempts with responses, log, results and ledger, ``size`` of them; gives the people's ids."""
    now = timezone.now() - timedelta(days=30)
    people = [one.pk for one in enrol(max(1, size // ATTEMPTS_EACH))]
    originals = [one.pk for one in enrol(2 * ORIGINALS)]
    exams = [_exam(person, now) for person in originals[:ORIGINALS]]
    practice = [_practice(person, now) for person in originals[ORIGINALS:]]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE copies (code varchar(24), person bigint, original bigint)")
        rows = _copies(people, exams, practice, size)
        while chunk := list(islice(rows, CHUNK)):
            cursor.executemany("INSERT INTO copies VALUES (%s, %s, %s)", chunk)
        cursor.execute(_copied_attempts())
        for model in (Response, Event, Result):
            cursor.execute(_copied_rows(model))
        cursor.execute(_copied_ledger())
        cursor.execute("DROP TABLE copies")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # autovacuum would, within a minute
    return people


def _copies(people: list[int], exams: list[int], practice: list[int], size: int) -> Iterable[tuple[str, int, int]]:
    exam, session = cycle(exams), cycle(practice)
    # A person's sittings are ATTEMPTS_EACH rows in turn, so that everybody has exams and practice.
    for number in range(size):
        original = next(exam) if number % EXAM_EVERY == 0 else next(session)
        yield f"h{number:010d}", people[number // ATTEMPTS_EACH % len(people)], original


def _exam(person: int, now: datetime) -> int:
    """An exam that was answered to the end and handed in."""
    quiz = Quiz.objects.presets().select_related("exam").get(slug=QUIZ)
    grace = settings.EXAM_GRACE_SECONDS
    attempt = start_attempt(person_id=person, quiz=quiz, time_option="standard", grace=grace, now=now)
    _answer(attempt, now)
    finish_attempt(attempt_id=attempt.pk, now=now + timedelta(hours=2), by_learner=True)
    return int(attempt.pk)


def _practice(person: int, now: datetime) -> int:
    """A session of ten questions, each graded."""
    title = "Practice"
    attempt = start_practice(person_id=person, title=title, topics=(), anchors=(), only="", count=10, now=now)
    _answer(attempt, now)
    attempt.responses.update(fraction=1.0, locked_at=now)
    Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.State.SUBMITTED, ended_at=now)
    return int(attempt.pk)


def _answer(attempt: Attempt, now: datetime) -> None:
    dice = Random(attempt.pk)
    rows = list(attempt.responses.all())
    for row in rows:
        row.choice, row.choice_at, row.saved_at = [dice.choice(row.shown_order)], row.position * 60_000, now
    Response.objects.bulk_update(rows, ["choice", "choice_at", "saved_at"])
    Event.objects.bulk_create(
        Event(
            attempt=attempt,
            kind="saved",
            received_at=now,
            position=row.position,
            at=row.choice_at,
            tab=1,
            data={"choice": row.choice, "trace": {str(row.position): {"ms": 60_000}}},
        )
        for row in rows
    )


def _columns(model: type[Model], *but: str) -> list[str]:
    fields: Any = model._meta.concrete_fields
    return [f'"{one.column}"' for one in fields if not one.primary_key and one.column not in but]


def _copied_attempts() -> str:
    table, columns = Attempt._meta.db_table, _columns(Attempt, "code", "person_id")
    return f"""
        INSERT INTO {table} (code, person_id, {", ".join(columns)})
        SELECT c.code, c.person, {", ".join(f"t.{one}" for one in columns)}
        FROM copies c JOIN {table} t ON t.id = c.original
    """


def _copied_rows(model: type[Model]) -> str:
    table, columns = model._meta.db_table, _columns(model, "attempt_id")
    return f"""
        INSERT INTO {table} (attempt_id, {", ".join(columns)})
        SELECT a.id, {", ".join(f"t.{one}" for one in columns)}
        FROM copies c JOIN {Attempt._meta.db_table} a ON a.code = c.code JOIN {table} t ON t.attempt_id = c.original
    """


def _copied_ledger() -> str:
    return f"""
        INSERT INTO {Exposure._meta.db_table} (person_id, question_id, first_seen_at, last_seen_at, revealed_at)
        SELECT c.person, r.question_id, min(r.saved_at), max(r.saved_at), max(r.saved_at)
        FROM copies c JOIN {Response._meta.db_table} r ON r.attempt_id = c.original GROUP BY c.person, r.question_id
    """
