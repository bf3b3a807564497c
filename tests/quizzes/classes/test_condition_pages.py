"""The pages of fair conditions: granting them, what will then hold, and who sees what of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Assignment, Classroom, Condition, Quiz
from quizzes.services.delivery import start_assignment
from quizzes.services.results import finish_attempt
from sapro.accounts.models import User
from tests.factories import make_instructor
from tests.own_classes import assign, enroll, grant, make_class
from tests.quizzes.attempts.test_costs import counting
from tests.quizzes.teach.conftest import browser

pytestmark = pytest.mark.usefixtures("clock")

HOUR = timedelta(hours=1)
REASON = "a certificate of the school doctor"
NOTHING: dict[str, Any] = {"factor": "1", "seen": "", "action": "grant"}


@pytest.fixture
def given(classroom: Classroom, quiz: Quiz, now: datetime) -> Assignment:
    """The exam of an hour, open for two, once."""
    return assign(classroom, quiz, opens_at=now, closes_at=now + 2 * HOUR, attempts_allowed=1)


@pytest.fixture
def desk(teacher: User) -> Client:
    return browser(teacher)


def url_of(given: Assignment, person: User) -> str:
    return f"/teach/assignments/{given.code}/conditions/{person.pk}/"


def standing_url(classroom: Classroom, person: User) -> str:
    return f"/teach/classes/{classroom.code}/learners/{person.memberships.get(classroom=classroom).pk}/conditions/"


def page(client: Client, url: str, **fields: Any) -> str:
    reply = client.post(url, {**NOTHING, **fields}) if fields else client.get(url)
    return " ".join(reply.content.decode().split())


def test_an_assignment_is_sat_under_conditions(desk: Client, ann: User, given: Assignment) -> None:
    url = url_of(given, ann)
    assert "Nothing has been granted here yet" in page(desk, url)
    fields = {"factor": "1.5", "attempts": "1", "breaks": "on", "reason": REASON, "closes_at": "2026-12-24T18:00"}
    looked = page(desk, url, **{**fields, "action": "look"})
    for line in ("Time limit 90 minutes instead of 60 minutes.", "Closes on December 24, 2026, 18:00", "2 attempts"):
        assert line in looked
    assert not Condition.objects.exists()
    assert desk.post(url, {**NOTHING, **fields}).status_code == 302
    row = Condition.objects.get()
    assert (row.factor, row.extra_attempts, row.breaks, row.reason) == (1.5, 1, True, REASON)
    held = page(desk, url)
    assert "Time limit 90 minutes instead of 60 minutes." in held
    assert 'value="2026-12-24T18:00:00"' in held
    assert held.count(REASON) == 2
    assert desk.post(url, {"action": "revoke", "seen": row.pk}).status_code == 302
    assert "The same as for everybody." in page(desk, url)


def test_what_is_standing_holds_beside_it(desk: Client, ann: User, classroom: Classroom, given: Assignment) -> None:
    url = standing_url(classroom, ann)
    assert desk.post(url, {**NOTHING, "factor": "other", "other_factor": "1.75", "quiet": "on"}).status_code == 302
    assert "1.75 × the time limit" in page(desk, url)
    assert "Time limit 105 minutes instead of 60 minutes." in page(desk, url_of(given, ann))
    looked = page(desk, url_of(given, ann), minutes="30", action="look")
    assert "Time limit 2 h 15 min instead of 60 minutes." in looked
    grant(ann, given, extra_attempts=1)
    assert given.quiz.title in page(desk, url)


def test_an_exam_under_way_is_told_of_before_and_gains(
    desk: Client, ann: User, given: Assignment, now: datetime
) -> None:

    attempt = start_assignment(person_id=ann.pk, assignment_id=given.pk, time_option="standard", grace=2, now=now)
    looked = page(desk, url_of(given, ann), minutes="15", action="look")
    assert "is under way. It ends on" in looked
    desk.post(url_of(given, ann), {**NOTHING, "minutes": "15", "breaks": "on", "quiet": "on"})
    learner = browser(ann)
    reading = learner.get(f"/attempts/{attempt.code}/clock/").json()
    assert reading == {
        "at": 0,
        "limit": 4_500_000,
        "remaining": 4_500_000,
        "phase": "open",
        "may_pause": True,
        "quiet": True,
    }
    room = page(learner, f"/attempts/{attempt.code}/")
    assert "data-quiet" in room
    assert 'aria-live="off" hidden>' in room
    assert 'id="pause-form">' in room
    learner.post(f"/attempts/{attempt.code}/pause/")
    paused = page(learner, f"/attempts/{attempt.code}/")
    assert paused.index("<details") < paused.index("Time left: 1 h 15 min")


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({}, "factor", "Nothing is granted yet"),
        ({"factor": "other", "other_factor": "3.5"}, "other_factor", "from 1 to 3"),
        ({"factor": "other", "other_factor": "0.5"}, "other_factor", "never shorten"),
        ({"factor": "other"}, "other_factor", "Write the factor"),
        ({"factor": "1.5", "other_factor": "2"}, "other_factor", "Another factor"),
        ({"minutes": "-5"}, "minutes", "greater than or equal to 0"),
        ({"closes_at": "2020-01-01T10:00"}, "closes_at", "before it opens"),
        ({"opens_at": "2020-01-01T09:00", "closes_at": "2020-01-01T10:00"}, "closes_at", "is past"),
        ({"opens_at": "2030-01-01T10:00"}, "opens_at", "before it opens"),
        ({"due_at": "2030-01-01T10:00"}, "due_at", "before it is due"),
        ({"opens_at": "2026-12-02T10:00", "closes_at": "2026-12-01T10:00"}, "closes_at", "before it opens"),
        ({"closes_at": "yesterday"}, "closes_at", "valid date"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    desk: Client, ann: User, given: Assignment, fields: dict[str, str], field: str, words: str
) -> None:
    reply = desk.post(url_of(given, ann), {**NOTHING, **fields, "reason": REASON})
    form = reply.context["form"]
    assert (reply.status_code, list(form.errors)) == (422, [field])
    assert words in form.errors[field][0]
    assert REASON in reply.content.decode()
    assert not Condition.objects.exists()
    assert desk.post(url_of(given, ann), {**NOTHING, **fields, "action": "look"}).status_code == 200


def test_who_comes_second_is_told_and_may_then_replace_it(desk: Client, ann: User, given: Assignment) -> None:
    first = grant(ann, given, factor=2)
    reply = desk.post(url_of(given, ann), {**NOTHING, "minutes": "20"})
    assert reply.status_code == 409
    assert reply.context["seen"] == first.pk
    assert reply.context["form"]["minutes"].value() == "20"
    assert desk.post(url_of(given, ann), {**NOTHING, "minutes": "20", "seen": first.pk}).status_code == 302
    assert list(Condition.objects.filter(revoked_at=None).values_list("factor", "extra")) == [(1.0, 1200)]


def test_an_archived_class_is_only_read(desk: Client, ann: User, given: Assignment, now: datetime) -> None:
    Classroom.objects.update(archived_at=now)
    assert "archived" in page(desk, url_of(given, ann))
    assert desk.post(url_of(given, ann), {**NOTHING, "factor": "2"}).status_code == 409


def test_only_who_teaches_the_learner_reaches_them(
    desk: Client, ann: User, classroom: Classroom, given: Assignment, django_user_model: Any
) -> None:
    colleague, stranger = make_instructor("colleague"), django_user_model.objects.create_user("stranger")
    urls = [url_of(given, ann), standing_url(classroom, ann)]
    for client in (browser(colleague), browser(ann), Client()):
        assert {client.get(url).status_code for url in urls} == {404}
        assert {client.post(url, {**NOTHING, "factor": "2"}).status_code for url in urls} == {404}
    assert desk.get(url_of(given, stranger)).status_code == 404
    classroom.teachers.add(colleague)
    assert {browser(colleague).get(url).status_code for url in urls} == {200}
    # A standing condition is seen by whoever teaches the learner, one for an assignment of another class is not.
    other = make_class(colleague)
    enroll(other, ann)
    grant(ann, assign(other, given.quiz), extra_attempts=7, reason=REASON)
    assert REASON not in page(desk, standing_url(classroom, ann))
    ann.memberships.filter(classroom=classroom).update(left_at=classroom.created_at)
    assert {desk.get(url).status_code for url in urls} == {404}


def test_the_learner_reads_their_own_without_the_reason_and_nobody_elses(
    ann: User, ben: User, given: Assignment, now: datetime
) -> None:
    grant(ann, factor=1.5, quiet_clock=True, reason=REASON)
    grant(ann, given, extra_attempts=1, reason=REASON)
    grant(ann, factor=3, revoked_at=now, reason=REASON)
    own = page(browser(ann), "/accounts/")
    for words in ("Your conditions", "1.5 × the time limit; a quiet clock", given.quiz.title, "1 attempt more"):
        assert words in own
    assert REASON not in own
    assert "3 ×" not in own
    assert "Your conditions" not in page(browser(ben), "/accounts/")
    before = f"/quizzes/{given.quiz.slug}/"
    assert "Your conditions hold here: 1.5 × the time limit; a quiet clock" in page(browser(ann), before)
    assert "conditions" not in page(browser(ben), before)


def test_the_result_says_what_held_to_the_learner_and_to_who_teaches_them(
    desk: Client, ann: User, ben: User, given: Assignment, now: datetime, clock: Any
) -> None:

    grant(ann, given, factor=1.5, reason=REASON)
    attempts = []
    for person in (ann, ben):
        attempt = start_assignment(
            person_id=person.pk, assignment_id=given.pk, time_option="standard", grace=2, now=now
        )
        attempts.append(finish_attempt(attempt_id=attempt.pk, now=now, by_learner=True))
    Condition.objects.update(revoked_at=now + HOUR)
    grant(ann, given, now=now + 2 * HOUR, factor=3)
    own, other = attempts
    told = page(browser(ann), f"/attempts/{own.code}/report/")
    assert "Your conditions: 1.5 × the time limit<" in told
    assert "conditions" not in page(browser(ben), f"/attempts/{other.code}/report/")
    sitting = f"/teach/quizzes/{given.quiz.slug}/results/{own.code}/"
    assert "1.5 × the time limit" in page(desk, sitting)
    # Who works on the quiz and does not teach the class sees the sitting, and nothing of that.
    colleague = make_instructor("colleague")
    given.quiz.editors.add(colleague)
    assert "1.5 ×" not in page(browser(colleague), sitting)


def test_the_page_costs_the_same_for_a_long_history(desk: Client, ann: User, given: Assignment, now: datetime) -> None:
    url = url_of(given, ann)
    desk.get(url)
    with counting() as short:
        desk.get(url)
    for number in range(30):
        grant(ann, given, factor=1.5, revoked_at=now, now=now + timedelta(minutes=number))
    with counting() as long:
        desk.get(url)
    assert long.all == short.all
    assert short.all <= 12
