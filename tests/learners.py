"""Learners with a past: nobody yet, two days old, three months old. The same person and moment give the same past.

Sessions and mocks are drawn, marked and written into the ledger by the real services; what was answered is written in
bulk beside them, and the cards are what FSRS says after those answers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from quizzes.engine import repetition
from quizzes.engine.repetition import Memory
from quizzes.models import Attempt, Card, Quiz, Repetition, Response
from quizzes.services.attempts import start_attempt
from quizzes.services.practice import start_practice
from quizzes.services.results import finish_attempt, record_exposures

DAYS = 90
SESSION = 10
REVIEWS_A_DAY = 40
STUDIES, PRACTISES = 0.6, 0.28
"""The share of days with study, and of these the share with new questions too."""
SECONDS = 110
CONFIDENCES = ("guess", "fairly", "fairly", "sure")


@dataclass
class Past:
    """What was made: sessions and mocks in order, and how many answers were right."""

    sessions: list[Attempt] = field(default_factory=list)
    mocks: list[Attempt] = field(default_factory=list)
    right: int = 0
    answers: int = 0


def empty(person: Any, now: datetime) -> Past:
    """Nobody has done anything: here so that the three can be made alike."""
    return Past()


def two_days_old(person: Any, now: datetime) -> Past:
    """Two sessions yesterday, and one today of which six questions are still open."""
    learner = _Learner(person, Random(2))
    for hours, answered in ((26, SESSION), (25, SESSION), (1, 4)):
        learner.practise(now - timedelta(hours=hours), skill=0.55, answered=answered)
    learner.keep_cards()
    return learner.past


def three_months_old(
    person: Any, now: datetime, *, mock: str = "sap-c03", mocks_ago: Sequence[int] = (61, 30, 8)
) -> Past:
    """Ninety days, study on more than half of them: repetition, practice, and some mock exams.

    ``mock`` is the slug of the exam, ``mocks_ago`` the days before ``now`` on which it was sat. It gets better slowly.
    """
    learner = _Learner(person, Random(90))
    for ago in range(DAYS, 0, -1):
        at = now - timedelta(days=ago, hours=learner.dice.randint(0, 3))
        skill = 0.5 + 0.3 * (DAYS - ago) / DAYS
        if ago in mocks_ago:
            learner.sit(mock, at, skill)
        elif learner.dice.random() < STUDIES:
            learner.repeat(at, skill)
            if learner.dice.random() < PRACTISES:
                learner.practise(at + timedelta(hours=1), skill)
    learner.keep_cards()
    return learner.past


class _Learner:
    """One person as their past is made. Cards are kept in memory until the end."""

    def __init__(self, person: Any, dice: Random) -> None:
        self.person = person
        self.dice = dice
        self.past = Past()
        self.memories: dict[int, Memory] = {}
        self.recalls: list[tuple[int, Repetition]] = []
        self.versions: dict[int, tuple[int, Any]] = {}

    def practise(self, at: datetime, skill: float, answered: int = SESSION) -> None:
        """A session of ten; the first ``answered`` of them are answered."""
        attempt = start_practice(
            person_id=self.person.pk, title="Practice", topics=(), anchors=(), only="", count=SESSION, now=at
        )
        rows = self._answer(attempt, at, skill, answered)
        for row in rows:
            row.locked_at, row.confidence = row.saved_at, self.dice.choice(CONFIDENCES)
        Response.objects.bulk_update(rows, ["choice", "choice_at", "saved_at", "locked_at", "fraction", "confidence"])
        record_exposures(self.person.pk, [row.question_id for row in rows], now=at, revealed=True)
        for row in rows:
            self._recall(row.question_id, row.fraction or 0.0, row.confidence, row.saved_at, Repetition.Source.PRACTICE)
        if answered >= attempt.size:
            ended = at + timedelta(seconds=SECONDS * attempt.size)
            Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.State.SUBMITTED, ended_at=ended)
        self.past.sessions.append(attempt)

    def sit(self, slug: str, at: datetime, skill: float) -> None:
        """A mock exam from start to submission; what was missed in it becomes a card."""
        quiz = Quiz.objects.select_related("exam").get(slug=slug)
        attempt = start_attempt(person_id=self.person.pk, quiz=quiz, time_option="standard", grace=2, now=at)
        rows = self._answer(attempt, at, skill, attempt.size)
        Response.objects.bulk_update(rows, ["choice", "choice_at", "saved_at"])
        ended = at + timedelta(seconds=SECONDS * attempt.size)
        self.past.mocks.append(finish_attempt(attempt_id=attempt.pk, now=ended, by_learner=True))
        for row in attempt.responses.filter(fraction__lt=1):
            self._recall(row.question_id, row.fraction or 0.0, "", ended, Repetition.Source.MOCK)

    def repeat(self, at: datetime, skill: float) -> None:
        """The cards that are due, those due longest first; what is right follows from what FSRS expects."""
        due = [(one.due_at, pk) for pk, one in self.memories.items() if one.due_at is not None and one.due_at <= at]
        for number, (_, question) in enumerate(sorted(due)[:REVIEWS_A_DAY]):
            chance = repetition.recall(self.memories[question], at) * (0.85 + 0.15 * skill)
            fraction = float(self.dice.random() < chance)
            moment = at + timedelta(seconds=40 * number)
            self._recall(question, fraction, self.dice.choice(CONFIDENCES), moment, Repetition.Source.CARDS)

    def _answer(self, attempt: Attempt, at: datetime, skill: float, answered: int) -> list[Response]:
        rows = list(attempt.responses.select_related("version", "question").defer("version__body")[:answered])
        for row in rows:
            harder = 0.06 * ((row.question.difficulty or 3) - 3)
            right = self.dice.random() < skill - harder
            self.versions[row.question_id] = (row.version_id, row.version)
            row.choice = choice_of(row, right=right)
            row.choice_at = SECONDS * 1000 * row.position
            row.saved_at = at + timedelta(milliseconds=row.choice_at)
            row.fraction = float(right)
            self.past.right += right
        self.past.answers += len(rows)
        return rows

    def _recall(self, question: int, fraction: float, confidence: str, at: datetime, source: str) -> None:
        before = self.memories.get(question, Memory())
        rating = repetition.rating_of(fraction, confidence)
        self.memories[question] = repetition.review(before, rating, now=at, rng=self.dice)
        recall = Repetition(
            version_id=self.versions[question][0] if question in self.versions else None,
            reviewed_at=at,
            source=source,
            rating=rating,
            fraction=fraction,
            confidence=confidence,
            seconds=SECONDS,
        )
        self.recalls.append((question, recall))

    def keep_cards(self) -> None:
        """Write the cards and their recalls; where a service has made the card meanwhile, its own stays."""
        there = set(Card.objects.filter(person=self.person).values_list("question_id", flat=True))
        made = _cards(self.person.pk, ((pk, one) for pk, one in self.memories.items() if pk not in there))
        cards = {card.question_id: card for card in Card.objects.bulk_create(made)}
        recalls = [(cards[question], recall) for question, recall in self.recalls if question in cards]
        for card, recall in recalls:
            recall.card = card
        Repetition.objects.bulk_create(recall for _, recall in recalls)


def _cards(person_id: int, memories: Iterable[tuple[int, Memory]]) -> list[Card]:
    return [
        Card(
            person_id=person_id,
            question_id=question,
            phase=one.phase,
            step=one.step,
            stability=one.stability,
            difficulty=one.difficulty,
            due_at=one.due_at,
            last_review_at=one.last_review_at,
            repetitions=one.repetitions,
            lapses=one.lapses,
            created_at=one.last_review_at,
        )
        for question, one in memories
    ]


def choice_of(row: Response, *, right: bool) -> list[str]:
    """Option ids that answer it: the key, or as many options of which not all are in it."""
    keys = row.version.key["correct"]
    if right:
        return [one for one in row.shown_order if one in keys]
    wrong = [one for one in row.shown_order if one not in keys]
    return (wrong + keys)[: row.version.choose]
