"""What those who teach do to sittings that run: more time, the end, once more, void; for one, and for all at once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Assignment, Attempt, AuditEntry, Classroom, Question, Quiz
from quizzes.services import live as services
from quizzes.services.results import finish_attempt
from quizzes.templatetags.results import event_words
from sapro.accounts.models import User
from tests.own_classes import assign, make_class, make_learners
from tests.own_quizzes import begin, give, make_own_quiz
from tests.quizzes.teach.conftest import browser

MINUTE = timedelta(minutes=1)


@pytest.fixture
def given(classroom: Classroom, quiz: Quiz) -> Assignment:
    """The quiz for the whole class."""
    return assign(classroom, quiz)


@pytest.fixture
def desk(teacher: User, clock: Any) -> Client:
    """The teacher's browser."""
    return browser(teacher)


@pytest.fixture
def attempt(ann: User, given: Assignment, questions: list[Question], clock: Any) -> Attempt:
    """Ann has been at it for ten minutes and answered one."""
    found = begin(ann, given.quiz, questions, clock.now, assignment=given)
    give(found, 1, ["a"], clock.now)
    clock.move(minutes=10)
    return found


def address(attempt: Attempt, action: str) -> str:
    assert attempt.assignment is not None
    return f"/teach/assignments/{attempt.assignment.code}/live/{attempt.code}/{action}/"


def do(desk: Client, attempt: Attempt, action: str, **fields: str) -> Any:
    return desk.post(address(attempt, action), {"reason": "fire alarm", **fields}, follow=True)


def token_in(reply: Any) -> str:
    found = re.search(r'name="token" value="([^"]+)"', reply.content.decode())
    assert found
    return found[1]


def logged() -> list[tuple[str, str | None, Any]]:
    """Verb, attempt and class of every entry, the first first."""
    return list(AuditEntry.objects.order_by("pk").values_list("verb", "attempt__code", "classroom_id"))


def test_one_learner_gets_more_time_once_for_each_token(desk: Client, attempt: Attempt) -> None:
    deadline = attempt.deadline
    token = token_in(desk.get(address(attempt, "extend")))
    for _press in range(2):
        page = do(desk, attempt, "extend", minutes="7", token=token, reason="").content.decode()
        assert "ann has 7 minutes more." in page
    attempt.refresh_from_db()
    assert attempt.deadline == deadline + 7 * MINUTE
    assert logged() == [("class.extended", attempt.code, attempt.assignment.classroom_id)]
    other = token_in(desk.get(address(attempt, "extend")))
    do(desk, attempt, "extend", minutes="1", token=other)
    attempt.refresh_from_db()
    assert attempt.deadline == deadline + 8 * MINUTE


def test_an_instructor_ends_it_and_the_log_says_so(desk: Client, attempt: Attempt, clock: Any) -> None:
    assert "has ended" in do(desk, attempt, "end").content.decode()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.ended_at) == ("submitted", clock.now)
    assert attempt.results.get().maximum == 6
    assert event_words(attempt.events.last()) == "Ended by an instructor: fire alarm"
    assert logged() == [("class.ended", attempt.code, attempt.assignment.classroom_id)]


@pytest.mark.parametrize("written", [True, False])
def test_what_time_has_ended_is_opened_again(desk: Client, attempt: Attempt, clock: Any, written: bool) -> None:
    clock.move(hours=2)
    if written:
        finish_attempt(attempt_id=attempt.pk, now=clock.now)
    assert "is open again" in do(desk, attempt, "reopen", minutes="15").content.decode()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.deadline, attempt.ended_at) == ("in_progress", clock.now + 15 * MINUTE, None)
    assert attempt.results.count() == 1
    assert [kind for kind, *_ in logged()] == ["class.reopened"]


def test_void_takes_it_out(desk: Client, attempt: Attempt) -> None:
    assert "is void" in do(desk, attempt, "void").content.decode()
    attempt.refresh_from_db()
    assert attempt.state == "void"
    page = desk.get(address(attempt, "reopen")).content.decode()
    assert "cannot be done" in page
    assert "<form method" not in page


@pytest.mark.parametrize(
    ("state", "action", "words"),
    [
        ("submitted", "extend", "handed in meanwhile"),
        ("expired", "end", "Time ran out meanwhile"),
        ("in_progress", "reopen", "under way already"),
        ("void", "void", "is void"),
    ],
)
def test_what_is_not_possible_any_more_is_said_and_changes_nothing(
    desk: Client, attempt: Attempt, clock: Any, state: str, action: str, words: str
) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(state=state, ended_at=clock.now)
    before = Attempt.objects.values().get(pk=attempt.pk), attempt.events.count()
    reply = do(desk, attempt, action, minutes="5", token="t", reason="kept words")
    assert reply.status_code == 409
    assert words in reply.content.decode()
    assert "kept words" in reply.content.decode()
    assert (Attempt.objects.values().get(pk=attempt.pk), attempt.events.count()) == before
    assert logged() == []


def test_beside_another_open_attempt_nothing_is_half_done(
    desk: Client, attempt: Attempt, questions: list[Question], clock: Any
) -> None:
    finish_attempt(attempt_id=attempt.pk, now=clock.now, by_learner=True)
    begin(attempt.person, attempt.quiz, questions, clock.now)  # type: ignore[arg-type]
    reply = do(desk, attempt, "reopen", minutes="5")
    assert "another attempt at the same quiz open" in reply.content.decode()
    attempt.refresh_from_db()
    assert attempt.state == "submitted"
    assert logged() == []


