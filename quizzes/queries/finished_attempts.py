"""Whose attempts item analysis rests on: the filter of the page, the attempts that pass it, and whether any changed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet, Sum

from quizzes.models import Attempt, QuestionVersion, Quiz, Response, Result
from quizzes.queries.sittings import LEFT, MARKED

EDITION = 1
"""Of the figures: another one has those computed anew that are stored."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which attempts: those of a class, of an assignment (by their keys), begun within a window; ``every`` finished
    attempt of a learner or only the first.
    """

    classroom: int | None = None
    assignment: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    every: bool = False

    def plain(self) -> dict[str, Any]:
        """What is asked for as plain data; what is not asked for is left out."""
        times = {name: one.isoformat() for name in ("since", "until") if (one := getattr(self, name))}
        rest = {name: one for name in ("classroom", "assignment", "every") if (one := getattr(self, name))}
        return {**rest, **times}

    @classmethod
    def from_plain(cls, stored: Mapping[str, Any]) -> Self:
        """What :meth:`plain` gave."""
        times = {name: datetime.fromisoformat(stored[name]) for name in ("since", "until") if name in stored}
        return cls(**{**stored, **times})

    @property
    def scope(self) -> str:
        """A short name of it, at most 64 characters: “first” where nothing is asked for."""
        words = ["every" if self.every else "first"]
        words += [f"{name} {one}" for name, one in sorted(self.plain().items()) if name != "every"]
        text = ", ".join(words)
        return text if len(text) <= 64 else f"sha {hashlib.sha256(text.encode()).hexdigest()[:48]}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The attempts by their keys in order, and how many finished ones were left out as not the learner’s first."""

    ids: tuple[int, ...]
    later: int


def finished_attempts(quiz: Quiz | None, wanted: Wanted) -> QuerySet[Attempt]:
    """What has ended and counts: handed in or ended by the clock, not void, not by an author of the quiz.

    Without a quiz: of the mock exams of the course, but for those that a learner brought from elsewhere.
    """
    found = Attempt.objects.filter(state__in=MARKED)
    if quiz is None:
        found = found.filter(quiz__origin=Quiz.Origin.COURSE, mode=Quiz.Mode.EXAM).exclude(rules__has_key="imported")
    else:
        authors = [quiz.owner_id, *Quiz.editors.through.objects.filter(quiz=quiz).values_list("user_id", flat=True)]
        found = found.filter(quiz=quiz).exclude(person_id__in=[one for one in authors if one is not None])
    asked = {
        "assignment__classroom": wanted.classroom,
        "assignment": wanted.assignment,
        "started_at__gte": wanted.since,
        "started_at__lt": wanted.until,
    }
    return found.filter(**{name: value for name, value in asked.items() if value is not None})


def chosen_attempts(quiz: Quiz | None, wanted: Wanted) -> Chosen:
    """The first finished attempt of each learner, or every one.

    Those who deleted their account share one row: each of their attempts counts as a learner’s.
    """
    rows = finished_attempts(quiz, wanted).order_by("started_at", "pk")
    seen: set[int] = set()
    ids, later = [], 0
    for pk, person, name in rows.values_list("pk", "person_id", "person__username").iterator():
        if wanted.every or name == LEFT or person not in seen:
            ids.append(pk)
            seen.add(person)
        else:
            later += 1
    return Chosen(tuple(sorted(ids)), later)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the data stand: ``mark`` is another as soon as an attempt, a result or a key has come, changed or gone.

    ``responses``: about how many there are to read.
    """

    mark: str
    responses: int


def standing(quiz: Quiz | None, wanted: Wanted) -> Standing:
    """By counts and greatest keys alone: three statements over indexes, whatever the number of responses."""
    found = finished_attempts(quiz, wanted)
    counts = found.order_by().aggregate(
        n=Count("pk"),
        people=Count("person", distinct=True),
        sum=Sum("pk"),
        responses=Sum("size"),
        first=Min("started_at"),
    )
    at_quiz = {"attempt__quiz": quiz} if quiz else {"attempt__quiz__origin": Quiz.Origin.COURSE}
    result = Result.objects.filter(**at_quiz).aggregate(last=Max("pk"))["last"]
    sat = Response.objects.filter(question_id=OuterRef("question_id"), **at_quiz)
    key = QuestionVersion.objects.filter(Exists(sat), corrects__isnull=False).aggregate(last=Max("pk"))["last"]
    facts = [EDITION, *(str(one) for one in counts.values()), result, key, _regraded(quiz, key)]
    return Standing(hashlib.sha256(repr(facts).encode()).hexdigest(), counts["responses"] or 0)


def _regraded(quiz: Quiz | None, key: int | None) -> float | None:
    """Practice sessions of old have no results: where a key was corrected, what their responses add up to."""
    if quiz is None or key is None or quiz.mode != Quiz.Mode.PRACTICE:
        return None
    rows = Response.objects.filter(attempt__quiz=quiz, attempt__results=None, fraction__isnull=False)
    found: float | None = rows.aggregate(sum=Sum("fraction"))["sum"]
    return found
