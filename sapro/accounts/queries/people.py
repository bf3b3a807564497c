"""What there is of a person, counted: what goes with them, and what stays."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from quizzes.models import Assignment, Attempt, Classroom, Quiz
from quizzes.queries.sittings import at_quizzes_of_authors


def count_attempts(person_id: int) -> int:
    """How many sittings of a person go with them."""
    return Attempt.objects.filter(person_id=person_id).count() - count_left_behind(person_id)


def count_left_behind(person_id: int) -> int:
    """How many stay without a name, because they are an instructor's results."""
    return at_quizzes_of_authors(person_id).count()


def heirs() -> QuerySet[Any]:
    """The shares of quizzes by which one may become the owner."""
    found: QuerySet[Any] = Quiz.editors.through.objects.filter(user__is_active=True)
    return found


def class_heirs() -> QuerySet[Any]:
    """The co-teachers of classes by which one may become the owner."""
    found: QuerySet[Any] = Classroom.teachers.through.objects.filter(user__is_active=True)
    return found


def classes_going(people: Sequence[int]) -> QuerySet[Classroom]:
    """Classes of these people that nobody could take over: they go with their owners."""
    others = class_heirs().filter(classroom=OuterRef("pk")).exclude(user__in=people)
    found: QuerySet[Classroom] = Classroom.objects.filter(~Exists(others), owner__in=people)
    return found


def without_heir(people: Sequence[int]) -> QuerySet[Quiz]:
    """Quizzes of these people that others sit, have sat or are given, and that nobody could take over."""
    others = heirs().filter(quiz=OuterRef("pk")).exclude(user=OuterRef("owner"))
    given = Assignment.objects.filter(quiz=OuterRef("pk")).exclude(
        classroom__in=classes_going(people).order_by().values("pk")
    )
    used = Q(published_at__isnull=False) | Exists(Attempt.objects.filter(quiz=OuterRef("pk"))) | Exists(given)
    found: QuerySet[Quiz] = Quiz.objects.filter(used, owner__in=people).exclude(Exists(others))
    return found
