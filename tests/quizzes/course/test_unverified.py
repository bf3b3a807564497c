"""A page that has not been verified says so, and no published question may rest on it."""

import pytest

from quizzes.services.course import read_course
from reference.files import ContentErrors

NOTE = "test-health-checks.md"
FLAG = "\nverified_on:"


def test_a_published_question_on_an_unverified_page_stops_the_load(files) -> None:
    files.edit(NOTE, FLAG, "\nunverified: true" + FLAG)
    with pytest.raises(ContentErrors, match="“test-health-checks” is not verified yet: verify the page first"):
        read_course(files.folders, files.now.date())


def test_without_questions_the_page_loads(files) -> None:
    files.edit(NOTE, FLAG, "\nunverified: true" + FLAG)
    bank = files.path("test-health-checks.yaml")
    bank.write_text(bank.read_text().replace("status: published", "status: draft"))
    course = read_course(files.folders, files.now.date())
    page = course.notes.topic("test-health-checks")
    assert page is not None
    assert page.unverified is True
