"""Practice and mock exams make cards and repeat them. What is answered in the queue itself is in ``cards``."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from random import Random
from typing import Any

from quizzes.engine.repetition import Memory, rating_of, review
from quizzes.models import Attempt, Card, Question, Repetition, Response
from quizzes.queries.cards import STATE, memory_of


@dataclass(frozen=True, slots=True)
class Recall:
    """One question that was answered, as the memory needs it."""

    question_id: int
    version_id: int
    choice: Sequence[str]
    shown_order: Sequence[str]
    fraction: float
    confidence: str = ""


def dice(person_id: int, question_id: int, repetitions: int) -> Random:
    """The dice of one recall: hashed from whose card it is, of which question, and how many recalls came before.

    So a history gives the same dates again, and two cards of one day do not come back on one day.
    """
    return Random(f"{person_id}:{question_id}:{repetitions}")


def state_of(memory: Memory) -> dict[str, Any]:
    """A memory as JSON, to the last digit; moments in ISO 8601."""
    return {name: one.isoformat() if isinstance(one, datetime) else one for name, one in asdict(memory).items()}


def recalled(card: Card, recall: Recall, *, source: str, at: datetime, seconds: int | None = None) -> Repetition:
    """Change the card by this recall, and tell what to append. Nothing is saved."""
    before = memory_of(card)
    rating = rating_of(recall.fraction, recall.confidence)
    rng = dice(card.person_id, card.question_id, before.repetitions)
    after = review(before, rating, now=at, rng=rng)
    for name in STATE:
        setattr(card, name, getattr(after, name))
    return Repetition(
        card=card,
        version_id=recall.version_id,
        reviewed_at=at,
        source=source,
        rating=rating,
        choice=list(recall.choice),
        shown_order=list(recall.shown_order),
        fraction=recall.fraction,
        confidence=recall.confidence,
        seconds=seconds,
        before=state_of(before),
    )


def remember(person_id: int, recalls: Sequence[Recall], *, source: str, at: datetime) -> None:
    """Make the cards of these questions or repeat them: three statements, however many there are.

    A card that was recalled at that moment or later stays as it is. Of two recalls that make one card at the same
    moment in two windows, the later counts. Call it in a transaction.
    """
    if not recalls:
        return
    questions = [one.question_id for one in recalls]
    locked = Card.objects.select_for_update(no_key=True).filter(person_id=person_id, question_id__in=questions)
    known = {card.question_id: card for card in locked}
    made = []
    for one in recalls:
        card = _row(person_id, one.question_id, known.get(one.question_id), at)
        if card.last_review_at is None or card.last_review_at < at:
            made.append(recalled(card, one, source=source, at=at))
    # One statement for those that are there and those that are not; the keys come back with it.
    Card.objects.bulk_create(
        [one.card for one in made],
        update_conflicts=True,
        unique_fields=["person", "question"],
        update_fields=list(STATE),
    )
    for row in made:
        row.card_id = row.card.pk
    Repetition.objects.bulk_create(made)


def _row(person_id: int, question_id: int, card: Card | None, at: datetime) -> Card:
    """A card to be written without its key, with the state of the one that is there."""
    row = Card(person_id=person_id, question_id=question_id, due_at=at, created_at=at)
    if card is not None:
        for name in STATE:
            setattr(row, name, getattr(card, name))
    return row


def remember_practice(row: Response, *, told: bool, now: datetime) -> None:
    """A response that was graded at once makes or repeats the card of its question, if it is one of the course.

    Not where the learner is not told (``told``) what is right: repeating would tell it.
    """
    if told and (row.attempt.quiz_id is None or Question.objects.course().filter(pk=row.question_id).exists()):
        recall = _of_response(row, row.fraction or 0.0)
        remember(row.attempt.person_id, [recall], source=Repetition.Source.PRACTICE, at=now)


def remember_mock(attempt: Attempt, responses: Sequence[Response], fractions: Sequence[float], seen: set[int]) -> None:
    """A mock exam of the course that has ended makes cards of what was missed or flagged, as of its end.

    Only of positions that were ``seen``: nobody forgets what they never read. Unpublished questions (pilots) get
    their cards, too; the queue passes over them until they are published.
    """
    if not attempt.rules.get("exam") or attempt.ended_at is None:
        return
    wanted = [
        _of_response(row, fraction)
        for row, fraction in zip(responses, fractions, strict=True)
        if row.position in seen and (fraction < 1 or row.flagged)
    ]
    remember(attempt.person_id, wanted, source=Repetition.Source.MOCK, at=attempt.ended_at)


def _of_response(row: Response, fraction: float) -> Recall:
    return Recall(row.question_id, row.version_id, row.choice, row.shown_order, fraction, row.confidence)
