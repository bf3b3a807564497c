"""From the start on the page of a quiz to the new result, as far as its author shows it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Attempt, Notice, Question, Quiz
from sapro.accounts.models import User
from tests import factories
from tests.my_data import data_of
from tests.own_quizzes import correct_key, wrong_choice
from tests.security.people import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def of(person: User) -> Client:
    """Somebody's browser."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


@pytest.fixture
def teacher(db: None) -> User:
    return factories.make_instructor("ada-teacher")


@pytest.fixture
def questions(teacher: User) -> list[Question]:
    return factories.make_authored(teacher, 3)


def sat_on_the_page(learner: Client, quiz: Quiz, wrong: Question) -> Attempt:
    """All that is given is one answer, which does not count as right yet."""
    assert learner.post(f"/quizzes/{quiz.slug}/start/").status_code == 302
    attempt = Attempt.objects.get(quiz=quiz)
    row = attempt.responses.get(question=wrong)
    sent = [str(row.shown_order.index(one) + 1) for one in wrong_choice(wrong)]
    base = f"/attempts/{attempt.code}/"
    learner.post(f"{base}responses/{row.position}/", {"choice": sent}, headers={"HX-Request": "true"})
    assert learner.post(f"{base}submit/").status_code == 302
    return attempt


def marked_again(teacher: Client, quiz: Quiz, reason: str) -> None:
    url = f"/teach/quizzes/{quiz.slug}/remark/"
    form = teacher.get(url).context["form"].initial
    assert teacher.post(url, {**form, "reason": reason}).status_code == 302


@pytest.mark.parametrize("show", ["submitted", "never"])
def test_the_report_shows_both_results_where_it_shows_a_score(
    teacher: User, questions: list[Question], person: User, now: datetime, show: str
) -> None:
    quiz = factories.make_teachers_quiz(teacher, questions, pass_mark=30, show_score=show, show_key=show)
    learner = of(person)
    attempt = sat_on_the_page(learner, quiz, questions[0])
    page = of(teacher).get(f"/teach/quizzes/{quiz.slug}/results/").content.decode()
    assert "0 of 3 (0 %)" in page
    assert 'class="tag wrong">not passed' in page
    correct_key(questions[0], wrong_choice(questions[0]), now)
    marked_again(of(teacher), quiz, "B was meant all along")
    page = of(teacher).get(f"/teach/quizzes/{quiz.slug}/results/").content.decode()
    assert "1 of 3 (33 %)" in page
    assert 'class="tag right">passed' in page
    report = learner.get(f"/attempts/{attempt.code}/report/").content.decode()
    assert "was marked again, because" in report
    assert ("B was meant all along" in report) is (show == "submitted")
    assert ("0 of 3" in report and "1 of 3" in report) is (show == "submitted")
    [told] = data_of(learner)["attempts"]
    assert (told["results"][1]["reason"] == "B was meant all along") is (show == "submitted")


def test_a_paused_exam_is_under_way_however_late(
    teacher: User, questions: list[Question], person: User, clock: Any
) -> None:
    quiz = factories.make_teachers_quiz(teacher, questions, pause_allowed=True)
    learner = of(person)
    learner.post(f"/quizzes/{quiz.slug}/start/")
    attempt = Attempt.objects.get(quiz=quiz)
    Attempt.objects.filter(pk=attempt.pk).update(paused_at=clock.now + timedelta(minutes=1))
    clock.move(hours=5)
    results = f"/teach/quizzes/{quiz.slug}/results/"
    assert "ada-teacher" not in of(teacher).get(f"{results}?state=expired").content.decode()
    assert attempt.code in of(teacher).get(f"{results}?state=in_progress").content.decode()
    assert attempt.code not in of(teacher).get(f"{results}?state=expired").content.decode()


def test_practice_of_a_quiz_is_marked_again_by_its_result(
    teacher: User, questions: list[Question], person: User, now: datetime
) -> None:
    quiz = factories.make_teachers_quiz(teacher, questions, mode="practice", time_limit=None)
    learner = of(person)
    learner.post(f"/quizzes/{quiz.slug}/start/")
    attempt = Attempt.objects.get(quiz=quiz)
    for row in attempt.responses.select_related("question__current"):
        sent = [str(row.shown_order.index(one) + 1) for one in wrong_choice(row.question)]
        learner.post(f"/practice/sessions/{attempt.code}/responses/{row.position}/", {"choice": sent})
    assert attempt.results.get().raw == 0
    correct_key(questions[0], wrong_choice(questions[0]), now)
    marked_again(of(teacher), quiz, "B was meant")
    assert list(attempt.results.values_list("raw", flat=True)) == [0, 1]
    assert Notice.objects.get().get_absolute_url() == f"/practice/sessions/{attempt.code}/"
    position = attempt.responses.get(question=questions[0]).position
    page = learner.get(f"/practice/sessions/{attempt.code}/?q={position}").content.decode()
    assert "The key of this question was corrected" in page
