"""Answers to one question as a column of item analysis: each is graded by the content that has the key now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizzes.engine.analysis import Column
from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS, Shape
from quizzes.engine.scoring import guess_floor

MARKING = "all_or_nothing"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one attempt gave for a question. ``seconds`` on the screen, None where they are not known."""

    choice: tuple[str, ...]
    reached: bool
    seconds: float | None


def answer_of(choice: Sequence[str], position: int, trace: Mapping[str, Any]) -> Answer:
    """The answer at a position of an attempt with this trace. Without any trace all was reached."""
    entry = trace.get(str(position))
    seconds = entry["ms"] / 1000 if entry and entry.get("ms") else None
    return Answer(tuple(choice), bool(choice) or entry is not None or not trace, seconds)


def marks_of(content: Content, answers: Sequence[Answer]) -> list[float]:
    """Each answer as right or wrong."""
    kind = KINDS[content.kind]
    return [kind.grade(content, one.choice, MARKING) if one.choice else 0.0 for one in answers]


def column_of(
    code: str, content: Content, answers: Sequence[Answer], marks: Sequence[float | None], *, counted: bool
) -> Column:
    """The column of a question with one answer for each attempt, and its mark; None where it did not have it."""
    kind = KINDS[content.kind]
    found = [kind.classify(content, one.choice) for one in answers]
    names = list(kind.classify(content, ()))
    return Column(
        code=code,
        most=1.0,
        marks=marks,
        reached=[one.reached for one in answers],
        answered=[bool(one.choice) for one in answers],
        seconds=[one.seconds for one in answers],
        classes={name: [row[name] for row in found] for name in names},
        key=frozenset(content.keys) if kind.has_options else frozenset(names) - {"wrong"},
        floor=guess_floor([kind.chances(Shape(content.choose, kind.parts(content)))]),
        counted=counted,
    )
