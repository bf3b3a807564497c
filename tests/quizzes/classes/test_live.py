"""The live view of a running assignment: who is where, and what it costs to look."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.engine.live import State
from quizzes.models import Assignment, Attempt, Classroom, Question, Quiz, Response
from quizzes.queries.live import Sitter, Wanted, live_page
from quizzes.services.attempts import make_code
from quizzes.services.results import finish_attempt
from sapro.accounts.models import User
from tests.own_classes import assign, enroll, grant, make_class, make_group, make_learners
from tests.own_quizzes import begin, give
from tests.quizzes.attempts.test_costs import counting
from tests.quizzes.teach.conftest import browser

MINUTE = timedelta(minutes=1)


@pytest.fixture
def given(classroom: Classroom, quiz: Quiz, now: datetime) -> Assignment:
    """The quiz for the whole class, open for two hours."""
    return assign(classroom, quiz, closes_at=now + 120 * MINUTE)


@pytest.fixture
def desk(teacher: User, clock: Any) -> Client:
    """The teacher's browser."""
    return browser(teacher)


def lines(given: Assignment, now: datetime, **wanted: str) -> list[Sitter]:
    return list(live_page(given, Wanted(**wanted), 1, now=now).page_obj)


def line(given: Assignment, person: Any, now: datetime) -> Sitter:
    return next(one for one in lines(given, now) if one.name == person.username)


def test_every_state_is_told_as_it_is_at_the_moment(
    ann: User, ben: User, given: Assignment, questions: list[Question], now: datetime
) -> None:
    assert {one.state for one in lines(given, now)} == {State.NOT_STARTED}
    attempt = begin(ann, given.quiz, questions, now, assignment=given)
    give(attempt, 4, ["a"], now + MINUTE)
    give(attempt, 2, ["a"], now + 2 * MINUTE)
    give(attempt, 3, [], now + 3 * MINUTE)
    one = line(given, ann, now + 5 * MINUTE)
    assert (one.state, one.answered, one.size, one.reached) == (State.WORKING, 2, 6, 4)
    assert (one.saved_at, one.left) == (now + 3 * MINUTE, 55 * 60_000)
    assert line(given, ann, now + 60 * MINUTE + timedelta(seconds=1)).closing
    late = line(given, ann, now + 61 * MINUTE)
    assert (late.state, late.left, late.ended_at) == (State.TIME_UP, None, attempt.deadline)
    Attempt.objects.filter(pk=attempt.pk).update(paused_at=now + 10 * MINUTE)
    stopped = line(given, ann, now + 90 * MINUTE)
    assert (stopped.state, stopped.left) == (State.PAUSED, 50 * 60_000)
    for state, shown in (("submitted", State.SUBMITTED), ("expired", State.TIME_UP), ("void", State.VOID)):
        Attempt.objects.filter(pk=attempt.pk).update(state=state, paused_at=None, ended_at=now)
        assert line(given, ann, now).state == shown
    assert line(given, ben, now).state == State.NOT_STARTED


def test_of_several_attempts_the_one_under_way_stands_there_else_the_last(
    ann: User, given: Assignment, questions: list[Question], now: datetime
) -> None:
    first = begin(ann, given.quiz, questions, now, assignment=given)
    finish_attempt(attempt_id=first.pk, now=now + MINUTE, by_learner=True)
    assert line(given, ann, now).number == 0
    second = begin(ann, given.quiz, questions, now + 2 * MINUTE, assignment=given)
    assert (line(given, ann, now + 3 * MINUTE).code, line(given, ann, now).number) == (second.code, 2)
    finish_attempt(attempt_id=second.pk, now=now + 4 * MINUTE, by_learner=True)
    Attempt.objects.filter(pk=first.pk).update(state="in_progress", ended_at=None)
    assert (line(given, ann, now).code, line(given, ann, now).number) == (first.code, 1)


def test_who_is_expected_and_who_has_left(
    ann: User, ben: User, classroom: Classroom, quiz: Quiz, questions: list[Question], now: datetime
) -> None:
    group = make_group(classroom)
    ann.memberships.update(group=group)
    given = assign(classroom, quiz, group=group)
    assert [one.name for one in lines(given, now)] == ["ann"]
    begin(ben, quiz, questions, now, assignment=given)
    ann.memberships.update(left_at=now)
    assert [(one.name, one.gone) for one in lines(given, now)] == [("ben", True)]


def test_it_is_filtered_found_and_sorted_by_the_address(
    desk: Client, classroom: Classroom, given: Assignment, questions: list[Question], now: datetime
) -> None:
    people = [*make_learners(classroom, 3)]
    for seat, name in zip(classroom.memberships.order_by("pk"), ("Zoe Ö", "Adam", "Mia"), strict=True):
        classroom.memberships.filter(pk=seat.pk).update(name=name)
    for person, minutes in zip(people[:2], (30, 20), strict=True):
        deadline = now + minutes * MINUTE
        attempt = begin(person, given.quiz, questions, now, assignment=given, deadline=deadline)
        give(attempt, 1, ["a"], now + minutes * MINUTE / 10)

    def names(query: str) -> list[str]:
        page = desk.get(f"/teach/assignments/{given.code}/live/?{query}").content.decode()
        return re.findall(r'<th scope="row">(?:<a [^>]*>)?([^<]+?) *<', page)

    assert names("") == ["Adam", "Mia", "Zoe Ö"]
    assert names("sort=-name") == ["Zoe Ö", "Mia", "Adam"]
    assert names("sort=left") == ["Adam", "Zoe Ö", "Mia"]
    assert names("sort=-saved") == ["Zoe Ö", "Adam", "Mia"]
    assert names("sort=state") == ["Adam", "Zoe Ö", "Mia"]
    assert names("state=not_started") == ["Mia"]
    assert names("name=zOE+ö") == ["Zoe Ö"]
    assert names("state=nonsense&sort=%00&page=99&name=%00") == ["Adam", "Mia", "Zoe Ö"]
    assert names("state=void") == []


