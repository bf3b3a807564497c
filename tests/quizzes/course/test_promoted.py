"""What was promoted on the site stays published, whatever loads: until its file takes the question out."""

import pytest
from django.utils import timezone

from quizzes.models import Placement, Question, Quiz
from quizzes.services.bank import write_difficulties
from quizzes.services.course import read_course
from tests.quizzes.course.conftest import Files, command

pytestmark = pytest.mark.django_db

PILOT = "test-th13"
BANK = "test-health-checks.yaml"


def state() -> tuple[str, set[str], bool]:
    """Status, status of its places, and whether it is promoted."""
    question = Question.objects.get(code=PILOT)
    placed = set(Placement.objects.filter(question=question).values_list("status", flat=True))
    return question.status, placed, question.promoted_at is not None


@pytest.fixture
def promoted(loaded: Files) -> Files:
    """The small course, with its pilot promoted."""
    Question.objects.filter(code=PILOT).update(status="published", promoted_at=timezone.now())
    Placement.objects.filter(question__code=PILOT).update(status="published")
    write_difficulties()
    return loaded


def test_a_load_keeps_it_and_says_that_the_file_may_follow(promoted: Files) -> None:
    promoted.edit(BANK, "Test data, th13. A studio", "Test data, th13. Another studio")
    said = command()
    assert f"their files may now say “published”: {PILOT}." in said
    assert state() == ("published", {"published"}, True)
    assert Question.objects.get(code=PILOT).current.number == 2  # type: ignore[union-attr]
    # The files themselves say what they said: whoever checks them sees a pilot.
    [one] = [one for one in read_course(promoted.folders, promoted.now.date()).bank if one.code == PILOT]
    assert one.status == "pilot"


def test_what_changes_elsewhere_leaves_it_alone(promoted: Files) -> None:
    Quiz.objects.update(title="Another")
    promoted.edit("test-balancers.yaml", "Test data, tb02. A railway", "Test data, tb02. Another railway")
    assert promoted.load().promoted == (PILOT,)
    assert state() == ("published", {"published"}, True)


def test_a_file_that_follows_is_told_no_more(promoted: Files) -> None:
    promoted.edit(BANK, "status: pilot", "status: published")
    assert promoted.load().promoted == ()
    assert state() == ("published", {"published"}, True)


def test_what_its_file_takes_out_begins_anew_as_a_pilot(promoted: Files) -> None:
    promoted.edit(BANK, "status: pilot", "status: draft")
    promoted.load()
    assert state() == ("draft", {"draft"}, False)
    promoted.path(BANK).write_text(promoted.path(BANK).read_text().replace("status: draft", "status: pilot"))
    assert promoted.load().promoted == ()
    assert state() == ("pilot", {"pilot"}, False)
