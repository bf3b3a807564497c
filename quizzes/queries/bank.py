"""Questions for a screen, and which of them may be shown to whom."""

from collections.abc import Sequence
from random import Random
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from quizzes.models import Exposure, Question, Reference, Response
from quizzes.queries.draws import held_questions
from reference.models import Topic


def is_held(person_id: int, question_id: int) -> bool:
    """Whether the question stands in an exam that this person has open."""
    return held_questions(person_id).filter(question_id=question_id).exists()


def practisable() -> QuerySet[Question]:
    """Published questions of the course bank."""
    found: QuerySet[Question] = Question.objects.course().published()
    return found


def practice_pool(
    person_id: int, topics: Sequence[str], anchors: Sequence[str], only: str, count: int, rng: Random
) -> list[Question]:
    """At most ``count`` questions to practise: unseen, then never revealed, then met longest ago; held ones never."""
    met = Exposure.objects.filter(person_id=person_id, question=OuterRef("pk"))
    pool = practisable().exclude(pk__in=held_questions(person_id))
    pool = pool.annotate(
        last_seen=Subquery(met.values("last_seen_at")), revealed_at=Subquery(met.values("revealed_at"))
    )
    if topics:
        pool = pool.filter(pk__in=_questions_on(topics, anchors))
    if only == "unseen":
        pool = pool.filter(last_seen=None)
    if only == "missed":
        pool = pool.filter(pk__in=missed_questions(person_id))
    rows: list[tuple[int, Any, Any]] = list(pool.order_by("pk").values_list("pk", "last_seen", "revealed_at"))
    rng.shuffle(rows)
    rows.sort(key=lambda row: (row[1] is not None, row[2] is not None, row[1]))
    chosen = [pk for pk, *_ in rows[:count]]
    by_pk = Question.objects.select_related("current").in_bulk(chosen)
    return [by_pk[pk] for pk in chosen]


def _questions_on(topics: Sequence[str], anchors: Sequence[str]) -> QuerySet[Any, Any]:
    if anchors:
        cited = Reference.objects.filter(topic__slug__in=topics, anchor__in=anchors)
        return cited.values("question_id")
    return Question.topics.through.objects.filter(topic__slug__in=topics).values("question_id")


def missed_questions(person_id: int) -> QuerySet[Any, Any]:
    """Questions whose latest graded response by this person is not fully right."""
    rows = Response.objects.filter(attempt__person_id=person_id, fraction__isnull=False)
    latest = by_grading(rows.filter(question_id=OuterRef("question_id"))).reverse().values("pk")[:1]
    return rows.filter(fraction__lt=1, pk=Subquery(latest)).values("question_id")


def by_grading(rows: QuerySet[Response]) -> QuerySet[Response]:
    """Graded responses in the order in which they were graded: in practice one by one, in an exam at its end."""
    return rows.order_by(Coalesce("locked_at", "attempt__ended_at"), "pk")


def counts_by_topic() -> dict[str, int]:
    """How many questions each topic has to practise, by slug."""
    published = Q(
        questions__origin=Question.Origin.COURSE,
        questions__status=Question.Status.PUBLISHED,
        questions__current__isnull=False,
    )
    counted = Topic.objects.live().annotate(count=Count("questions", filter=published))
    return dict(counted.values_list("slug", "count").order_by("slug"))


def questions_by_anchor(topic_id: int) -> dict[str, set[int]]:
    """Which questions to practise cite each statement of a topic. One may cite several of them."""
    found: dict[str, set[int]] = {}
    cited = Reference.objects.filter(topic_id=topic_id, question__in=practisable())
    for anchor, question in cited.order_by("anchor").values_list("anchor", "question_id"):
        found.setdefault(anchor, set()).add(question)
    return found
