"""Taking one's data away and bringing it in: round trips, what is left out, and files that are wrong."""

import csv
import io
import json
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.models import Attempt, Card, Exam, Exposure, Plan, Question, Repetition, Response, Result
from quizzes.queries.draws import held_questions
from quizzes.services.practice import answer_practice, start_practice
from quizzes.services.results import finish_attempt
from reference.models import Bookmark, Highlight, Reading, Topic
from sapro.accounts.folders import imports_folder
from sapro.accounts.models import User
from tests.accounts.conftest import BACKEND, PASSWORD, answer, sign_in, sit
from tests.my_data import data_of, file_of
from tests.security import tables

TOLD = ("memberships", "conditions", "remarks", "classes_owned")
DECLARED = ("written_at", "person", "email_addresses", "second_factors", "challenges", "notices", *TOLD)
"""What belongs to the account and the site, and is not brought in."""


@pytest.fixture
def full(member: User, course: None, now: datetime) -> User:
    """A learner with some of everything; no exam is open."""
    exam = sit(member, "short-mock", now)
    answer(exam, now, 1, 2)
    finish_attempt(attempt_id=exam.pk, now=now + timedelta(minutes=9, microseconds=123457), by_learner=True)
    session = start_practice(
        person_id=member.pk, title="Balancers", topics=["test-balancers"], anchors=(), only="", count=2, now=now
    )
    for row in session.responses.select_related("version"):
        sent = [str(place) for place in range(1, row.version.choose + 1)]
        answer_practice(
            person_id=member.pk, code=session.code, position=row.position, sent=sent, confidence="sure", now=now
        )
    topic = Topic.objects.get(slug="test-balancers")
    Reading.objects.create(person=member, topic=topic, read_at=now)
    Bookmark.objects.create(person=member, topic=topic, anchor="tb-sni", created_at=now)
    stamps = {"created_at": now, "changed_at": now}
    Highlight.objects.create(person=member, topic=topic, quote="=1+1 ’", offset=3, note="<b>x</b>", **stamps)
    days = {"exam_on": date(2027, 1, 9), "started_on": now.date(), "minutes": [30] * 7, "changed_at": now}
    Plan.objects.create(person=member, exam=Exam.objects.first(), **days)
    # One card alone, whose state the tests know.
    Card.objects.filter(person=member).delete()
    row = exam.responses.select_related("version").get(position=1)
    state = {"phase": 2, "stability": 3.2, "difficulty": 5.5, "due_at": now + timedelta(days=3), "last_review_at": now}
    card = Card.objects.create(person=member, question=row.question, created_at=now, repetitions=1, **state)
    told = {"choice": row.choice, "shown_order": row.shown_order, "fraction": 1.0, "rating": 3, "source": "cards"}
    Repetition.objects.create(card=card, version=row.version, reviewed_at=now, before={"phase": 1}, **told)
    return member


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def send(client: Client, data: bytes) -> Any:
    """The first step: the file is looked through."""
    return client.post("/accounts/data/", {"file": SimpleUploadedFile("a.json", data)})


def bring(client: Client, data: bytes) -> Any:
    """Both steps."""
    looked = send(client, data)
    assert looked.status_code == 200, looked.context["faults"]
    return client.post("/accounts/data/import/", {"digest": looked.context["digest"]})


def plain(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in DECLARED}


def newcomer(name: str = "bert") -> Client:
    return client_of(User.objects.create_user(name, f"{name}@example.org", PASSWORD))


# Round trips


def test_into_another_account_everything_comes_and_a_second_time_nothing(full: User) -> None:
    file, other = file_of(client_of(full)), newcomer()
    before = tables.state()
    looked = send(other, file)
    assert tables.state() == before
    assert {str(label): n for label, n in looked.context["new"]}["finished attempts"] == 2
    assert bring(other, file).status_code == 302
    assert plain(data_of(other)) == plain(json.loads(file))
    after = tables.state()
    assert send(other, file).context["digest"] == ""
    assert tables.state() == after