def test_conditions_are_marked_and_answers_are_not_there(
    desk: Client, ann: User, ben: User, given: Assignment, questions: list[Question], now: datetime
) -> None:
    grant(ann, factor=1.5, reason="canary")
    grant(ben, assign(given.classroom, given.quiz), factor=2)
    attempt = begin(ann, given.quiz, questions, now, assignment=given)
    give(attempt, 1, ["canary-answer"], now)
    page = desk.get(f"/teach/assignments/{given.code}/live/").content.decode()
    assert page.count("own conditions") == 1
    assert "1 of 6" in page
    assert "canary" not in page


def test_htmx_gets_the_moving_part_until_nothing_more_can_happen(
    desk: Client, ann: User, given: Assignment, questions: list[Question], clock: Any
) -> None:
    address = f"/teach/assignments/{given.code}/live/?state=working&sort=-left"
    attempt = begin(ann, given.quiz, questions, clock.now, assignment=given)

    def part() -> str:
        return desk.get(address, headers={"HX-Request": "true", "HX-Target": "live"}).content.decode()

    found = part()
    assert found.startswith('<div id="live"')
    assert f'hx-get="{address.replace("&", "&amp;")}" hx-trigger="every 10s' in found
    finish_attempt(attempt_id=attempt.pk, now=clock.now, by_learner=True)
    assert "every 10s" in part()
    clock.move(hours=2)
    found = part()
    assert "every 10s" not in found
    assert "does not ask again" in found
    grant(ann, given, closes_at=clock.now + MINUTE)
    assert "every 10s" not in part(), "she has sat it"
    Attempt.objects.all().delete()
    assert "every 10s" in part()


def test_only_who_teaches_the_class_looks(ann: User, given: Assignment, clock: Any, django_user_model: Any) -> None:
    other = django_user_model.objects.create_user("other")
    other.groups.add(*given.classroom.owner.groups.all())
    for person in (ann, other):
        assert browser(person).get(f"/teach/assignments/{given.code}/live/").status_code == 404
    given.classroom.teachers.add(other)
    assert browser(other).get(f"/teach/assignments/{given.code}/live/").status_code == 200


def fill(given: Assignment, people: list[User], questions: list[Question], now: datetime) -> None:
    """Attempts of nearly all of them with some answers, and conditions of every tenth."""
    quiz = given.quiz
    rules = {"marking": quiz.marking, "exam": "", "domains": [], "pass_mark": None}
    attempts = Attempt.objects.bulk_create(
        Attempt(
            code=make_code(), person=person, quiz=quiz, assignment=given, mode=quiz.mode, title=quiz.title,
            started_at=now, deadline=now + 60 * MINUTE, grace=2, seed=1, size=6, rules=rules,
        )
        for person in people[1:]
    )  # fmt: skip
    Response.objects.bulk_create(
        Response(
            attempt=attempt, position=place, question=one, version=one.current, shown_order=["a", "b"],
            choice=["a"] if place < 4 else [], saved_at=now if place < 5 else None,
        )
        for attempt in attempts
        for place, one in enumerate(questions, 1)
    )  # fmt: skip
    for person in people[::10]:
        grant(person, factor=2)


@pytest.mark.parametrize("number", [5, 500])
def test_a_look_costs_three_queries_however_many_sit(
    desk: Client, classroom: Classroom, given: Assignment, questions: list[Question], now: datetime, number: int
) -> None:
    """Counted is everything but who asks (session, user, role): the assignment with its rights, seats, attempts."""
    people = make_learners(classroom, number)
    fill(given, people, questions, now)
    desk.get("/teach/")
    with counting() as counted:
        reply = desk.get(
            f"/teach/assignments/{given.code}/live/?sort=-saved", headers={"HX-Request": "true", "HX-Target": "live"}
        )
    page = reply.content.decode()
    assert page.count("3 of 6") == min(number - 1, 100)
    assert f"Working <b>{number - 1}</b>" in page
    asked = [one for one in counted.statements if 'FROM "quizzes_' in one]
    assert len(asked) == 3
    others = [one for one in counted.statements if one not in asked]
    assert all(re.search(r'FROM "(django_session|accounts_user|auth_group)"', one) for one in others)
    assert desk.get(f"/teach/assignments/{given.code}/live/?page=2").status_code == 200


def test_a_class_of_nobody_and_one_who_deleted_their_account(
    desk: Client, classroom: Classroom, given: Assignment, questions: list[Question], now: datetime
) -> None:
    assert "Nobody is expected" in desk.get(f"/teach/assignments/{given.code}/live/").content.decode()
    gone = User.objects.create(username="(left)")
    for _time in range(2):
        attempt = begin(gone, given.quiz, questions, now, assignment=given)
        finish_attempt(attempt_id=attempt.pk, now=now, by_learner=True)
    enroll(make_class(classroom.owner), gone)
    assert [one.name for one in lines(given, now)] == ["somebody who has left"] * 2
