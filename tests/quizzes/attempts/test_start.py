"""Starting: what is drawn, which time is offered, what the bank cannot fill, and how long the session lives."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from quizzes.models import Attempt, Exposure, Placement, Question, Quiz
from quizzes.queries.quizzes import reason_not_to_start
from quizzes.services.attempts import CannotStart, start_attempt
from quizzes.services.results import record_exposures
from sapro.accounts.models import User
from tests import factories
from tests.quizzes.attempts.conftest import BACKEND, GRACE, enter, sit


def start(client: Client, quiz: Quiz, **fields: str) -> Any:
    """Press the button."""
    return client.post(f"/quizzes/{quiz.slug}/start/", fields)


def drawn(attempt: Attempt) -> set[int]:
    """The questions of a form."""
    return set(attempt.responses.values_list("question_id", flat=True))


# Forms


def test_a_form_keeps_to_the_blueprint(db: None, person: Any, now: Any) -> None:
    exam = factories.make_exam({1: 26, 2: 29, 3: 25, 4: 20})
    factories.make_questions(exam, [1 + index % 4 for index in range(120)])
    factories.make_questions(exam, [1, 2, 3, 4] * 2, status="pilot")
    attempt = sit(person, factories.make_quiz(exam, scored=65, unscored=10), now)
    rows = list(attempt.responses.values_list("position", "domain", "scored", "question__status"))
    assert [position for position, *_ in rows] == list(range(1, 76))
    assert Counter(domain for _, domain, scored, _ in rows if scored) == {1: 17, 2: 19, 3: 16, 4: 13}
    assert Counter(status for _, _, scored, status in rows if not scored) == {"pilot": 8, "published": 2}
    assert len(drawn(attempt)) == 75
    assert (attempt.size, attempt.rules["domains"]) == (75, exam.domains)


def test_enemies_never_meet(db: None, django_user_model: Any, now: Any) -> None:
    exam = factories.make_exam({1: 1})
    questions = factories.make_questions(exam, [1] * 8, enemies={0: [1, 2], 3: [4]})
    quiz = factories.make_quiz(exam, scored=4)
    pk = [question.pk for question in questions]
    for number in range(30):
        found = drawn(sit(django_user_model.objects.create(username=f"p{number}"), quiz, now))
        pairs = [{pk[0], pk[1]}, {pk[0], pk[2]}, {pk[3], pk[4]}]
        assert [pair for pair in pairs if pair <= found] == []


def test_unseen_first_then_never_revealed_then_the_oldest(db: None, person: Any, now: Any) -> None:
    exam = factories.make_exam({1: 1})
    unseen, seen, revealed = (
        {question.pk for question in factories.make_questions(exam, [1] * count)} for count in (3, 2, 4)
    )
    record_exposures(person.pk, seen, now=now, revealed=False)
    record_exposures(person.pk, revealed, now=now, revealed=True)
    assert drawn(sit(person, factories.make_quiz(exam, scored=3), now)) == unseen
    Attempt.objects.all().update(state="submitted")
    assert drawn(sit(person, factories.make_quiz(exam, scored=5), now)) == unseen | seen
    Attempt.objects.all().update(state="submitted")
    assert unseen | seen < drawn(sit(person, factories.make_quiz(exam, scored=7), now))


def test_what_stands_in_another_open_exam_is_drawn_only_when_nothing_else_is_left(
    db: None, person: Any, now: Any
) -> None:
    exam = factories.make_exam({1: 1})
    factories.make_questions(exam, [1] * 9)
    first = sit(person, factories.make_quiz(exam, scored=4), now)
    second = sit(person, factories.make_quiz(exam, scored=5), now)
    assert drawn(first) & drawn(second) == set()
    third = sit(person, factories.make_quiz(exam, scored=6), now)
    assert len(drawn(third)) == 6


def test_a_domain_that_is_due_nothing_gets_nothing(db: None, person: Any, now: Any) -> None:
    quiz = factories.make_bank(10, scored=4)
    assert sorted(sit(person, quiz, now).responses.values_list("domain", flat=True)) == [1, 2, 3, 4]


def test_papers_and_codes_cannot_be_guessed(db: None, django_user_model: Any, now: Any) -> None:
    """Forty forms and codes, none twice, though Python’s own dice are laid to the same side before each."""
    quiz = factories.make_bank(25, scored=5)
    people = [django_user_model.objects.create(username=f"p{number}") for number in range(40)]
    attempts = []
    for one in people:
        random.seed(1)
        attempts.append(sit(one, quiz, now))
    assert len({attempt.code for attempt in attempts}) == 40
    assert len({attempt.seed for attempt in attempts}) == 40
    assert {len(attempt.code) for attempt in attempts} == {16}
    orders = {tuple(attempt.responses.values_list("question_id", flat=True)) for attempt in attempts}
    assert len(orders) == 40


def test_retired_drafts_and_questions_of_another_exam_are_not_drawn(db: None, person: Any, now: Any) -> None:
    exam = factories.make_exam({1: 1})
    good = factories.make_questions(exam, [1] * 3)
    for status in ("draft", "review", "retired"):
        factories.make_questions(exam, [1] * 3, status=status)
    factories.make_questions(factories.make_exam({1: 1}), [1] * 3)
    assert drawn(sit(person, factories.make_quiz(exam, scored=3), now)) == {question.pk for question in good}
    with pytest.raises(CannotStart):
        sit(person, factories.make_quiz(exam, scored=4), now)


# Again


def test_a_second_start_goes_on_with_the_first(client: Client, person: Any, quiz: Quiz, clock: Any) -> None:
    room = enter(client, person, quiz, clock)
    clock.move(minutes=5)
    for fields in ({}, {"time": "x200"}):
        assert start(client, quiz, **fields)["Location"] == room.url
    clock.move(minutes=55)
    assert start(client, quiz)["Location"] == room.url
    clock.move(seconds=GRACE)
    assert start(client, quiz)["Location"] != room.url
    assert list(Attempt.objects.order_by("pk").values_list("state", flat=True)) == ["expired", "in_progress"]


# What cannot be filled


@pytest.mark.parametrize("slug", ["sap-c03", "sap-c02"])
def test_a_preset_that_the_bank_cannot_fill_says_so(client: Client, course: None, clock: Any, slug: str) -> None:
    page = client.get(f"/quizzes/{slug}/")
    assert (page.status_code, "This exam cannot be started yet." in page.content.decode()) == (200, True)
    reply = client.post(f"/quizzes/{slug}/start/")
    assert reply.status_code == 409
    assert reply.context["refusal"] == page.context["refusal"]
    assert "The question bank lacks" in reply.context["refusal"]
    assert (User.objects.count(), Session.objects.count(), Attempt.objects.count()) == (0, 0, 0)
    assert "sessionid" not in reply.cookies


def test_nor_can_a_member_start_it(client: Client, course: None, clock: Any, person: Any) -> None:
    client.force_login(person, backend=BACKEND)
    assert client.post("/quizzes/sap-c03/start/").status_code == 409
    assert Attempt.objects.count() == 0


@pytest.mark.parametrize(
    ("published", "pilots", "lacking"),
    [(75, 0, 0), (65, 10, 0), (70, 5, 0), (65, 9, 1), (65, 0, 10), (60, 10, 5), (60, 0, 15)],
)
def test_the_reason_counts_pilots_for_the_unscored_seats(
    db: None, person: Any, now: Any, published: int, pilots: int, lacking: int
) -> None:
    exam = factories.make_exam()
    factories.make_questions(exam, [1 + index % 5 for index in range(published)])
    factories.make_questions(exam, [1 + index % 5 for index in range(pilots)], status="pilot")
    quiz = factories.make_quiz(exam, scored=65, unscored=10)
    reason = reason_not_to_start(quiz)
    assert reason.split(" question")[1:2] == ([] if not lacking else [" bank lacks " + str(lacking)])
    if lacking:
        with pytest.raises(CannotStart):
            sit(person, quiz, now)
    else:
        assert sit(person, quiz, now).responses.count() == 75


def test_questions_that_went_missing_are_a_refusal_and_no_error(
    client: Client, quiz: Quiz, person: Any, clock: Any
) -> None:
    client.force_login(person, backend=BACKEND)
    Placement.objects.filter(domain=3).delete()
    assert start(client, quiz).status_code == 409
    assert Question.objects.count() == 30


def test_an_unknown_quiz_is_not_there(client: Client, quiz: Quiz) -> None:
    Quiz.objects.filter(pk=quiz.pk).update(retired=True)
    assert start(client, quiz).status_code == 404
    assert client.post("/quizzes/nothing/start/").status_code == 404


# Time


@pytest.mark.parametrize(
    ("option", "minutes", "words"),
    [
        ("standard", 60, "official conditions"),
        ("", 60, "official conditions"),
        ("plus30", 90, "30 minutes more"),
        ("x125", 75, "time and a quarter"),
        ("x150", 90, "time and a half"),
        ("x200", 120, "double time"),
        ("untimed", None, "no time limit"),
    ],
)
def test_the_chosen_time_is_given_and_named_on_the_report(
    client: Client, person: Any, quiz: Quiz, clock: Any, option: str, minutes: int | None, words: str
) -> None:
    client.force_login(person, backend=BACKEND)
    place = start(client, quiz, time=option)["Location"]
    attempt = Attempt.objects.get()
    assert attempt.deadline == (None if minutes is None else clock.now + timedelta(minutes=minutes))
    client.post(f"{place}submit/")
    assert words in client.get(f"{place}report/").content.decode()


def test_a_time_that_is_not_on_the_list_is_refused(client: Client, quiz: Quiz, clock: Any) -> None:
    assert start(client, quiz, time="x900").status_code == 422
    assert (User.objects.count(), Attempt.objects.count()) == (0, 0)


def test_where_the_quiz_allows_no_other_time_none_is_taken(client: Client, db: None, person: Any, clock: Any) -> None:
    strict = factories.make_bank(10, scored=5, time_options=False)
    assert start(client, strict, time="untimed").status_code == 422
    assert (User.objects.filter(is_guest=True).count(), Attempt.objects.count()) == (0, 0)
    with pytest.raises(CannotStart):
        start_attempt(person_id=person.pk, quiz=strict, time_option="x200", grace=GRACE, now=clock.now)
    assert start(client, strict, time="standard").status_code == 302


# Guests and sessions


def test_a_guest_is_made_by_the_start_and_by_nothing_before_it(client: Client, quiz: Quiz, clock: Any) -> None:
    client.get("/quizzes/")
    client.get(quiz.get_absolute_url())
    assert (User.objects.count(), Session.objects.count()) == (0, 0)
    place = start(client, quiz)["Location"]
    assert (User.objects.get().is_guest, Attempt.objects.get().person_id) == (True, User.objects.get().pk)
    assert client.get(place).status_code == 200


@pytest.mark.parametrize(
    ("option", "least"), [("standard", 3600 + GRACE + 3600), ("x200", 7200 + GRACE + 3600), ("untimed", 60 * 86_400)]
)
def test_the_session_outlives_the_exam(
    client: Client, quiz: Quiz, person: Any, clock: Any, settings: Any, option: str, least: int
) -> None:
    settings.SESSION_COOKIE_AGE = 1800
    client.force_login(person, backend=BACKEND)
    begun = timezone.now()
    reply = start(client, quiz, time=option)
    assert Session.objects.get().expire_date >= begun + timedelta(seconds=least)
    assert reply.cookies["sessionid"]["max-age"] >= least


def test_an_old_session_is_renewed_by_the_start(
    client: Client, quiz: Quiz, person: Any, clock: Any, settings: Any
) -> None:
    """Its age is long enough, but most of it is gone."""
    settings.SESSION_COOKIE_AGE = 4 * 3600
    client.force_login(person, backend=BACKEND)
    start(client, quiz)
    Attempt.objects.update(state="submitted")
    begun = timezone.now()
    Session.objects.update(expire_date=begun + timedelta(minutes=10))
    start(client, quiz)
    assert Session.objects.get().expire_date >= begun + timedelta(seconds=3600 + GRACE + 3600)


def test_the_ledger_is_not_touched_by_a_start(client: Client, quiz: Quiz, person: Any, clock: Any) -> None:
    enter(client, person, quiz, clock)
    assert Exposure.objects.count() == 0
