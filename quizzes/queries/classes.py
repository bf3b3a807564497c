"""Who is in a class."""

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from quizzes.models import Assignment, Classroom, Membership
from quizzes.queries.sittings import who


def seats(classroom: Classroom, *, with_left: bool = False) -> QuerySet[Membership]:
    """The seats of a class by name, with person and group. ``with_left``: also of those who have left."""
    found = Membership.objects.filter(classroom=classroom).select_related("person", "group")
    found = found if with_left else found.filter(left_at=None)
    name = Coalesce(NullIf("name", Value("")), "person__username", "email")
    return found.annotate(sorted_by=Lower(name)).order_by("sorted_by", "pk")


def expected_at(assignment: Assignment) -> QuerySet[Membership]:
    """The seats of those who are to sit it: of the class or its group, taken by somebody who has not left."""
    found = seats(assignment.classroom).filter(person__isnull=False)
    return found if assignment.group_id is None else found.filter(group_id=assignment.group_id)


def seat_name(seat: Membership) -> str:
    """What a learner is called in their class: as the roster has it, else by their user name."""
    return seat.name or (who(seat.person) if seat.person else seat.email)
