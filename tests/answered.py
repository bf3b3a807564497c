"""Finished attempts by the dozen, for item analysis: what each gave, written at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS
from quizzes.models import Attempt, Question, Quiz, Response, Result
from quizzes.services.attempts import make_code
from sapro.accounts.models import User
from tests.factories import MADE
from tests.own_quizzes import right_choice, wrong_choice

_numbers = count(1)
Given = Sequence[str] | str | None
"""A choice; “right” or “wrong”; None: omitted; “unseen”: never on the screen."""


def make_people(number: int) -> list[User]:
    """So many learners."""
    names = [f"sitter-{next(_numbers):05}" for _ in range(number)]
    User.objects.bulk_create(User(username=one, password="!") for one in names)
    return list(User.objects.filter(username__in=names).order_by("pk"))


def answered(
    quiz: Quiz,
    questions: Sequence[Question],
    rows: Sequence[Sequence[Given]],
    *,
    people: Sequence[Any] | None = None,
    at: datetime = MADE,
    traced: bool = True,
    pilots: Sequence[int] = (),
    **more: Any,
) -> list[Attempt]:
    """An attempt for each row, graded by the keys as they stand, with 30 s and more on every question seen.

    ``pilots``: positions that do not count.
    """
    people = people or make_people(len(rows))
    attempts, responses = [], []
    for row, person in zip(rows, people, strict=True):
        given = {
            "mode": quiz.mode, "title": quiz.title, "state": "submitted", "started_at": at, "grace": 2, "seed": 1,
            "ended_at": at + timedelta(hours=1), "rules": {"marking": "all_or_nothing", "domains": []}, **more,
        }  # fmt: skip
        trace = {str(n): {"ms": 30_000 + 1_000 * n} for n, one in enumerate(row, 1) if one != "unseen"}
        attempt = Attempt(
            code=make_code(), person=person, quiz=quiz, size=len(row), trace=trace if traced else {}, **given
        )
        attempts.append(attempt)
        for position, (question, one) in enumerate(zip(questions, row, strict=True), 1):
            response = _response(attempt, position, question, one)
            response.scored = position not in pilots
            responses.append(response)
    Attempt.objects.bulk_create(attempts)
    Response.objects.bulk_create(responses)
    Result.objects.bulk_create(
        Result(attempt=one, number=1, created_at=at, reason="first", marking="all_or_nothing", raw=0.0,
               maximum=one.size, fractions=[], versions=[]) for one in attempts
    )  # fmt: skip
    return attempts


def _response(attempt: Attempt, position: int, question: Question, given: Given) -> Response:
    version = question.current
    assert version is not None
    named: dict[Any, Any] = {"right": right_choice, "wrong": wrong_choice}
    choice = (
        [] if given in (None, "unseen") else named[given](question) if isinstance(given, str) else list(given or ())
    )
    content = Content.from_body(version.body)
    fraction = KINDS[content.kind].grade(content, choice, "all_or_nothing") if choice else 0.0
    return Response(
        attempt=attempt, position=position, question=question, version=version, shown_order=version.option_ids,
        choice=choice, fraction=fraction,
    )  # fmt: skip
