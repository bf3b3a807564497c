"""What is said of the formats: every one has its steps, and its sample reads back as what it promises."""

from pathlib import Path

import pytest

from quizzes.engine.kinds import KINDS
from quizzes.formats.exchange.described import described, document, file_name, sample
from quizzes.formats.exchange.guides import GUIDES
from quizzes.formats.exchange.model import ASPECTS
from quizzes.formats.exchange.registry import FORMATS, detect
from quizzes.formats.exchange.samples import EXAMPLES, OF_EACH_KIND
from quizzes.formats.exchange.source import Source

NAMES = {kind: kind.replace("_", " ") for kind in KINDS}
WRITTEN = [one.name for one in FORMATS.values() if one.writes]


def test_there_is_an_example_of_every_kind_and_each_can_be_asked() -> None:
    assert {one.kind for one in OF_EACH_KIND} == set(KINDS)
    assert [flaw for one in OF_EACH_KIND for flaw in KINDS[one.kind].flaws(one)] == []


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_says_what_it_does_with_everything_and_how_one_gets_there(name: str) -> None:
    one = FORMATS[name]
    said = described(one)
    assert len(said.carried) + len(said.lost) == len(ASPECTS)
    assert GUIDES[name].about
    assert bool(said.guide.bring) >= one.reads
    assert bool(said.guide.take) >= one.writes
    assert all(row.fate.words.strip() for row in (*said.carried, *said.lost))


@pytest.mark.parametrize("name", WRITTEN)
def test_a_sample_is_of_its_format_and_holds_the_examples(name: str, tmp_path: Path) -> None:
    one = FORMATS[name]
    path = tmp_path / file_name(one, "example")
    path.write_bytes(sample(one))
    if one.reads:
        source = Source(path, path.name)
        assert detect(source) is one
        wanted = [projected for question in EXAMPLES if (projected := one.project(question)[0]) is not None]
        assert [item.question for item in one.read(source)] == wanted
    assert path.stat().st_size > 0


def test_the_document_names_every_format_and_aspect() -> None:
    text = document(FORMATS.values(), NAMES)
    for one in FORMATS.values():
        assert f'<a id="{one.name}"></a>{one.title}' in text
    assert text.count("| carried |") + text.count("| lost |") == len(ASPECTS) * len(FORMATS)
