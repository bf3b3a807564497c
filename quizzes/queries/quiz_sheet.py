"""The answers to a quiz as a sheet for item analysis: the first finished attempt of each learner."""

from collections import defaultdict
from typing import Any

from django.db.models import OuterRef, Subquery

from quizzes.engine.analysis import Column, Sheet
from quizzes.engine.content import Content
from quizzes.models import Attempt, QuestionVersion, Quiz, Response, Result
from quizzes.queries.answer_columns import Answer, answer_of, column_of
from quizzes.queries.quiz_figures import texts_asked
from quizzes.queries.sittings import MARKED


def sheet_of(quiz: Quiz) -> Sheet:
    """Marks as the latest results have them, each question by the key that marked it last.

    A question that an attempt did not have, or had with an earlier text, is left out of its total.
    """
    traces, versions, asked = _first_attempts(quiz), _marked_by(quiz), texts_asked(quiz)
    answers: dict[int, dict[int, tuple[Answer, float]]] = defaultdict(dict)
    keys: dict[int, int] = {}
    rows: Any = Response.objects.filter(attempt__in=list(traces), scored=True, version__in=list(asked))
    columns = ("attempt_id", "position", "question_id", "version_id", "choice", "fraction")
    for attempt, position, question, version, choice, fraction in rows.order_by("pk").values_list(*columns):
        answers[question][attempt] = (answer_of(choice, position, traces[attempt]), fraction or 0.0)
        marked = versions.get(attempt, [])
        by = marked[position - 1] if position <= len(marked) else version
        keys[question] = max(by, keys.get(question, 0))
    contents = {
        one.question_id: (one.question.code, Content.from_body(one.body))
        for one in QuestionVersion.objects.filter(pk__in=keys.values()).select_related("question")
    }
    found = [_column(*contents[one], answers[one], list(traces)) for one in sorted(answers)]
    return Sheet(len(traces), tuple(found), drawn=any(None in one.marks for one in found))


def _first_attempts(quiz: Quiz) -> dict[int, dict[str, Any]]:
    finished = Attempt.objects.filter(quiz=quiz, state__in=MARKED)
    earliest = finished.filter(person=OuterRef("person")).order_by("started_at", "pk").values("pk")[:1]
    return dict(finished.filter(pk=Subquery(earliest)).order_by("pk").values_list("pk", "trace"))


def _marked_by(quiz: Quiz) -> dict[int, list[int]]:
    rows = Result.objects.filter(attempt__quiz=quiz).order_by("number")
    return dict(rows.values_list("attempt_id", "versions"))


def _column(code: str, content: Content, given: dict[int, tuple[Answer, float]], attempts: list[int]) -> Column:
    nothing = Answer((), False, None), None
    rows = [given.get(one, nothing) for one in attempts]
    return column_of(code, content, [answer for answer, _ in rows], [mark for _, mark in rows], counted=True)
