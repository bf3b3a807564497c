"""Every address of a quiz under /teach/ for those it does not belong to: it is not there, and nothing happens."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizzes.models import Attempt, AuditEntry, Question, Quiz, Section, SectionQuestion
from sapro.accounts.models import User
from tests import factories
from tests.quizzes.teach.conftest import browser
from tests.security.addresses import routes, spelled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ACTIONS = ("add", "up", "down", "remove", "publish", "unpublish", "copy", "share", "unshare", "delete", "")


def addresses(quiz: Quiz) -> list[str]:
    """All of them, with this quiz and a sitting of it in them."""
    section = quiz.sections.get()
    sitting = Attempt.objects.filter(quiz=quiz).first() or sat(quiz)
    known = {"slug": [quiz.slug], "pk": [section.pk], "source": ["draw"], "code": [sitting.code]}
    known["teach:quiz_analysis_question code"] = [one.question.code for one in section.fixed.all()[:1]]
    mine = [one for one in routes() if one.name.startswith("teach:quiz_") and "slug" in one.takes]
    assert len(mine) >= 6
    return [url for one in mine for url in spelled(one, known)]


def sat(quiz: Quiz) -> Attempt:
    """A finished sitting by somebody."""
    learner = User.objects.create_user("sitter")
    now = factories.MADE
    made = Attempt.objects.create(
        code="sitting-of-it", person=learner, quiz=quiz, mode=quiz.mode, title=quiz.title, state="submitted",
        started_at=now, ended_at=now, grace=0, seed=1, size=0,
        rules={"marking": "all_or_nothing", "domains": [], "show": {}},
    )  # fmt: skip
    made.results.create(number=1, created_at=now, reason="first", raw=0, maximum=0, fractions=[], versions=[])
    return made


def state() -> list[Any]:
    """Everything that making quizzes can change."""
    return [list(model.objects.order_by("pk").values()) for model in (Quiz, Section, SectionQuestion, AuditEntry)]


@pytest.mark.parametrize("role", ["anonymous", "guest", "learner", "another instructor"])
@pytest.mark.parametrize("published", [True, False])
def test_strangers_find_nothing(
    ada: User, bob: User, guest: User, person: User, bank: list[Question], role: str, published: bool
) -> None:
    people = {"guest": guest, "learner": person, "another instructor": bob}
    client = browser(people[role]) if role in people else Client()
    quiz = factories.make_teachers_quiz(ada, bank[:3], published=published)
    urls, before = addresses(quiz), state()
    for url in urls:
        assert client.get(url).status_code == 404, url
        for action in ACTIONS:
            sent = {"action": action, "revision": quiz.revision, "title": "Mine", "username": "bob", "count": "1"}
            # What is for reading alone says so to instructors before it looks for the quiz.
            refused = (404, 405) if role == "another instructor" else (404,)
            assert client.post(url, sent).status_code in refused, (url, action)
    assert state() == before


def test_co_authors_find_everything(ada: User, bob: User, bank: list[Question]) -> None:
    quiz = factories.make_teachers_quiz(ada, bank[:3])
    quiz.editors.add(bob)
    client = browser(bob)
    for url in addresses(quiz):
        reply = client.get(url)
        assert (reply.status_code, reply.headers["Cache-Control"]) == (200, "private, no-store"), url


def test_a_section_is_found_in_its_own_quiz_only(ada: User, bob: User, bank: list[Question]) -> None:
    mine = factories.make_teachers_quiz(bob, factories.make_authored(bob, 2))
    hers = factories.make_teachers_quiz(ada, bank[:3]).sections.get()
    client = browser(bob)
    url = reverse("teach:quiz_section", args=[mine.slug, hers.pk])
    assert client.get(url).status_code == 404
    assert client.post(url, {"action": "remove", "code": bank[0].code, "revision": 0}).status_code == 404
    edit = reverse("teach:quiz_edit", args=[mine.slug])
    assert client.post(edit, {"action": "remove", "section": hers.pk, "revision": 0}).status_code == 404
    assert hers.fixed.count() == 3


@pytest.mark.parametrize("value", ["", "-1", "9" * 30, "x", "٣"])
def test_nonsense_changes_nothing(ada: User, bank: list[Question], value: str) -> None:
    quiz = factories.make_teachers_quiz(ada, bank[:3])
    client = browser(ada)
    before = state()
    for url in addresses(quiz):
        for action in ("up", "remove", "publish", "unshare", "nonsense"):
            sent = {"action": action, "section": value, "code": value, "revision": value, "person": value}
            assert client.post(url, sent).status_code in (302, 404, 405, 409, 422), (url, action)
        assert client.get(url, {"page": value, "form": value, "q": value, "topic": value}).status_code == 200
    assert state() == before
    assert Attempt.objects.count() == 1
