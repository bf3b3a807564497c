"""The results of a quiz for its instructor: the list, one sitting, the file."""

import csv
import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.models import Attempt, Event, Question, Quiz
from quizzes.queries.sittings import A_PAGE
from quizzes.services.attempts import start_attempt
from quizzes.services.proctoring import void_attempt
from sapro.accounts.models import User
from sapro.accounts.services.guests import make_guest
from sapro.accounts.services.people import delete_person
from tests import factories
from tests.own_quizzes import begin, correct_key, give, make_own_quiz, sat, wrong_choice
from tests.security.people import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def teacher(client: Client) -> User:
    """The instructor, signed in."""
    made = factories.make_instructor("teacher")
    client.force_login(made, backend=BACKEND)
    return made


@pytest.fixture
def questions(teacher: User) -> list[Question]:
    return factories.make_authored(teacher, 4)


@pytest.fixture
def quiz(teacher: User, questions: list[Question]) -> Quiz:
    return make_own_quiz(teacher, questions, pass_mark=50, title="Networks")


@pytest.fixture
def learners(db: None) -> list[User]:
    return [User.objects.create_user(name) for name in ("zoe", "adam", "mia")]


@pytest.fixture
def three(quiz: Quiz, questions: list[Question], learners: list[User], now: datetime) -> list[Attempt]:
    """Zoe has all right in 30 minutes, Adam one in 10; Mia is under way."""
    zoe, adam, mia = learners
    return [
        sat(zoe, quiz, questions, now - timedelta(hours=3), right={1, 2, 3, 4}, minutes=30),
        sat(adam, quiz, questions, now - timedelta(hours=2), right={1}, minutes=10),
        begin(mia, quiz, questions, now - timedelta(minutes=5)),
    ]


def url(quiz: Quiz, more: str = "") -> str:
    return f"/teach/quizzes/{quiz.slug}/results/{more}"


def names(client: Client, quiz: Quiz, query: str = "") -> list[str]:
    """Who stands in the list, from the top."""
    page = client.get(url(quiz) + query).content.decode()
    return re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', page)


# The list


def test_it_says_who_when_how_long_and_how_good(client: Client, quiz: Quiz, three: list[Attempt]) -> None:
    page = client.get(url(quiz)).content.decode()
    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr>(.*?)</tr>", page, re.S)][1:]
    zoe = next(row for row in rows if "zoe" in row)
    assert re.search(r"submitted .* 0:30:00 .* 4 of 4 \(100 %\) .* passed", zoe)
    adam = next(row for row in rows if "adam" in row)
    assert re.search(r"0:10:00 .* 1 of 4 \(25 %\) .* not passed", adam)
    assert re.search(r"in progress .* – .* – .* –", next(row for row in rows if "mia" in row))
    assert "3 attempts" in page


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["mia", "adam", "zoe"]),
        ("?sort=when", ["zoe", "adam", "mia"]),
        ("?sort=who", ["adam", "mia", "zoe"]),
        ("?sort=-who", ["zoe", "mia", "adam"]),
        ("?sort=score", ["adam", "zoe", "mia"]),
        ("?sort=-score", ["zoe", "adam", "mia"]),
        ("?sort=time", ["adam", "zoe", "mia"]),
        ("?sort=nonsense", ["mia", "adam", "zoe"]),
        ("?state=submitted", ["adam", "zoe"]),
        ("?state=in_progress", ["mia"]),
        ("?state=void", []),
        ("?state=nonsense", ["mia", "adam", "zoe"]),
        ("?person=A&sort=who", ["adam", "mia"]),
        ("?page=999", ["mia", "adam", "zoe"]),
        ("?page=x&person=%00", ["mia", "adam", "zoe"]),
        ("?person=nobody", []),
    ],
)
def test_it_sorts_and_filters(client: Client, quiz: Quiz, three: list[Attempt], query: str, order: list[str]) -> None:
    assert names(client, quiz, query) == order


def test_what_is_over_is_called_so_before_anybody_wrote_it_down(
    client: Client, quiz: Quiz, three: list[Attempt], clock: Any
) -> None:
    clock.move(hours=2)
    assert names(client, quiz, "?state=expired") == ["mia"]
    assert names(client, quiz, "?state=in_progress") == []
    assert "time ran out" in client.get(url(quiz)).content.decode().lower()
    assert Attempt.objects.get(pk=three[2].pk).state == "in_progress"


