"""A class with many attempts behind it, copied in the database: nothing of a form, only what a gradebook reads."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from quizzes.models import Assignment, Attempt, Classroom, Membership, Quiz, Result
from tests.own_classes import assign, make_class, make_learners
from tests.own_quizzes import make_own_quiz


def make_grades(owner: Any, learners: int, assignments: int, now: datetime, *, quiz: Quiz | None = None) -> Classroom:
    """A class in which everybody has sat everything once, each with a result; every second assignment after its due.

    The percent go from 0 to 100 in steps of ten, by learner and assignment.
    """
    classroom = make_class(owner)
    quiz = quiz or make_own_quiz(owner, pass_mark=50)
    given = [
        assign(classroom, quiz, due_at=now - timedelta(days=1 + place % 2), code=f"{classroom.code}-{place}")
        for place in range(assignments)
    ]
    first, *others = make_learners(classroom, learners)
    started = now - timedelta(days=1, hours=1)
    Attempt.objects.bulk_create(_attempt(f"g{one.pk}", first, one, started) for one in given)
    with connection.cursor() as cursor:
        if others:
            cursor.execute(_copied_attempts(), [first.pk, classroom.pk, first.pk])
        cursor.execute(_results(), [now, classroom.pk])
    return classroom


def _attempt(code: str, person: Any, given: Assignment, started: datetime) -> Attempt:
    return Attempt(
        code=code, person=person, quiz_id=given.quiz_id, assignment=given, mode="exam", title="Made",
        state=Attempt.State.SUBMITTED, started_at=started, ended_at=started + timedelta(minutes=20),
        deadline=started + timedelta(hours=1), grace=2, rules={"pass_mark": 50, "marking": "all_or_nothing"},
        seed=1, size=10, trace={"1": {"ms": 60_000}},
    )  # fmt: skip


def _copied_attempts() -> str:
    table, seats = Attempt._meta.db_table, Membership._meta.db_table
    left_out = {"id", "code", "person_id"}
    columns = [f'"{one.column}"' for one in Attempt._meta.concrete_fields if one.column not in left_out]
    return f"""
        INSERT INTO {table} (code, person_id, {", ".join(columns)})
        SELECT t.code || '-' || s.person_id, s.person_id, {", ".join(f"t.{one}" for one in columns)}
        FROM {table} t JOIN {seats} s ON s.person_id <> %s
        WHERE s.classroom_id = %s AND t.person_id = %s
    """


def _results() -> str:
    return f"""
        INSERT INTO {Result._meta.db_table}
            (attempt_id, number, created_at, reason, marking, raw, maximum, fractions, versions)
        SELECT a.id, 1, %s, 'first', 'all_or_nothing', (a.person_id + a.assignment_id) %% 11, 10, '[1.0]', '[1]'
        FROM {Attempt._meta.db_table} a JOIN {Assignment._meta.db_table} g ON g.id = a.assignment_id
        WHERE g.classroom_id = %s
    """
