"""Deciding challenges: who may, that it happens once, and what the challenger is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.models import AuditEntry, Challenge, Notice, Question
from quizzes.queries.teach import overview
from quizzes.services.challenges import AlreadyDecided, decide_challenge
from quizzes.services.results import finish_attempt
from reference.models import Topic
from sapro.accounts.models import User
from sapro.accounts.queries.my_data import HELD
from tests import factories
from tests.my_data import data_of
from tests.own_quizzes import begin, correct_key, make_own_quiz, sat, wrong_choice
from tests.security.people import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ACCEPT = {"decision": "accepted", "answer": "Option B is right now."}
DECLINE = {"decision": "declined", "answer": "The page you name is of 2016."}


@pytest.fixture
def teacher(db: None) -> User:
    return factories.make_instructor("teacher")


@pytest.fixture
def other(db: None) -> User:
    return factories.make_instructor("other")


@pytest.fixture
def chief(db: None) -> User:
    return User.objects.create_superuser("chief")


@pytest.fixture
def question(teacher: User) -> Question:
    return factories.make_authored(teacher)[0]


@pytest.fixture
def challenge(question: Question, person: User, now: datetime) -> Challenge:
    return Challenge.objects.create(
        person=person, question=question, version=question.current, flaw="key", text="It is <b>B</b>.",
        evidence="https://docs.aws.amazon.com/b.html", created_at=now,
    )  # fmt: skip


@pytest.fixture
def about_notes(course: None, person: User, now: datetime) -> Challenge:
    topic = Topic.objects.get(slug="test-balancers")
    return Challenge.objects.create(
        person=person, topic=topic, anchor="tb-sni", flaw="outdated", text="Not so since 2025.", created_at=now
    )


def of(person: User) -> Client:
    """Somebody's browser."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def url(challenge: Challenge) -> str:
    return f"/teach/challenges/{challenge.pk}/"


# Who reads, who decides


def test_what_is_said_of_a_question_is_read_by_its_authors(
    challenge: Challenge, teacher: User, other: User, chief: User, question: Question
) -> None:
    listed = [url(challenge) in of(one).get("/teach/challenges/").content.decode() for one in (teacher, other, chief)]
    assert listed == [True, False, True]
    assert [of(one).get(url(challenge)).status_code for one in (teacher, other, chief)] == [200, 404, 200]
    assert [overview(one.pk).challenges for one in (teacher, other)] == [1, 0]
    assert of(other).post(url(challenge), ACCEPT).status_code == 404
    question.editors.add(other)
    assert of(other).get(url(challenge)).status_code == 200
    assert overview(other.pk).challenges == 1


def test_learners_and_strangers_find_nothing(challenge: Challenge, person: User) -> None:
    for client in (of(person), Client()):
        assert client.get(url(challenge)).status_code == 404
        assert client.post(url(challenge), ACCEPT).status_code == 404
    challenge.refresh_from_db()
    assert challenge.state == "open"


def test_the_notes_are_read_by_instructors_and_decided_by_the_operator(
    about_notes: Challenge, teacher: User, chief: User
) -> None:
    page = of(teacher).get(url(about_notes)).content.decode()
    assert "The operator of this site decides" in page
    assert "<blockquote" in page
    assert 'name="decision"' not in page
    assert of(teacher).post(url(about_notes), ACCEPT).status_code == 404
    assert 'name="decision"' in of(chief).get(url(about_notes)).content.decode()
    assert of(chief).post(url(about_notes), ACCEPT)["Location"] == "/teach/challenges/"
    assert "“Test balancers” was accepted" in Notice.objects.get().text


# Deciding


@pytest.mark.parametrize(("posted", "state"), [(ACCEPT, "accepted"), (DECLINE, "declined")])
def test_the_challenger_sees_the_outcome(
    challenge: Challenge, teacher: User, person: User, now: datetime, posted: dict[str, str], state: str
) -> None:
    assert "Nobody has decided yet." in of(person).get("/challenges/").content.decode()
    assert of(teacher).post(url(challenge), posted)["Location"] == "/teach/challenges/"
    challenge.refresh_from_db()
    assert (challenge.state, challenge.answer, challenge.decided_by, challenge.decided_at) == (
        state, posted["answer"], teacher, now,
    )  # fmt: skip
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.question, entry.data["challenge"]) == (
        f"challenge.{state}", challenge.question, challenge.pk,
    )  # fmt: skip
    home = of(person).get("/").content.decode()
    assert f"was {state}: {posted['answer']}" in home
    assert 'href="/challenges/"' in home
    mine = of(person).get("/challenges/").content.decode()
    assert posted["answer"] in mine
    assert state.capitalize() in mine
    [told] = data_of(of(person))["challenges"]
    assert (told["state"], told["answer"]) == (state, posted["answer"])


@pytest.mark.parametrize(
    ("posted", "error"),
    [
        ({"decision": "declined", "answer": ""}, "Write a sentence"),
        ({"decision": "accepted", "answer": "  "}, "Write a sentence"),
        ({"decision": "accepted", "answer": "ok"}, "at least 3 characters"),
        ({"decision": "", "answer": "It stays."}, "This field is required"),
        ({"decision": "open", "answer": "It stays."}, "Select a valid choice"),
        ({"decision": "declined", "answer": "x" * 3001}, "at most 3000 characters"),
    ],
)
def test_a_mistake_stands_at_its_field_and_nothing_is_lost(
    challenge: Challenge, teacher: User, posted: dict[str, str], error: str
) -> None:
    reply = of(teacher).post(url(challenge), posted)
    assert reply.status_code == 422
    assert error in reply.content.decode()
    assert posted["answer"].strip() in reply.content.decode()
    challenge.refresh_from_db()
    assert (challenge.state, Notice.objects.count()) == ("open", 0)