def test_void_ones_neither_pass_nor_fail(client: Client, quiz: Quiz, three: list[Attempt], now: datetime) -> None:
    void_attempt(attempt_id=three[0].pk, reason="twice", now=now)
    assert names(client, quiz, "?state=void") == ["zoe"]
    assert 'class="tag right"' not in client.get(url(quiz) + "?state=void").content.decode()


def test_guests_and_who_has_left(
    client: Client, quiz: Quiz, questions: list[Question], learners: list[User], now: datetime
) -> None:
    guest = make_guest(now=now)
    sat(guest, quiz, questions, now)
    sat(learners[0], quiz, questions, now)
    delete_person(person_id=learners[0].pk, now=now)
    assert set(names(client, quiz)) == {f"Guest {guest.username[-4:]}", "somebody who has left"}


def test_pages_keep_filter_and_order(
    client: Client, quiz: Quiz, questions: list[Question], learners: list[User], now: datetime
) -> None:
    for number in range(A_PAGE + 3):
        sat(learners[number % 3], quiz, questions[:1], now + timedelta(minutes=number))
    page = client.get(url(quiz) + "?sort=who&state=submitted").content.decode()
    assert 'href="?page=2&amp;state=submitted&amp;sort=who"' in page
    assert len(names(client, quiz, "?page=2")) == 3


