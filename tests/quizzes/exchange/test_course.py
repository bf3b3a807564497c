"""The whole bank of the course, from the database into a file of the site’s own format, and out of it again."""

import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings as site

from quizzes.formats.exchange.model import Exchanged
from quizzes.formats.exchange.native_zip import SAPRO
from quizzes.formats.exchange.source import Source
from quizzes.formats.native import parse_bank
from quizzes.models import Question
from quizzes.services.exporting import write_export
from tests.factories import make_instructor
from tests.formats.exchange.test_native_zip import exchanged

pytestmark = pytest.mark.once


def bank() -> dict[str, Exchanged]:
    """The questions of the files by code. Of two enemies one file may name the other; the database knows it of both."""
    files = [path for path in sorted(site.COURSE_BANK.glob("*.yaml")) if path.name != "exams.yaml"]
    listed = {one.code: exchanged(one) for path in files for one in parse_bank(path.read_text())}
    named = [(code, enemy) for code, one in listed.items() for enemy in one.known.enemies]
    enemies = {code: {b for a, b in named if a == code} | {a for a, b in named if b == code} for code in listed}
    return {code: in_one_order(one, enemies[code]) for code, one in listed.items()}


def in_one_order(question: Exchanged, enemies: Iterable[str]) -> Exchanged:
    """The database knows the home topic, and the others as a set; a licence it has for each question."""
    home, *others = question.known.topics
    known = replace(question.known, topics=(home, *sorted(others)), enemies=tuple(sorted(enemies)))
    return replace(question, licence="", known=known)


def test_it_goes_out_and_comes_in_without_a_difference(real_course: None, tmp_path: Path, now: datetime) -> None:
    wanted, teacher = bank(), make_instructor()
    ids = list(Question.objects.course().values_list("pk", flat=True))
    out = io.BytesIO()
    done = write_export("sapro", ids, out, person_id=teacher.pk, title="Course", images=tmp_path, now=now)
    assert (done.account.written, done.account.left_out, done.account.lines) == (len(ids), 0, ())
    (tmp_path / "course.zip").write_bytes(out.getvalue())
    items = list(SAPRO.read(Source(tmp_path / "course.zip", "course.zip")))
    assert [item.problem for item in items if item.problem] == []
    found = {
        item.question.code: in_one_order(item.question, item.question.known.enemies) for item in items if item.question
    }
    assert len(found) == len(ids) >= 400
    assert found == {code: wanted[code] for code in found}
