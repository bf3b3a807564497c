"""What a learner highlighted in an exam beside the requirements that the author named.

Only what may be reviewed comes here, and only questions in which something was marked: who never took the highlighter
has not overlooked anything by that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizzes.engine.marks import Reading, find, read, text_of
from quizzes.models import Attempt, Question, QuestionVersion
from quizzes.queries.draws import held_questions
from reference.markup import render_text

ENOUGH_QUESTIONS = 5
"""From so many questions with marks on, the sum is told."""


def reading_of(
    shown: Mapping[str, Any], constraints: Sequence[Mapping[str, str]], marks: Sequence[Sequence[int]]
) -> Reading:
    """The marks of one stem against its requirements.

    Requirements are the question's and change in place, the stem is the one that was sat: what is not in it is left
    out.
    """
    text = text_of(shown["stem"])
    spans = [_place(text, one["text"]) for one in constraints]
    return read(text, [span for span in spans if span], [(start, end) for start, end in marks])


def _place(text: str, constraint: str) -> tuple[int, int] | None:
    """A requirement is quoted from the source, where emphasis and code have their signs."""
    return find(text, constraint) or find(text, text_of(render_text(constraint, inline=True)))


@dataclass(frozen=True, slots=True)
class MarkedQuestion:
    """One question of an attempt in which something was marked and the author named a requirement."""

    position: int
    question_id: int
    right: bool
    scored: bool
    reading: Reading


@dataclass(frozen=True, slots=True)
class MarkedSum:
    """Requirements marked, of how many, over some questions; and the same over those that were missed."""

    questions: int
    seen: int
    total: int
    missed_seen: int
    missed_total: int


def marked_requirements(attempt: Attempt) -> list[MarkedQuestion]:
    """The questions of a finished exam of the course with marks, in order; one query, none where nothing was marked.

    Nothing of an attempt that is open, of an instructor's quiz (it shows what its author allows), and of questions that
    stand in an exam which the learner has open.
    """
    marks = {int(place): entry["marks"] for place, entry in attempt.trace.items() if entry.get("marks")}
    if not marks or attempt.state == Attempt.State.IN_PROGRESS or "show" in attempt.rules:
        return []
    rows = attempt.responses.filter(position__in=marks).exclude(question_id__in=held_questions(attempt.person_id))
    wanted = ("position", "question_id", "fraction", "scored", "version__shown", "question__constraints")
    found = [
        MarkedQuestion(position, question, fraction == 1, scored, reading_of(shown, constraints, marks[position]))
        for position, question, fraction, scored, shown, constraints in rows.order_by("position").values_list(*wanted)
    ]
    return [one for one in found if one.reading.marks and one.reading.requirements]


def marked_sum(attempt: Attempt) -> MarkedSum | None:
    """The sum over an attempt; None below ENOUGH_QUESTIONS questions with marks."""
    found = marked_requirements(attempt)
    if len(found) < ENOUGH_QUESTIONS:
        return None
    missed = [one.reading for one in found if not one.right]
    return MarkedSum(
        questions=len(found),
        seen=sum(one.reading.seen for one in found),
        total=sum(one.reading.total for one in found),
        missed_seen=sum(one.seen for one in missed),
        missed_total=sum(one.total for one in missed),
    )


def reading_in_review(question: Question, version: QuestionVersion, entry: Mapping[str, Any] | None) -> Reading | None:
    """For one question of a review: None where nothing was marked in it."""
    marks = (entry or {}).get("marks")
    if not marks:
        return None
    reading = reading_of(version.shown, question.constraints, marks)
    return reading if reading.marks else None
