"""What is whose under /teach/."""

import pytest
from django.test import Client

from quizzes.models import Question, Quiz
from quizzes.queries import rights
from quizzes.queries.teach import overview
from quizzes.services.audit import record
from sapro.accounts.models import User
from tests import factories
from tests.security.people import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def two() -> tuple[User, User]:
    return factories.make_instructor("ada"), factories.make_instructor("bob")


def test_a_question_is_its_authors_and_of_those_it_is_shared_with(two: tuple[User, User]) -> None:
    ada, bob = two
    [mine] = factories.make_authored(ada)
    assert [list(rights.own_questions(one.pk)) for one in two] == [[mine], []]
    mine.editors.add(bob, ada)
    assert [list(rights.own_questions(one.pk)) for one in two] == [[mine], [mine]]


def test_the_course_is_read_by_all_and_owned_by_none(two: tuple[User, User]) -> None:
    ada, _ = two
    [course] = factories.make_questions(factories.make_exam(), [1])
    [staged] = factories.make_questions(factories.make_exam(), [1], status="staged")
    assert list(rights.own_questions(ada.pk)) == []
    readable = rights.readable_questions(ada.pk)
    assert (course in readable, staged in readable) == (True, False)


def test_a_quiz_likewise(two: tuple[User, User]) -> None:
    ada, bob = two
    quiz = Quiz.objects.create(slug="mine", title="Mine", origin=Quiz.Origin.AUTHOR, owner=ada, scored=1)
    assert [list(rights.own_quizzes(one.pk)) for one in two] == [[quiz], []]
    quiz.editors.add(bob)
    assert list(rights.own_quizzes(bob.pk)) == [quiz]


def test_the_home_counts_what_is_theirs(two: tuple[User, User]) -> None:
    ada, bob = two
    factories.make_authored(ada, 3)
    factories.make_authored(ada, 2, status="draft")
    seen = {status: n for status, _, n in overview(ada.pk).questions}
    assert (seen[Question.Status.PUBLISHED], seen[Question.Status.DRAFT]) == (3, 2)
    assert sum(n for _, _, n in overview(bob.pk).questions) == 0


def test_the_home_is_for_instructors(two: tuple[User, User], client: Client, person: User) -> None:
    assert client.get("/teach/").status_code == 404
    client.force_login(person, backend=BACKEND)
    assert client.get("/teach/").status_code == 404
    client.force_login(two[0], backend=BACKEND)
    reply = client.get("/teach/")
    assert (reply.status_code, reply.headers["Cache-Control"]) == (200, "private, no-store")


def test_the_log_keeps_the_name_of_whoever_leaves(two: tuple[User, User], now: object) -> None:
    ada, _ = two
    entry = record(ada, "question.published", now=now)  # type: ignore[arg-type]
    ada.delete()
    entry.refresh_from_db()
    assert (entry.actor, entry.actor_name) == (None, "ada")
