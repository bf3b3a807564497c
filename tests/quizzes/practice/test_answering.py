"""Answering: graded and locked at once, explained at once, with and without scripts."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Attempt, Event, Exposure, Question
from reference.models import Anchor
from tests.quizzes.practice.conftest import (
    BACKEND,
    HTMX,
    Session,
    answer,
    begin,
    codes,
    positions,
    row_of,
    sit,
)


@pytest.fixture
def session(client: Client, learner: Any, now: datetime) -> Session:
    """All questions, one of them a multiple response."""
    return Session(client, begin(learner, now))


def place(session: Session, choose: int = 1) -> int:
    """A position at which so many are to be chosen."""
    return session.attempt.responses.filter(version__choose=choose).values_list("position", flat=True)[0]


# What is stored


def test_an_answer_is_graded_locked_and_kept(session: Session, now: datetime) -> None:
    one, two = place(session, 1), place(session, 2)
    session.post(one, choice=positions(row_of(session.attempt, one), right=True), confidence="sure")
    session.post(two, choice=positions(row_of(session.attempt, two), right=False), confidence="guess")
    rows = {one: row_of(session.attempt, one), two: row_of(session.attempt, two)}
    assert [(row.fraction, row.confidence, row.locked_at) for row in rows.values()] == [
        (1, "sure", now),
        (0, "guess", now),
    ]
    assert rows[one].choice == rows[one].version.key["correct"]
    assert len(rows[two].choice) == 2
    kinds = Event.objects.filter(attempt=session.attempt).values_list("kind", "position")
    assert list(kinds) == [("started", None), ("answered", one), ("answered", two)]


def test_half_a_key_is_not_right(session: Session) -> None:
    two = place(session, 2)
    row = row_of(session.attempt, two)
    half = [positions(row, right=True)[0], positions(row, right=False)[0]]
    session.post(two, choice=half)
    assert row_of(session.attempt, two).fraction == 0


def test_confidence_is_optional_and_only_one_of_three(session: Session) -> None:
    for position, sent, kept in ((1, "", ""), (2, "fairly", "fairly"), (3, "very", "")):
        session.post(position, choice=positions(row_of(session.attempt, position), right=True), confidence=sent)
        assert row_of(session.attempt, position).confidence == kept


def test_a_second_answer_finds_the_first(session: Session, clock: Any) -> None:
    session.post(1, choice=positions(row_of(session.attempt, 1), right=False), confidence="guess")
    first = row_of(session.attempt, 1)
    clock.move(minutes=1)
    reply = session.post(1, choice=positions(first, right=True), confidence="sure", htmx=True)
    assert reply.status_code == 200
    assert "Not right" in reply.content.decode()
    again = row_of(session.attempt, 1)
    assert (again.choice, again.fraction, again.confidence, again.locked_at) == (
        first.choice,
        0,
        "guess",
        first.locked_at,
    )
    assert session.post(1, choice=["99"]).status_code == 303
    assert Event.objects.filter(kind="answered").count() == 1


def test_an_answer_is_an_exposure_that_was_revealed(session: Session, learner: Any, now: datetime, clock: Any) -> None:
    session.page("?q=2")
    session.post(1, choice=positions(row_of(session.attempt, 1), right=True))
    (one,) = Exposure.objects.filter(person=learner)
    assert (one.question.code, one.first_seen_at, one.revealed_at) == (codes(session.attempt)[0], now, now)
    later = clock.move(minutes=5)
    other = begin(learner, later)
    answer(other, codes(other).index(one.question.code) + 1, later, right=True)
    one.refresh_from_db()
    assert (one.first_seen_at, one.last_seen_at, one.revealed_at) == (now, later, now)


def test_the_last_answer_ends_the_session(client: Client, learner: Any, now: datetime, clock: Any) -> None:
    session = Session(client, begin(learner, now, count=2))
    answer(session.attempt, 1, now, right=True)
    assert Attempt.objects.get().state == "in_progress"
    later = clock.move(minutes=3)
    session.post(2, choice=positions(row_of(session.attempt, 2), right=False))
    ended = Attempt.objects.get()
    assert (ended.state, ended.ended_at) == ("submitted", later)


# What is refused


@pytest.mark.parametrize(
    ("choose", "sent", "words"),
    [
        (1, [], "Choose 1; 0 chosen so far."),
        (2, ["2"], "Choose 2; 1 chosen so far."),
        (1, ["1", "2"], "Choose at most 1; 2 were sent."),
        (2, ["1", "2", "3"], "Choose at most 2; 3 were sent."),
        (1, ["9"], "There is no option"),
        (1, ["a"], "There is no option"),
        (1, ["0"], "There is no option"),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_wrong_count_keeps_what_was_chosen(
    session: Session, choose: int, sent: list[str], words: str, htmx: bool
) -> None:
    position = place(session, choose)
    reply = session.post(position, htmx=htmx, choice=sent, confidence="fairly")
    page = reply.content.decode()
    assert reply.status_code == 422
    assert f'<p class="error" id="practice-error" role="alert">{words}' in page
    assert re.findall(r'name="choice" value="(\d)" checked', page) == [one for one in sent if one in "12345" and one]
    assert 'name="confidence" value="fairly" checked' in page
    assert ("<html" in page) is not htmx
    row = row_of(session.attempt, position)
    assert (row.choice, row.locked_at, row.confidence) == ([], None, "")
    assert Exposure.objects.count() == 0


def test_strangers_find_nothing(session: Session, django_user_model: Any) -> None:
    stranger = Client()
    stranger.force_login(django_user_model.objects.create_user("stranger"), backend=BACKEND)
    foreign = Session(stranger, session.attempt)
    sent = positions(row_of(session.attempt, 1), right=True)
    assert foreign.page().status_code == 404
    assert foreign.post(1, choice=sent).status_code == 404
    assert stranger.post(f"{session.url}retry/").status_code == 404
    assert row_of(session.attempt, 1).locked_at is None
    nobody = Session(Client(), session.attempt)
    assert nobody.page().status_code == nobody.post(1, choice=sent).status_code == 302


@pytest.mark.parametrize("position", [0, 25, 999999])
def test_positions_that_are_none(session: Session, position: int) -> None:
    assert session.post(position, choice=["1"]).status_code == 404


@pytest.mark.parametrize("query", ["?q=0", "?q=25", "?q=-1", "?q=x", "?q=00025", "?q=²", f"?q={'9' * 5000}"])
def test_a_page_that_is_none_is_the_first(session: Session, query: str) -> None:
    reply = session.page(query)
    assert reply.status_code == 200
    assert "Question 1 of 24" in reply.content.decode()


def test_an_exam_is_no_session(client: Client, learner: Any, now: datetime) -> None:
    exam = Session(client, sit(learner, now))
    assert exam.page().status_code == 404
    assert exam.post(1, choice=["1"]).status_code == 404
    assert client.post(f"{exam.url}retry/").status_code == 404


def test_wrong_methods(session: Session) -> None:
    assert session.client.post(session.url).status_code == 405
    assert session.client.get(f"{session.url}responses/1/").status_code == 405
    assert session.client.get(f"{session.url}retry/").status_code == 405


def test_what_an_exam_holds_is_not_graded_nor_explained(client: Client, learner: Any, now: datetime) -> None:
    session = Session(client, begin(learner, now))
    answer(session.attempt, 1, now, right=True)
    exam = sit(learner, now)
    held = set(codes(exam))
    position = next(place for place, code in enumerate(codes(session.attempt), 1) if place > 1 and code in held)
    row = row_of(session.attempt, position)
    reply = session.post(position, choice=positions(row, right=True), htmx=True)
    page = reply.content.decode()
    assert (reply.status_code, "Finish the exam first." in page) == (409, True)
    assert "rationale-" not in page
    assert row_of(session.attempt, position).locked_at is None
    locked = next((place for place in (1,) if codes(session.attempt)[0] in held), None)
    shown = session.page("?q=1").content.decode()
    assert ("rationale-" in shown) is (locked is None)
    assert ("stands in a mock exam that you have open" in shown) is (locked is not None)


# What is shown


def test_the_answer_quotes_the_note_and_links_to_its_sentence(session: Session) -> None:
    row = row_of(session.attempt, 1)
    page = session.post(1, htmx=True, choice=positions(row, right=True)).content.decode()
    cited = list(row.question.references.select_related("topic"))
    assert cited
    for one in cited:
        html = Anchor.objects.get(body=one.topic.body_id, name=one.anchor).html
        assert html
        assert html in page
        assert f'href="/notes/{one.topic.slug}/#{one.anchor}"' in page
        note = session.client.get(f"/notes/{one.topic.slug}/").content.decode()
        assert f'id="{one.anchor}"' in note
    code = row.question.code.removeprefix("test-")
    for option in row.shown_order:
        assert f"rationale-{code}-{option}" in page
    for one in row.question.sources:
        assert f'href="{one["url"]}"' in page


def test_before_the_answer_nothing_is_told(session: Session) -> None:
    for position in (1, 2):
        page = session.page(f"?q={position}").content.decode()
        assert "rationale-" not in page
        assert "From the notes" not in page


@pytest.mark.parametrize(
    ("confidence", "right", "words"),
    [
        ("guess", True, "A guess that came right"),
        ("guess", False, "You knew that you did not know."),
        ("fairly", False, "You were fairly sure: find the requirement"),
        ("sure", True, "And you were sure of it."),
        ("sure", False, "You were sure. That is worth the most"),
    ],
)
def test_confidence_is_answered(session: Session, confidence: str, right: bool, words: str) -> None:
    sent = positions(row_of(session.attempt, 1), right=right)
    page = session.post(1, htmx=True, choice=sent, confidence=confidence).content.decode()
    assert words in page
    assert ("feedback right" in page, "feedback wrong" in page) == (right, not right)


def test_the_fragment_is_the_part_of_the_page_that_changes(session: Session) -> None:
    whole, part = session.page("?q=3"), session.page("?q=3", htmx=True)
    fragment = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "token", part.content.decode()).strip()
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "token", whole.content.decode())
    assert fragment.startswith('<div id="practice"')
    assert fragment in page
    assert "<html" not in fragment
    for reply in (whole, part):
        assert {"HX-Request", "Cookie"} <= {one.strip() for one in reply.headers["Vary"].split(",")}
        assert "no-store" in reply.headers["Cache-Control"]


def test_the_focus_goes_to_one_place(session: Session) -> None:
    sent = positions(row_of(session.attempt, 1), right=True)
    pages = {
        "question": session.page("?q=1", htmx=True),
        "refused": session.post(1, htmx=True, choice=[]),
        "answered": session.post(1, htmx=True, choice=sent),
        "end": session.page("?q=end", htmx=True),
    }
    for name, reply in pages.items():
        targets = re.findall(r"<(\w+)[^>]* data-focus", reply.content.decode())
        assert (name, targets) == (name, ["div"] if name == "answered" else ["h1"])
        assert re.search(r'tabindex="-1" data-focus', reply.content.decode())


def test_without_scripts_an_answer_leads_back_to_its_page(session: Session) -> None:
    sent = positions(row_of(session.attempt, 1), right=True)
    reply = session.post(1, choice=sent)
    assert (reply.status_code, reply.headers["Location"]) == (303, f"{session.url}?q=1")
    assert "Right" in session.client.get(reply.headers["Location"]).content.decode()


def test_a_whole_session_without_scripts(client: Client, now: datetime) -> None:
    """Choose, answer, read, go on by links and forms alone, see the end, retry the missed one."""
    place = client.post("/practice/", {"count": "5"}).headers["Location"]
    attempt = Attempt.objects.get()
    for turn in range(5):
        page = client.get(place).content.decode()
        action = re.search(r'<form method="post" action="([^"]+)"', page)
        assert action
        position = int(action[1].rstrip("/").split("/")[-1])
        sent = positions(row_of(attempt, position), right=turn != 2)
        place = client.post(action[1], {"choice": sent}).headers["Location"]
        answered = client.get(place).content.decode()
        forward = re.search(r'<a class="btn go" href="(\?q=[^"]+)"', answered)
        assert forward
        place = f"/practice/sessions/{attempt.code}/{forward[1]}"
    end = client.get(place).content.decode()
    assert "4 of 5 right" in end
    assert "Retry the one missed" in end
    assert client.get(f"/practice/sessions/{attempt.code}/").content.decode().count("4 of 5 right") == 1
    retry = client.post(f"/practice/sessions/{attempt.code}/retry/")
    again = Attempt.objects.exclude(pk=attempt.pk).get()
    assert (retry.headers["Location"], again.size) == (f"/practice/sessions/{again.code}/", 1)


def test_a_session_is_taken_up_where_it_was_left(session: Session, now: datetime) -> None:
    assert "Question 1 of 24" in session.page().content.decode()
    answer(session.attempt, 1, now + timedelta(minutes=1), right=True)
    answer(session.attempt, 3, now + timedelta(minutes=2), right=False)
    assert "Question 2 of 24" in session.page().content.decode()
    end = session.page("?q=end").content.decode()
    assert "1 of 24 right" in end
    assert "2 of 24 answered so far." in end
    assert 'href="?q=4"' in end


def test_nothing_missed_leads_back_to_the_choice(session: Session) -> None:
    reply = session.client.post(f"{session.url}retry/")
    assert (reply.status_code, reply.headers["Location"]) == (302, "/practice/")


def test_a_changed_question_is_judged_as_it_was_shown(session: Session, now: datetime) -> None:
    """The version of the session counts, whatever the bank says by now; also when it was retired."""
    question = row_of(session.attempt, 1).question
    Question.objects.filter(pk=question.pk).update(status="retired")
    assert answer(session.attempt, 1, now, right=True).fraction == 1
    assert session.client.get(f"{session.url}?q=1", headers=HTMX).status_code == 200