def test_into_an_emptied_site_the_codes_are_kept(full: User) -> None:
    file = file_of(client_of(full))
    codes = set(Attempt.objects.values_list("code", flat=True))
    Attempt.objects.all().delete()
    full.delete()
    other = newcomer()
    bring(other, file)
    assert set(Attempt.objects.values_list("code", flat=True)) == codes
    assert plain(data_of(other)) == plain(json.loads(file))


def test_into_the_same_account_nothing_doubles(full: User) -> None:
    own = client_of(full)
    before = tables.state()
    assert send(own, file_of(own)).context["digest"] == ""
    assert tables.state() == before


def test_a_guest_brings_and_takes(full: User, client: Client) -> None:
    file = file_of(client_of(full))
    assert "_auth_user_id" not in client.session
    bring(client, file)
    assert User.objects.filter(is_guest=True).count() == 1
    assert len(data_of(client)["attempts"]) == 2


def test_what_was_repeated_later_wins(full: User, now: datetime) -> None:
    document = data_of(client_of(full))
    other = newcomer()
    bring(other, json.dumps(document).encode())
    document["cards"][0] |= {"last_review_at": (now + timedelta(days=2)).isoformat(), "stability": 9.5}
    bring(other, json.dumps(document).encode())
    document["cards"][0] |= {"last_review_at": now.isoformat(), "stability": 1.5}
    assert send(other, json.dumps(document).encode()).context["digest"] == ""
    assert Card.objects.exclude(person=full).get().stability == 9.5


# What nobody else may rely on


def test_what_came_as_a_file_is_a_claim(full: User) -> None:
    other = newcomer()
    bring(other, file_of(client_of(full)))
    came = Attempt.objects.exclude(person=full)
    assert [one.rules["imported"] for one in came] == [True, True]
    assert [one.quiz.slug if one.quiz else None for one in came.order_by("mode")] == ["short-mock", None]
    exam = came.get(mode="exam")
    assert other.get(f"/attempts/{exam.code}/receipt/").status_code == 404
    assert other.get(f"/attempts/{exam.code}/report/").status_code == 200
    assert other.get(f"/attempts/{exam.code}/review/").status_code == 200
    assert "has no receipt" in other.get(f"/attempts/{exam.code}/report/").content.decode()


def test_an_instructors_question_is_never_brought_in(full: User) -> None:
    """Or a made-up attempt would show its key in the review."""
    document = data_of(client_of(full))
    codes = {one["question"] for attempt in document["attempts"] for one in attempt["responses"]}
    Question.objects.filter(code__in=codes).update(origin="author")
    looked = send(newcomer(), json.dumps(document).encode())
    assert dict(looked.context["skipped"])
    assert "finished attempts" not in {str(label): n for label, n in looked.context["new"]}


def test_of_an_open_exam_cards_and_attempts_are_withheld(full: User, now: datetime) -> None:
    card = Card.objects.get()
    running = sit(full, "short-mock", now + timedelta(days=1))
    Response.objects.filter(attempt=running, position=1).update(question=card.question)
    assert card.question_id in set(held_questions(full.pk).values_list("question_id", flat=True))
    document = data_of(client_of(full))
    assert document["cards"] == [{"question": card.question.code, "withheld": True}]
    exam = next(one for one in document["attempts"] if one["state"] == "submitted" and one["mode"] == "exam")
    assert (exam["withheld"], "digest" in exam["responses"][0]) == (True, False)
    looked = send(newcomer(), json.dumps(document).encode())
    assert {n for _label, n in looked.context["skipped"]} >= {1}


def test_the_file_of_somebody_else_is_not_taken(full: User) -> None:
    digest = send(newcomer(), file_of(client_of(full))).context["digest"]
    before = tables.state()
    for number, wrong in enumerate((digest, "", "../../x", "0" * 64)):
        reply = newcomer(f"carl{number}").post("/accounts/data/import/", {"digest": wrong})
        assert reply.status_code == 422
    assert tables.state(("quizzes.Attempt",)) == {"quizzes.Attempt": before["quizzes.Attempt"]}


# Tables


