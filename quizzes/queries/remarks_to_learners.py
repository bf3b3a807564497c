"""What those who teach have told learners about assignments."""

from collections import defaultdict

from django.db.models import QuerySet

from quizzes.models import Assignment, Classroom, Remark
from quizzes.queries.assignments import assigned_to


def remarks_to(person_id: int, assignment: Assignment) -> QuerySet[Remark]:
    """What this person was told about the assignment, the earliest first, with whoever wrote it."""
    return Remark.objects.filter(person_id=person_id, assignment=assignment).select_related("author")


def remarks_in(classroom: Classroom, person_id: int) -> dict[int, list[Remark]]:
    """What this person was told in a class, by assignment."""
    found: dict[int, list[Remark]] = defaultdict(list)
    for remark in Remark.objects.filter(person_id=person_id, assignment__classroom=classroom).select_related("author"):
        found[remark.assignment_id].append(remark)
    return found


def remarkable(classroom: Classroom, person_id: int) -> QuerySet[Assignment]:
    """The assignments of a class on whose page this person would read a remark."""
    return assigned_to(person_id).filter(classroom=classroom)
