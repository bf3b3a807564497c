"""The pilots of the course, and what the mocks say of each so far. They count for nobody; only this reads them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from quizzes.engine.analysis import Column, Flag, Item, Sheet, analyse
from quizzes.engine.analysis.flags import may_be_promoted
from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS
from quizzes.engine.lifecycle import is_asked_alike
from quizzes.models import Attempt, Question, QuestionVersion, Response, Result
from quizzes.queries.answer_columns import Answer, answer_of, column_of, marks_of
from quizzes.queries.draws import held_questions
from quizzes.queries.finished_attempts import Wanted, finished_attempts, standing

CHUNK = 1000
"""Answers whose traces are in memory at once."""
OPTION_FLAGS = frozenset({Flag.DEAD_DISTRACTOR.value})
"""What is said of written distractors: a typed answer or an order has none."""


def pilot_questions() -> QuerySet[Question]:
    """Questions of the course that are tried out."""
    found: QuerySet[Question] = Question.objects.course().filter(status=Question.Status.PILOT, current__isnull=False)
    return found


def promoted_questions() -> QuerySet[Question]:
    """Questions of the course that were tried out here and count since then, the latest first."""
    found: QuerySet[Question] = Question.objects.course().filter(promoted_at__isnull=False)
    return found.order_by("-promoted_at", "code")


def state_of_mocks() -> str:
    """A short text that is another when results of mocks, or texts and states of pilots, have changed."""
    pilots = pilot_questions().aggregate(n=Count("pk"), sum=Sum("current_id"), stale=Count("pk", filter=Q(stale=True)))
    facts = [standing(None, Wanted(every=True)).mark, *pilots.values()]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def items_of(questions: Sequence[Question]) -> dict[int, Item]:
    """The figures of these questions by id, each over the attempts that met it for the first time.

    Right or wrong against the percentage of what counted in the same attempt. Answers to another text are left out;
    those to another key of the same text are graded by the present one.
    """
    contents = {one.pk: Content.from_body(one.current.body) for one in questions if one.current is not None}
    alike = _alike(contents)
    answers: dict[int, list[Answer]] = defaultdict(list)
    rests: dict[int, list[float]] = defaultdict(list)
    for question, version, percent, answer in _answers(list(contents)):
        if version in alike:
            answers[question].append(answer)
            rests[question].append(percent)
    codes = {one.pk: one.code for one in questions}
    return {pk: _item(codes[pk], content, answers[pk], rests[pk]) for pk, content in contents.items()}


def lacking(question: Question, item: Item) -> list[str]:
    """What keeps a pilot from counting, by name: figures, and ``stale`` or ``unverified`` as the files would refuse."""
    assert question.current is not None
    unknown = {name for name in ("facility", "r") if getattr(item, name) is None}
    found = may_be_promoted(item)
    if "n" in found:
        # Of too few nothing more need be said.
        found = [one for one in found if one not in unknown]
    if not KINDS[question.current.kind].has_distractors:
        found = [one for one in found if one not in OPTION_FLAGS]
    if question.stale:
        found.append("stale")
    if question.references.filter(topic__unverified=True).exists():
        found.append("unverified")
    return found


def _item(code: str, content: Content, answers: Sequence[Answer], percents: Sequence[float]) -> Item:
    n = len(answers)
    pilot = column_of(code, content, answers, marks_of(content, answers), counted=False)
    rest = Column("", 100.0, percents, [True] * n, [True] * n)
    return analyse(Sheet(n, (rest, pilot), drawn=True)).items[1]


def _alike(contents: Mapping[int, Content]) -> set[int]:
    """Versions of these questions that ask what is asked now."""
    versions = QuestionVersion.objects.filter(question_id__in=list(contents)).only("question_id", "body")
    return {one.pk for one in versions if is_asked_alike(Content.from_body(one.body), contents[one.question_id])}


def _answers(questions: Sequence[int]) -> Iterator[tuple[int, int, float, Answer]]:
    """Question, version sat, percent of what counted, answer."""
    latest = Result.objects.filter(attempt=OuterRef("attempt")).order_by("-number")
    rows = Response.objects.filter(
        question_id__in=questions,
        scored=False,
        first_exposure=True,
        attempt__in=finished_attempts(None, Wanted(every=True)).order_by().values("pk"),
    ).annotate(raw=Subquery(latest.values("raw")[:1]), maximum=Subquery(latest.values("maximum")[:1]))
    columns = ("question_id", "version_id", "attempt_id", "position", "choice", "raw", "maximum")
    found: Any = rows.filter(maximum__gt=0).order_by("attempt_id", "position").values_list(*columns)
    rest = found.iterator(CHUNK)
    while chunk := list(islice(rest, CHUNK)):
        ids = {row[2] for row in chunk}
        traces = dict(Attempt.objects.filter(pk__in=ids).values_list("pk", "trace"))
        for question, version, attempt, position, choice, raw, maximum in chunk:
            answer = answer_of(choice, position, traces.get(attempt) or {})
            yield question, version, 100 * raw / maximum, answer


@dataclass(frozen=True, slots=True)
class PilotRow:
    """A pilot for a screen. ``figures`` None: not computed yet. ``held``: the reader has it in an open exam."""

    question: Question
    figures: Mapping[str, Any] | None
    held: bool

    @property
    def ready(self) -> bool:
        """Whether nothing keeps it from counting, by the figures of the report."""
        return self.figures is not None and not self.figures["lacking"] and not self.held


def pilot_rows(figures: Mapping[str, Mapping[str, Any]], person_id: int) -> list[PilotRow]:
    """All pilots, those that are ready first, then those that were met most often. Two queries."""
    held = set(held_questions(person_id).values_list("question_id", flat=True))
    rows = [
        PilotRow(one, figures.get(one.code), one.pk in held)
        for one in pilot_questions().select_related("topic", "words", "current").order_by("code")
    ]
    return sorted(rows, key=lambda row: (not row.ready, -(row.figures["n"] if row.figures else 0)))
