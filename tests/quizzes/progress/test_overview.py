"""The page of progress: for nobody, for somebody without a past, for two days and for three months."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from quizzes.engine.scoring import DEFAULT_CUT, practice_scale, wilson
from quizzes.engine.study_days import Calendar
from quizzes.models import Attempt, Exam, Plan, Question, Quiz
from quizzes.queries.progress import bank_of, mocks_of, overview, study_calendar
from quizzes.services.attempts import start_attempt
from quizzes.services.results import finish_attempt, record_exposures
from tests import factories, learners
from tests.quizzes.progress.conftest import recalled, remember
from tests.quizzes.reports.conftest import finished

pytestmark = pytest.mark.usefixtures("standing")

URL = "/progress/"


def page_of(client: Client, query: str = "") -> str:
    reply = client.get(URL + query)
    assert reply.status_code == 200
    assert "no-store" in reply["Cache-Control"]
    return reply.content.decode()


def questions(*, topic: str = "", domain: int | None = None) -> list[Question]:
    found = Question.objects.published().order_by("code")
    found = found.filter(topic__slug=topic) if topic else found
    return list(found.filter(domain=domain) if domain else found)


# The page


def test_a_stranger_and_a_newcomer_are_told_how_it_begins(client: Client, person: Any) -> None:
    stranger = page_of(client)
    assert "Nothing is known of you yet" in stranger
    assert "sessionid" not in client.cookies
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    newcomer = page_of(client)
    assert "Nothing is known of you yet" in newcomer
    assert '<svg class="mastery"' not in newcomer
    assert client.post(URL).status_code == 405


def test_two_days_old(learner: Any, client: Client, now: datetime) -> None:
    past = learners.two_days_old(learner, now)
    page = page_of(client)
    met = learner.exposures.count()
    assert met == 24
    assert "You have met all 24 questions." in page
    assert "By domain of SAP-C03" in page
    assert "None yet." in page
    assert "You studied on 2 days of the last 26 weeks, most recently on November 23." in page
    assert (len(past.sessions), past.answers) == (3, 24)


def test_three_months_old(learner: Any, client: Client, now: datetime) -> None:
    past = learners.three_months_old(learner, now, mock="short-mock")
    page = page_of(client)
    assert len(past.mocks) == 3
    for mock in past.mocks:
        assert f'href="/attempts/{mock.code}/report/"' in page
    assert page.count('<rect class="recalled"') >= 5 + Question.objects.published().values("topic").distinct().count()
    assert "due to be repeated" in page
    assert 'href="/practice/test-balancers/">Practice<span class="visually-hidden">: Test balancers</span></a>' in page
    assert 'class="calendar" role="img" aria-label="You studied on' in page


def test_the_same_past_is_made_again(person: Any, guest: Any, now: datetime) -> None:
    first, second = (learners.two_days_old(one, now) for one in (person, guest))
    assert (first.answers, len(first.sessions)) == (second.answers, len(second.sessions))


def test_topics_are_ordered_as_asked(learner: Any, client: Client, now: datetime) -> None:
    remember(learner, questions(topic="test-balancers"), now, stability=10, days=0)

    def order(query: str) -> list[str]:
        table = page_of(client, query).partition('id="topics"')[2]
        return re.findall(r'<th scope="row"><a href="/notes/([\w-]+)/"', table)

    assert order("?topics=course") == ["test-balancers", "test-health-checks"]
    assert order("?topics=weakest") == order("") == order("?topics=<b>") == ["test-health-checks", "test-balancers"]
    assert '<details class="more" id="topics" open>' in page_of(client, "?topics=course")
    assert '<details class="more" id="topics" open>' not in page_of(client, "?topics=<b>")


def test_it_takes_few_statements(
    learner: Any, client: Client, now: datetime, django_assert_max_num_queries: Any
) -> None:
    learners.three_months_old(learner, now, mock="short-mock")
    page_of(client)
    with django_assert_max_num_queries(12):
        page_of(client)


# Mastery


def test_mastery_is_the_mean_recall_over_all_questions(person: Any, now: datetime) -> None:
    topic = questions(topic="test-balancers")
    remember(person, topic[:2], now, stability=12, days=12)
    remember(person, topic[2:3], now, stability=4, days=0)
    record_exposures(person.pk, [topic[3].pk], now=now, revealed=False)
    found = {one.slug: one.mastery for one in bank_of(person.pk, now=now).topics}
    # What was met and has no card counts as recalled once, just now.
    assert found["test-balancers"].recall == pytest.approx((0.9 + 0.9 + 1.0 + 1.0) / len(topic))
    assert (found["test-balancers"].met, found["test-balancers"].questions) == (4, len(topic))
    assert (found["test-health-checks"].met, found["test-health-checks"].recall) == (0, 0.0)
    whole = bank_of(person.pk, now=now).whole
    assert whole.recall == pytest.approx(3.8 / 24)


def test_other_people_and_what_is_not_asked_any_more_count_nothing(person: Any, guest: Any, now: datetime) -> None:
    remember(guest, questions(), now, stability=10, days=1)
    assert bank_of(person.pk, now=now).whole.met == 0
    mine = questions()[0]
    remember(person, [mine], now, stability=10, days=0)
    assert bank_of(person.pk, now=now).whole.recall == pytest.approx(1 / 24)
    Question.objects.filter(pk=mine.pk).update(status=Question.Status.RETIRED)
    assert (bank_of(person.pk, now=now).whole.met, bank_of(person.pk, now=now).whole.questions) == (0, 23)


def test_domains_are_those_of_the_planned_exam(person: Any, now: datetime) -> None:
    remember(person, questions(domain=5), now, stability=10, days=0)
    usual = bank_of(person.pk, now=now)
    assert usual.exam == "SAP-C03"
    assert {one.number: one.mastery.recall for one in usual.domains} == {"1": 0, "2": 0, "3": 0, "4": 0, "5": 1}
    assert usual.tasks_of == "SAP-C02"
    assert sum(one.mastery.questions for one in usual.tasks) <= 24
    exam = Exam.objects.get(code="SAP-C02")
    day = now.date()
    Plan.objects.create(person=person, exam=exam, exam_on=day, minutes=[30] * 7, started_on=day, changed_at=now)
    planned = bank_of(person.pk, now=now)
    assert planned.exam == "SAP-C02"
    assert planned.domains[0].name == "Design solutions for organizational complexity"
    assert sum(one.mastery.questions for one in planned.domains) == 24


def test_what_stands_in_an_open_exam_is_left_out_until_it_ends(learner: Any, client: Client, now: datetime) -> None:
    remember(learner, questions(), now, stability=12, days=12)
    before = bank_of(learner.pk, now=now)
    attempt = start_attempt(
        person_id=learner.pk, quiz=Quiz.objects.get(slug="short-mock"), time_option="standard", grace=2, now=now
    )
    held = attempt.responses.count()
    during = bank_of(learner.pk, now=now)
    assert (during.held, during.whole.questions) == (held, before.whole.questions - held)
    page = page_of(client)
    assert f"{held} questions of an exam that you have open are left out" in page
    for row in attempt.responses.select_related("version"):
        row.choice, row.choice_at = learners.choice_of(row, right=row.position % 2 == 0), 1
        row.save()
    assert bank_of(learner.pk, now=now) == during
    assert page_of(client) == page
    finish_attempt(attempt_id=attempt.pk, now=now + timedelta(minutes=9), by_learner=True)
    assert bank_of(learner.pk, now=now).held == 0


# Mock exams


def test_a_mock_has_the_range_of_what_was_new(person: Any, now: datetime) -> None:
    quiz = factories.make_quiz(Exam.objects.get(code="SAP-C03"), scored=15, unscored=5)
    attempt = finished(person, quiz, now, lambda row: row.position % 3 != 0)
    rows = list(attempt.responses.filter(scored=True))
    right = sum(row.fraction == 1 for row in rows)
    [mock] = mocks_of(person.pk)
    assert (mock.code, mock.scored, mock.right, mock.new, mock.new_right) == (attempt.code, 15, right, 15, right)
    assert mock.interval == wilson(right, 15)
    assert mock.scale == practice_scale(right, 15, mock.cut)
    assert mock.cut == DEFAULT_CUT
    attempt.rules["cut"] = 0.5
    attempt.save()
    assert mocks_of(person.pk)[0].scale == practice_scale(right, 15, 0.5)


def test_what_was_seen_before_says_nothing_of_new_questions(learner: Any, client: Client, now: datetime) -> None:
    seen = [one.pk for one in questions()]
    quiz = factories.make_quiz(Exam.objects.get(code="SAP-C03"), scored=15)
    finished(learner, quiz, now, lambda row: True, seen=seen)
    [mock] = mocks_of(learner.pk)
    assert (mock.right, mock.new, mock.interval, mock.scale) == (15, 0, None, None)
    page = page_of(client)
    assert "15 of 15 right, 0 of them asked for the first time." in page
    assert 'class="span"' not in page


def test_the_score_of_a_mock_waits_for_an_open_exam_with_its_questions(
    learner: Any, client: Client, now: datetime
) -> None:
    quiz = factories.make_quiz(Exam.objects.get(code="SAP-C03"), scored=20)
    old = finished(learner, quiz, now - timedelta(days=3), lambda row: row.position < 9)
    told = page_of(client)
    assert "8 of 20 right" in told
    assert "8 of 20 new questions were right" in told
    attempt = start_attempt(person_id=learner.pk, quiz=quiz, time_option="standard", grace=2, now=now)
    page = page_of(client)
    assert old.code in page
    assert "its score is told after that exam" in page
    assert "8 of 20" not in page
    finish_attempt(attempt_id=attempt.pk, now=now + timedelta(minutes=9), by_learner=True)
    assert "8 of 20 right" in page_of(client)


def test_an_overdue_mock_is_ended_on_the_way(learner: Any, client: Client, clock: Any) -> None:
    quiz = Quiz.objects.get(slug="short-mock")
    attempt = start_attempt(person_id=learner.pk, quiz=quiz, time_option="standard", grace=2, now=clock.now)
    clock.move(hours=5)
    assert f'href="/attempts/{attempt.code}/report/"' in page_of(client)
    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.EXPIRED


# Study days


def days_of(made: Calendar) -> dict[int, int]:
    return {day.on.toordinal(): day.answers for day in made.days if day.size}


def test_sittings_count_at_their_end_and_repetitions_one_by_one(person: Any, now: datetime) -> None:
    first, second = remember(person, questions()[:2], now, stability=10, days=1)
    for ago, card, source in ((3, first, "cards"), (3, second, "cards"), (2, first, "practice")):
        recalled(card, now - timedelta(days=ago), source)
    learner_practice = learners.two_days_old(person, now).sessions
    today = now.date().toordinal()
    found = days_of(study_calendar(person.pk, now=now, zone=UTC))
    assert found == {today - 3: 2, today - 2: 0, today - 1: 20, today: 0}
    assert len(learner_practice) == 3


def test_a_day_is_the_learners_own(person: Any, now: datetime) -> None:
    [card] = remember(person, questions()[:1], now, stability=10, days=1)
    recalled(card, datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    assert list(days_of(study_calendar(person.pk, now=now, zone=UTC))) == [datetime(2026, 11, 22).toordinal()]
    tokyo = study_calendar(person.pk, now=now, zone=ZoneInfo("Asia/Tokyo"))
    assert list(days_of(tokyo)) == [datetime(2026, 11, 23).toordinal()]
    person.time_zone = "Asia/Tokyo"
    person.save()
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    page = page_of(client)
    assert "on November 23." in page
    assert "Days as in Asia/Tokyo." in page


def test_it_reaches_back_half_a_year(person: Any, now: datetime) -> None:
    [card] = remember(person, questions()[:1], now, stability=10, days=1)
    recalled(card, now - timedelta(days=183))
    assert overview(person.pk, now=now, zone=UTC).calendar.studied == 0
