"""What one person's mock exams say about how far they are: only first meetings, only under exam conditions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from quizzes.engine.readiness import Estimate, Stratum, estimate
from quizzes.models import Exam, Plan, Quiz, Response
from quizzes.queries.draws import held_questions
from quizzes.queries.plans import exam_held_on, today_of
from quizzes.queries.sittings import MARKED

OFFICIAL_TIMES = ("standard", "plus30")
"""The time of the exam room, and the 30 minutes more that the provider grants to those who ask."""

WHOLLY = 1 - 1e-9
"""A fraction from which on an answer is right."""


@dataclass(frozen=True, slots=True)
class DomainEvidence:
    """One domain of the exam: its weight, and how many of the n questions that were new were answered rightly."""

    name: str
    weight: float
    right: int
    n: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """The evidence for one exam. ``estimate`` is None where there is nothing to go by, or where it is withheld.

    ``withheld``: some of it stands in an exam that the person has open. ``sittings``: how many mock exams count.
    """

    exam: Exam | None
    domains: tuple[DomainEvidence, ...]
    sittings: int
    withheld: bool
    estimate: Estimate | None

    @property
    def n(self) -> int:
        """How many answers there are to go by."""
        return sum(one.n for one in self.domains)


def readiness(person_id: int | None, now: datetime, exam: Exam | None = None) -> Readiness:
    """The readiness of a person for ``exam``, without it for that of their plan, else for the one that is held today.

    At most three queries, one with an exam. Somebody unknown has nothing to go by.
    """
    exam = exam or _exam_of(person_id, now)
    if exam is None or person_id is None:
        return Readiness(exam, (), 0, withheld=False, estimate=None)
    rows = _counting(exam_responses(person_id, exam), held_questions(person_id))
    domains = tuple(_domains(exam, rows))
    sittings = len({row["attempt_id"] for row in rows})
    if any(row["held"] for row in rows):
        # From the range before and after, the answer to what is asked in the open exam could be read.
        return Readiness(exam, (), sittings, withheld=True, estimate=None)
    strata = [Stratum(one.weight, one.right, one.n) for one in domains]
    found = estimate(strata) if any(one.n for one in domains) else None
    return Readiness(exam, domains, sittings, withheld=False, estimate=found)


def _exam_of(person_id: int | None, now: datetime) -> Exam | None:
    planned = Plan.objects.filter(person_id=person_id, exam__isnull=False).select_related("exam").first()
    if planned is not None:
        return planned.exam
    return exam_held_on(today_of(now))


def exam_responses(person_id: int, exam: Exam) -> QuerySet[Response]:
    """The scored responses of finished mock exams of the course for this exam, sat under exam conditions."""
    return Response.objects.filter(
        attempt__person_id=person_id,
        attempt__quiz__origin=Quiz.Origin.COURSE,
        attempt__quiz__exam=exam,
        attempt__mode=Quiz.Mode.EXAM,
        attempt__state__in=MARKED,
        attempt__time_option__in=OFFICIAL_TIMES,
        scored=True,
    )


def _counting(evidence: QuerySet[Response], held: QuerySet[Any, Any]) -> list[dict[str, Any]]:
    """Counts by sitting and domain, of the sittings in which at least half of the questions were answered.

    A mock that was opened and left is no evidence of anything.
    """
    new = Q(first_exposure=True)
    counted: Any = (
        evidence.order_by()
        .values("attempt_id", "domain")
        .annotate(
            asked=Count("pk"),
            held=Count("pk", filter=Q(question_id__in=held)),
            answered=Count("pk", filter=~Q(choice=[])),
            new=Count("pk", filter=new),
            right=Count("pk", filter=new & Q(fraction__gte=WHOLLY)),
        )
    )
    rows: list[dict[str, Any]] = list(counted)
    balance: dict[int, int] = {}
    for row in rows:
        balance[row["attempt_id"]] = balance.get(row["attempt_id"], 0) + 2 * row["answered"] - row["asked"]
    return [row for row in rows if balance[row["attempt_id"]] >= 0]


def _domains(exam: Exam, rows: list[dict[str, Any]]) -> Iterable[DomainEvidence]:
    for entry in exam.domains:
        here = [row for row in rows if row["domain"] == entry["number"]]
        yield DomainEvidence(
            name=entry.get("short") or entry["name"],
            weight=entry["weight"],
            right=sum(row["right"] for row in here),
            n=sum(row["new"] for row in here),
        )
