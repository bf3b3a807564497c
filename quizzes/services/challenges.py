"""What writes challenges."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from quizzes.models import Challenge, Question
from reference.models import Topic

MOST_A_DAY = 20
"""Challenges of one person in 24 hours: more is a flood, and nobody could read them."""


class TooMany(Exception):
    """The person has sent as many in the last 24 hours as are taken."""


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody says: the sort of flaw, in words, and where evidence stands."""

    flaw: str
    text: str
    evidence: str


def challenge_question(*, person_id: int, question_id: int, said: Objection, now: datetime) -> Challenge:
    """Keep an objection to a question as it stands now. Raises TooMany."""
    _not_too_many(person_id, now)
    question = Question.objects.get(pk=question_id)
    return _kept(person_id, said, now, question=question, version_id=question.current_id)


def challenge_statement(*, person_id: int, topic_id: int, anchor: str, said: Objection, now: datetime) -> Challenge:
    """Keep an objection to a page of the notes, or to one statement of it. Raises TooMany."""
    _not_too_many(person_id, now)
    return _kept(person_id, said, now, topic=Topic.objects.get(pk=topic_id), anchor=anchor)


def _not_too_many(person_id: int, now: datetime) -> None:
    since = now - timedelta(days=1)
    if Challenge.objects.filter(person_id=person_id, created_at__gt=since).count() >= MOST_A_DAY:
        raise TooMany


def _kept(person_id: int, said: Objection, now: datetime, **about: object) -> Challenge:
    return Challenge.objects.create(
        person_id=person_id, flaw=said.flaw, text=said.text, evidence=said.evidence, created_at=now, **about
    )
