"""What the other tests are made of: questions that this site would take as they are."""

from hypothesis import given, settings

from quizzes.engine.kinds import KINDS
from quizzes.formats.exchange.model import Exchanged
from quizzes.formats.pictures import read_picture
from tests.formats.exchange.generated import PICTURE_NAMES, PICTURES, exchanged_questions


@given(exchanged_questions())
@settings(max_examples=40, deadline=None)
def test_a_generated_question_has_no_flaws_and_no_blanks_around_its_texts(question: Exchanged) -> None:
    content = question.content
    assert KINDS[content.kind].flaws(content) == []
    texts = [content.stem, content.scenario, *(text for one in content.options for text in (one.text, one.rationale))]
    assert [text.strip() for text in texts] == texts
    assert bool(content.scenario) == bool(question.known.scenario)


def test_the_pictures_are_pictures() -> None:
    sizes = {name: read_picture(PICTURES(name) or b"") for name in PICTURE_NAMES}
    assert {f"{one.width}x{one.height}" for one in sizes.values()} == {"40x30", "8x8", "3x200"}
    assert PICTURES("other") is None
