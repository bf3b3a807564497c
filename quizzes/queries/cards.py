"""Cards for a screen: which are asked today and in which order, one of them, and how many there are of what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from django.db.models import Count, IntegerField, Min, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from quizzes.engine.days import Day, day_of
from quizzes.engine.kinds import KINDS
from quizzes.engine.queues import apart
from quizzes.engine.repetition import Memory, recall
from quizzes.models import Card, Question, QuestionVersion, Repetition, Response
from quizzes.queries.attempts import ShownQuestion, shown_question
from quizzes.queries.draws import held_questions

STATE = ("phase", "step", "stability", "difficulty", "due_at", "last_review_at", "repetitions", "lapses")
"""The fields of a card that a recall changes and an undo puts back; those of ``Memory``."""

LONGEST_COUNT = 1_000_000
LEARNED = 21
"""Days. What is remembered so long counts as learned, in lists and counts alone; nothing else depends on it."""

_ASKED = Q(
    question__origin=Question.Origin.COURSE,
    question__status=Question.Status.PUBLISHED,
    question__stale=False,
    question__current__isnull=False,
    suspended=False,
)


def today(now: datetime) -> Day:
    """The learner's day: in the zone that holds for this request."""
    return day_of(now, timezone.get_current_timezone())


def memory_of(card: Card) -> Memory:
    """The state of a card as the engine takes it; due_at only once it has been recalled."""
    return Memory(
        phase=card.phase,
        step=card.step,
        stability=card.stability,
        difficulty=card.difficulty,
        due_at=card.due_at if card.last_review_at else None,
        last_review_at=card.last_review_at,
        repetitions=card.repetitions,
        lapses=card.lapses,
    )


# Which, and in which order


def asked_cards(person_id: int, now: datetime) -> QuerySet[Card]:
    """Cards that may be asked now, due or not: neither suspended nor buried, of the published course, not held."""
    own = Card.objects.filter(_ASKED, _awake(now), person_id=person_id)
    return own.exclude(question_id__in=held_questions(person_id))


def _awake(now: datetime) -> Q:
    return Q(buried_until=None) | Q(buried_until__lte=now)


def due(now: datetime) -> Q:
    """Due today or before: a card may be asked from the midnight on before its moment."""
    return Q(due_at__lt=today(now).end)


def queue(person_id: int, now: datetime, order: Sequence[int] | None = None) -> list[int]:
    """Ids of the cards to ask today, in their order: overdue ones first, in each part the lowest recall first.

    With ``order`` (ids, as a plan has them for this day) those of it that may be asked now and were not recalled today,
    due or not, in that order. In both, none follows one of its own scenario where that can be avoided, counting from
    what was recalled last.
    """
    columns = ("pk", "question__scenario", "due_at", "last_review_at", "stability")
    found, start = _left(person_id, now, order), today(now).start
    if order is None:
        rows = sorted(found.values_list(*columns), key=lambda row: (row[2] >= start, _recall(row, now), row[0]))
    else:
        places = {pk: place for place, pk in enumerate(order)}
        rows = sorted(found.values_list(*columns), key=lambda row: places[row[0]])
    scenarios = {row[1] for row in rows} - {""}
    last = last_recall(person_id) if scenarios else None
    return list(apart([(row[0], row[1]) for row in rows], last.card.question.scenario if last else ""))


def _left(person_id: int, now: datetime, order: Sequence[int] | None) -> QuerySet[Card]:
    found = asked_cards(person_id, now)
    if order is None:
        return found.filter(due(now))
    return found.filter(pk__in=order).exclude(last_review_at__gte=today(now).start)


def _recall(row: tuple[Any, ...], now: datetime) -> float:
    return recall(Memory(last_review_at=row[3], stability=row[4]), now)


# How many


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cards a person has of each sort. ``due`` contains ``overdue``; ``next_due_at`` is after today."""

    total: int
    due: int
    overdue: int
    new: int
    learned: int
    suspended: int
    next_due_at: datetime | None


def counts(person_id: int, now: datetime) -> Counts:
    """One statement. Suspended and withdrawn ones are in ``total`` and ``learned``, never in what is due."""
    day = today(now)
    free = _ASKED & ~Q(question_id__in=held_questions(person_id))
    asked = free & _awake(now)
    found = Card.objects.filter(person_id=person_id).aggregate(
        total=Count("pk"),
        due=Count("pk", filter=asked & Q(due_at__lt=day.end)),
        overdue=Count("pk", filter=asked & Q(due_at__lt=day.start)),
        new=Count("pk", filter=Q(created_at__gte=day.start)),
        learned=Count("pk", filter=Q(stability__gte=LEARNED)),
        aside=Count("pk", filter=Q(suspended=True)),
        later=Min("due_at", filter=free & Q(due_at__gte=day.end)),
        woken=Min("buried_until", filter=free & Q(buried_until__gt=now, due_at__lt=day.end)),
    )
    moments = [one for one in (found.pop("later"), found.pop("woken")) if one is not None]
    return Counts(suspended=found.pop("aside"), **found, next_due_at=min(moments, default=None))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far today is: recalls made in the queue, and cards left in it."""

    done: int
    left: int

    @property
    def all(self) -> int:
        """Both."""
        return self.done + self.left


