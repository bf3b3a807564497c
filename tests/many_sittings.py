"""Finished attempts of many learners, written at once: as the end of an attempt writes them, without its steps."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS
from quizzes.models import Attempt, Question, Quiz, Response, Result
from quizzes.services.attempts import make_code
from sapro.accounts.models import User

_numbers = count(1)


def sat_by_many(
    quiz: Quiz,
    questions: Sequence[Question],
    choices: Sequence[Sequence[Sequence[str]]],
    now: datetime,
    *,
    unscored: int = 0,
    trace: dict[str, Any] | None = None,
) -> list[Attempt]:
    """One learner for each row of ``choices``, who gave these to the questions; the last ones count for nobody."""
    names = [f"sitter-{next(_numbers):06}" for _ in choices]
    User.objects.bulk_create(User(username=one, email=f"{one}@example.org", password="!") for one in names)
    people = User.objects.filter(username__in=names).order_by("username")
    domains = quiz.exam.domains if quiz.exam else []
    rules = {"marking": quiz.marking, "exam": "", "domains": domains, "pass_mark": quiz.pass_mark}
    attempts = Attempt.objects.bulk_create(
        Attempt(
            code=make_code(), person=person, quiz=quiz, mode=quiz.mode, title=quiz.title, state="submitted", grace=2,
            started_at=now - timedelta(hours=2), ended_at=now - timedelta(hours=1), rules=rules, seed=1,
            size=len(questions), trace=trace or {},
        )
        for person in people
    )  # fmt: skip
    contents = [Content.from_body(one.current.body) for one in questions if one.current is not None]
    scored = len(questions) - unscored
    responses, results = [], []
    for attempt, given in zip(attempts, choices, strict=True):
        fractions = [
            KINDS[content.kind].grade(content, one, quiz.marking) for content, one in zip(contents, given, strict=True)
        ]
        responses += [
            Response(
                attempt=attempt, position=place, question=question, version=question.current, choice=list(choice),
                shown_order=question.current.option_ids, fraction=fraction, first_exposure=True, scored=place <= scored,
                domain=question.domain,
            )
            for place, (question, choice, fraction) in enumerate(zip(questions, given, fractions, strict=True), 1)
            if question.current is not None
        ]  # fmt: skip
        results.append(
            Result(
                attempt=attempt, number=1, created_at=now, reason="first", marking=quiz.marking, maximum=scored,
                raw=sum(fractions[:scored]), fractions=fractions, versions=[one.current_id for one in questions],
            )
        )  # fmt: skip
    Response.objects.bulk_create(responses)
    Result.objects.bulk_create(results)
    return attempts
