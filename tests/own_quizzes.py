"""Quizzes of instructors and what learners did there, written row by row: nothing here needs the pages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from quizzes.engine.content import Content
from quizzes.models import Attempt, Event, Question, QuestionVersion, Quiz, Response, Section, SectionQuestion
from quizzes.services.attempts import make_code
from quizzes.services.bank import make_version
from quizzes.services.results import finish_attempt
from tests.factories import MADE, make_authored

_numbers = count(1)


def make_own_quiz(owner: Any, questions: Sequence[Question] = (), **more: Any) -> Quiz:
    """A published quiz of this instructor over these questions."""
    number = next(_numbers)
    given = {
        "slug": f"own-quiz-{number}",
        "title": f"Own quiz {number}",
        "published_at": MADE,
        "scored": max(1, len(questions)),
        "time_limit": 3600,
        **more,
    }
    quiz = Quiz.objects.create(owner=owner, origin=Quiz.Origin.AUTHOR, **given)
    section = Section.objects.create(quiz=quiz, position=1)
    SectionQuestion.objects.bulk_create(
        SectionQuestion(section=section, question=one, position=place) for place, one in enumerate(questions, 1)
    )
    return quiz


def begin(person: Any, quiz: Quiz, questions: Sequence[Question], now: datetime, **more: Any) -> Attempt:
    """An attempt under way, its form the questions as they stand now."""
    rules = {"marking": quiz.marking, "exam": "", "domains": [], "pass_mark": quiz.pass_mark}
    given: dict[str, Any] = {
        "code": make_code(),
        "deadline": now + timedelta(seconds=quiz.time_limit) if quiz.time_limit else None,
        "rules": rules,
        **more,
    }
    attempt = Attempt.objects.create(
        person=person, quiz=quiz, mode=quiz.mode, title=quiz.title, started_at=now, grace=2, seed=1,
        size=len(questions), **given,
    )  # fmt: skip
    rows = [
        Response(attempt=attempt, position=place, question=one, version=one.current, shown_order=one.current.option_ids)
        for place, one in enumerate(questions, 1)
        if one.current is not None
    ]
    Response.objects.bulk_create(rows)
    Event.objects.create(attempt=attempt, kind="started", received_at=now)
    return attempt


def give(attempt: Attempt, position: int, choice: Sequence[str], now: datetime) -> None:
    """What the learner gives for one position."""
    attempt.responses.filter(position=position).update(choice=list(choice), choice_at=1, saved_at=now)
    Event.objects.create(
        attempt=attempt, kind="saved", received_at=now, position=position, at=1, data={"choice": list(choice)}
    )


def right_choice(question: Question) -> list[str]:
    """The key of the question as it stands."""
    assert question.current is not None
    return list(question.current.key["correct"])


def wrong_choice(question: Question) -> list[str]:
    """As many options as are asked for, none of them right."""
    assert question.current is not None
    wrong = [one for one in question.current.option_ids if one not in question.current.key["correct"]]
    return wrong[: question.current.choose]


def sat(
    person: Any,
    quiz: Quiz,
    questions: Sequence[Question],
    now: datetime,
    *,
    right: Collection[int] = (),
    choices: Mapping[int, Sequence[str]] | None = None,
    minutes: int = 10,
    **more: Any,
) -> Attempt:
    """An attempt that was handed in: right at these positions, wrong elsewhere but for what ``choices`` says."""
    attempt = begin(person, quiz, questions, now, **more)
    for position, question in enumerate(questions, 1):
        choice = right_choice(question) if position in right else wrong_choice(question)
        give(attempt, position, (choices or {}).get(position, choice), now + timedelta(minutes=1))
    return finish_attempt(attempt_id=attempt.pk, now=now + timedelta(minutes=minutes), by_learner=True)


def correct_key(question: Question, key: Collection[str], now: datetime = MADE) -> QuestionVersion:
    """A correcting version: the same text with other options marked right, and now the one that new attempts sit."""
    assert question.current is not None
    content = Content.from_body(question.current.body)
    options = tuple(replace(one, correct=one.id in key) for one in content.options)
    return correct_content(question, replace(content, options=options), now)


def correct_content(question: Question, content: Content, now: datetime = MADE) -> QuestionVersion:
    """A correcting version of any kind."""
    version = make_version(content, question_id=question.pk, number=question.versions.count() + 1, now=now)
    version.corrects = question.current
    version.save()
    question.current = version
    question.save(update_fields=["current"])
    return version


def make_of_kind(author: Any, content: Content) -> Question:
    """A published question of any kind."""
    question = make_authored(author)[0]
    version = make_version(content, question_id=question.pk, number=2, now=MADE)
    version.save()
    question.current = version
    question.save(update_fields=["current"])
    return question
