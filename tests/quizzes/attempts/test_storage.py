"""The database in trouble, for real: locked, full, read-only, read for long. Nothing is half stored or falsely said."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.test import Client

from tests import factories, tiers
from tests.quizzes.attempts.conftest import Room, enter, everything, log

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def quiz(transactional_db: None) -> Any:
    return factories.make_bank(20, scored=10)


@pytest.fixture
def client() -> Client:
    """A client that sees the page of an error, as a browser does."""
    return Client(raise_request_exception=False)


@pytest.fixture
def room(client: Client, quiz: Any, clock: Any, django_user_model: Any) -> Room:
    return enter(client, django_user_model.objects.create(username="learner", date_joined=clock.now), quiz, clock)


@pytest.fixture
def other_writer(room: Room) -> Iterator[sqlite3.Connection]:
    """Another process at the same SQLite file."""
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as process:
        yield process


@pytest.fixture
def pragma() -> Iterator[Callable[[str], Any]]:
    """Run a PRAGMA on this test's own connection, which is gone afterwards."""

    def run(text: str) -> Any:
        with connection.cursor() as cursor:
            return cursor.execute(f"PRAGMA {text}").fetchone()

    yield run
    connection.close()


@contextmanager
def reading_only() -> Iterator[None]:
    """The site's connection can read and not write, as at a standby or a disk that the kernel has remounted."""
    if tiers.is_postgres():
        on, off = (f"SET SESSION CHARACTERISTICS AS TRANSACTION READ {mode}" for mode in ("ONLY", "WRITE"))
    else:
        on, off = "PRAGMA query_only = ON", "PRAGMA query_only = OFF"
    with connection.cursor() as cursor:
        cursor.execute(on)
        try:
            yield
        finally:
            cursor.execute(off)


def expect_refusal(room: Room) -> None:
    """Save, submission and plain form are told to come back, and nothing has changed."""
    for reply in (room.save(1, choice="2"), room.save(1, choice="2", htmx=False), room.submit(htmx=True)):
        assert (reply.status_code, reply["Retry-After"], reply["Cache-Control"]) == (503, "5", "no-store")
        assert "was not stored" in reply.content.decode()


def expect_recovery(room: Room) -> None:
    """The same save and the submission now come through."""
    assert room.save(1, choice="2").json()["choice"] == [2]
    assert room.submit(htmx=True).status_code == 204
    assert log(room.attempt) == [("started", None), ("saved", 1), ("submitted", None)]


@pytest.mark.sqlite
def test_a_save_waits_for_another_writer(room: Room, other_writer: sqlite3.Connection) -> None:
    other_writer.execute("BEGIN IMMEDIATE")
    started, saved = Event(), []

    def save() -> None:
        started.set()
        saved.append(room.save(1, choice="2").status_code)
        connections.close_all()

    thread = Thread(target=save)
    thread.start()
    started.wait(10)
    thread.join(0.5)
    assert saved == []
    other_writer.execute("ROLLBACK")
    thread.join(20)
    assert saved == [200]
    assert room.row().choice == [room.row().shown_order[1]]


@pytest.mark.sqlite
def test_locked_for_too_long_nothing_is_stored_and_the_page_is_told(
    room: Room, other_writer: sqlite3.Connection, pragma: Callable[[str], Any]
) -> None:
    before = everything(room.attempt)
    pragma("busy_timeout = 50")
    other_writer.execute("BEGIN EXCLUSIVE")
    expect_refusal(room)
    other_writer.execute("ROLLBACK")
    assert everything(room.attempt) == before
    expect_recovery(room)


@pytest.mark.sqlite
def test_a_full_disk_tears_nothing(room: Room, pragma: Callable[[str], Any]) -> None:
    # What earlier tests deleted left free pages, which would take more saves than fit into the time of an exam.
    connection.cursor().execute("VACUUM")
    pages = pragma("page_count")[0]
    pragma(f"max_page_count = {pages}")
    # What fits into the pages that are there is stored; then one save does not fit.
    stored = 0
    while (reply := room.save(1, choice="1", at=stored, tab=1)).status_code == 200:
        stored += 1
    assert reply.status_code == 503
    assert room.row().choice_at == stored - 1
    assert [kind for kind, _ in log(room.attempt)] == ["started"] + ["saved"] * stored
    assert pragma("integrity_check") == ("ok",)
    pragma("max_page_count = 1000000")
    room.clock.move(seconds=stored)
    assert room.save(1, choice="2").json()["choice"] == [2]
    assert room.submit(htmx=True).status_code == 204


def test_a_database_that_only_reads_is_told_and_the_exam_goes_on_afterwards(room: Room) -> None:
    before = everything(room.attempt)
    with reading_only():
        expect_refusal(room)
        assert room.client.get(room.url).status_code == 200
    assert everything(room.attempt) == before
    expect_recovery(room)


def test_a_session_that_cannot_be_written_is_no_bad_request(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Django takes it for a session that somebody has ended in the meantime, which is one still."""
    monkeypatch.setattr("sapro.accounts.middleware.note_activity", lambda **_: True)
    with reading_only():
        reply = room.client.get(room.url)
    assert (reply.status_code, reply["Retry-After"]) == (503, "5")
    monkeypatch.setattr("sapro.accounts.middleware.note_activity", lambda **_: Session.objects.all().delete())
    assert room.client.get(room.url).status_code == 400


def test_other_errors_are_none_of_the_database(room: Room, monkeypatch: Any) -> None:
    """A fault of the code says that it is one: nobody is told to try again in five seconds."""
    monkeypatch.setattr("quizzes.views.attempts.read_save", lambda posted: 1 / 0)
    reply = room.save(1, choice="2")
    assert (reply.status_code, "Retry-After" in reply, b"Something broke" in reply.content) == (500, False, True)


@pytest.mark.sqlite
def test_a_long_reader_holds_up_no_save(room: Room, other_writer: sqlite3.Connection) -> None:
    """A backup or a report that reads for long sees its own moment; saves go on beside it, and a checkpoint too."""
    other_writer.execute("BEGIN")
    seen = "SELECT count(*) FROM quizzes_event"
    assert other_writer.execute(seen).fetchone() == (1,)
    assert {room.save(1 + step % 10, choice="1", at=step, tab=1).status_code for step in range(60)} == {200}
    assert other_writer.execute(seen).fetchone() == (1,)
    other_writer.execute("COMMIT")
    assert other_writer.execute(seen).fetchone() == (61,)
