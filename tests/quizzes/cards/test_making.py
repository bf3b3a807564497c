"""What makes a card and what repeats it: graded practice, and the end of a mock exam."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quizzes.engine.repetition import AGAIN, GOOD, HARD, Memory, review
from quizzes.models import Card, Question, Repetition
from quizzes.services.results import finish_attempt
from tests import factories
from tests.own_quizzes import make_own_quiz
from tests.quizzes.practice.conftest import answer, begin, codes
from tests.quizzes.reports.conftest import give, rows_of, sent_for, sit

pytestmark = pytest.mark.usefixtures("course", "clock")


def made(person: Any) -> dict[str, int]:
    """The rating of each recall, by question."""
    rows = Repetition.objects.filter(card__person=person)
    return dict(rows.values_list("card__question__code", "rating"))


@pytest.mark.parametrize(
    ("right", "confidence", "rating"), [(False, "sure", AGAIN), (True, "guess", HARD), (True, "", GOOD)]
)
def test_a_graded_response_makes_a_card(person: Any, now: datetime, right: bool, confidence: str, rating: int) -> None:
    session = begin(person, now)
    row = answer(session, 1, now, right=right, confidence=confidence)
    card, recall = Card.objects.get(), Repetition.objects.get()
    fresh = review(Memory(), rating, now=now, rng=Random(f"{person.pk}:{row.question_id}:0"))
    assert (card.stability, card.due_at, card.repetitions) == (fresh.stability, fresh.due_at, 1)
    assert (recall.source, recall.rating, recall.choice) == ("practice", rating, row.choice)
    assert (recall.shown_order, recall.version_id, recall.reviewed_at) == (row.shown_order, row.version_id, now)
    assert recall.before["repetitions"] == 0


def test_practising_again_repeats_the_card(person: Any, now: datetime) -> None:
    first = answer(begin(person, now), 1, now, right=True)
    later = now + timedelta(days=3)
    again = begin(person, later)
    answer(again, codes(again).index(first.question.code) + 1, later, right=False)
    card = Card.objects.get()
    assert (card.repetitions, card.lapses, card.last_review_at) == (2, 1, later)
    assert [one.rating for one in card.recalls.all()] == [GOOD, AGAIN]


def test_a_second_answer_repeats_nothing(person: Any, now: datetime) -> None:
    session = begin(person, now)
    answer(session, 1, now, right=False)
    answer(session, 1, now + timedelta(minutes=1), right=True)
    assert Repetition.objects.count() == 1


def test_what_an_instructor_wrote_makes_no_card(person: Any, now: datetime) -> None:
    own = factories.make_authored(factories.make_instructor())[0]
    session = begin(person, now)
    session.quiz = make_own_quiz(own.author, [own], slug="own")
    session.save()
    session.responses.filter(position=1).update(question=own, version=own.current)
    answer(session, 1, now, right=True)
    assert Card.objects.count() == 0
    answer(session, 2, now, right=True)
    assert Card.objects.get().question.origin == Question.Origin.COURSE


def test_what_is_not_told_makes_no_card(person: Any, now: datetime) -> None:
    """A sitting that keeps the key back would tell it by the queue."""
    session = begin(person, now)
    session.rules["show"] = {"score": "never", "key": "never", "rationale": "never"}
    session.save()
    answer(session, 1, now, right=True)
    assert Card.objects.count() == 0


def mock(person: Any, now: datetime, quiz: Any) -> Any:
    """A mock with position 1 right, 2 right and flagged, 3 wrong; the rest was not reached."""
    attempt = sit(person, quiz, now)
    rows = rows_of(attempt)
    give(attempt, 1, sent_for(rows[0], right=True), now)
    give(attempt, 2, sent_for(rows[1], right=True), now, flag=True)
    give(attempt, 3, sent_for(rows[2], right=False), now)
    attempt.events.filter(position=1).update(data={"trace": {str(n): {"ms": 1000} for n in (1, 2, 3, 4)}})
    return attempt


@pytest.fixture
def quiz(db: None, course: None) -> Any:
    return factories.make_bank(60, scored=60)


def test_a_mock_makes_cards_of_what_was_missed_or_flagged(person: Any, now: datetime, quiz: Any) -> None:
    attempt = mock(person, now, quiz)
    assert Card.objects.count() == 0
    end = now + timedelta(minutes=30)
    finish_attempt(attempt_id=attempt.pk, now=end, by_learner=True)
    names = codes(attempt)
    assert made(person) == {names[1]: GOOD, names[2]: AGAIN, names[3]: AGAIN}
    assert set(Card.objects.values_list("last_review_at", "repetitions")) == {(end, 1)}
    assert set(Repetition.objects.values_list("source", flat=True)) == {"mock"}


def test_a_mock_repeats_only_what_was_not_recalled_since(person: Any, now: datetime, quiz: Any) -> None:
    attempt = mock(person, now, quiz)
    end = now + timedelta(minutes=30)
    for position, at in ((2, end - timedelta(days=1)), (3, end), (4, end + timedelta(minutes=1))):
        question = attempt.responses.get(position=position).question
        Card.objects.create(
            person=person, question=question, due_at=at, last_review_at=at, created_at=at, repetitions=1, phase=2,
            stability=3.0, difficulty=5.0, suspended=True,
        )  # fmt: skip
    finish_attempt(attempt_id=attempt.pk, now=end, by_learner=True)
    by_code = {card.question.code: card for card in Card.objects.select_related("question")}
    assert [by_code[name].repetitions for name in codes(attempt)[1:4]] == [2, 1, 1]
    assert set(made(person)) == {codes(attempt)[1]}
    assert all(card.suspended for card in by_code.values())


def test_a_reopened_mock_is_not_recalled_twice(person: Any, now: datetime, quiz: Any) -> None:
    attempt = mock(person, now, quiz)
    finish_attempt(attempt_id=attempt.pk, now=now + timedelta(minutes=30), by_learner=True)
    type(attempt).objects.filter(pk=attempt.pk).update(state="in_progress", ended_at=None)
    finish_attempt(attempt_id=attempt.pk, now=now + timedelta(minutes=40), by_learner=True)
    assert (attempt.results.count(), Repetition.objects.count()) == (2, 3)


def test_what_a_finish_pays_for_cards_is_three_statements(person: Any, now: datetime, quiz: Any) -> None:
    attempt = sit(person, quiz, now)
    rows = rows_of(attempt)
    for row in rows[:40]:
        give(attempt, row.position, sent_for(row, right=False), now)
    with CaptureQueriesContext(connection) as captured:
        finish_attempt(attempt_id=attempt.pk, now=now, by_learner=True)
    statements = [one["sql"] for one in captured if "quizzes_card" in one["sql"] or "quizzes_repetition" in one["sql"]]
    assert [one.split()[0] for one in statements] == ["SELECT", "INSERT", "INSERT"]
    assert Card.objects.count() == Repetition.objects.count() == 60
