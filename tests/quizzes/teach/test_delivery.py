"""Sitting an instructor's quiz: who may begin when, what is drawn, what is shown, and what stays as it was."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Attempt, Exposure, Question, Quiz, Section
from quizzes.services import quizzes as services
from quizzes.services.quiz_sections import Desk, SectionSettings
from sapro.accounts.models import User
from tests import factories
from tests.my_data import data_of
from tests.quizzes.attempts.conftest import right_choice
from tests.quizzes.attempts.test_costs import counting
from tests.quizzes.teach.conftest import browser

pytestmark = pytest.mark.django_db


def start(client: Client, quiz: Quiz, **fields: Any) -> Attempt | None:
    """Start by the page; the attempt, or nothing where it was refused."""
    reply = client.post(f"/quizzes/{quiz.slug}/start/", fields)
    if reply.status_code != 302:
        return None
    code = [part for part in reply["Location"].split("/") if part][-1]
    return Attempt.objects.get(code=code)


def answer_all(client: Client, attempt: Attempt, right: int) -> None:
    """Answer every question of an exam, so many of them rightly."""
    for row in attempt.responses.select_related("version"):
        sent = list(right_choice(row))
        if row.position > right:
            wrong = [str(n) for n in range(1, len(row.shown_order) + 1) if str(n) not in sent]
            sent = wrong[: len(sent)]
        client.post(f"/attempts/{attempt.code}/responses/{row.position}/", {"choice": sent})


def submit(client: Client, attempt: Attempt) -> str:
    """Submit; the page of the result."""
    client.post(f"/attempts/{attempt.code}/submit/")
    return client.get(f"/attempts/{attempt.code}/report/").content.decode()


# Who reaches it


def test_only_whoever_knows_the_address_finds_it(ada: User, bank: list[Question], clock: Any) -> None:
    quiz = factories.make_teachers_quiz(ada, bank[:3])
    draft = factories.make_teachers_quiz(ada, bank[:3], published=False)
    assert quiz.title not in Client().get("/quizzes/").content.decode()
    assert Client().get(f"/quizzes/{quiz.slug}/").status_code == 200
    for client in (Client(), browser(ada)):
        assert client.get(f"/quizzes/{draft.slug}/").status_code == 404
        assert client.post(f"/quizzes/{draft.slug}/start/").status_code == 404


def test_a_guest_sits_it_and_reads_the_mark(ada: User, bank: list[Question], clock: Any) -> None:
    quiz = factories.make_teachers_quiz(ada, bank[:4], pass_mark=75)
    client = Client()
    attempt = start(client, quiz)
    assert attempt is not None
    assert attempt.person.is_guest
    assert list(attempt.responses.values_list("question__code", flat=True)) == [one.code for one in bank[:4]]
    answer_all(client, attempt, right=3)
    page = submit(client, attempt)
    assert "Passed" in page
    assert "3 of 4" in page
    assert "practice line" not in page
    assert "practice scale" not in page
    review = client.get(f"/attempts/{attempt.code}/review/").content.decode()
    assert "canary" in review


@pytest.mark.parametrize(("right", "word"), [(2, "Not passed"), (3, "Passed")])
def test_exactly_the_mark_is_enough(ada: User, bank: list[Question], clock: Any, right: int, word: str) -> None:
    quiz = factories.make_teachers_quiz(ada, bank[:4], pass_mark=75)
    client = Client()
    attempt = start(client, quiz)
    assert attempt is not None
    answer_all(client, attempt, right)
    assert f"<h1>{word}</h1>" in submit(client, attempt)


# When it may begin


def test_it_opens_and_closes_to_the_second(ada: User, bank: list[Question], clock: Any, now: datetime) -> None:
    opens, closes = now + timedelta(minutes=10), now + timedelta(minutes=20)
    quiz = factories.make_teachers_quiz(ada, bank[:3], opens_at=opens, closes_at=closes)
    reasons = []
    for seconds in (599, 600, 1199, 1200):
        clock.now = now + timedelta(seconds=seconds)
        client = Client()
        reasons.append((start(client, quiz) is not None, client.get(f"/quizzes/{quiz.slug}/").content.decode()))
    assert [begun for begun, _page in reasons] == [False, True, True, False]
    assert "It opens on November 23, 2026, 12:10 (UTC)" in reasons[0][1]
    assert "It has closed" in reasons[3][1]
    assert User.objects.filter(is_guest=True).count() == 2


def test_closing_cuts_where_it_is_ticked_and_says_so_before(
    ada: User, bank: list[Question], clock: Any, now: datetime
) -> None:
    closes = now + timedelta(minutes=42)
    whole, cut = (
        factories.make_teachers_quiz(ada, bank[:3], closes_at=closes, closing_cuts=cuts) for cuts in (False, True)
    )
    page = Client().get(f"/quizzes/{cut.slug}/").content.decode()
    assert "you will have 42 minutes, because it closes on November 23, 2026, 12:42 (UTC)" in page
    assert "has the whole 60 minutes" in Client().get(f"/quizzes/{whole.slug}/").content.decode()
    ends = []
    for quiz in (whole, cut):
        attempt = start(Client(), quiz)
        assert attempt is not None
        ends.append(attempt.deadline)
    assert ends == [now + timedelta(hours=1), closes]


def test_attempts_are_counted_and_waited_for(ada: User, person: User, bank: list[Question], clock: Any) -> None:
    quiz = factories.make_teachers_quiz(ada, bank[:3], attempts_allowed=2, delay=600)
    client = browser(person)
    first = start(client, quiz)
    assert first is not None
    assert start(client, quiz) == first  # it is open: one goes on with it
    clock.move(seconds=100)
    submit(client, first)
    clock.move(seconds=599)
    assert start(client, quiz) is None
    assert "You can start again on" in client.get(f"/quizzes/{quiz.slug}/").content.decode()
    clock.move(seconds=1)
    second = start(client, quiz)
    assert second not in (None, first)
    submit(client, second)  # type: ignore[arg-type]
    clock.move(seconds=6000)
    assert start(client, quiz) is None
    assert "You have no more attempts" in client.get(f"/quizzes/{quiz.slug}/").content.decode()
    Attempt.objects.filter(pk=first.pk).update(state="void")
    assert start(client, quiz) is not None


def test_the_access_code_is_asked_for_and_guesses_are_limited(ada: User, bank: list[Question], clock: Any) -> None:
    quiz = factories.make_teachers_quiz(ada, bank[:3], access_code="Room 7")
    client = Client()
    assert 'name="access_code"' in client.get(f"/quizzes/{quiz.slug}/").content.decode()
    assert "Room 7" not in client.get(f"/quizzes/{quiz.slug}/").content.decode()
    assert client.post(f"/quizzes/{quiz.slug}/start/").status_code == 422
    statuses = [
        client.post(f"/quizzes/{quiz.slug}/start/", {"access_code": f"room {n}"}).status_code for n in range(31)
    ]
    assert statuses == [422] * 30 + [429]
    assert client.post(f"/quizzes/{quiz.slug}/start/", {"access_code": "Room 7"}).status_code == 429
    assert User.objects.filter(is_guest=True).count() == 0


def test_the_right_code_opens(ada: User, bank: list[Question], clock: Any) -> None:
    quiz = factories.make_teachers_quiz(ada, bank[:3], access_code="Room 7")
    assert start(Client(), quiz, access_code=" Room 7 ") is not None


# What is drawn


def test_unseen_ones_come_first_and_the_version_is_pinned(
    ada: User, person: User, bank: list[Question], clock: Any
) -> None:
    quiz = factories.make_teachers_quiz(ada, [])
    Section.objects.create(quiz=quiz, position=2, source="draw", count=4, rule={"pool": "own", "tags": ["made"]})
    Quiz.objects.filter(pk=quiz.pk).update(scored=4)
    client = browser(person)
    drawn = []
    for _ in range(2):
        attempt = start(client, quiz)
        assert attempt is not None
        versions = dict(attempt.responses.values_list("question_id", "version_id"))
        factories.edit(bank[0])
        assert dict(attempt.responses.values_list("question_id", "version_id")) == versions
        drawn.append(set(versions))
        submit(client, attempt)
    assert drawn[0].isdisjoint(drawn[1])
    assert drawn[0] | drawn[1] == {one.pk for one in bank}


def test_questions_of_a_scenario_stand_together(ada: User, bank: list[Question], clock: Any) -> None:
    Question.objects.filter(pk__in=[bank[1].pk, bank[6].pk]).update(scenario="shop")
    quiz = factories.make_teachers_quiz(ada, bank, order=Quiz.Order.SHUFFLED)
    for _ in range(5):
        attempt = start(Client(), quiz)
        assert attempt is not None
        order = list(attempt.responses.values_list("question_id", flat=True))
        assert abs(order.index(bank[1].pk) - order.index(bank[6].pk)) == 1


def test_tags_beyond_ascii_are_found(ada: User, bank: list[Question], clock: Any) -> None:
    Question.objects.filter(pk=bank[5].pk).update(tags=["Übung “A”", "x"])
    quiz = factories.make_teachers_quiz(ada, [])
    rule = {"pool": "own", "tags": ["Übung “A”"]}
    Section.objects.create(quiz=quiz, position=2, source="draw", count=1, rule=rule)
    attempt = start(Client(), quiz)
    assert attempt is not None
    assert attempt.responses.get().question == bank[5]


def test_the_course_pool_and_a_blueprint(ada: User, course: None, clock: Any) -> None:
    quiz = factories.make_teachers_quiz(ada, [])
    rule = {"pool": "course", "weights": {"1": 50, "2": 50}}
    Section.objects.create(quiz=quiz, position=2, source="blueprint", count=4, rule=rule)
    on_topic = {"pool": "course", "topics": ["test-health-checks"]}
    Section.objects.create(quiz=quiz, position=3, title="Checks", source="draw", count=3, rule=on_topic)
    client = Client()
    attempt = start(client, quiz)
    assert attempt is not None
    rows = attempt.responses.select_related("question__topic")
    assert sorted(one.question.domain for one in rows if one.domain == 2) == [1, 1, 2, 2]
    checks = [set(one.question.topics.values_list("slug", flat=True)) for one in rows if one.domain == 3]
    assert len(checks) == 3
    assert all("test-health-checks" in one for one in checks)
    page = submit(client, attempt)
    assert "Section 2" in page
    assert "Checks" in page


def test_a_question_retired_since_is_left_out(ada: User, bank: list[Question], clock: Any) -> None:
    quiz = factories.make_teachers_quiz(ada, bank[:3])
    Question.objects.filter(pk=bank[1].pk).update(status="retired")
    attempt = start(Client(), quiz)
    assert attempt is not None
    assert list(attempt.responses.values_list("question_id", flat=True)) == [bank[0].pk, bank[2].pk]
    Question.objects.update(status="retired")
    reply = Client().post(f"/quizzes/{quiz.slug}/start/")
    assert reply.status_code == 409
    assert "no questions any more" in reply.content.decode()


def test_own_questions_never_enter_practice_and_presets(ada: User, course: None, clock: Any) -> None:
    factories.make_authored(ada, 30)
    client = Client()
    client.post("/practice/", {"count": "40"})
    client.post("/quizzes/short-mock/start/")
    assert Attempt.objects.count() == 2
    origins = set(Attempt.objects.values_list("responses__question__origin", flat=True))
    assert origins == {"course"}


# What stays


def test_edits_do_not_touch_who_is_sitting(ada: User, bank: list[Question], clock: Any, now: datetime) -> None:
    quiz = factories.make_teachers_quiz(ada, bank[:4])
    client = Client()
    attempt = start(client, quiz)
    assert attempt is not None
    before = Attempt.objects.values().get(pk=attempt.pk)
    desk = Desk(ada, quiz.slug, None, now)
    [section] = quiz.sections.all()
    desk.remove_question(section.pk, bank[0].code)
    desk.add_section("draw", SectionSettings("Later", count=2))
    Quiz.objects.filter(pk=quiz.pk).update(marking="negative", pass_mark=99, time_limit=60, show_score="never")
    services.unpublish_quiz(actor=ada, slug=quiz.slug, now=now)
    assert Attempt.objects.values().get(pk=attempt.pk) == before
    answer_all(client, attempt, right=4)
    assert "4 of 4" in submit(client, attempt)


@pytest.mark.parametrize(("marking", "raw"), [("all_or_nothing", 1), ("partial", 1), ("negative", 1 - 3 / 3)])
def test_the_marking_is_that_of_the_quiz(ada: User, clock: Any, marking: str, raw: float) -> None:
    single = [one for one in factories.make_authored(ada, 9) if one.current and one.current.choose == 1][:4]
    quiz = factories.make_teachers_quiz(ada, single, marking=marking)
    client = Client()
    attempt = start(client, quiz)
    assert attempt is not None
    review = client.get(f"/attempts/{attempt.code}/?q=review").content.decode()
    assert ("takes marks away" in review, "costs nothing" in review) == (marking == "negative", marking != "negative")
    answer_all(client, attempt, right=1)
    submit(client, attempt)
    assert attempt.results.get().raw == pytest.approx(raw)


# What is shown


def test_score_and_key_wait_for_the_closing(ada: User, bank: list[Question], clock: Any, now: datetime) -> None:
    quiz = factories.make_teachers_quiz(
        ada,
        bank[:3],
        closes_at=now + timedelta(hours=2),
        show_score="submitted",
        show_key="closed",
        show_rationale="never",
    )
    client = Client()
    attempt = start(client, quiz)
    assert attempt is not None
    answer_all(client, attempt, right=2)
    page = submit(client, attempt)
    assert "2 of 3" in page
    assert "More is shown when the quiz has closed for everybody, on November 23, 2026, 14:00 (UTC)" in page
    review = f"/attempts/{attempt.code}/review/"
    assert client.get(review).status_code == 302
    receipt = client.get(f"/attempts/{attempt.code}/receipt/").json()["record"]
    assert "key" not in json.dumps(receipt["responses"])
    assert receipt["results"][0]["raw"] == 2
    data = data_of(client)["attempts"][0]
    assert {str(one["fraction"])[:8] for one in data["responses"]} == {"withheld"}
    assert Exposure.objects.filter(revealed_at__isnull=False).count() == 0
    clock.move(hours=2)
    page = client.get(review).content.decode()
    assert "Your answer, right" in page
    assert "canary" not in page
    assert "key" in client.get(f"/attempts/{attempt.code}/receipt/").json()["record"]["responses"][0]


def test_a_score_that_is_never_shown(ada: User, bank: list[Question], clock: Any) -> None:
    never = dict.fromkeys(("show_score", "show_key", "show_rationale"), "never")
    quiz = factories.make_teachers_quiz(ada, bank[:3], pass_mark=50, **never)
    client = Client()
    attempt = start(client, quiz)
    assert attempt is not None
    answer_all(client, attempt, right=3)
    page = submit(client, attempt)
    assert "You answered 3 of 3 questions" in page
    assert "3 of 3</dd>" not in page
    assert "Passed" not in page
    assert "3 of 3" not in client.get(f"/quizzes/{quiz.slug}/").content.decode()
    assert client.get(f"/attempts/{attempt.code}/receipt/").json()["record"]["results"] is None
    assert "fractions" not in json.dumps(data_of(client)["attempts"][0]["results"]) or (
        "withheld" in json.dumps(data_of(client)["attempts"][0]["results"])
    )


# Costs


def test_publishing_two_hundred_questions_costs_ten_queries(ada: User, clock: Any, now: datetime) -> None:
    quiz = factories.make_teachers_quiz(ada, factories.make_authored(ada, 150), published=False)
    factories.make_authored(ada, 80)
    for position in range(2, 7):
        Section.objects.create(quiz=quiz, position=position, source="draw", count=10, rule={"pool": "own"})
    client = browser(ada)
    client.get("/teach/")
    with counting() as counted:
        reply = client.post(f"/teach/quizzes/{quiz.slug}/publish/", {"action": "publish", "revision": 0})
    assert reply.status_code == 302
    assert Quiz.objects.get(pk=quiz.pk).scored == 200
    assert counted.all <= 10


def test_a_start_costs_the_same_however_many_questions(ada: User, person: User, clock: Any) -> None:
    client = browser(person)
    client.get("/")
    counts = []
    for size in (3, 60):
        quiz = factories.make_teachers_quiz(ada, factories.make_authored(ada, size))
        with counting() as counted:
            assert start(client, quiz) is not None
        counts.append(counted.all)
    # The responses of sixty go in as two statements.
    assert counts[1] - counts[0] <= 1
    assert counts[1] <= 21
