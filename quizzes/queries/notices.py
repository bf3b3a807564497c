"""What a person is to be told. Nothing of it tells of a question that stands in an exam they have open."""

from django.db.models import Exists, OuterRef, QuerySet

from quizzes.models import Attempt, Notice, Response
from quizzes.queries.draws import held_questions

MOST = 20
"""More than anybody reads on one page; the others come when these are dismissed."""


def unread(person_id: int) -> list[Notice]:
    """What the person has not dismissed yet, the latest first.

    Of an attempt that shares a question with an open exam nothing is said: the change of a score would tell its key.
    """
    return list(tellable(person_id).filter(read_at=None).select_related("attempt")[:MOST])


def unread_about(attempt: Attempt) -> list[Notice]:
    """The same of one sitting, for its report."""
    return list(tellable(attempt.person_id).filter(read_at=None, attempt=attempt)[:MOST])


def tellable(person_id: int) -> QuerySet[Notice]:
    """All notices of this person that no open exam withholds."""
    held = held_questions(person_id)
    shared = Response.objects.filter(attempt=OuterRef("attempt"), question_id__in=held)
    found = Notice.objects.filter(person_id=person_id).exclude(question_id__in=held)
    return found.exclude(Exists(shared))
