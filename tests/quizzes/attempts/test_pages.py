"""The pages of an exam: the whole way without JavaScript, the waiting page, the report, and nothing kept by a cache."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client

from quizzes.models import Attempt, Exposure, QuestionVersion
from quizzes.services.attempts import extend_attempt
from tests import factories
from tests.quizzes.attempts.conftest import GRACE, HTMX, Room, enter, everything, give, log, right_choice, sit


def visible(page: str) -> list[int]:
    """The positions whose sections are not hidden."""
    sections = page.split("<section data-question=")[1:]
    heads = [section.split(">", 1)[0] for section in sections]
    return [int(head.split('"')[1]) for head in heads if not head.endswith(" hidden")]


# Without JavaScript


def test_a_whole_exam_by_plain_forms(client: Client, person: Any, quiz: Any, clock: Any) -> None:
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    start = client.post(f"/quizzes/{quiz.slug}/start/")
    attempt = Attempt.objects.get()
    assert (start.status_code, start["Location"]) == (302, f"/attempts/{attempt.code}/")
    page = client.get(start["Location"])
    assert visible(page.content.decode()) == [1]
    assert page.content.decode().count("<section data-question=") == 10
    place = start["Location"]
    for row in attempt.responses.select_related("version"):
        clock.move(seconds=30)
        fields = {"has": ["choice", "flagged"], "choice": right_choice(row), "go": str(row.position + 1)}
        if row.position == 10:
            fields["go"] = "review"
        place = client.post(f"/attempts/{attempt.code}/responses/{row.position}/", fields)["Location"]
        if row.position < 10:
            assert visible(client.get(place).content.decode()) == [row.position + 1]
    review = client.get(place)
    assert place.endswith("?q=review")
    assert visible(review.content.decode()) == []
    assert "Every question is answered." in review.content.decode()
    end = client.post(f"/attempts/{attempt.code}/submit/")
    assert (end.status_code, end["Location"]) == (302, f"/attempts/{attempt.code}/report/")
    report = client.get(end["Location"])
    assert "10 of 10" in report.content.decode()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.ended_at) == (Attempt.State.SUBMITTED, clock.now)
    assert list(attempt.results.values_list("raw", "maximum")) == [(10.0, 10.0)]


def test_the_review_names_what_is_open_and_what_is_flagged(room: Room) -> None:
    room.save(3, flagged="1")
    shown = room.client.get(room.url + "?q=review").context
    assert (shown["unanswered"], shown["flagged"], shown["answered"]) == (list(range(1, 11)), [3], 0)
    assert (
        "Not answered yet: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10." in room.client.get(room.url + "?q=review").content.decode()
    )


@pytest.mark.parametrize(
    ("q", "place"), [("5", 5), ("0", 1), ("999", 10), ("x", 1), ("", 1), ("-3", 1), ("²", 1), ("9" * 5000, 1)]
)
def test_any_number_in_the_address_shows_a_question(room: Room, q: str, place: int) -> None:
    assert visible(room.client.get(room.url, {"q": q}).content.decode()) == [place]


def test_the_booklet_shows_what_is_stored(room: Room, double: int) -> None:
    room.save(double, choice=["1", "3"], flagged="1")
    question = room.client.get(room.url).context["questions"][double - 1]
    assert [option.chosen for option in question.options] == [True, False, True, False, False]
    assert (question.flagged, question.state, question.widget) == (True, "answered", "checkbox")


# The clock


def test_the_heartbeat_tells_the_clock_and_the_phase(room: Room) -> None:
    told = []
    for seconds in (0, 3599, 1, GRACE):
        room.clock.move(seconds=seconds)
        told.append(room.client.get(f"{room.url}clock/").json())
    assert [(one["at"], one["remaining"], one["phase"]) for one in told] == [
        (0, 3_600_000, "open"),
        (3_599_000, 1000, "open"),
        (3_600_000, 0, "closing"),
        (3_602_000, 0, "over"),
    ]
    assert {one["limit"] for one in told} == {3_600_000}
    assert log(room.attempt) == [("started", None)]


def test_more_time_is_told_by_the_next_save_and_the_next_beat(room: Room) -> None:
    room.clock.move(minutes=59)
    extend_attempt(attempt_id=room.attempt.pk, seconds=600, reason="fire alarm", now=room.clock.now)
    assert room.save(1, choice="1").json()["remaining"] == 660_000
    assert room.client.get(f"{room.url}clock/").json()["limit"] == 4_200_000
    room.clock.move(minutes=5)
    assert room.client.get(room.url).context["remaining"] == 360_000


def test_untimed_there_is_no_limit_and_no_end(client: Client, person: Any, quiz: Any, clock: Any) -> None:
    room = enter(client, person, quiz, clock, "untimed")
    clock.move(days=40)
    page = client.get(room.url)
    assert (page.status_code, page.context["remaining"], page.context["limit"]) == (200, None, None)
    assert "No time limit" in page.content.decode()
    reply = room.save(1, choice="1")
    assert (reply.status_code, reply.json()["remaining"]) == (200, None)
    assert client.get(f"{room.url}clock/").json() == {
        "at": 40 * 86_400_000, "limit": None, "remaining": None, "phase": "open"
    }  # fmt: skip
    call_command("close_attempts", verbosity=0)
    assert room.stored().state == Attempt.State.IN_PROGRESS
    room.submit()
    assert (room.stored().state, room.stored().ended_at) == (Attempt.State.SUBMITTED, clock.now)
    assert "no time limit" in client.get(f"{room.url}report/").content.decode()


# Closing, over


def test_while_closing_no_question_is_given_out(room: Room) -> None:
    room.clock.move(hours=1)
    page = room.client.get(room.url)
    words = page.content.decode()
    assert (page.status_code, "Time is up" in words, "data-question" in words) == (200, True, False)
    stems = [row.version.shown["stem"] for row in room.attempt.responses.select_related("version")]
    assert [stem for stem in stems if stem in words] == []
    for name in ("report/", "review/"):
        reply = room.client.get(room.url + name)
        assert (reply.status_code, reply["Location"]) == (302, room.url)
    assert room.stored().state == Attempt.State.IN_PROGRESS


def test_in_the_grace_the_learner_may_submit_and_is_not_called_expired(room: Room) -> None:
    room.clock.move(hours=1, seconds=1)
    room.submit()
    assert (room.stored().state, room.stored().ended_at) == (Attempt.State.SUBMITTED, room.attempt.deadline)


def test_the_report_of_an_open_exam_leads_back(room: Room) -> None:
    for name in ("report/", "review/"):
        reply = room.client.get(room.url + name)
        assert (reply.status_code, reply["Location"]) == (302, room.url)


@pytest.mark.parametrize("path", ["", "report/", "review/"])
def test_a_reader_closes_what_nobody_swept(room: Room, path: str) -> None:
    give(room.attempt, 1, right_choice(room.row(1)), room.clock.now)
    room.clock.move(hours=3)
    reply = room.client.get(room.url + path, follow=True)
    assert reply.status_code == 200
    assert (room.stored().state, room.stored().ended_at) == (Attempt.State.EXPIRED, room.attempt.deadline)
    assert list(room.attempt.results.values_list("raw", flat=True)) == [1.0]


def test_a_start_a_quiz_page_and_the_list_close_it_too(room: Room, quiz: Any) -> None:
    """Until then its questions are withheld, so the page that the notice leads to must do it."""
    for url, method in (
        (quiz.get_absolute_url(), "get"),
        ("/quizzes/", "get"),
        (f"{quiz.get_absolute_url()}start/", "post"),
    ):
        attempt = sit(room.attempt.person, quiz, room.clock.now)
        room.clock.move(hours=3)
        assert getattr(room.client, method)(url).status_code in (200, 302)
        attempt.refresh_from_db()
        assert attempt.state == Attempt.State.EXPIRED, url


def test_a_second_submission_finds_the_first(room: Room) -> None:
    room.submit()
    stored = everything(room.attempt)
    room.clock.move(seconds=10)
    again = room.submit(htmx=True)
    assert (again.status_code, again["HX-Redirect"]) == (204, f"{room.url}report/")
    assert everything(room.attempt) == stored


def test_the_command_closes_what_is_over_and_only_that(
    room: Room, quiz: Any, django_user_model: Any, capsys: Any
) -> None:
    other = sit(django_user_model.objects.create(username="other"), quiz, room.clock.now + timedelta(seconds=1))
    room.clock.move(hours=1, seconds=GRACE)
    call_command("close_attempts")
    call_command("close_attempts")
    assert capsys.readouterr().out == "1 attempts closed.\n0 attempts closed.\n"
    other.refresh_from_db()
    assert (room.stored().state, other.state) == (Attempt.State.EXPIRED, Attempt.State.IN_PROGRESS)


def test_an_attempt_that_cannot_be_marked_holds_up_nobody(
    room: Room, quiz: Any, django_user_model: Any, capsys: Any, caplog: Any
) -> None:
    others = [sit(django_user_model.objects.create(username=f"other-{n}"), quiz, room.clock.now) for n in range(3)]
    sick = others[1]
    sick.rules["marking"] = "by the weather"
    sick.save(update_fields=["rules"])
    give(sick, 1, ("1",), room.clock.now)
    room.clock.move(hours=2)
    call_command("close_attempts")
    assert capsys.readouterr().out == "3 attempts closed.\n"
    assert [record.getMessage() for record in caplog.records] == [f"attempt {sick.pk} could not be closed"]
    assert log(sick) == [("started", None), ("saved", 1)]
    sick.refresh_from_db()
    assert (sick.state, sick.results.count()) == (Attempt.State.IN_PROGRESS, 0)


# The end writes down what was met


def test_what_was_displayed_or_answered_is_entered_in_the_ledger(room: Room) -> None:
    room.save(1, choice="1", trace='{"1": {"ms": 4000}, "2": {"ms": 900, "strikes": [1]}}', at=0, tab=5)
    room.submit(trace='{"2": {"ms": 100}, "3": {"ms": 50}}')
    assert room.stored().trace == {"1": {"ms": 4000}, "2": {"ms": 1000, "strikes": [1]}, "3": {"ms": 50}}
    met = Exposure.objects.filter(person=room.attempt.person).values_list("question_id", "revealed_at")
    first_three = room.attempt.responses.filter(position__lte=3).values_list("question_id", flat=True)
    assert set(met) == {(question, None) for question in first_three}
    assert set(room.attempt.responses.values_list("first_exposure", flat=True)) == {True}


def test_a_question_changed_or_retired_meanwhile_changes_nothing(room: Room) -> None:
    row = room.row(1)
    body = room.client.get(room.url).content
    question = row.question
    changed = factories.content_of(question.code + "-new", 3)
    version = factories.version_of(question, changed)
    version.number = 2
    version.save()
    question.current, question.status = version, "retired"
    question.save()
    assert len(body) == len(room.client.get(room.url).content)
    give(room.attempt, 1, right_choice(row), room.clock.now)
    room.submit()
    assert room.attempt.results.get().versions[0] == row.version_id
    assert room.row(1).fraction == 1.0
    assert QuestionVersion.objects.filter(question=question).count() == 2


# Caches, sessions


def test_nothing_of_an_attempt_is_kept_by_a_cache(room: Room) -> None:
    replies = [room.client.get(room.url + path) for path in ("", "?q=review", "clock/", "report/", "review/")]
    replies += [room.save(1, choice="1"), room.save(1, htmx=False, choice="1"), room.save(1, choice="x")]
    room.clock.move(hours=1)
    replies += [room.client.get(room.url), room.save(1, choice="1"), room.submit(), room.submit(htmx=True)]
    replies += [room.client.get(room.url + path) for path in ("", "report/", "review/", "clock/")]
    room.client.logout()
    replies += [
        room.client.get(room.url),
        room.save(1, choice="1"),
        room.submit(),
        room.client.get(f"{room.url}clock/"),
    ]
    assert {reply["Cache-Control"] for reply in replies} == {"private, no-store"}
    assert [reply.status_code for reply in replies] == [
        *(200, 200, 200, 302, 302, 200, 303, 422),
        *(200, 409, 302, 204),
        *(302, 200, 200, 200),
        *(302, 401, 401, 401),
    ]


def test_a_save_and_a_beat_do_not_write_the_session(room: Room) -> None:
    room.client.get(room.url)
    before = list(Session.objects.values())
    for seconds in range(3):
        room.clock.move(days=0, seconds=seconds)
        assert room.save(1, choice="1").status_code == 200
        assert room.client.get(f"{room.url}clock/").status_code == 200
    assert list(Session.objects.values()) == before
    assert not room.save(1, choice="2").cookies


def test_no_page_of_an_attempt_is_in_the_htmx_history(room: Room) -> None:
    page = room.client.get(room.url).content.decode()
    assert '"historyCacheSize":0' in page
    assert room.save(1, choice="1").headers.get("Vary", "").count("Cookie") == 1
    assert room.client.get(room.url, headers=HTMX).status_code == 200
