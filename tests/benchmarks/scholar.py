"""A learner with years of work behind them, all of it in the half year that the page of progress looks at."""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from quizzes.models import Attempt, Card, Exposure, Question, Quiz, Repetition, Response
from tests.benchmarks.client import Visitor
from tests.benchmarks.exams import QUIZ
from tests.benchmarks.stage import enrol

RESPONSES, REPETITIONS = 20_000, 1_500
MOCKS, MOCK_SIZE, SESSION_SIZE = 20, 75, 10
DAYS = 175
VISITS = 20
PAGE = "/progress/"


class Scholar:
    """One learner with so many responses and repetitions, signed in."""

    def __init__(self) -> None:
        [self.learner] = enrol(1)
        self._dice = Random(1)
        self._questions = list(Question.objects.course().published().values_list("pk", "current_id", "domain"))
        with transaction.atomic():
            self._sittings()
            self._cards()

    def visit(self, visitor: Visitor) -> int:
        """Look at the page of progress; how many bytes came."""
        return len(visitor.get(PAGE, self.learner).wire)

    def _sittings(self) -> None:
        sessions = (RESPONSES - MOCKS * MOCK_SIZE) // SESSION_SIZE
        sizes = [MOCK_SIZE] * MOCKS + [SESSION_SIZE] * sessions
        mock = Quiz.objects.presets().get(slug=QUIZ)
        attempts = Attempt.objects.bulk_create((self._attempt(size, mock) for size in sizes), batch_size=500)
        Response.objects.bulk_create((row for one in attempts for row in self._rows(one)), batch_size=500)

    def _attempt(self, size: int, mock: Quiz) -> Attempt:
        began, is_mock = self._moment(), size == MOCK_SIZE
        return Attempt(
            code=f"s{secrets.token_hex(8)}",
            person_id=self.learner.pk,
            quiz=mock if is_mock else None,
            mode=Quiz.Mode.EXAM if is_mock else Quiz.Mode.PRACTICE,
            title="Mock" if is_mock else "Practice",
            state=Attempt.State.SUBMITTED,
            started_at=began,
            ended_at=began + timedelta(minutes=2 * size),
            grace=0,
            rules={"marking": "all_or_nothing", "domains": mock.exam.domains if is_mock and mock.exam else []},
            seed=1,
            size=size,
        )

    def _rows(self, attempt: Attempt) -> Iterator[Response]:
        for position, (question, version, domain) in enumerate(self._dice.sample(self._questions, attempt.size), 1):
            yield Response(
                attempt=attempt,
                position=position,
                question_id=question,
                version_id=version,
                domain=domain,
                scored=position <= 65,
                first_exposure=self._dice.random() < 0.8,
                shown_order=["a", "b", "c", "d"],
                choice=["a"],
                saved_at=attempt.started_at,
                locked_at=attempt.started_at,
                fraction=float(self._dice.random() < 0.7),
            )

    def _cards(self) -> None:
        met = [question for question, _, _ in self._questions]
        versions = {question: version for question, version, _ in self._questions}
        Exposure.objects.bulk_create(
            Exposure(person_id=self.learner.pk, question_id=one, first_seen_at=at, last_seen_at=at)
            for one, at in zip(met, (self._moment() for _ in met), strict=True)
        )
        cards = Card.objects.bulk_create(self._card(one) for one in met)
        Repetition.objects.bulk_create(
            Repetition(
                card=card,
                version_id=versions[card.question_id],
                reviewed_at=self._moment(),
                source=Repetition.Source.CARDS,
                rating=Repetition.Rating.GOOD,
                fraction=1.0,
            )
            for card in (cards[number % len(cards)] for number in range(REPETITIONS))
        )

    def _card(self, question: int) -> Card:
        at = self._moment()
        return Card(
            person_id=self.learner.pk,
            question_id=question,
            phase=Card.Phase.REVIEW,
            stability=self._dice.uniform(2, 200),
            difficulty=5.0,
            due_at=at + timedelta(days=self._dice.uniform(1, 300)),
            last_review_at=at,
            created_at=at,
        )

    def _moment(self) -> datetime:
        return timezone.now() - timedelta(minutes=self._dice.randrange(120, DAYS * 24 * 60))
