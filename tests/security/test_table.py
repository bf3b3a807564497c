"""docs/security.md has a row for every attack of the list, and names tests that exist."""

import ast
import re
from pathlib import Path

from tests.sources import ROOT

DOCUMENT = ROOT / "docs" / "security.md"
ROW = re.compile(r"^\| (S\d+) \|([^|]*)\|([^|]*)\|(.*)\|$", re.MULTILINE)


def numbers(*spans: tuple[int, int]) -> list[str]:
    """The ids of the list, from their spans."""
    return [f"S{number}" for first, last in spans for number in range(first, last + 1)]


LIST = numbers((1, 15), (17, 20), (22, 24), (26, 31), (33, 35), (46, 52), (54, 61), (65, 70))
"""The attacks that this site answers for."""
NOT_YET: set[str] = set()
"""Rows without a test: the document says why."""


def rows(text: str) -> dict[str, tuple[str, str, list[str]]]:
    """By id: the attempt, what is shown, and the tests."""
    return {one[1]: (one[2].strip(), one[3].strip(), re.findall(r"`([^`]+)`", one[4])) for one in ROW.finditer(text)}


def missing(node: str, root: Path = ROOT) -> bool:
    """Whether there is no such test: ``tests/a.py::test_b``."""
    path, _, name = node.partition("::")
    file = root / path
    if not file.is_file() or not name.startswith("test_"):
        return True
    tree = ast.parse(file.read_text())
    return name not in {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}


def test_every_attack_of_the_list_has_its_row() -> None:
    text = DOCUMENT.read_text()
    assert [one[1] for one in ROW.finditer(text)] == LIST
    for number, (attempt, shown, tests) in rows(text).items():
        assert attempt, number
        assert shown, number
        assert bool(tests) is (number not in NOT_YET), number
        assert shown.startswith("Not ours yet: ") or number not in NOT_YET, number


def test_every_test_that_is_named_exists(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text("def test_there() -> None: ...\n")
    named = ["test_a.py::test_there", "test_a.py::test_gone", "test_b.py::test_there", "test_a.py"]
    assert [missing(node, tmp_path) for node in named] == [False, True, True, True]
    assert {node for _, _, tests in rows(DOCUMENT.read_text()).values() for node in tests if missing(node)} == set()


def test_every_test_of_this_folder_is_named_or_is_a_control() -> None:
    """What was written for the list stands in it, so that nobody wonders what it is for."""
    named = {node for _, _, tests in rows(DOCUMENT.read_text()).values() for node in tests}
    here = {
        f"tests/security/{file.name}::{one.name}"
        for file in Path(__file__).parent.glob("test_*.py")
        for one in ast.walk(ast.parse(file.read_text()))
        if isinstance(one, ast.FunctionDef) and one.name.startswith("test_") and file.name != Path(__file__).name
    }
    assert {node.partition("::")[2] for node in here - named} == CONTROLS


CONTROLS = {
    "test_the_configuration_is_read_whole",
    "test_what_may_be_seen_is_seen",
    "test_made_questions_give_nothing_away",
    "test_without_an_exam_the_past_tells_everything",
    "test_every_address_has_a_row",
    "test_a_fault_is_found",
    "test_what_leaves_a_page_that_takes_markup_is_noticed",
    "test_the_log_counts_and_names_what_is_broken",
}
"""Tests that hold other tests to what they claim, or go with one that is named."""
