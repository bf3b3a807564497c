"""The log that instructors can read: who published, changed a key or a rule, gave rights, decided otherwise."""

from datetime import datetime
from typing import Any, Protocol

from quizzes.models import Attempt, AuditEntry, Classroom, Question, Quiz


class Actor(Protocol):
    """A person, as far as the log wants to know."""

    pk: int

    def get_username(self) -> str:
        """The name by which they sign in."""
        ...


def record(
    actor: Actor,
    verb: str,
    *,
    now: datetime,
    question: Question | None = None,
    quiz: Quiz | None = None,
    attempt: Attempt | None = None,
    classroom: Classroom | None = None,
    data: dict[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry, in the transaction of what it tells of. ``verb``: “question.published”, “quiz.rules” …"""
    return AuditEntry.objects.create(
        actor_id=actor.pk,
        actor_name=actor.get_username(),
        verb=verb,
        question=question,
        quiz=quiz,
        attempt=attempt,
        classroom=classroom,
        data=data or {},
        created_at=now,
    )
