"""The repetition queue: answer a card, undo the last answer, put a card aside. Making cards is in ``recalls``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS
from quizzes.models import Card, Exposure, Question, QuestionVersion, Repetition
from quizzes.queries.cards import STATE, is_undoable, last_recall, read_state, shown_order, today
from quizzes.queries.draws import held_questions
from quizzes.queries.keys import newest_keys
from quizzes.services.answers import MARKING, Withheld, read_choice, read_confidence
from quizzes.services.recalls import Recall, recalled
from quizzes.services.results import record_exposures

LONGEST_LOOK = timedelta(hours=1)
"""Whoever takes longer was not looking at the question: how long they took is not known."""


ASIDE = ("suspended", "buried_until")
"""The fields of a card that its owner sets."""


class NotAsked(Exception):
    """The card is not to be answered: its question was withdrawn, it was put aside, or it was repeated elsewhere."""


class Changed(Exception):
    """The question got another text, or another order, since it was shown."""


class NothingToUndo(Exception):
    """The recall that was to be undone is not, or no longer, the last of this person."""


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """What the page of a card sends: the values, and what it had shown (recalls so far, version, since when)."""

    choice: Sequence[str]
    confidence: str
    repetitions: int | None
    version_id: int | None
    shown_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answered:
    """A card that was answered, with its last recall, and the version that has the key now, if it is another."""

    card: Card
    recall: Repetition
    key: QuestionVersion | None


def answer_card(*, person_id: int, code: str, sent: SentAnswer, now: datetime) -> Answered:
    """Grade and rate the answer to the current version, and say when the card comes back. A second one finds the first.

    Raises Card.DoesNotExist, NotAsked, Changed, Withheld, WrongChoice and Incomplete; then nothing is written.
    """
    with transaction.atomic():
        card = _locked(person_id, code)
        version = card.question.current
        if card.held:  # type: ignore[attr-defined]
            raise Withheld
        key = newest_keys([card.question_id]).get(version.pk) if version and _is_corrected(card) else None
        if sent.repetitions is not None and sent.repetitions < card.repetitions:
            return _first_answer(card, key)
        if version is None or card.suspended or not _is_published(card.question):
            raise NotAsked
        if sent.repetitions != card.repetitions or sent.version_id != version.pk:
            raise Changed
        shown = shown_order(card, version)
        choice = read_choice(version.kind, version.choose, shown, sent.choice)
        content = Content.from_body((key or version).body)
        fraction = KINDS[content.kind].grade(content, choice, MARKING)
        confidence = read_confidence(sent.confidence)
        given = Recall(card.question_id, version.pk, choice, shown, fraction, confidence)
        recall = _append(card, given, _looked(sent.shown_at, now), now)
        _reveal(card, now)
    return Answered(card, recall, key)


def _locked(person_id: int, code: str) -> Card:
    """The card with all that its answer asks for, in one statement."""
    held = held_questions(person_id).filter(question_id=OuterRef("question_id"))
    corrections = QuestionVersion.objects.filter(
        question_id=OuterRef("question_id"), corrects__isnull=False, number__gt=OuterRef("question__current__number")
    )
    cards = Card.objects.select_for_update(of=("self",), no_key=True).select_related(
        "question__current", "question__topic"
    )
    cards = cards.annotate(held=Exists(held), corrected=Exists(corrections))
    return cards.get(person_id=person_id, question__code=code)


def _is_corrected(card: Card) -> bool:
    return bool(card.corrected)  # type: ignore[attr-defined]


def _is_published(question: Question) -> bool:
    is_course = question.origin == Question.Origin.COURSE
    return is_course and question.status == Question.Status.PUBLISHED and not question.stale


def _first_answer(card: Card, key: QuestionVersion | None) -> Answered:
    last = card.recalls.select_related("version").order_by("-pk").first()
    if last is None or last.source != Repetition.Source.CARDS:
        raise NotAsked
    return Answered(card, last, key if last.version_id == card.question.current_id else None)


def _looked(shown_at: datetime | None, now: datetime) -> int | None:
    if shown_at is None or not timedelta(0) <= now - shown_at <= LONGEST_LOOK:
        return None
    return round((now - shown_at).total_seconds())


def _append(card: Card, given: Recall, seconds: int | None, now: datetime) -> Repetition:
    # A mock that ended late may have been written down with a later moment than this one.
    at = max(now, card.last_review_at) if card.last_review_at else now
    recall = recalled(card, given, source=Repetition.Source.CARDS, at=at, seconds=seconds)
    assert card.question.current is not None
    recall.version = card.question.current
    recall.save(force_insert=True)
    card.save(update_fields=STATE)
    return recall


def _reveal(card: Card, now: datetime) -> None:
    """Enter in the ledger that the reasons were served: one statement, as a card comes from what was met."""
    met = Exposure.objects.filter(person_id=card.person_id, question_id=card.question_id)
    if not met.update(last_seen_at=now, revealed_at=Coalesce(F("revealed_at"), Value(now))):
        record_exposures(card.person_id, [card.question_id], now=now, revealed=True)


def undo_recall(*, person_id: int, code: str, repetitions: int | None) -> Card:
    """Take back the person's last recall, made in the queue: the card is as it was, the recall is gone.

    ``code`` and ``repetitions`` say which recall is meant, so that a second click undoes nothing more. What was seen
    stays seen. Raises NothingToUndo.
    """
    with transaction.atomic():
        locked = Card.objects.select_for_update(no_key=True).filter(person_id=person_id, question__code=code).first()
        last = last_recall(person_id)
        if last is None or locked is None or last.card_id != locked.pk or not is_undoable(last):
            raise NothingToUndo
        if locked.repetitions != repetitions:
            raise NothingToUndo
        for name, value in (read_state(last.before) or {}).items():
            setattr(locked, name, value)
        locked.save(update_fields=STATE)
        last.delete()
    return locked


def bury_card(*, person_id: int, code: str, now: datetime) -> None:
    """Do not ask the card again before the learner's next midnight. Raises Card.DoesNotExist."""
    _change(person_id, code, buried_until=today(now).end)