def test_tables_are_for_spreadsheets(full: User) -> None:
    reply = client_of(full).get("/accounts/data/csv/")
    assert "no-store" in reply["Cache-Control"]
    archive = zipfile.ZipFile(io.BytesIO(reply.getvalue()))
    rows = {name: list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")))) for name in archive.namelist()}
    assert len(rows["responses.csv"]) == 1 + Response.objects.count()
    assert len(rows["exposures.csv"]) == 1 + Exposure.objects.count()
    assert len(rows["results.csv"]) == 1 + Result.objects.count()
    assert len(rows["repetitions.csv"]) == len(rows["cards.csv"]) == 2
    assert rows["highlights.csv"][1][1] == "'=1+1 ’"


# Wrong files


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{}", "no file of this kind"),
        (b'{"format": "sapro-personal", "version": 2}', "version"),
        (b'{"format": "sapro-personal"', "cut off"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"[" * 200_000, "too deep"),
        (b'{"a": NaN}', "a number that is none"),
        (b'{"format": "sapro-personal", "version": 1}', "attempts: must be a list"),
        (b"null", "no file of this kind"),
    ],
)
def test_a_wrong_file_is_told_why(client: Client, course: None, data: bytes, words: str) -> None:
    reply = send(client, data)
    assert reply.status_code == 422
    assert words in reply.content.decode()
    assert User.objects.count() == 0


def test_too_many_cards(full: User) -> None:
    document = data_of(client_of(full))
    document["cards"] = [{}] * 100_000
    reply = send(newcomer(), json.dumps(document).encode())
    assert reply.status_code == 422
    assert "there are more than 20,000 cards" in reply.content.decode()


def test_a_mistake_is_named_by_its_path_and_twenty_are_enough(full: User) -> None:
    document = data_of(client_of(full))
    document["attempts"][0]["responses"][1]["choice"] = ["nothing of it"]
    reply = send(newcomer(), json.dumps(document).encode())
    assert reply.context["faults"] == ["attempts[0].responses[1].choice: is no answer that the question can be given"]
    document["exposures"] = [7] * 50
    reply = send(newcomer("carl"), json.dumps(document).encode())
    assert len([one for one in reply.context["faults"] if one.startswith("exposures[")]) == 20


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just("\0"), st.just("\ud800"),
    st.just([]), st.just({}), st.just([[]]), st.just(10**400), st.just(-1), st.just("9" * 300),
    st.just("0001-01-01T00:00:00+14:00"), st.just("9999-12-31T23:59:59-14:00"),
)  # fmt: skip


def test_no_mutation_breaks_anything(full: User) -> None:
    """One value of the file is another: either the file is refused, or it comes in whole and its pages open."""
    text = file_of(client_of(full)).decode()
    other = newcomer()
    before = tables.state()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.data())
    def mutate(data: st.DataObject) -> None:
        document = json.loads(text)
        place: Any = document
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = data.draw(st.sampled_from(keys))
            if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.integers(0, 5)) == 0:
                break
            place = place[key]
        place[key] = data.draw(VALUES)
        reply = send(other, json.dumps(document).encode())
        assert reply.status_code in (200, 422)

    mutate()
    assert tables.state() == before


def test_the_export_is_bounded(full: User, django_assert_max_num_queries: Any) -> None:
    client = client_of(full)
    # A few of them are the visit: session, person, roles.
    with django_assert_max_num_queries(31):
        file_of(client)


def test_sign_in_is_asked_for(client: Client, db: None) -> None:
    assert client.get("/accounts/data/").status_code == 200
    assert client.get("/accounts/data/csv/").status_code == 302
    assert sign_in(client, "nobody").status_code == 200


def test_who_goes_leaves_no_file_waiting(full: User) -> None:
    other = newcomer()
    send(other, file_of(client_of(full)))
    own = f"{User.objects.get(username='bert').pk}-*.json"
    assert len(list(imports_folder().glob(own))) == 1
    assert other.post("/accounts/delete/", {"confirm": "bert"})["Location"] == "/"
    assert list(imports_folder().glob(own)) == []
