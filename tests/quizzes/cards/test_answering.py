"""Answering a card: graded, rated, dated; once; undone to the last digit."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.engine.repetition import AGAIN, GOOD, HARD, Memory, review
from quizzes.models import Card, Exposure, Question, Repetition
from quizzes.services.results import finish_attempt
from tests import factories, kinds
from tests.quizzes.attempts.test_costs import counting
from tests.quizzes.cards.conftest import Desk, code_on, make_cards
from tests.quizzes.practice.conftest import sit

ONE, TWO = "test-tb01", "test-th01"


@pytest.fixture
def due(desk: Desk, now: datetime, clock: Any) -> Desk:
    """A card made yesterday by a wrong answer; it is due today."""
    make_cards(desk.person, [ONE], now)
    clock.move(days=1)
    return desk


def test_the_next_card_is_asked_and_its_answer_explained(due: Desk, clock: Any) -> None:
    page = due.page().content.decode()
    assert code_on(page) == ONE
    assert "0 of 1 today" in page
    assert "rationale" not in page
    reply = due.answer(ONE, right=True, confidence="sure", shown_at=int(clock.now.timestamp()) - 40)
    assert (reply.status_code, reply.headers["Location"]) == (303, f"/cards/questions/{ONE}/")
    told = due.client.get(reply.headers["Location"]).content.decode()
    for words in ("Good: right.", "It comes back in", "1 of 1 today", "Undo the last answer", "From the notes"):
        assert words in told
    recall = Repetition.objects.get(source="cards")
    assert (recall.rating, recall.seconds, recall.confidence, recall.fraction) == (GOOD, 40, "sure", 1)
    assert Exposure.objects.get(person=due.person).revealed_at == clock.now


@pytest.mark.parametrize(
    ("right", "confidence", "rating", "words"),
    [
        (True, "guess", HARD, "Hard: right, but guessed."),
        (True, "", GOOD, "Good: right."),
        (False, "sure", AGAIN, "Again: it was not right."),
    ],
)
def test_what_was_rated_is_told(due: Desk, right: bool, confidence: str, rating: int, words: str) -> None:
    reply = due.answer(ONE, right=right, confidence=confidence, htmx=True)
    page = reply.content.decode()
    assert (reply.status_code, reply.headers["HX-Push-Url"]) == (200, f"/cards/questions/{ONE}/")
    assert words in page
    assert "<html" not in page
    assert Repetition.objects.get(source="cards").rating == rating
    if not right:
        assert "It comes back tomorrow." in page


def test_good_good_again_by_hand(desk: Desk, now: datetime, clock: Any) -> None:
    """First good: 2 days (stability 2.3065). Then on the day, good; then again, which is due the day after."""
    make_cards(desk.person, [ONE], now, fraction=1)
    card = desk.card(ONE)
    assert (round(card.stability, 4), card.due_at) == (2.3065, now + timedelta(days=2))
    clock.now = card.due_at
    desk.answer(ONE, right=True)
    # S' = S·(1 + e^w8·(11 - D)·S^-w9·(e^(w10·(1 - R)) - 1)) = 10.9 with R = 0.911; ± 2 days of spread.
    after = desk.card(ONE)
    assert after.stability == pytest.approx(10.93, abs=0.05)
    days = (after.due_at - clock.now).days
    assert 9 <= days <= 13
    expected = review(
        Memory(2, None, card.stability, card.difficulty, card.due_at, card.last_review_at, 1, 0), GOOD, now=clock.now,
        rng=Random(f"{desk.person.pk}:{card.question_id}:1"),
    )  # fmt: skip
    assert after.due_at == expected.due_at
    clock.now = after.due_at
    desk.answer(ONE, right=False)
    last = desk.card(ONE)
    assert last.stability < 3
    assert (last.repetitions, last.lapses) == (3, 1)
    assert timedelta(days=1) <= last.due_at - clock.now <= timedelta(days=3)


def test_every_kind_is_asked(desk: Desk, now: datetime, clock: Any) -> None:
    kinds.make_quiz(now)
    names = list(Question.objects.filter(code__startswith="kind-").values_list("code", flat=True))
    make_cards(desk.person, names, now)
    clock.move(days=1)
    asked = set()
    while len(asked) < 7:
        code = code_on(desk.page().content.decode())
        assert "Good: right." in desk.answer(code, right=True, htmx=True).content.decode(), code
        asked.add(code)
    assert asked == set(names)
    assert "7 cards repeated." in desk.page().content.decode()


# Once


@pytest.mark.parametrize("htmx", [False, True])
def test_a_second_answer_finds_the_first(due: Desk, htmx: bool) -> None:
    first, other = due.form(ONE, right=False), due.form(ONE, right=True)
    due.post(ONE, first, htmx=htmx)
    state = Card.objects.values().get()
    again = due.post(ONE, other, htmx=htmx)
    assert again.status_code == (200 if htmx else 303)
    assert Card.objects.values().get() == state
    assert Repetition.objects.filter(source="cards").count() == 1
    if htmx:
        assert "Again: it was not right." in again.content.decode()


def test_what_practice_repeated_meanwhile_is_not_repeated_again(due: Desk, clock: Any) -> None:
    fields = due.form(ONE, right=True)
    make_cards(due.person, [ONE], clock.now, fraction=1)
    reply = due.post(ONE, fields)
    assert (reply.status_code, reply.headers["Location"]) == (303, "/cards/")
    assert Repetition.objects.filter(source="cards").count() == 0


def test_a_question_that_was_edited_is_asked_anew(due: Desk) -> None:
    fields = due.form(ONE, right=True)
    factories.edit(Question.objects.select_related("current").get(code=ONE))
    reply = due.post(ONE, fields, htmx=True)
    page = reply.content.decode()
    assert (reply.status_code, "This is how it stands now" in page, "(2)" in page) == (409, True, True)
    assert Repetition.objects.filter(source="cards").count() == 0
    due.answer(ONE, right=True)
    assert Repetition.objects.get(source="cards").version == Question.objects.get(code=ONE).current


# Refused


@pytest.mark.parametrize(("choice", "words"), [([], "Choose 1; 0"), (["1", "2"], "at most 1"), (["9"], "no opt")])
def test_what_cannot_be_an_answer_is_told_and_kept(due: Desk, choice: list[str], words: str) -> None:
    fields = due.form(ONE, right=True) | {"choice": choice, "confidence": "fairly"}
    reply = due.post(ONE, fields)
    page = reply.content.decode()
    assert (reply.status_code, words in page) == (422, True)
    assert 'value="fairly" data-key="f" checked' in page
    assert Repetition.objects.filter(source="cards").count() == 0


@pytest.mark.parametrize("field", ["repetitions", "version", "shown_at"])
@pytest.mark.parametrize("value", ["", "x", "-1", "²", "9" * 40, "999999999999999999"])
def test_what_a_page_never_sends_breaks_nothing(due: Desk, field: str, value: str) -> None:
    reply = due.post(ONE, due.form(ONE, right=True) | {field: value})
    assert reply.status_code == (303 if field == "shown_at" else 409)


def test_what_stands_in_an_open_exam_is_neither_asked_nor_taken(desk: Desk, now: datetime, clock: Any) -> None:
    exam = sit(desk.person, now)
    held = exam.responses.first().question.code
    make_cards(desk.person, [held], now - timedelta(days=2))
    assert "Nothing to repeat today" in desk.page().content.decode()
    reply = desk.answer(held, right=True)
    assert (reply.status_code, "Finish the exam first" in reply.content.decode()) == (409, True)
    assert Repetition.objects.filter(source="cards").count() == 0
    finish_attempt(attempt_id=exam.pk, now=now, by_learner=True)
    clock.move(days=1)
    Card.objects.exclude(question__code=held).delete()
    assert code_on(desk.page().content.decode()) == held


def test_feedback_is_withheld_while_an_exam_has_the_question(due: Desk, clock: Any) -> None:
    Question.objects.exclude(code=ONE).update(status="retired")
    due.answer(ONE, right=True)
    address = f"/cards/questions/{ONE}/"
    assert "rationale-" in due.client.get(address).content.decode()
    Question.objects.filter(status="retired").update(status="published")
    exam = sit(due.person, clock.now)
    version = Question.objects.get(code=ONE).current
    exam.responses.filter(position=1).update(question=version.question, version=version)
    page = due.client.get(address).content.decode()
    assert "rationale-" not in page
    assert "Good: right" not in page


@pytest.mark.parametrize("fields", [{"status": "retired"}, {"stale": True}, {"status": "draft"}])
def test_what_is_not_asked_any_more_drops_out_silently(due: Desk, fields: dict[str, Any]) -> None:
    sent = due.form(ONE, right=True)
    Question.objects.filter(code=ONE).update(**fields)
    assert "Nothing to repeat today" in due.page().content.decode()
    assert due.post(ONE, sent).headers["Location"] == "/cards/"
    assert (Card.objects.count(), Repetition.objects.filter(source="cards").count()) == (1, 0)


def test_cards_are_their_owners(due: Desk, client: Any, django_user_model: Any) -> None:
    stranger = django_user_model.objects.create_user("stranger")
    fields = due.form(ONE, right=True)
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/cards/questions/{ONE}/").status_code == 404
    assert due.post(ONE, fields).status_code == 404
    assert client.post(f"/cards/questions/{ONE}/aside/", {"do": "suspend"}).status_code == 404
    assert not Card.objects.get().suspended


# Undone


def undo(desk: Desk, code: str) -> Any:
    return desk.client.post("/cards/undo/", {"code": code, "repetitions": desk.card(code).repetitions})


def test_undo_restores_exactly_and_asks_again(due: Desk) -> None:
    before = Card.objects.values().get()
    due.answer(ONE, right=True)
    reply = undo(due, ONE)
    assert (reply.status_code, reply.headers["Location"]) == (302, f"/cards/?card={ONE}")
    assert Card.objects.values().get() == before
    assert Repetition.objects.filter(source="cards").count() == 0
    assert code_on(due.page(f"?card={ONE}").content.decode()) == ONE


def test_a_second_click_undoes_nothing_more(due: Desk, clock: Any) -> None:
    due.answer(ONE, right=False)
    clock.move(days=1)
    due.answer(ONE, right=False)
    fields = {"code": ONE, "repetitions": due.card(ONE).repetitions}
    for _ in range(2):
        due.client.post("/cards/undo/", fields)
    assert Repetition.objects.filter(source="cards").count() == 1
    assert "There is nothing to undo" in due.page().content.decode()


def test_only_the_last_is_undone(desk: Desk, now: datetime, clock: Any) -> None:
    make_cards(desk.person, [ONE, TWO], now)
    clock.move(days=1)
    desk.answer(ONE, right=True)
    clock.move(minutes=1)
    desk.answer(TWO, right=True)
    undo(desk, ONE)
    assert Repetition.objects.filter(source="cards").count() == 2
    clock.move(minutes=1)
    make_cards(desk.person, [TWO], clock.now)
    undo(desk, TWO)
    assert Repetition.objects.filter(source="cards").count() == 2


@pytest.mark.once
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 40), st.sampled_from(["", "guess"])), max_size=6))
def test_whatever_came_before_undo_restores_it(
    desk: Desk, now: datetime, clock: Any, steps: list[tuple[bool, int, str]]
) -> None:
    Card.objects.all().delete()
    clock.now = now
    make_cards(desk.person, [ONE], now)
    for right, days, confidence in [*steps, (True, 1, "")]:
        clock.move(days=days, seconds=1)
        before = Card.objects.values().get()
        desk.answer(ONE, right=right, confidence=confidence)
        assert Card.objects.values().get() != before
        undo(desk, ONE)
        assert Card.objects.values().get() == before
        desk.answer(ONE, right=right, confidence=confidence)


# What it costs


@pytest.mark.parametrize("right", [True, False])
def test_an_answered_card_takes_at_most_eight_statements(due: Desk, right: bool) -> None:
    due.page()
    fields = due.form(ONE, right=right)
    Exposure.objects.create(
        person=due.person, question=due.card(ONE).question, first_seen_at=factories.MADE, last_seen_at=factories.MADE
    )
    with counting() as counted:
        reply = due.post(ONE, fields, htmx=True)
    assert b"It comes back" in reply.content
    assert counted.all <= 8, counted.statements
    with counting() as counted:
        due.page()
    assert counted.all <= 8, counted.statements
