"""Classes for learners: which can be joined by a code, which they are in, and who teaches them."""

from django.db.models import F, Q, QuerySet

from quizzes.models import Classroom, Membership


def normalized(typed: str) -> str:
    """A join code as it is kept: capitals and digits, without what people put between them."""
    return "".join(one for one in typed.upper() if one.isascii() and one.isalnum())


def open_class(typed: str) -> Classroom | None:
    """The class that can be joined by this code at the moment."""
    code = normalized(typed)
    if not code:
        return None
    return Classroom.objects.filter(join_code=code, archived_at=None).select_related("owner").first()


def seats_of(person_id: int) -> QuerySet[Membership]:
    """The person’s seats in classes that they have not left, archived ones last."""
    mine = Membership.objects.filter(person_id=person_id, left_at=None).select_related("classroom__owner", "group")
    return mine.order_by(F("classroom__archived_at").asc(nulls_first=True), "classroom__name", "pk")


def teaches(person_id: int, classroom: Classroom) -> bool:
    """Whether this person is its owner or a co-teacher."""
    return classroom.owner_id == person_id or classroom.teachers.filter(pk=person_id).exists()


def teacher_names(classroom: Classroom) -> list[str]:
    """Who teaches it: the owner, then the co-teachers by name. Those who cannot sign in any more are not named."""
    others = classroom.teachers.filter(~Q(pk=classroom.owner_id), is_active=True).order_by("username")
    return [classroom.owner.get_username(), *others.values_list("username", flat=True)]
