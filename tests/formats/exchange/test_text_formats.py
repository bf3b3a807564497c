"""Formats of plain text are told apart: of these, GIFT is asked last, for braces stand in every text on AWS."""

from pathlib import Path

import pytest

from quizzes.formats.exchange.aiken import AIKEN
from quizzes.formats.exchange.gift import GIFT
from quizzes.formats.exchange.markdown_list import MARKDOWN_LIST
from quizzes.formats.exchange.model import Format
from quizzes.formats.exchange.source import Source

CORPUS = Path(__file__).parents[1] / "corpus"
IN_ORDER: tuple[Format, ...] = (AIKEN, MARKDOWN_LIST, GIFT)
FILES = [(one.name, path) for one in IN_ORDER for path in sorted((CORPUS / one.name).iterdir())]


@pytest.mark.parametrize(("name", "path"), FILES, ids=[f"{name}-{path.name}" for name, path in FILES])
def test_the_first_that_knows_a_file_is_its_format(name: str, path: Path) -> None:
    source = Source(path, path.name)
    assert next(one.name for one in IN_ORDER if one.recognises(source)) == name
