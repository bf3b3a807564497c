"""What keeps the words of questions in the index that is searched."""

from collections.abc import Iterable, Mapping
from typing import Any

from quizzes.engine.wording import wording_of
from quizzes.models import Draft, Question, QuestionText
from reference.markup import plain_text, quick_words, render_text

PIECE = 200
FIELDS = ["stem", "options", "rest"]


def index_questions(ids: Iterable[int]) -> int:
    """Write down the words of these questions as they stand; how many there were. What the checks found stays."""
    wanted, written = list(ids), 0
    for start in range(0, len(wanted), PIECE):
        piece = wanted[start : start + PIECE]
        drafts = dict(Draft.objects.filter(question__in=piece).values_list("question", "data"))
        rows = Question.objects.filter(pk__in=piece).select_related("current")
        _write([text_row(one, drafts.get(one.pk) or (one.current.body if one.current else {})) for one in rows], FIELDS)
        written += len(piece)
    return written


def index_draft(question: Question, data: Mapping[str, Any], *, blocking: int = 0, alike: int = 0) -> None:
    """The words of a draft that was saved, and what the checks found in it. One statement."""
    row = text_row(question, data)
    row.blocking, row.alike = min(blocking, 999), min(alike, 999)
    _write([row], [*FIELDS, "blocking", "alike"])


def text_row(question: Question, fields: Mapping[str, Any]) -> QuestionText:
    """The words of a question, not written yet. ``fields``: of its draft, or the body of its version."""
    wording = wording_of(fields)
    rest = " ".join([question.code, *map(str, question.tags)])
    return QuestionText(
        question_id=question.pk,
        stem=_plain(wording.stem),
        options=_plain(wording.options),
        rest=f"{_plain(wording.rationales)}\n{rest}",
    )


def _plain(text: str) -> str:
    if not text:
        return ""
    quick = quick_words(text)
    return plain_text(render_text(text.replace("\0", " "))) if quick is None else quick


def _write(rows: list[QuestionText], fields: list[str]) -> None:
    QuestionText.objects.bulk_create(rows, update_conflicts=True, unique_fields=["question"], update_fields=fields)