def test_it_takes_as_many_statements_for_three_as_for_sixty(
    client: Client, quiz: Quiz, questions: list[Question], three: list[Attempt], learners: list[User], now: datetime
) -> None:
    correct_key(questions[0], wrong_choice(questions[0]), now)

    def statements(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    addresses = [url(quiz), url(quiz, f"{three[0].code}/"), f"/teach/quizzes/{quiz.slug}/remark/"]
    client.get(url(quiz))  # the first visit of a day is written down
    few = [statements(one) for one in addresses]
    for number in range(60):
        sat(learners[number % 2], quiz, questions, now + timedelta(minutes=number))
    assert [statements(one) for one in addresses] == few
    assert few[0] <= 10
    assert max(few) <= 15


def test_nobody_has_sat_it_yet(client: Client, quiz: Quiz) -> None:
    assert "Nobody has sat this quiz yet" in client.get(url(quiz)).content.decode()
    assert "Nothing to mark again" in client.get(f"/teach/quizzes/{quiz.slug}/remark/").content.decode()


# Whose it is


def test_it_is_there_for_its_authors_alone(
    client: Client, quiz: Quiz, three: list[Attempt], learners: list[User]
) -> None:
    code = three[0].code
    addresses = [url(quiz), url(quiz, f"{code}/"), f"/teach/quizzes/{quiz.slug}/results.csv"]
    addresses.append(f"/teach/quizzes/{quiz.slug}/remark/")
    other = factories.make_instructor("other")
    chief = User.objects.create_superuser("chief")
    for person in (learners[0], other, chief, None):
        stranger = Client()
        if person is not None:
            stranger.force_login(person, backend=BACKEND)
        assert [stranger.get(one).status_code for one in addresses] == [404] * 4
        assert stranger.post(addresses[3], {"reason": "x", "token": "x"}).status_code == 404
    quiz.editors.add(other)
    client.force_login(other, backend=BACKEND)
    assert [client.get(one).status_code for one in addresses] == [200] * 4


def test_a_sitting_of_another_quiz_is_not_there(
    client: Client, teacher: User, quiz: Quiz, three: list[Attempt]
) -> None:
    another = make_own_quiz(teacher)
    assert client.get(url(another, f"{three[0].code}/")).status_code == 404
    assert client.get(url(quiz, "nothing/")).status_code == 404


def test_the_course_has_no_results_here(client: Client, teacher: User, course: None) -> None:
    assert client.get("/teach/quizzes/short-mock/results/").status_code == 404


# One sitting


def test_one_sitting_shows_what_was_given_and_what_happened(
    client: Client, quiz: Quiz, three: list[Attempt], now: datetime
) -> None:
    Event.objects.create(attempt=three[1], kind="extended", received_at=now, data={"seconds": 300, "reason": "fire"})
    page = client.get(url(quiz, f"{three[1].code}/")).content.decode()
    assert page.count('<span class="tag right">Right</span>') == 1
    assert page.count('<span class="tag wrong">Wrong</span>') == 3
    assert "Your answer, right" in page
    assert "Question 1: answered" in page
    assert "Given more time: 5 minutes: fire" in page
    assert "Something wrong with this question?" not in page
    assert page.count("<form") == 1  # the search of the site: nothing to change anything with
    wrong = client.get(url(quiz, f"{three[1].code}/?show=wrong")).content.decode()
    assert wrong.count('<section class="question"') == 3


def test_one_under_way_is_not_judged(
    client: Client, quiz: Quiz, questions: list[Question], three: list[Attempt], now: datetime
) -> None:
    give(three[2], 2, wrong_choice(questions[1]), now)
    page = client.get(url(quiz, f"{three[2].code}/")).content.decode()
    assert page.count("Answered so far") == 1
    assert 'class="tag wrong"' not in page


def test_looking_changes_nothing(client: Client, quiz: Quiz, three: list[Attempt]) -> None:
    before = list(Attempt.objects.order_by("pk").values_list()), Event.objects.count()
    for address in (url(quiz), url(quiz, f"{three[0].code}/"), f"/teach/quizzes/{quiz.slug}/results.csv"):
        client.get(address)
    assert (list(Attempt.objects.order_by("pk").values_list()), Event.objects.count()) == before


def test_who_sits_an_exam_with_the_question_sees_no_key(
    client: Client, teacher: User, quiz: Quiz, three: list[Attempt], questions: list[Question], now: datetime
) -> None:
    begin(teacher, quiz, questions[:2], now)
    page = client.get(url(quiz, f"{three[0].code}/")).content.decode()
    assert page.count("This question stands in a mock exam that you have open.") == 2
    assert f"canary-{questions[0].code}-a" not in page
    assert f"canary-{questions[2].code}-a" in page


# The file


def test_the_file_holds_every_sitting(client: Client, quiz: Quiz, three: list[Attempt]) -> None:
    reply = client.get(f"/teach/quizzes/{quiz.slug}/results.csv")
    assert reply["Content-Disposition"] == f'attachment; filename="{quiz.slug}-results-2026-11-23.csv"'
    assert (reply.streaming, reply["Cache-Control"]) == (True, "private, no-store")
    text = b"".join(reply.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["person"] for row in rows] == ["zoe", "adam", "mia"]
    assert {name: rows[0][name] for name in ("state", "seconds", "score", "maximum", "percent", "passed")} == {
        "state": "submitted", "seconds": "1800", "score": "4.0", "maximum": "4.0", "percent": "100.0", "passed": "yes",
    }  # fmt: skip
    assert rows[0]["started_at"] == "2026-11-23T09:00:00+00:00"
    assert (rows[2]["ended_at"], rows[2]["passed"], rows[2]["times_marked"]) == ("", "", "0")
    assert (rows[0]["unseen"], rows[2]["unseen"]) == ("4", "")


def test_no_name_is_a_formula(client: Client, quiz: Quiz, questions: list[Question], now: datetime) -> None:
    for name in ("@sum", "-1", "+1"):
        sat(User.objects.create_user(name), quiz, questions, now)
    text = b"".join(client.get(f"/teach/quizzes/{quiz.slug}/results.csv").streaming_content)  # type: ignore[attr-defined]
    assert [row.split(",")[1] for row in text.decode().splitlines()[1:]] == ["'@sum", "'-1", "'+1"]


def test_the_file_is_read_by_chunks(
    client: Client, quiz: Quiz, three: list[Attempt], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quizzes.queries.sittings.IN_A_CHUNK", 2)
    text = b"".join(client.get(f"/teach/quizzes/{quiz.slug}/results.csv").streaming_content)  # type: ignore[attr-defined]
    assert len(text.decode().splitlines()) == 4


def test_an_exam_started_on_the_page_is_listed(
    client: Client, course: None, teacher: User, person: User, now: datetime
) -> None:
    """Not only what a factory wrote: an attempt of the service at a quiz of this instructor."""
    quiz = Quiz.objects.get(slug="short-mock")
    Quiz.objects.filter(pk=quiz.pk).update(origin="author", owner=teacher, published_at=now)
    start_attempt(person_id=person.pk, quiz=quiz, time_option="standard", grace=2, now=now)
    assert names(client, quiz) == ["learner"]
