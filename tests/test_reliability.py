"""The table of faults in docs/reliability.md: every fault stands in it once, and every test it names exists."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.sources import ROOT

DOCUMENT = ROOT / "docs" / "reliability.md"
FAULTS = [f"F{number}" for number in range(1, 73)]
ROW = re.compile(r"^\| (F\d+) \| (.+) \| (.+) \|$", re.M)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ANSWERS = ("tested: ", "by design: ", "not ours, because ")


def rows(text: str) -> list[tuple[str, str]]:
    """Number and answer of each row."""
    _, _, section = text.partition("\n## Faults, one by one\n")
    return [(number, answer) for number, _, answer in ROW.findall(section.partition("\n## ")[0])]


def wrong_answers(text: str) -> Iterator[str]:
    """What is wrong with the answers, in words."""
    for number, answer in rows(text):
        named = NAMED.findall(answer)
        if not answer.startswith(ANSWERS):
            yield f"{number}: neither tested, nor by design, nor not ours"
        if answer.startswith("tested: ") and not named:
            yield f"{number}: tested, and no test is named"
        for path, name in named:
            if name not in names_in(path):
                yield f"{number}: there is no {path}::{name}"


def names_in(path: str) -> set[str]:
    """What a file of tests defines at its top."""
    file = ROOT / path
    tree = ast.parse(file.read_text()) if file.is_file() else ast.Module([], [])
    defined = {one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef)}
    assigned = (one for one in tree.body if isinstance(one, ast.Assign))
    return defined | {target.id for one in assigned for target in one.targets if isinstance(target, ast.Name)}


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("perhaps", "neither tested"),
        ("tested: somewhere", "no test is named"),
        (
            "tested: `tests/test_reliability.py::test_of_dreams`",
            "there is no tests/test_reliability.py::test_of_dreams",
        ),
        ("by design: see `tests/nowhere.py::test_a`", "there is no tests/nowhere.py::test_a"),
    ],
)
def test_a_wrong_answer_is_seen(answer: str, fault: str) -> None:
    text = f"# Reliability\n\n## Faults, one by one\n\n| # | fault | here |\n|---|---|---|\n| F1 | a | {answer} |\n"
    assert [fault in one for one in wrong_answers(text)] == [True]


def test_every_fault_has_an_answer_that_holds() -> None:
    text = DOCUMENT.read_text()
    assert [number for number, _ in rows(text)] == FAULTS
    assert list(wrong_answers(text)) == []
