"""Challenging a question or a statement: who may, what is kept, who sees it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from quizzes.models import Challenge, Question, Response
from quizzes.services.challenges import MOST_A_DAY, Objection, TooMany, challenge_question, challenge_statement
from sapro.accounts.models import INSTRUCTORS, User
from tests.quizzes.practice.conftest import answer, begin, sit

pytestmark = pytest.mark.usefixtures("course", "clock")

SAID = {"flaw": "key", "text": "The balancer has no fixed address.", "evidence": "https://docs.aws.amazon.com/x.html"}


@pytest.fixture
def seen(client: Client, person: User, now: datetime) -> Question:
    """A question that the signed-in person has answered in practice."""
    client.force_login(person)
    session = begin(person, now)
    answer(session, 1, now, right=False)
    return session.responses.get(position=1).question


def url(question: Question) -> str:
    return f"/challenges/questions/{question.code}/"


def test_a_question_that_was_answered_can_be_challenged(client: Client, seen: Question, person: User) -> None:
    assert "What is wrong?" in client.get(url(seen)).content.decode()
    reply = client.post(url(seen), SAID, follow=True)
    assert "Thank you." in reply.content.decode()
    kept = Challenge.objects.get()
    assert (kept.person, kept.question, kept.version) == (person, seen, seen.current)
    assert (kept.flaw, kept.text, kept.evidence, kept.state) == ("key", SAID["text"], SAID["evidence"], "open")


def test_a_question_whose_answer_was_not_shown_is_nobodys(client: Client, seen: Question) -> None:
    other = Question.objects.published().exclude(pk=seen.pk).first()
    assert other is not None
    assert client.get(url(other)).status_code == 404
    assert client.post(url(other), SAID).status_code == 404
    assert client.get("/challenges/questions/nothing/").status_code == 404
    client.logout()
    assert client.get(url(seen)).status_code == 404


def test_a_question_of_an_open_exam_is_held(client: Client, seen: Question, person: User, now: datetime) -> None:
    held = sit(person, now).responses.first()
    assert held is not None
    Response.objects.filter(pk=held.pk).update(question=seen, version=seen.current)
    assert client.get(url(seen)).status_code == 404


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"text": "no"}, "at least 10 characters"),
        ({"text": ""}, "This field is required"),
        ({"flaw": "nonsense"}, "Select a valid choice"),
        ({"evidence": "docs.aws"}, "Give an address that begins with https://"),
        ({"evidence": "javascript:alert(1)"}, "Give an address that begins with https://"),
        ({"text": "x" * 3001}, "at most 3000 characters"),
    ],
)
def test_a_mistake_stands_at_its_field_and_nothing_is_lost(
    client: Client, seen: Question, change: dict[str, str], error: str
) -> None:
    reply = client.post(url(seen), SAID | change)
    page = reply.content.decode()
    assert reply.status_code == 422
    assert error in page
    assert (SAID | change)["evidence"] in page
    assert Challenge.objects.count() == 0


def test_a_statement_of_the_notes_is_challenged_by_anybody(client: Client) -> None:
    page = client.get("/challenges/notes/test-balancers/tb-static/").content.decode()
    assert "More than one answer is right" not in page
    assert "<blockquote" in page
    said = SAID | {"flaw": "outdated"}
    reply = client.post("/challenges/notes/test-balancers/tb-static/", said)
    assert reply["Location"] == "/notes/test-balancers/"
    kept = Challenge.objects.get()
    assert (kept.topic and kept.topic.slug, kept.anchor, kept.question) == ("test-balancers", "tb-static", None)
    assert kept.person is not None
    assert kept.person.is_guest
    assert client.post("/challenges/notes/test-balancers/", said).status_code == 302
    for address in ("/challenges/notes/nothing/", "/challenges/notes/test-balancers/nothing/"):
        assert client.get(address).status_code == 404
    assert client.post("/challenges/notes/test-balancers/", SAID).status_code == 422


def test_a_flood_is_stopped(person: User, now: datetime) -> None:
    question, said = Question.objects.published().first(), Objection("other", "Something is not right here.", "")
    assert question is not None
    for _ in range(MOST_A_DAY):
        challenge_question(person_id=person.pk, question_id=question.pk, said=said, now=now)
    with pytest.raises(TooMany):
        challenge_statement(person_id=person.pk, topic_id=question.topic_id or 0, anchor="", said=said, now=now)
    later = now + timedelta(days=1, seconds=1)
    challenge_question(person_id=person.pk, question_id=question.pk, said=said, now=later)
    assert Challenge.objects.count() == MOST_A_DAY + 1


def test_a_flood_is_told_on_the_page(client: Client, seen: Question, person: User, now: datetime) -> None:
    said = Objection("other", "Something is not right here.", "")
    for _ in range(MOST_A_DAY):
        challenge_question(person_id=person.pk, question_id=seen.pk, said=said, now=now)
    reply = client.post(url(seen), SAID)
    assert reply.status_code == 422
    assert "send it tomorrow" in reply.content.decode()
    assert SAID["text"] in reply.content.decode()


def test_instructors_see_the_list_and_nobody_else(client: Client, seen: Question, django_user_model: Any) -> None:
    client.post(url(seen), SAID | {"text": "<b>It is wrong</b> altogether."})
    assert client.get("/teach/challenges/").status_code == 404
    teacher = django_user_model.objects.create_user("teacher")
    teacher.groups.add(Group.objects.get_or_create(name=INSTRUCTORS)[0])
    client.force_login(teacher)
    page = client.get("/teach/challenges/").content.decode()
    assert "&lt;b&gt;It is wrong&lt;/b&gt;" in page
    assert seen.code in page
    assert "Nothing here" in client.get("/teach/challenges/?state=declined").content.decode()
    assert seen.code in client.get("/teach/challenges/?state=all").content.decode()
    client.logout()
    assert client.get("/teach/challenges/").status_code == 404


def test_practice_leads_there(client: Client, seen: Question) -> None:
    attempt = Response.objects.get(question=seen).attempt
    assert url(seen) in client.get(f"/practice/sessions/{attempt.code}/?q=1").content.decode()
