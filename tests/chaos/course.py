"""The course of a run: a quiz for each learner, and editions in which questions have other texts and other keys."""

from collections.abc import Collection
from pathlib import Path
from random import Random
from typing import Any

import yaml

SOURCE = Path(__file__).parent.parent / "course" / "bank"
SCORED, UNSCORED, MINUTES = 8, 2, 1
SIZE = SCORED + UNSCORED
CHANGED = 6
MOVES_WITH_THE_TEXT = ("text", "correct", "rationale", "breaks", "family")


def slug(number: int) -> str:
    """The address of the quiz of one learner of a room."""
    return f"chaos-{number}"


def write(folder: Path, *, edition: int, quizzes: int, closed: Collection[int]) -> None:
    """Write the bank of this edition. ``closed`` are the numbers of quizzes that are left out, and so retired."""
    folder.mkdir(exist_ok=True)
    exams = yaml.safe_load((SOURCE / "exams.yaml").read_text())
    exams["presets"] = [_preset(number) for number in range(quizzes) if number not in closed]
    _dump(folder / "exams.yaml", exams)
    dice = Random(edition)
    for path in sorted(SOURCE.glob("test-*.yaml")):
        bank = yaml.safe_load(path.read_text())
        for question in dice.sample(bank["questions"], CHANGED if edition else 0):
            _edit(question, edition)
        _dump(folder / path.name, bank)


def _preset(number: int) -> dict[str, Any]:
    return {
        "slug": slug(number),
        "title": f"Chaos {number}",
        "summary": "One minute, ten questions.",
        "exam": "SAP-C03",
        "scored": SCORED,
        "unscored": UNSCORED,
        "minutes": MINUTES,
    }


def _edit(question: dict[str, Any], edition: int) -> None:
    """Another stem, and another key: the right option and a wrong one change places under their ids."""
    question["stem"] = f"{question['stem'].rstrip()} (Edition {edition}.)\n"
    right = next(option for option in question["options"] if option["correct"])
    wrong = next(option for option in question["options"] if not option["correct"])
    for name in MOVES_WITH_THE_TEXT:
        values = right.pop(name, None), wrong.pop(name, None)
        for option, value in zip((wrong, right), values, strict=True):
            if value is not None:
                option[name] = value


def _dump(path: Path, content: Any) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))
