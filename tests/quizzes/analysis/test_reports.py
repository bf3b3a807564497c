"""Figures are computed once for the same data, by one worker, in the background where they are large."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from quizzes import tasks
from quizzes.models import Question, Quiz, Report
from quizzes.queries.finished_attempts import Wanted
from quizzes.services import analysis
from tests.answered import answered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
ALL_RIGHT = ["right"] * 4


def test_unchanged_data_are_not_computed_again(quiz: Quiz, questions: list[Question], clock: Any) -> None:
    answered(quiz, questions, [ALL_RIGHT])
    first = tasks.current_report(quiz, Wanted())
    clock.move(hours=1)
    again = tasks.current_report(quiz, Wanted())
    assert (first.state, again.pk, again.finished_at) == ("done", first.pk, first.finished_at)
    answered(quiz, questions, [["wrong"] * 4])
    third = tasks.current_report(quiz, Wanted())
    found = analysis.figures_of(third)
    assert found is not None
    assert (third.pk, found.analysis.summary.n, found.as_of) == (first.pk, 2, clock.now)
    assert tasks.current_report(quiz, Wanted(every=True)).pk != first.pk


def test_commands_get_the_figures_at_once(quiz: Quiz, questions: list[Question], now: datetime) -> None:
    answered(quiz, questions, [ALL_RIGHT, ["wrong"] * 4])
    found = analysis.figures_for(quiz, Wanted(), now)
    assert found is not None
    assert [one.facility for one in found.items] == [0.5] * 4
    assert [one.code for one in found.items] == [one.code for one in questions]


def test_of_two_who_begin_one_computes(quiz: Quiz, questions: list[Question], now: datetime) -> None:
    answered(quiz, questions, [ALL_RIGHT])
    report, begun = analysis.begin(quiz, Wanted(), now=now)
    assert begun
    assert analysis.begin(quiz, Wanted(), now=now + timedelta(seconds=1)) == (report, False)
    assert analysis.figures_for(quiz, Wanted(), now + timedelta(seconds=2)) is None


def test_who_stalled_is_overtaken_and_writes_nothing(quiz: Quiz, questions: list[Question], now: datetime) -> None:
    answered(quiz, questions, [ALL_RIGHT])
    report, _begun = analysis.begin(quiz, Wanted(), now=now)
    later = now + analysis.STALLED + timedelta(seconds=1)
    taken, begun = analysis.begin(quiz, Wanted(), now=later)
    assert begun
    analysis.compute(report.pk, seen=now, clock=lambda: later)
    taken.refresh_from_db()
    assert taken.state == Report.State.WAITING
    slow = Report.objects.get(pk=report.pk)
    slow.beat_at, slow.state = now, Report.State.WORKING
    with pytest.raises(analysis.Overtaken):
        analysis.beat(slow, now=later, done=1)
    analysis.compute(report.pk, seen=later, clock=lambda: later)
    taken.refresh_from_db()
    assert taken.state == Report.State.DONE


def test_what_fails_is_said_and_tried_again(quiz: Quiz, questions: list[Question], clock: Any) -> None:
    answered(quiz, questions, [ALL_RIGHT])
    version = questions[0].current
    assert version is not None
    body = version.body
    type(version).objects.filter(pk=version.pk).update(body={"kind": "multiple_choice"})
    failed = tasks.current_report(quiz, Wanted())
    assert failed.state == Report.State.FAILED
    assert "mistake" in failed.problem
    type(version).objects.filter(pk=version.pk).update(body=body)
    assert tasks.current_report(quiz, Wanted()).state == Report.State.FAILED
    clock.move(minutes=2)
    assert tasks.current_report(quiz, Wanted()).state == Report.State.DONE


def test_reports_of_odd_filters_do_not_pile_up(quiz: Quiz, questions: list[Question], clock: Any) -> None:
    for _number in range(analysis.KEPT + 3):
        tasks.current_report(quiz, Wanted(until=clock.move(days=1)))
    assert Report.objects.count() == analysis.KEPT + 1


def test_the_pilots_of_the_course_have_a_report_without_a_quiz(
    quiz: Quiz, questions: list[Question], now: datetime
) -> None:
    Quiz.objects.filter(pk=quiz.pk).update(origin=Quiz.Origin.COURSE)
    answered(quiz, questions, [ALL_RIGHT], pilots=[2])
    answered(quiz, questions, [ALL_RIGHT], rules={"marking": "all_or_nothing", "imported": True})
    found = analysis.figures_for(None, Wanted(every=True), now)
    assert found is not None
    assert [(one.counted, one.n) for one in found.items].count((False, 1)) == 1
