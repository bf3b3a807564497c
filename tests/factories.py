"""Rows for tests that need more of them, or stranger ones, than the small course has. Nothing is rendered or loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from django.contrib.auth.models import Group

from quizzes.engine.content import Content, Option
from quizzes.models import Exam, Placement, Question, QuestionVersion, Quiz, Section, SectionQuestion
from sapro.accounts.models import INSTRUCTORS, User

MADE = datetime(2026, 11, 1, tzinfo=UTC)
EQUAL = dict.fromkeys(range(1, 6), 20)
CHOOSE_TWO_EVERY = 5
"""Every fifth question has five options, of which two are right; the others have four and one."""

_numbers = count(1)


def make_exam(weights: Mapping[int, float] = EQUAL) -> Exam:
    """An exam with these weights by domain."""
    number = next(_numbers)
    domains = [{"number": one, "name": f"Domain {one}", "weight": weight} for one, weight in weights.items()]
    return Exam.objects.create(
        # Of exams that begin on one day the one that was made first comes first.
        code=f"EX-{number:08}",
        title=f"Exam {number}",
        starts_on=date(2026, 1, 1),
        provisional=False,
        placed_by="domain",
        domains=domains,
    )


def make_quiz(exam: Exam, *, scored: int, unscored: int = 0, minutes: int | None = 60, **more: Any) -> Quiz:
    """A mock exam over the questions of ``exam``."""
    number = next(_numbers)
    return Quiz.objects.create(
        slug=f"quiz-{number}",
        title=f"Quiz {number}",
        exam=exam,
        scored=scored,
        unscored=unscored,
        time_limit=None if minutes is None else minutes * 60,
        **more,
    )


def content_of(code: str, number: int) -> Content:
    """The text of a made question: canaries in the rationales, the key in another place from one to the next."""
    choose = 2 if number % CHOOSE_TWO_EVERY == 0 else 1
    ids = "abcde" if choose == 2 else "abcd"
    right = {ids[(number + step) % len(ids)] for step in range(choose)}
    options = tuple(Option(one, f"Option {one} of {code}", one in right, f"canary-{code}-{one}") for one in ids)
    return Content(
        kind="multiple_choice" if choose == 1 else "multiple_response",
        stem=f"The stem of {code}: which of these is meant?",
        choose=choose,
        order="shuffle",
        options=options,
    )


def version_of(question: Question, content: Content) -> QuestionVersion:
    """An unsaved first version, with html that is the plain text in a paragraph."""
    return QuestionVersion(
        question=question,
        number=1,
        digest=content.digest,
        kind=content.kind,
        choose=content.choose,
        order=content.order,
        option_ids=list(content.option_ids),
        body=content.to_body(),
        shown={
            "stem": f"<p>{content.stem}</p>",
            "options": {option.id: f"<p>{option.text}</p>" for option in content.options},
        },
        key={
            "correct": sorted(content.keys),
            "rationales": {option.id: f"<p>{option.rationale}</p>" for option in content.options},
        },
        created_at=MADE,
    )


def edit(question: Question) -> None:
    """Give a question a new version: another stem, and the key moved on by one option."""
    number = question.versions.count() + 1
    assert question.current is not None
    content = Content.from_body(question.current.body)
    moved = [content.options[-1].correct, *(option.correct for option in content.options[:-1])]
    options = tuple(replace(one, correct=correct) for one, correct in zip(content.options, moved, strict=True))
    version = version_of(question, replace(content, stem=f"{content.stem} ({number})", options=options))
    version.number = number
    version.save()
    question.current = version
    question.save(update_fields=["current"])


def make_questions(
    exam: Exam, domains: Sequence[int], *, status: str = "published", enemies: Mapping[int, Sequence[int]] | None = None
) -> list[Question]:
    """One question for each entry of ``domains``, placed there. ``enemies`` goes by their numbers, from 0."""
    made = [next(_numbers) for _ in domains]
    declared = {number: [f"made-{made[other]}" for other in others] for number, others in (enemies or {}).items()}
    questions = Question.objects.bulk_create(
        Question(
            code=f"made-{number}",
            status=status,
            domain=domain,
            difficulty=3,
            enemies=declared.get(index, []),
            verified_on=MADE.date(),
        )
        for index, (number, domain) in enumerate(zip(made, domains, strict=True))
    )
    versions = QuestionVersion.objects.bulk_create(
        version_of(question, content_of(question.code, index)) for index, question in enumerate(questions)
    )
    for question, version in zip(questions, versions, strict=True):
        question.current = version
    Question.objects.bulk_update(questions, ["current"])
    Placement.objects.bulk_create(
        Placement(exam=exam, question=question, domain=domain, status=status, draw_key=spread(question.pk))
        for question, domain in zip(questions, domains, strict=True)
    )
    return questions


def spread(number: int) -> int:
    """A draw key: the same for the same question, and evenly spread."""
    return number * 2654435761 % 2**31


def make_bank(size: int, **quiz: Any) -> Quiz:
    """A bank of so many questions over five equal domains, and a quiz over it."""
    exam = make_exam()
    make_questions(exam, [1 + index % 5 for index in range(size)])
    return make_quiz(exam, **quiz)


def make_instructor(name: str = "teacher") -> User:
    """Somebody who may write questions and quizzes."""
    person = User.objects.create_user(name, f"{name}@example.org", "x" * 12)
    person.groups.add(Group.objects.get_or_create(name=INSTRUCTORS)[0])
    return person


def make_authored(author: User, size: int = 1, *, status: str = "published") -> list[Question]:
    """Questions that this instructor has written, each with one version."""
    numbers = [next(_numbers) for _ in range(size)]
    questions = Question.objects.bulk_create(
        Question(
            code=f"own-{number}",
            origin=Question.Origin.AUTHOR,
            author=author,
            status=status,
            difficulty=3,
            updated_at=MADE,
            tags=["made"],
        )
        for number in numbers
    )
    versions = QuestionVersion.objects.bulk_create(
        version_of(question, content_of(question.code, number))
        for question, number in zip(questions, numbers, strict=True)
    )
    for question, version in zip(questions, versions, strict=True):
        question.current = version
    Question.objects.bulk_update(questions, ["current"])
    return questions


def make_teachers_quiz(owner: User, questions: Sequence[Question], *, published: bool = True, **rules: Any) -> Quiz:
    """A quiz of an instructor over these questions, as written, in one fixed section."""
    number = next(_numbers)
    rules = {"order": Quiz.Order.FIXED, "time_limit": 3600, "time_options": False, **rules}
    quiz = Quiz.objects.create(
        slug=f"teachers-{number}",
        title=f"Teachers {number}",
        origin=Quiz.Origin.AUTHOR,
        owner=owner,
        scored=len(questions),
        published_at=MADE if published else None,
        updated_at=MADE,
        **rules,
    )
    section = Section.objects.create(quiz=quiz, position=1)
    SectionQuestion.objects.bulk_create(
        SectionQuestion(section=section, question=one, position=place) for place, one in enumerate(questions, 1)
    )
    return quiz
