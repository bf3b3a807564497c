"""A question with a picture leaves as a file of each format that carries pictures, and arrives with a colleague."""

import io
from dataclasses import replace

import pytest

from quizzes.formats.exchange import registry
from quizzes.models import Draft, Image, Question
from quizzes.services.exchange import begin_import
from quizzes.services.exporting import write_export
from tests.factories import make_instructor
from tests.formats.exchange.lines import line_of
from tests.quizzes.exchange.conftest import Desk, question_of
from tests.quizzes.exchange.test_writing import picture_line, png

WITH_PICTURES = [
    one.name for one in registry.FORMATS.values() if one.reads and one.writes and one.fates["pictures"].carried
]


def test_formats_that_carry_pictures_are_known() -> None:
    assert {"sapro", "anki", "moodle_xml", "qti12", "qti2", "qti3"} <= set(WITH_PICTURES)


@pytest.mark.parametrize("name", WITH_PICTURES)
def test_a_picture_arrives(desk: Desk, name: str) -> None:
    question = question_of(1)
    question = replace(
        question, content=replace(question.content, stem=f"{question.content.stem}\n\n![A plan](image:p1)")
    )
    desk.taken(desk.read(desk.begin([line_of(question), picture_line("p1", png("red"))])))
    out = io.BytesIO()
    mine = list(Question.objects.values_list("pk", flat=True))
    write_export(name, mine, out, person_id=desk.person.pk, title="Bank", images=desk.images, now=desk.clock())
    colleague = replace(desk, person=make_instructor("colleague"))
    source = begin_import([out.getvalue()], "bank", person_id=colleague.person.pk, folder=desk.folder, now=desk.clock())
    colleague.taken(colleague.read(source))
    theirs = Question.objects.get(author=colleague.person)
    image = Image.objects.get(question=theirs)
    assert (image.alt, image.width, image.height) == ("A plan", 3, 2)
    assert (desk.images / image.code).is_file()
    assert f"![A plan](image:{image.code})" in Draft.objects.get(question=theirs).data["stem"]
    assert Image.objects.get(question__in=mine).code != image.code
