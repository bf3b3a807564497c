"""Questions that the lifecycle register has overtaken are not drawn, not practised, and listed."""

from datetime import date, timedelta

import pytest

from quizzes.models import Exam, Placement, Question
from quizzes.queries.bank import practisable
from quizzes.services.course import load_course
from quizzes.services.stale import closed_services
from reference.lifecycle import parse_register
from tests.quizzes.course.conftest import Files, command

ENDING = """  - name: Test Appliance
    kind: service
    status: {status}
    since: "{since}"
    successor: [Elastic Load Balancing]
    text: Test data. An appliance.
    source: {{title: Test, url: "https://docs.aws.amazon.com/test.html"}}
"""


@pytest.fixture
def appliance(loaded: Files) -> Files:
    """The key of one question builds on an appliance that closes two days after the load."""
    text = loaded.path("test-balancers.yaml").read_text()
    first = text.index("correct: true")
    at = text.rindex("text: ", 0, first) + len("text: ")
    loaded.path("test-balancers.yaml").write_text(text[:at] + "Use a Test Appliance. " + text[at:])
    register = loaded.folders.register
    register.write_text(register.read_text() + ENDING.format(status="closed", since="2026-11-25"))
    return loaded


def codes() -> set[str]:
    """What may be practised."""
    return set(practisable().values_list("code", flat=True))


def test_a_question_is_stale_from_the_day_on(appliance: Files) -> None:
    before = codes()
    assert appliance.load().stale == ()
    assert codes() == before
    assert not appliance.load().changed
    later = load_course(appliance.folders, now=appliance.now + timedelta(days=2))
    assert later.changed
    (stale,) = later.stale
    assert codes() == before - {stale}
    question = Question.objects.get(code=stale)
    assert (question.stale, question.status) == (True, "published")
    assert Placement.objects.filter(question=question).count() == 0


def test_it_comes_back_when_it_is_mended(appliance: Files) -> None:
    now = appliance.now + timedelta(days=2)
    (stale,) = load_course(appliance.folders, now=now).stale
    appliance.edit("test-balancers.yaml", "Use a Test Appliance. ", "")
    assert load_course(appliance.folders, now=now).stale == ()
    assert stale in codes()
    assert Placement.objects.filter(question__code=stale).count() == Exam.objects.count()


def test_the_command_lists_it(appliance: Files) -> None:
    register = appliance.folders.register
    register.write_text(register.read_text().replace('since: "2026-11-25"', 'since: "2026-11-20"'))
    assert "Stale by the lifecycle register, and not drawn: test-tb" in command()


def test_what_is_announced_to_end_is_closed_at_once() -> None:
    text = ENDING.format(status="ending", since="2027-09-30").replace("[Elastic Load Balancing]", "[]")
    register = parse_register("entries:\n" + text)
    assert closed_services(register, date(2026, 11, 23)) == {"Test Appliance": ""}


def test_exams_know_how_hard_their_questions_are(loaded: Files) -> None:
    exam = Exam.objects.get(code="SAP-C03")
    guesses = [
        one.question.difficulty
        for one in exam.placements.select_related("question").filter(status="published")
        if one.question.difficulty
    ]
    assert exam.difficulty == pytest.approx(sum(guesses) / len(guesses))
