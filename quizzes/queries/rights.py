"""Whose a question or quiz is. Everything under /teach/ starts from one of these; for all others it is not there."""

from django.db.models import Q, QuerySet

from quizzes.models import Assignment, Classroom, Membership, Question, Quiz, Scenario


def own_questions(person_id: int) -> QuerySet[Question]:
    """Questions that this instructor wrote, or that were shared with them."""
    found: QuerySet[Question] = Question.objects.authored().filter(
        _theirs(Question.editors.through, "question_id", "author", person_id)
    )
    return found


def readable_questions(person_id: int) -> QuerySet[Question]:
    """The same, and those of the course, which an instructor reads and copies but does not change."""
    theirs = _theirs(Question.editors.through, "question_id", "author", person_id)
    course = Q(origin=Question.Origin.COURSE) & ~Q(status=Question.Status.STAGED)
    found: QuerySet[Question] = Question.objects.filter(course | (Q(origin=Question.Origin.AUTHOR) & theirs))
    return found


def own_scenarios(person_id: int) -> QuerySet[Scenario]:
    """Shared texts of this instructor."""
    return Scenario.objects.filter(_theirs(Scenario.editors.through, "scenario_id", "author", person_id))


def own_quizzes(person_id: int) -> QuerySet[Quiz]:
    """Quizzes that this instructor made, or that were shared with them."""
    found: QuerySet[Quiz] = Quiz.objects.authored().filter(_theirs(Quiz.editors.through, "quiz_id", "owner", person_id))
    return found


def own_classes(person_id: int) -> QuerySet[Classroom]:
    """Classes that this instructor made, or teaches with somebody."""
    return Classroom.objects.filter(_theirs(Classroom.teachers.through, "classroom_id", "owner", person_id))


def own_assignments(person_id: int) -> QuerySet[Assignment]:
    """What was given to these classes."""
    return Assignment.objects.filter(classroom__in=own_classes(person_id).order_by().values("pk"))


def teaches(person_id: int, learner_id: int) -> bool:
    """Whether this instructor teaches a class in which the learner has a seat."""
    taken = Membership.objects.filter(person_id=learner_id, left_at=None)
    return taken.filter(classroom__in=own_classes(person_id).order_by().values("pk")).exists()


def _theirs(shares: type, row: str, owner: str, person_id: int) -> Q:
    # A subquery and no join: a join would double the rows of whoever is both, and wants DISTINCT.
    shared = shares.objects.filter(user_id=person_id).values(row)  # type: ignore[attr-defined]
    return Q(**{f"{owner}_id": person_id}) | Q(pk__in=shared)
