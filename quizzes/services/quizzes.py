"""The only writer of instructors' quizzes as a whole: make, set, publish, take back, copy, share, delete.

Whoever changes a quiz names the revision that they began from. Two who edit at once are told of each other.
"""

import secrets
import string
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.text import slugify

from quizzes.models import Assignment, Attempt, Quiz, Section, SectionQuestion
from quizzes.queries.quiz_builder import Problem, find_problems
from quizzes.queries.rights import own_quizzes
from quizzes.queries.sections import sections_of
from quizzes.services.audit import Actor, record

SUFFIX = 8
LETTERS = string.ascii_lowercase + string.digits


class Stale(Exception):
    """Somebody else has changed the quiz since: ``quiz`` is how it stands now. Nothing was written."""

    def __init__(self, quiz: Quiz) -> None:
        super().__init__(f"revision {quiz.revision}")
        self.quiz = quiz


class NotReady(Exception):
    """The quiz cannot be published like this, or not stay so: what is in the way, each with what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(one.text for one in problems))
        self.problems = problems


class Refused(Exception):
    """What was asked does not go: the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything of a quiz that one form holds. Lengths are seconds, the pass mark is hundredths of the maximum."""

    title: str
    summary: str
    mode: str
    time_limit: int | None
    time_options: bool
    opens_at: datetime | None
    closes_at: datetime | None
    closing_cuts: bool
    attempts_allowed: int | None
    delay: int
    order: str
    marking: str
    pass_mark: int | None
    show_score: str
    show_key: str
    show_rationale: str
    access_code: str
    forward_only: bool
    pause_allowed: bool


def make_slug(title: str) -> str:
    """An address that can be read and not guessed: the title, and 41 random bits."""
    suffix = "".join(secrets.choice(LETTERS) for _ in range(SUFFIX))
    return f"{slugify(title)[:60].strip('-') or 'quiz'}-{suffix}"


def create_quiz(*, actor: Actor, title: str, mode: str, now: datetime) -> Quiz:
    """A new draft, with one empty section for fixed questions."""
    during = Quiz.Showing.DURING if mode == Quiz.Mode.PRACTICE else Quiz.Showing.SUBMITTED
    with transaction.atomic():
        quiz = Quiz.objects.create(
            slug=make_slug(title),
            title=title,
            origin=Quiz.Origin.AUTHOR,
            owner_id=actor.pk,
            mode=mode,
            scored=0,
            time_options=False,
            show_score=during,
            show_key=during,
            show_rationale=during,
            updated_at=now,
        )
        Section.objects.create(quiz=quiz, position=1)
    return quiz


@contextmanager
def editing(
    *, actor: Actor, slug: str, revision: int | None, now: datetime, verb: str = "quiz.changed"
) -> Iterator[Quiz]:
    """A quiz of theirs, locked, to be changed in one transaction. ``revision`` None: whatever the revision.

    At the end the revision is counted and the size kept. What is published has to stay fit to be: else NotReady is
    raised and nothing is written; and that it was changed goes into the log.

    Raises Quiz.DoesNotExist where it is not theirs, and Stale.
    """
    with transaction.atomic():
        # The rights are a subquery, so that only the quiz is locked.
        quiz = Quiz.objects.select_for_update(no_key=True).get(pk__in=own_quizzes(actor.pk).values("pk"), slug=slug)
        if revision is not None and quiz.revision != revision:
            raise Stale(quiz)
        before = _told(quiz)
        yield quiz
        quiz.revision += 1
        quiz.updated_at = now
        sections = sections_of(quiz)
        quiz.scored = sum(_size(one) for one in sections)
        quiz.save()
        if quiz.published_at is not None and not quiz.retired:
            if problems := find_problems(quiz, sections, now=now, publishing=False):
                raise NotReady(problems)
            after = _told(quiz)
            changed = {name: [str(before[name]), str(after[name])] for name in after if before[name] != after[name]}
            record(actor, verb, now=now, quiz=quiz, data={"revision": quiz.revision, "changed": changed})


def _size(section: Section) -> int:
    listed: list[SectionQuestion] = section.listed  # type: ignore[attr-defined]
    return len(listed) if section.source == Section.Source.FIXED else section.count


def _told(quiz: Quiz) -> dict[str, Any]:
    """What the log tells of a change: every setting, but of the access code only that there is one."""
    told = {name: getattr(quiz, name) for name in Settings.__dataclass_fields__}
    return told | {"access_code": "set" if quiz.access_code else ""}


def save_settings(*, actor: Actor, slug: str, settings: Settings, revision: int, now: datetime) -> Quiz:
    """Set everything that the form holds. Raises as ``editing`` does."""
    with editing(actor=actor, slug=slug, revision=revision, now=now, verb="quiz.rules") as quiz:
        for name, value in asdict(settings).items():
            setattr(quiz, name, value)
    return quiz


def publish_quiz(*, actor: Actor, slug: str, revision: int, now: datetime) -> Quiz:
    """Open it to learners: all is checked once more. Raises Stale and NotReady."""
    with transaction.atomic():
        quiz = Quiz.objects.select_for_update(no_key=True).get(pk__in=own_quizzes(actor.pk).values("pk"), slug=slug)
        if quiz.revision != revision:
            raise Stale(quiz)
        sections = sections_of(quiz)
        if problems := find_problems(quiz, sections, now=now, publishing=True):
            raise NotReady(problems)
        quiz.published_at = quiz.published_at or now
        quiz.retired = False
        quiz.scored = sum(_size(one) for one in sections)
        quiz.revision += 1
        quiz.updated_at = now
        quiz.save()
        record(actor, "quiz.published", now=now, quiz=quiz, data={"questions": quiz.scored})
    return quiz


def unpublish_quiz(*, actor: Actor, slug: str, now: datetime) -> Quiz:
    """Take it back: a draft again where nobody has sat it, else retired. Attempts under way go on."""
    with transaction.atomic():
        quiz = Quiz.objects.select_for_update(no_key=True).get(pk__in=own_quizzes(actor.pk).values("pk"), slug=slug)
        if quiz.published_at is None or quiz.retired:
            return quiz
        if Attempt.objects.filter(quiz=quiz).exists():
            quiz.retired = True
        else:
            quiz.published_at = None
        quiz.revision += 1
        quiz.updated_at = now
        quiz.save()
        record(actor, "quiz.retired" if quiz.retired else "quiz.unpublished", now=now, quiz=quiz)
    return quiz


def copy_quiz(*, actor: Actor, slug: str, title: str, now: datetime) -> Quiz:
    """A draft of theirs with the same sections and settings; without window, access code and co-authors."""
    with transaction.atomic():
        quiz = own_quizzes(actor.pk).get(slug=slug)
        sections = sections_of(quiz)
        quiz.pk, quiz._state.adding = None, True
        quiz.slug, quiz.title, quiz.owner_id = make_slug(title), title, actor.pk
        quiz.published_at = quiz.opens_at = quiz.closes_at = None
        quiz.retired = quiz.closing_cuts = False
        quiz.access_code, quiz.revision, quiz.updated_at = "", 0, now
        for name in ("show_score", "show_key", "show_rationale"):
            if getattr(quiz, name) == Quiz.Showing.CLOSED:
                # Without a closing time it would be never.
                setattr(quiz, name, Quiz.Showing.SUBMITTED)
        quiz.save(force_insert=True)
        for section in sections:
            listed: list[SectionQuestion] = section.listed  # type: ignore[attr-defined]
            section.pk, section._state.adding, section.quiz = None, True, quiz
            section.save(force_insert=True)
            SectionQuestion.objects.bulk_create(
                SectionQuestion(section=section, question_id=one.question_id, position=one.position) for one in listed
            )
    return quiz


def share_quiz(*, actor: Actor, slug: str, username: str, now: datetime) -> None:
    """Let another instructor edit it as well. Raises Refused where there is none of this name."""
    with transaction.atomic():
        quiz = own_quizzes(actor.pk).get(slug=slug)
        other = get_user_model().objects.filter(username__iexact=username.strip(), is_active=True).first()
        if other is None or not getattr(other, "is_instructor", False):
            raise Refused("There is no instructor of this name. Ask them for the user name of their account.")
        if other.pk == quiz.owner_id or quiz.editors.filter(pk=other.pk).exists():
            raise Refused("They can edit this quiz already.")
        quiz.editors.add(other)
        Quiz.objects.filter(pk=quiz.pk).update(updated_at=now)
        record(actor, "quiz.shared", now=now, quiz=quiz, data={"with": other.get_username()})


def unshare_quiz(*, actor: Actor, slug: str, person_id: int, now: datetime) -> None:
    """Take the right to edit back. The owner keeps theirs; co-authors may leave."""
    with transaction.atomic():
        quiz = own_quizzes(actor.pk).get(slug=slug)
        other = quiz.editors.filter(pk=person_id).first()
        if other is None:
            return
        quiz.editors.remove(other)
        record(actor, "quiz.unshared", now=now, quiz=quiz, data={"with": other.get_username()})


def delete_quiz(*, actor: Actor, slug: str, now: datetime) -> None:
    """Delete a draft that nobody has sat. Raises Refused for any other."""
    with transaction.atomic():
        quiz = Quiz.objects.select_for_update().get(pk__in=own_quizzes(actor.pk).values("pk"), slug=slug)
        if quiz.published_at is not None or Attempt.objects.filter(quiz=quiz).exists():
            raise Refused("Only a draft that nobody has sat can be deleted. Take the quiz back instead.")
        if quiz.owner_id != actor.pk:
            raise Refused("Only its owner can delete a quiz.")
        if Assignment.objects.filter(quiz=quiz).exists():
            raise Refused("The quiz was given to a class, so it stays.")
        record(actor, "quiz.deleted", now=now, data={"title": quiz.title, "slug": quiz.slug})
        quiz.delete()