def suspend_card(*, person_id: int, code: str) -> None:
    """Never ask the card, until it is taken back. Raises Card.DoesNotExist."""
    _change(person_id, code, suspended=True)


def take_back(*, person_id: int, code: str) -> None:
    """Ask a card again that was suspended or buried. Raises Card.DoesNotExist."""
    _change(person_id, code, suspended=False, buried_until=None)


def _change(person_id: int, code: str, **fields: Any) -> None:
    if not Card.objects.filter(Q(question__code=code), person_id=person_id).update(**fields):
        raise Card.DoesNotExist


def move_cards(source_id: int, target_id: int) -> None:
    """Bring a guest's cards into an account. Of two of one question the one recalled later stands; all recalls stay.

    Call it in a transaction, with both people's cards nowhere else in use.
    """
    theirs = {card.question_id: card for card in Card.objects.filter(person_id=source_id)}
    shared = Card.objects.select_for_update(no_key=True).filter(person_id=target_id)
    shared = shared.filter(question_id__in=Card.objects.filter(person_id=source_id).values("question_id"))
    newer = []
    for kept in shared:
        other = theirs[kept.question_id]
        Repetition.objects.filter(card=other).update(card=kept)
        if _is_later(other, kept):
            for name in (*STATE, *ASIDE):
                setattr(kept, name, getattr(other, name))
            newer.append(kept)
    Card.objects.bulk_update(newer, [*STATE, *ASIDE], batch_size=100)
    both = Card.objects.filter(person_id=target_id).values("question_id")
    Card.objects.filter(person_id=source_id, question_id__in=both).delete()
    Card.objects.filter(person_id=source_id).update(person_id=target_id)


def _is_later(one: Card, other: Card) -> bool:
    if one.last_review_at is None or other.last_review_at is None:
        return one.last_review_at is not None
    return one.last_review_at > other.last_review_at
