"""What writes challenges."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape

from django.db import transaction
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from quizzes.models import Challenge, Notice, Question
from quizzes.services.audit import Actor, record
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


class AlreadyDecided(Exception):
    """Somebody was quicker. ``challenge`` says who, what and why."""

    def __init__(self, challenge: Challenge) -> None:
        super().__init__(str(challenge))
        self.challenge = challenge


def decide_challenge(*, challenge_id: int, actor: Actor, accepted: bool, answer: str, now: datetime) -> Challenge:
    """Close a challenge with a reason, once, and tell whoever made it. Raises AlreadyDecided.

    Of two who decide at once the database takes the first.
    """
    state = Challenge.State.ACCEPTED if accepted else Challenge.State.DECLINED
    with transaction.atomic():
        taken = Challenge.objects.filter(pk=challenge_id, state=Challenge.State.OPEN).update(
            state=state, answer=answer, decided_at=now, decided_by_id=actor.pk
        )
        challenge = Challenge.objects.select_related("question", "version", "topic", "decided_by").get(pk=challenge_id)
        if not taken:
            raise AlreadyDecided(challenge)
        record(
            actor,
            f"challenge.{state}",
            now=now,
            question=challenge.question,
            data={"challenge": challenge.pk, "answer": answer},
        )
        if challenge.person_id is not None:
            Notice.objects.create(
                person_id=challenge.person_id,
                kind=Notice.Kind.CHALLENGE,
                text=_outcome(challenge),
                question=challenge.question,
                created_at=now,
            )
    return challenge


def _outcome(challenge: Challenge) -> str:
    if challenge.state == Challenge.State.ACCEPTED:
        words = _("Your objection to “%(about)s” was accepted: %(answer)s")
    else:
        words = _("Your objection to “%(about)s” was declined: %(answer)s")
    return words % {"about": _about(challenge), "answer": Truncator(challenge.answer).words(40)}


def _about(challenge: Challenge) -> str:
    if challenge.topic is not None:
        return challenge.topic.title
    stem = challenge.version.shown["stem"] if challenge.version is not None else ""
    return Truncator(" ".join(unescape(strip_tags(stem)).split())).words(12)
