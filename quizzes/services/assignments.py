"""The only writer of assignments: give a quiz to a class, change the terms, withdraw, bring back.

Whoever changes the terms names the revision that they began from. Attempts carry their own copies: nothing here
touches one that has begun.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from quizzes.models import Assignment, Attempt, Classroom, Group, Quiz
from quizzes.queries.rights import own_assignments, own_classes, own_quizzes
from quizzes.services.attempts import make_code
from quizzes.services.audit import Actor, record


class Stale(Exception):
    """Somebody else has changed the assignment since: ``assignment`` is how it stands now. Nothing was written."""

    def __init__(self, assignment: Assignment) -> None:
        super().__init__(f"revision {assignment.revision}")
        self.assignment = assignment


class Refused(Exception):
    """What was asked does not go: the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Given:
    """For whom, and on which terms. What is None or empty is as the quiz says; ``group_id`` None: the whole class."""

    group_id: int | None = None
    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    closing_cuts: bool = True
    attempts_allowed: int | None = None
    counts: str = Assignment.Counts.BEST
    show_score: str = ""
    show_key: str = ""
    show_rationale: str = ""


def create_assignment(*, actor: Actor, class_code: str, quiz_slug: str, given: Given, now: datetime) -> Assignment:
    """Give a quiz of theirs to a class of theirs.

    Raises Classroom.DoesNotExist and Quiz.DoesNotExist where they are not theirs, and Refused.
    """
    with transaction.atomic():
        classroom = own_classes(actor.pk).get(code=class_code)
        quiz = own_quizzes(actor.pk).get(slug=quiz_slug)
        _check_standing(classroom, quiz)
        _group(classroom, given.group_id)
        assignment = Assignment.objects.create(
            code=make_code(),
            classroom=classroom,
            quiz=quiz,
            created_by_id=actor.pk,
            created_at=now,
            **asdict(given),
        )
        record(actor, "class.assigned", now=now, classroom=classroom, data=_named(assignment) | _told(assignment))
    return assignment


def change_assignment(*, actor: Actor, code: str, given: Given, revision: int, now: datetime) -> Assignment:
    """Change the terms, for attempts that begin from now on.

    Raises Assignment.DoesNotExist where it is not theirs, Stale, and Refused: also for another group once somebody
    has begun, whose attempts would be out of their reach.
    """
    with transaction.atomic():
        assignment = _locked(actor, code)
        if assignment.revision != revision:
            raise Stale(assignment)
        _check_open(assignment.classroom)
        group = _group(assignment.classroom, given.group_id)
        if given.group_id != assignment.group_id and Attempt.objects.filter(assignment=assignment).exists():
            raise Refused(_("Somebody has begun it: for whom it is cannot be changed any more. Make another one."))
        before = _told(assignment)
        for name, value in asdict(given).items():
            setattr(assignment, name, value)
        assignment.group = group
        assignment.revision += 1
        assignment.save()
        after = _told(assignment)
        changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        data = _named(assignment) | {"changed": changed}
        record(actor, "class.assignment_changed", now=now, classroom=assignment.classroom, data=data)
    return assignment


def withdraw_assignment(*, actor: Actor, code: str, now: datetime) -> Assignment:
    """Nobody can begin it any more; attempts under way go on. Raises Assignment.DoesNotExist and Refused."""
    with transaction.atomic():
        assignment = _locked(actor, code)
        _check_open(assignment.classroom)
        if assignment.withdrawn_at is not None:
            return assignment
        _save_withdrawn(assignment, now)
        data = _named(assignment)
        record(actor, "class.assignment_withdrawn", now=now, classroom=assignment.classroom, data=data)
    return assignment


def restore_assignment(*, actor: Actor, code: str, now: datetime) -> Assignment:
    """Bring back what was withdrawn. Raises Assignment.DoesNotExist, and Refused where nobody could begin it."""
    with transaction.atomic():
        assignment = _locked(actor, code)
        if assignment.withdrawn_at is None:
            return assignment
        _check_standing(assignment.classroom, assignment.quiz)
        _save_withdrawn(assignment, None)
        data = _named(assignment) | {"changed": {"withdrawn": ["yes", "no"]}}
        record(actor, "class.assignment_changed", now=now, classroom=assignment.classroom, data=data)
    return assignment


def _locked(actor: Actor, code: str) -> Assignment:
    # The rights are a subquery, so that only the assignment is locked.
    rows = Assignment.objects.select_for_update(no_key=True, of=("self",)).select_related("classroom", "quiz", "group")
    return rows.get(pk__in=own_assignments(actor.pk).order_by().values("pk"), code=code)


def _save_withdrawn(assignment: Assignment, withdrawn_at: datetime | None) -> None:
    assignment.withdrawn_at = withdrawn_at
    # Whoever starts at this very moment compares the revision before they begin.
    assignment.revision += 1
    assignment.save(update_fields=["withdrawn_at", "revision"])


def _check_open(classroom: Classroom) -> None:
    if classroom.archived_at is not None:
        raise Refused(_("The class is archived: it can only be read. Bring the class back first."))


def _check_standing(classroom: Classroom, quiz: Quiz) -> None:
    _check_open(classroom)
    if quiz.published_at is None or quiz.retired:
        raise Refused(_("The quiz is not published: nobody could begin it. Publish the quiz first."))


def _group(classroom: Classroom, group_id: int | None) -> Group | None:
    if group_id is None:
        return None
    found = Group.objects.filter(pk=group_id, classroom=classroom).first()
    if found is None:
        raise Refused(_("This group is not in the class any more. Choose another one."))
    return found


def _named(assignment: Assignment) -> dict[str, Any]:
    return {"assignment": assignment.code, "quiz": assignment.quiz.title}


def _told(assignment: Assignment) -> dict[str, str]:
    """What the log tells of the terms."""
    names = [name for name in Given.__dataclass_fields__ if name != "group_id"]
    told = {name: "" if (value := getattr(assignment, name)) is None else str(value) for name in names}
    return {"group": assignment.group.name if assignment.group else ""} | told