@pytest.mark.parametrize(
    ("action", "fields", "words"),
    [
        ("end", {"reason": " "}, "Say why"),
        ("void", {"reason": "x" * 201}, "at most 200"),
        ("reopen", {"minutes": "0"}, "at least one minute"),
        ("extend", {"minutes": "ten", "token": "t"}, "as a whole number"),
        ("extend", {"minutes": "99999", "token": "t"}, "at most 1440"),
    ],
)
def test_bad_input_is_said_at_its_field(
    desk: Client, attempt: Attempt, action: str, fields: dict[str, str], words: str
) -> None:
    reply = do(desk, attempt, action, **fields)
    assert reply.status_code == 422
    assert words in reply.content.decode()
    assert logged() == []


def test_nobody_reaches_an_attempt_of_elsewhere(
    desk: Client, attempt: Attempt, given: Assignment, quiz: Quiz, django_user_model: Any
) -> None:
    other = django_user_model.objects.create_user("other")
    other.groups.add(*given.classroom.owner.groups.all())
    elsewhere = assign(make_class(other), quiz)
    for client, code in ((browser(other), given.code), (browser(other), elsewhere.code), (desk, elsewhere.code)):
        for action in ("extend", "end", "reopen", "void", "nonsense"):
            reply = client.post(f"/teach/assignments/{code}/live/{attempt.code}/{action}/", {"reason": "x"})
            assert reply.status_code == 404
    fields = {"minutes": "5", "token": "t"}
    assert browser(other).post(f"/teach/assignments/{given.code}/live/extend/", fields).status_code == 404
    with pytest.raises(Assignment.DoesNotExist):
        services.act(given, attempt.code, services.Action.END, services.Wish(other, attempt.started_at, "x"))
    attempt.refresh_from_db()
    assert attempt.state == "in_progress"


def test_an_archived_class_and_a_practice_session_are_let_be(
    desk: Client, attempt: Attempt, given: Assignment, questions: list[Question], ben: User, clock: Any
) -> None:
    quiz = make_own_quiz(given.quiz.owner, questions, mode="practice", time_limit=None)
    session = begin(ben, quiz, questions, clock.now, assignment=assign(given.classroom, quiz))
    assert "practice session" in do(desk, session, "end").content.decode()
    Classroom.objects.update(archived_at=clock.now)
    assert "is archived" in do(desk, attempt, "end").content.decode()
    assert logged() == []


def test_everybody_who_is_at_it_gets_more_time_and_the_others_are_named(
    desk: Client, given: Assignment, questions: list[Question], clock: Any
) -> None:
    people = make_learners(given.classroom, 6)
    ends = {
        "working": clock.now + MINUTE,
        "grace": clock.now - timedelta(seconds=1),
        "paused": clock.now - 5 * MINUTE,
        "over": clock.now - MINUTE,
        "untimed": None,
        "submitted": clock.now + MINUTE,
    }
    start = clock.now - 30 * MINUTE
    attempts = {
        name: begin(person, given.quiz, questions, start, assignment=given, deadline=deadline)
        for person, (name, deadline) in zip(people, ends.items(), strict=True)
    }
    Attempt.objects.filter(pk=attempts["paused"].pk).update(paused_at=clock.now - 10 * MINUTE)
    finish_attempt(attempt_id=attempts["submitted"].pk, now=clock.now, by_learner=True)
    where = f"/teach/assignments/{given.code}/live/extend/"
    token = token_in(desk.get(where))
    for _press in range(2):
        reply = desk.post(where, {"minutes": "10", "reason": "no network", "token": token}, follow=True)
        page = reply.content.decode()
        assert "3 learners got 10 minutes more." in page
        assert f"whoever may go on: {people[3].username}." in page
        assert f"They have no time limit: {people[4].username}." in page
    moved = {name: Attempt.objects.get(pk=one.pk).deadline for name, one in attempts.items()}
    more = {name: end + 10 * MINUTE for name, end in ends.items() if end and name in ("working", "grace", "paused")}
    assert moved == ends | more
    assert [one for one in logged() if one[0] == "class.extended_all"] == [
        ("class.extended_all", None, given.classroom_id)
    ]
    desk.post(where, {"minutes": "10", "token": token_in(desk.get(where))})
    attempts["working"].refresh_from_db()
    assert attempts["working"].deadline == clock.now + 21 * MINUTE


def test_an_extension_for_all_that_was_interrupted_goes_on(
    desk: Client, teacher: User, given: Assignment, questions: list[Question], clock: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 2)
    people = make_learners(given.classroom, 5)
    attempts = [begin(person, given.quiz, questions, clock.now, assignment=given) for person in people]
    wish = services.Wish(teacher, clock.now, "no network", 600, "token")
    deadline = attempts[0].deadline
    # As if the server had been killed after the first.
    services.extend_attempt(attempt_id=attempts[0].pk, seconds=600, reason="x", now=clock.now, token="token")
    assert len(services.extend_all(given, wish).given) == 5
    assert set(Attempt.objects.values_list("deadline", flat=True)) == {deadline + 10 * MINUTE}


def test_a_wish_of_nobody_at_it(desk: Client, given: Assignment) -> None:
    where = f"/teach/assignments/{given.code}/live/extend/"
    reply = desk.post(where, {"minutes": "10", "token": "t"}, follow=True)
    assert "nobody was at it" in reply.content.decode()
