"""Questions go out as they are here, to those who may read them, with an account of what a format cannot say."""

import io
import sqlite3
import tempfile
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quizzes.engine.content import Content
from quizzes.formats.exchange.model import Note, Severity
from quizzes.models import Draft, Question
from quizzes.queries.exchange import account_of_export, exchanged_questions, pictures_of
from quizzes.services.attempts import start_attempt
from quizzes.services.exporting import NothingToWrite, account_for, write_export
from tests.clock import START
from tests.factories import MADE, make_authored, make_exam, make_instructor, make_questions, make_quiz
from tests.formats.exchange.lines import LINES
from tests.quizzes.exchange.conftest import Desk, question_of

pytestmark = pytest.mark.django_db


def test_what_came_in_goes_out(desk: Desk) -> None:
    questions = [question_of(number) for number in range(3)]
    questions[1] = replace(questions[1], content=replace(questions[1].content, scenario="They share this."))
    desk.taken(desk.brought(questions))
    ids = list(Question.objects.order_by("external_id").values_list("pk", flat=True))
    out = list(exchanged_questions(ids, desk.person.pk))
    assert [one.content for one in out] == [one.content for one in questions]
    assert [one.known.tags for one in out] == [("made",)] * 3
    file = io.BytesIO()
    done = write_export("lines", ids, file, person_id=desk.person.pk, title="My Bank", images=desk.images, now=START)
    assert (done.file_name, done.media_type, done.asked) == ("my-bank.lines", "text/plain", 3)
    assert (done.account.written, done.account.left_out, done.account.lines) == (3, 0, ())
    assert file.getvalue().count(b"\n") == 4
    # Their own codes come back: what is brought again is known.
    assert {one.code for one in out} == set(Question.objects.values_list("code", flat=True))


def test_a_draft_that_is_not_complete_gives_way_to_what_is_published() -> None:
    teacher = make_instructor()
    one, two = make_authored(teacher, 2)
    Draft.objects.create(question=one, data={"stem": "Half"}, saved_at=MADE)
    two.current = None
    two.save()
    found = list(exchanged_questions([two.pk, one.pk, one.pk + 100], teacher.pk))
    assert [each.content for each in found] == [Content.from_body(one.current.body)]


def test_only_what_one_may_read() -> None:
    teacher, other = make_instructor(), make_instructor("other")
    own, foreign = make_authored(teacher)[0], make_authored(other)[0]
    exam = make_exam()
    course = make_questions(exam, [1, 1])
    ids = [own.pk, foreign.pk, *(one.pk for one in course)]
    assert {one.code for one in exchanged_questions(ids, teacher.pk)} == {own.code, *(one.code for one in course)}
    quiz = make_quiz(exam, scored=1)
    attempt = start_attempt(person_id=teacher.pk, quiz=quiz, time_option="standard", grace=2, now=MADE)
    held = attempt.responses.get().question
    left = {one.code for one in course} - {held.code}
    assert {one.code for one in exchanged_questions(ids, teacher.pk)} == {own.code, *left}


def test_statements_do_not_grow() -> None:
    teacher = make_instructor()
    counts = []
    for size in (3, 90):
        ids = [one.pk for one in make_authored(teacher, size)]
        with CaptureQueriesContext(connection) as captured:
            assert len(list(exchanged_questions(ids, teacher.pk))) == size
        counts.append(len(captured.captured_queries))
    assert counts[0] == counts[1] <= 5


def test_the_account(tmp_path: Path) -> None:
    ordering = replace(question_of(1).content, kind="ordering")
    account = account_of_export(LINES, [question_of(0), replace(question_of(1), content=ordering)])
    assert (account.total, account.written, account.left_out) == (2, 1, 1)
    assert [(one.aspect, one.lost, one.questions) for one in account.aspects] == [("kind", 1, 1)]
    assert account.lines[0].notes == (Note("kind", Severity.LOST, "Lines know no such kind."),)
    assert not account.lines[0].written


@pytest.mark.usefixtures("_lines")
def test_nothing_to_write(tmp_path: Path) -> None:
    teacher = make_instructor()
    assert account_for("lines", [], person_id=teacher.pk).total == 0
    with pytest.raises(NothingToWrite, match="no complete question"):
        write_export("lines", [1], io.BytesIO(), person_id=teacher.pk, title="", images=tmp_path, now=START)
    with pytest.raises(KeyError):
        write_export("none", [1], io.BytesIO(), person_id=teacher.pk, title="", images=tmp_path, now=START)


def test_pictures_of_others_are_not_given(desk: Desk) -> None:
    assert pictures_of(desk.person.pk, desk.images)("abcdef123456-3x2") is None


def test_a_deck_says_when_it_was_written(desk: Desk) -> None:
    """Anki takes a note that comes again for an update only where it is newer."""
    desk.taken(desk.brought([question_of(1)]))
    ids = list(Question.objects.values_list("pk", flat=True))
    days = (START, START + timedelta(days=1))
    decks = [io.BytesIO() for _day in days]
    for day, deck in zip(days, decks, strict=True):
        write_export("anki", ids, deck, person_id=desk.person.pk, title="Bank", images=desk.images, now=day)
    first, second = (_modified(deck) for deck in decks)
    assert second - first == 24 * 60 * 60


def _modified(deck: io.BytesIO) -> int:
    with zipfile.ZipFile(deck) as file, tempfile.NamedTemporaryFile() as kept:
        kept.write(file.read("collection.anki2"))
        kept.flush()
        with closing(sqlite3.connect(kept.name)) as collection:
            return int(collection.execute("SELECT mod FROM notes").fetchone()[0])