def test_the_second_who_decides_is_told_of_the_first(challenge: Challenge, teacher: User, chief: User) -> None:
    assert of(chief).post(url(challenge), DECLINE).status_code == 302
    reply = of(teacher).post(url(challenge), ACCEPT)
    page = reply.content.decode()
    assert reply.status_code == 409
    assert "chief decided this a moment ago." in page
    assert DECLINE["answer"] in page
    assert ACCEPT["answer"] in page
    assert (Notice.objects.count(), AuditEntry.objects.count()) == (1, 1)


def test_nobody_is_told_where_the_challenger_has_left(challenge: Challenge, teacher: User, now: datetime) -> None:
    Challenge.objects.update(person=None)
    decide_challenge(challenge_id=challenge.pk, actor=teacher, accepted=True, answer="Right.", now=now)
    assert Notice.objects.count() == 0
    assert "somebody who has left" in of(teacher).get(url(challenge)).content.decode()


def test_what_was_written_is_shown_as_text(challenge: Challenge, teacher: User, person: User, now: datetime) -> None:
    assert "It is &lt;b&gt;B&lt;/b&gt;." in of(teacher).get(url(challenge)).content.decode()
    decide_challenge(challenge_id=challenge.pk, actor=teacher, accepted=False, answer="<script>x</script>", now=now)
    for page in ("/", "/challenges/"):
        text = of(person).get(page).content.decode()
        assert "&lt;script&gt;x" in text
        assert "<script>x" not in text


# The way to a correction


def test_as_it_was_and_as_it_is_and_what_is_to_be_marked_again(
    challenge: Challenge, teacher: User, question: Question, person: User, now: datetime
) -> None:
    quiz = make_own_quiz(teacher, [question], title="Networks")
    sat(person, quiz, [question], now - timedelta(days=1))
    before = of(teacher).get(url(challenge)).content.decode()
    assert "The question as it is" not in before
    correct_key(question, wrong_choice(question), now)
    page = of(teacher).get(url(challenge)).content.decode()
    assert "The question as it was" in page
    assert "The question as it is" in page
    assert "a corrected key" in page
    assert f"/teach/quizzes/{quiz.slug}/remark/" in page


def test_other_challenges_of_the_same_stand_beside_it(
    challenge: Challenge, teacher: User, question: Question, now: datetime
) -> None:
    Challenge.objects.create(
        question=question, version=question.current, flaw="unclear", text="Which one?", created_at=now,
        state="declined", answer="The second.", decided_by=teacher, decided_at=now,
    )  # fmt: skip
    page = of(teacher).get(url(challenge)).content.decode()
    assert "1 other challenge of the same" in page
    assert "teacher: The second." in page


def test_an_exam_that_holds_the_question_keeps_key_and_outcome_back(
    challenge: Challenge, teacher: User, person: User, question: Question, now: datetime
) -> None:
    decide_challenge(challenge_id=challenge.pk, actor=teacher, accepted=True, answer="It is B.", now=now)
    quiz = make_own_quiz(teacher, [question])
    running = [begin(one, quiz, [question], now) for one in (person, teacher)]
    mine = of(person).get("/challenges/").content.decode()
    assert ("It is B." in mine, "withheld for now" in mine, "accepted" in mine.lower()) == (False, True, False)
    assert "It is B." not in of(person).get("/").content.decode()
    assert data_of(of(person))["challenges"][0]["answer"] == HELD
    assert f"canary-{question.code}" not in of(teacher).get(url(challenge)).content.decode()
    for one in running:
        finish_attempt(attempt_id=one.pk, now=now, by_learner=True)
    assert "It is B." in of(person).get("/challenges/").content.decode()
    assert f"canary-{question.code}" in of(teacher).get(url(challenge)).content.decode()


def test_strangers_have_none(db: None) -> None:
    page = Client().get("/challenges/").content.decode()
    assert "You have objected to nothing" in page
    assert User.objects.count() == 0


def test_lists_cost_the_same_for_one_and_for_thirty(
    challenge: Challenge, teacher: User, person: User, question: Question, now: datetime
) -> None:
    asked = [(of(teacher), "/teach/challenges/"), (of(teacher), url(challenge)), (of(person), "/challenges/")]

    def statements() -> list[int]:
        found = []
        for client, address in asked:
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            found.append(len(captured))
        return found

    few = statements()
    Challenge.objects.bulk_create(
        Challenge(
            person=person, question=question, version=question.current, flaw="key", text="Again.", created_at=now,
        )
        for _ in range(29)
    )  # fmt: skip
    assert statements() == few
    assert max(few) <= 14


# At once


def at_once(tasks: list[Callable[[], Any]]) -> list[Any]:
    barrier = Barrier(len(tasks), timeout=60)

    def run(task: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=30)
            return task()
        except AlreadyDecided as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_decide_at_once_one_does(
    transactional_db: None, challenge: Challenge, teacher: User, now: datetime
) -> None:
    def decide(accepted: bool) -> Callable[[], Any]:
        return lambda: decide_challenge(
            challenge_id=challenge.pk, actor=teacher, accepted=accepted, answer=f"{accepted}", now=now
        )

    done = at_once([decide(number % 2 == 0) for number in range(8)])
    [first] = [one for one in done if isinstance(one, Challenge)]
    late = [one for one in done if isinstance(one, AlreadyDecided)]
    assert len(late) == 7
    assert {one.challenge.answer for one in late} == {first.answer}
    assert (Notice.objects.count(), AuditEntry.objects.count()) == (1, 1)
