"""A class with many attempts behind it, written in bulk: nothing of a form, only what a gradebook reads."""

from datetime import datetime, timedelta
from typing import Any

from quizzes.models import Assignment, Attempt, Classroom, Quiz, Result
from tests.own_classes import assign, make_class, make_learners
from tests.own_quizzes import make_own_quiz


def make_grades(owner: Any, learners: int, assignments: int, now: datetime, *, quiz: Quiz | None = None) -> Classroom:
    """A class in which everybody has sat everything once, each with a result; every fifth after the due date."""
    classroom = make_class(owner)
    quiz = quiz or make_own_quiz(owner, pass_mark=50)
    due = now - timedelta(days=1)
    given = [assign(classroom, quiz, due_at=due, code=f"{classroom.code}-{place}") for place in range(assignments)]
    people = make_learners(classroom, learners)
    attempts = [
        _attempt(f"g{one.pk}-{person.pk}", person, one, due + timedelta(minutes=30 * (person.pk % 5) - 110))
        for one in given
        for person in people
    ]
    Attempt.objects.bulk_create(attempts, batch_size=2000)
    made = Attempt.objects.filter(assignment__in=given).values_list("pk", flat=True)
    results = [
        Result(
            attempt_id=pk, number=1, created_at=now, reason="first", marking="all_or_nothing", raw=pk % 11, maximum=10,
            fractions=[1.0] * 20, versions=list(range(20)),
        )
        for pk in made
    ]  # fmt: skip
    Result.objects.bulk_create(results, batch_size=2000)
    return classroom


def _attempt(code: str, person: Any, given: Assignment, started: datetime) -> Attempt:
    return Attempt(
        code=code, person=person, quiz_id=given.quiz_id, assignment=given, mode="exam", title="Made",
        state=Attempt.State.SUBMITTED, started_at=started, ended_at=started + timedelta(minutes=20),
        deadline=started + timedelta(hours=1), grace=2, rules={"pass_mark": 50, "marking": "all_or_nothing"},
        seed=1, size=10, trace={"1": {"ms": 60_000}},
    )  # fmt: skip
