"""A converter of others reads our packages and writes them in the other version: what comes of it is the same."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from qti_convert import downgrade_package, upgrade_package

from quizzes.engine.content import Content, Option
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.model import Exchanged
from quizzes.formats.exchange.qti import QTI2, QTI3, Qti
from quizzes.formats.exchange.source import Source
from tests.formats.exchange.generated import PICTURES, exchanged_questions


def converted(version: Qti, question: Exchanged, folder: Path, convert: Callable[[str, str], object]) -> Source:
    ours, theirs = folder / "ours.zip", folder / "theirs.zip"
    with ours.open("wb") as out:
        version.write([question], out, PICTURES, "Judged")
    convert(str(ours), str(theirs))
    return Source(theirs, theirs.name)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=exchanged_questions())
def test_2_2_made_3_0_says_the_same(question: Exchanged, tmp_path: Path) -> None:
    source = converted(QTI2, question, tmp_path, upgrade_package)
    assert QTI3.recognises(source)
    assert [one.question for one in QTI3.read(source)] == [QTI2.project(question)[0]]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=exchanged_questions())
def test_3_0_made_2_1_says_the_same(question: Exchanged, tmp_path: Path) -> None:
    # A shared text becomes a part of each body there, which is its own case below.
    alone = replace(question, content=replace(question.content, scenario=""))
    source = converted(QTI3, alone, tmp_path, downgrade_package)
    assert QTI2.recognises(source)
    assert [one.question for one in QTI2.read(source)] == [QTI3.project(alone)[0]]


def test_a_shared_text_is_found_by_its_reference(tmp_path: Path) -> None:
    options = tuple(Option(one, f"Step {one}", True, "") for one in "bac")
    content = Content("ordering", "Order the steps.", 3, "shuffle", options, {}, "A bank runs in two zones.")
    question = Exchanged("q-1", content, known=Attributes(scenario="case-1"))
    (item,) = QTI2.read(converted(QTI3, question, tmp_path, downgrade_package))
    assert item.question is not None
    assert item.question.content.stem == "A bank runs in two zones.\n\nOrder the steps."
    assert item.question.content.option_ids == ("b", "a", "c")