def progress(person_id: int, now: datetime, order: Sequence[int] | None = None) -> Progress:
    """One statement. ``order``: as for the queue."""
    day = today(now)
    asked = _left(person_id, now, order)
    # By the card first: what was recalled today is one of few, while recalls grow without end.
    repeated = Card.objects.filter(person_id=person_id, last_review_at__gte=day.start)
    made = repeated.filter(recalls__reviewed_at__gte=day.start, recalls__source=Repetition.Source.CARDS)
    parts = dict(_tagged(asked, 0).union(_tagged(made, 1), all=True))
    return Progress(done=parts.get(1, 0), left=parts.get(0, 0))


def _tagged(rows: QuerySet[Card], tag: int) -> Any:
    mark: Combinable = Value(tag, IntegerField())
    return rows.order_by().values("person_id").annotate(tag=mark, n=Count("pk")).values_list("tag", "n")


# One of them


def last_recall(person_id: int) -> Repetition | None:
    """What the person recalled last, wherever that was, with card and question."""
    cards = Card.objects.filter(person_id=person_id, last_review_at__isnull=False)
    latest = cards.order_by("-last_review_at", "-pk").values("pk")[:1]
    recalls = Repetition.objects.filter(card=Subquery(latest)).select_related("card__question")
    return recalls.order_by("-pk").first()


def is_undoable(one: Repetition | None) -> bool:
    """Whether this recall, the person's last, was made in the queue and is the last of its card."""
    if one is None or one.source != Repetition.Source.CARDS or read_state(one.before) is None:
        return False
    return one.card.last_review_at == one.reviewed_at and one.card.repetitions == one.before["repetitions"] + 1


def read_state(before: dict[str, Any]) -> dict[str, Any] | None:
    """The state of a card as a recall keeps it, in the card's own types; None where it is not whole.

    What came in a file with somebody's data is their word, and need not be a state.
    """
    state: dict[str, Any] = {name: before.get(name) for name in STATE}
    try:
        for name in ("due_at", "last_review_at"):
            state[name] = parse_datetime(state[name]) if state[name] else None
    except (TypeError, ValueError):
        return None
    numbers = [state[name] for name in ("phase", "repetitions", "lapses")]
    figures = [state[name] for name in ("step", "stability", "difficulty") if state[name] is not None]
    whole = all(isinstance(one, int) and 0 <= one < LONGEST_COUNT for one in numbers)
    return state if whole and state["due_at"] and all(isinstance(one, int | float) for one in figures) else None


def shown_order(card: Card, version: QuestionVersion) -> tuple[str, ...]:
    """Option ids in the order in which this recall shows them: another at each, the same whenever it is asked for."""
    rng = Random(f"{card.person_id}:{card.question_id}:{card.repetitions}:{version.pk}:shown")
    return KINDS[version.kind].shuffle(version.option_ids, version.order, rng)


@dataclass(frozen=True, slots=True)
class CardPage:
    """One card as its page asks it, without anything that could tell right from wrong."""

    card: Card
    question: ShownQuestion
    version_id: int


def card_page(person_id: int, pk: int) -> CardPage:
    """A card of this person's with the current version of its question. Raises Card.DoesNotExist."""
    loaded = Card.objects.select_related("question__topic", "question__current")
    card = loaded.defer("question__current__key", "question__current__body").get(pk=pk, person_id=person_id)
    version = card.question.current
    assert version is not None, "what may be asked has a current version"
    row = Response(position=1, version=version, shown_order=list(shown_order(card, version)))
    return CardPage(card, shown_question(row), version.pk)


def card_of(person_id: int, code: str, now: datetime) -> int | None:
    """The id of this person's card of a question, if it may be asked now."""
    return asked_cards(person_id, now).filter(question__code=code).values_list("pk", flat=True).first()
