"""Classes and what they were given, written row by row: nothing here needs the pages."""

from datetime import datetime
from itertools import count
from typing import Any

from quizzes.models import Assignment, Classroom, Condition, Group, Membership, Quiz
from sapro.accounts.models import User
from tests.factories import MADE

_numbers = count(1)


def make_class(owner: Any, **more: Any) -> Classroom:
    """A class of this instructor that nobody is in."""
    number = next(_numbers)
    given = {"code": f"class{number}", "name": f"Class {number}", "join_code": f"JOIN{number:04}", "created_at": MADE}
    return Classroom.objects.create(owner=owner, **{**given, **more})


def make_group(classroom: Classroom, name: str = "") -> Group:
    """A group of a class."""
    return Group.objects.create(classroom=classroom, name=name or f"Group {next(_numbers)}")


def enroll(classroom: Classroom, person: Any, **more: Any) -> Membership:
    """A seat that this person has taken."""
    return Membership.objects.create(
        classroom=classroom, person=person, **{"created_at": MADE, "joined_at": MADE, **more}
    )


def make_learners(classroom: Classroom, number: int, **more: Any) -> list[User]:
    """So many people with accounts, each with a seat."""
    names = [f"pupil-{next(_numbers):05}" for _ in range(number)]
    User.objects.bulk_create(User(username=one, email=f"{one}@example.org", password="!") for one in names)
    people = list(User.objects.filter(username__in=names).order_by("pk"))
    seats = [
        Membership(classroom=classroom, person=one, **{"created_at": MADE, "joined_at": MADE, **more}) for one in people
    ]
    Membership.objects.bulk_create(seats)
    return people


def assign(classroom: Classroom, quiz: Quiz, **more: Any) -> Assignment:
    """The quiz given to the class, with no terms of its own."""
    return Assignment.objects.create(
        classroom=classroom, quiz=quiz, **{"code": f"given{next(_numbers)}", "created_at": MADE, **more}
    )


def grant(person: Any, assignment: Assignment | None = None, *, now: datetime = MADE, **more: Any) -> Condition:
    """What this person was granted, for one assignment or everywhere."""
    return Condition.objects.create(person=person, assignment=assignment, granted_at=now, **more)
