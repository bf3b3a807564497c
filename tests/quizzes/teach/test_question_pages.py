"""The pages of one question: versions, moves, review, sharing; and the log."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.models import Attempt, AuditEntry, Comment, Draft, Question, Quiz
from quizzes.queries.log import readable_log
from quizzes.queries.versions import uses_of, versions_of
from quizzes.services import lifecycle
from quizzes.services.attempts import start_attempt
from quizzes.services.audit import record
from sapro.accounts.models import User
from tests import factories
from tests.quizzes.teach.test_images import sit
from tests.quizzes.teach.test_lifecycle import data, drafted
from tests.security.people import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def ada() -> User:
    return factories.make_instructor("ada")


@pytest.fixture
def bob() -> User:
    return factories.make_instructor("bob")


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def move(client: Client, name: str, code: str = "mine") -> str:
    return client.post(f"/teach/questions/{code}/move/", {"move": name}, follow=True).content.decode()


# Versions


def test_versions_with_their_use_and_what_changed(ada: User, now: datetime, person: User) -> None:
    question, client = drafted(ada, now), signed_in(ada)
    assert "a draft only" in client.get("/teach/questions/mine/versions/").content.decode()
    lifecycle.publish(question.pk, actor=ada, now=now)
    question.refresh_from_db()
    sit(question, person, now)
    Draft.objects.update(data=data(stem="Which <b>gateway</b> is cheapest?"))
    lifecycle.publish(question.pk, actor=ada, now=now)
    page = client.get("/teach/questions/mine/versions/").content.decode()
    assert "From version 1 to version 2" in page
    assert "<del>meant</del>" in page
    assert "&lt;" in page.replace("<ins>&lt;</ins>", "&lt;")
    assert "practice: 1 attempt (1 under way)" in page
    same = client.get("/teach/questions/mine/versions/?old=1&new=1").content.decode()
    assert "<del>" not in same
    odd = client.get("/teach/questions/mine/versions/?old=zebra&new=99")
    assert "From version 1 to version 2" in odd.content.decode()


def test_quizzes_of_others_are_counted_and_not_named(ada: User, bob: User, now: datetime, person: User) -> None:
    [question] = factories.make_authored(ada)
    for owner in (ada, bob):
        quiz = Quiz.objects.create(
            slug=f"q-{owner.username}", title=f"Quiz of {owner.username}", origin="author", owner=owner, scored=1
        )
        someone = User.objects.create_user(f"learner-of-{owner.username}")
        sit(question, someone, now)
        Attempt.objects.filter(person=someone).update(quiz=quiz)
    [uses] = uses_of(question, ada.pk).values()
    assert sorted(one.title for one in uses) == ["Quiz of ada", "others"]


def test_the_page_takes_few_statements(ada: User, now: datetime) -> None:
    question, client = drafted(ada, now), signed_in(ada)
    for n in range(8):
        Draft.objects.update(data=data(stem=f"Which {n}?"))
        lifecycle.publish(question.pk, actor=ada, now=now)
    client.get("/teach/")
    with CaptureQueriesContext(connection) as statements:
        client.get("/teach/questions/mine/versions/")
    assert len(statements) <= 11
    assert len(versions_of(question)) == 8


def test_a_question_of_the_course_is_read_only(course: None, ada: User) -> None:
    client = signed_in(ada)
    page = client.get("/teach/questions/test-tb01/versions/").content.decode()
    assert "it can be read and copied" in page
    assert 'name="move"' not in page
    for address in ("move", "review", "sharing", "images"):
        assert client.post(f"/teach/questions/test-tb01/{address}/", {"move": "retire"}).status_code == 404


def test_what_stands_in_an_exam_of_mine_is_not_told(course: None, ada: User, now: datetime) -> None:
    client = signed_in(ada)
    quiz = Quiz.objects.get(slug="short-mock")
    attempt = start_attempt(person_id=ada.pk, quiz=quiz, now=now, time_option="standard", grace=2)
    question = attempt.responses.select_related("question__current").first().question
    page = client.get(f"/teach/questions/{question.code}/versions/").content.decode()
    assert "an exam that you have open" in page
    assert question.current.body["options"][0]["rationale"][:30] not in page
    client.post(f"/teach/questions/{question.code}/copy/")
    assert not Question.objects.authored().exists()


# Moves


def test_moves_by_their_buttons(ada: User, now: datetime) -> None:
    question, client = drafted(ada, now), signed_in(ada)
    assert "Propose for review" in client.get("/teach/questions/mine/versions/").content.decode()
    assert "is being read" in move(client, "propose")
    assert "somebody has moved the question" in move(client, "publish")
    move(client, "withdraw")
    assert "Done." in move(client, "publish")
    move(client, "retire")
    question.refresh_from_db()
    assert question.status == "retired"
    move(client, "restore")
    Draft.objects.update(data={"stem": ""})
    assert "Write the question." in move(client, "publish")
    for nonsense in ("", "approve", "explode"):
        assert client.post("/teach/questions/mine/move/", {"move": nonsense}).status_code == 404


# Review


@pytest.fixture
def proposed(ada: User, bob: User, now: datetime) -> Question:
    question = drafted(ada, now)
    lifecycle.propose(question.pk, actor=ada, now=now)
    question.editors.add(bob)
    question.refresh_from_db()
    return question


def decide(client: Client, question: Question, decision: str, text: str = "") -> Any:
    fields = {"version": question.proposed_id or 0, "decision": decision, "text": text}
    return client.post(f"/teach/questions/{question.code}/review/", fields)


def test_a_second_person_reads_and_publishes(ada: User, bob: User, proposed: Question) -> None:
    reader, author = signed_in(bob), signed_in(ada)
    assert "Publish it" in reader.get("/teach/questions/mine/review/").content.decode()
    assert "Publish it" not in author.get("/teach/questions/mine/review/").content.decode()
    assert decide(reader, proposed, "comment", "Is option b not right too?").status_code == 302
    assert decide(author, proposed, "comment", "No: it costs more.").status_code == 302
    page = reader.get("/teach/questions/mine/review/").content.decode()
    assert "Is option b not right too?" in page
    assert "No: it costs more." in page
    refused = decide(author, proposed, "approve")
    assert (refused.status_code, "somebody else reads it" in refused.content.decode()) == (422, True)
    assert decide(reader, proposed, "approve").status_code == 302
    proposed.refresh_from_db()
    assert (proposed.status, Comment.objects.count()) == ("published", 2)
    assert decide(reader, proposed, "approve").status_code == 302


def test_whoever_sends_it_back_says_why_and_loses_no_word(bob: User, proposed: Question) -> None:
    reader = signed_in(bob)
    assert "Say something first" in decide(reader, proposed, "send_back").content.decode()
    stale = reader.post(
        "/teach/questions/mine/review/", {"version": 0, "decision": "send_back", "text": "Long thoughts"}
    )
    assert (stale.status_code, "Long thoughts" in stale.content.decode()) == (422, True)
    assert not Comment.objects.exists()
    decide(reader, proposed, "send_back", "Mend the stem.")
    proposed.refresh_from_db()
    assert (proposed.status, Comment.objects.get().text) == ("draft", "Mend the stem.")


def test_words_of_reviewers_are_words(bob: User, proposed: Question) -> None:
    reader = signed_in(bob)
    decide(reader, proposed, "comment", "<script>alert(1)</script>")
    assert "<script>alert(1)" not in reader.get("/teach/questions/mine/review/").content.decode()


# Sharing


def share(client: Client, name: str) -> Any:
    return client.post("/teach/questions/mine/sharing/", {"name": name})


def test_a_question_is_shared_left_and_taken_away(ada: User, bob: User, now: datetime) -> None:
    question = drafted(ada, now)
    author, other = signed_in(ada), signed_in(bob)
    address = "/teach/questions/mine/sharing/"
    assert other.get(address).status_code == 404
    assert share(author, " BOB ").status_code == 302
    assert other.get(address).status_code == 200
    assert share(other, "ada").status_code == 404
    assert other.post(f"{address}{ada.pk}/leave/").status_code == 404
    assert other.post(f"{address}{bob.pk}/leave/")["Location"] == "/teach/questions/"
    assert other.get(address).status_code == 404
    share(author, "bob")
    assert author.post(f"{address}{bob.pk}/leave/").status_code == 302
    assert author.post(f"{address}{bob.pk}/leave/").status_code == 404
    assert not question.editors.exists()
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["question.shared", "question.left", "question.shared", "question.unshared"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nobody", "nobody of this name"),
        ("learner", "is no instructor"),
        ("ada", "This is the author"),
        ("bob", "is shared with “bob” already"),
        ("", "Write a user name"),
        ("<b>", "nobody of this name"),
    ],
)
def test_with_whom_it_is_not_shared(ada: User, bob: User, person: User, now: datetime, name: str, words: str) -> None:
    drafted(ada, now).editors.add(bob)
    reply = share(signed_in(ada), name)
    assert (reply.status_code, words in reply.content.decode()) == (422, True)
    assert not AuditEntry.objects.exists()


# The log


def test_the_log_tells_of_what_is_mine_or_shared(ada: User, bob: User, now: datetime) -> None:
    question = drafted(ada, now)
    lifecycle.publish(question.pk, actor=ada, now=now)
    lifecycle.correct_key(question.pk, ["c"], ada, now)
    record(ada, "quiz.strange_thing", now=now, question=question, data={"a": ["<b>", 1], "b": {"x": 2}})
    [others] = factories.make_authored(bob)
    record(bob, "question.retired", now=now, question=others)
    page = signed_in(ada).get("/teach/log/").content.decode()
    assert "published version 1" in page
    assert "corrected the key from a to c (version 2)" in page
    assert "strange thing (a: &lt;b&gt;, 1, b: x 2)" in page
    assert others.code not in page
    assert [one.verb for one in readable_log(ada.pk, kind="keys")] == ["question.key"]
    assert [one.verb for one in readable_log(ada.pk, kind="publishing")] == ["question.published"]
    assert list(readable_log(ada.pk, question=others.code)) == []
    assert "Nothing here" in signed_in(ada).get("/teach/log/?kind=rights").content.decode()
    assert signed_in(ada).get("/teach/log/?kind=x&page=y&question=<>").status_code == 200
    question.editors.add(bob)
    assert readable_log(bob.pk).count() == 4


def test_every_page_of_a_question_is_for_its_people_alone(
    ada: User, bob: User, person: User, proposed: Question
) -> None:
    proposed.editors.clear()
    for client in (Client(), signed_in(person), signed_in(bob)):
        for name in ("versions", "review", "sharing", "images"):
            assert client.get(f"/teach/questions/mine/{name}/").status_code == 404
        for name in ("move", "copy", "review", "sharing", "images", f"sharing/{ada.pk}/leave"):
            assert client.post(f"/teach/questions/mine/{name}/", {"move": "publish"}).status_code == 404
    for client in (Client(), signed_in(person)):
        assert [client.get(path).status_code for path in ("/teach/questions/", "/teach/log/")] == [404, 404]
