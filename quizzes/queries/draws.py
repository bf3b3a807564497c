"""The bounded sample that a form is drawn from: a walk along an index, whatever the size of the bank."""

import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from django.db import connection
from django.db.models import Count, F, QuerySet

from quizzes.engine.assembly import Candidate
from quizzes.models import Exam, Exposure, Placement, Question, Response
from quizzes.models.attempts import Attempt

DRAW_KEYS = 2**31
SPARE = 3
"""How many candidates are sampled for each question wanted, so that enemies and topics leave a choice."""

COLUMNS = (
    "question_id",
    "question__code",
    "question__current_id",
    "domain",
    "question__topic_id",
    "question__difficulty",
    "question__enemies",
    "status",
    "question__scenario",
)

# One slice of what a person may be given fresh. By SQL: the ORM would compile it anew for every slice of every start,
# which took half of the time of a start. Its columns are those of COLUMNS.
_FRESH = f"""
    SELECT p.question_id, q.code, q.current_id, p.domain, q.topic_id, q.difficulty, q.enemies, p.status, q.scenario
    FROM {Placement._meta.db_table} p JOIN {Question._meta.db_table} q ON q.id = p.question_id
    WHERE p.exam_id = %s AND p.status = %s AND p.domain = %s
    AND NOT EXISTS (
        SELECT 1 FROM {Exposure._meta.db_table} e WHERE e.person_id = %s AND e.question_id = p.question_id)
    AND p.question_id NOT IN ({{held}})
    AND p.draw_key {{way}} %s ORDER BY p.draw_key LIMIT %s
"""
Part = tuple[str, Sequence[Any]]
"""A select and the values of its placeholders."""


def sample_unseen(exam: Exam, person_id: int, wanted: Mapping[int, int], unscored: int, rng: Random) -> list[Candidate]:
    """Candidates this person has not met, from a seeded point of each domain on; pilots for the unscored seats.

    One query: two slices of the index (from the point on, and around the end) for each domain.
    """
    published, pilot = Question.Status.PUBLISHED, Question.Status.PILOT
    slices = [(published, domain, count * SPARE + unscored) for domain, count in sorted(wanted.items())]
    slices += [(pilot, domain, unscored) for domain in sorted(wanted) if unscored]
    held, held_by = held_questions(person_id).order_by().query.sql_with_params()
    parts: list[Part] = []
    for status, domain, count in slices:
        start = rng.randrange(DRAW_KEYS)
        values = (exam.pk, status, domain, person_id, *held_by, start, count)
        parts += [(_FRESH.format(held=held, way=way), values) for way in (">=", "<")]
    return [_candidate(row, 0) for row in united(parts)]


def sample_seen(exam: Exam, person_id: int, wanted: Mapping[int, int], rng: Random) -> list[Candidate]:
    """Candidates this person has met, those never revealed first, then the oldest.

    Bounded by the person's own ledger, never by the bank.
    """
    met = (
        Placement.objects.filter(exam=exam, status=Question.Status.PUBLISHED, question__exposures__person_id=person_id)
        .annotate(revealed=F("question__exposures__revealed_at"), seen=F("question__exposures__last_seen_at"))
        .order_by(F("revealed").asc(nulls_first=True), "seen", "draw_key")
    )
    parts = [
        met.filter(domain=domain).values_list(*COLUMNS, "revealed")[: count * SPARE].query.sql_with_params()
        for domain, count in sorted(wanted.items())
        if count
    ]
    return [_candidate(row, 1 if row[-1] is None else 2) for row in united(parts)]


def sample_held(exam: Exam, person_id: int) -> list[Candidate]:
    """Candidates that stand in another open exam of this person: drawn only when nothing else is left."""
    held = Placement.objects.filter(
        exam=exam, status=Question.Status.PUBLISHED, question_id__in=held_questions(person_id)
    ).order_by("draw_key")
    return [_candidate(row, 3) for row in held.values_list(*COLUMNS)]


def held_questions(person_id: int) -> QuerySet[Any, Any]:
    """Ids of the questions in the exam attempts that this person has open."""
    return Response.objects.filter(
        attempt__person_id=person_id, attempt__state=Attempt.State.IN_PROGRESS, attempt__mode="exam"
    ).values("question_id")


def stock(exam: Exam) -> dict[int, int]:
    """How many published questions each domain of the exam has in the course bank."""
    published = Placement.objects.filter(exam=exam, status=Question.Status.PUBLISHED)
    counted = dict(published.values_list("domain").annotate(count=Count("pk")))
    return {entry["number"]: counted.get(entry["number"], 0) for entry in exam.domains}


def pilots(exam: Exam) -> int:
    """How many pilots there are for the unscored seats."""
    return Placement.objects.filter(exam=exam, status=Question.Status.PILOT).count()


def united(parts: Sequence[Part]) -> list[tuple[Any, ...]]:
    """The rows of several sliced selects in one statement, which the ORM's union cannot do on SQLite."""
    if not parts:
        return []
    sql = " UNION ALL ".join(f"SELECT * FROM ({select}) part{number}" for number, (select, _) in enumerate(parts))
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _, values in parts for value in values])
        return list(cursor.fetchall())


def _candidate(row: Sequence[Any], seen_rank: int) -> Candidate:
    question, code, version, domain, topic, difficulty, enemies, status, scenario = row[:9]
    names = json.loads(enemies) if isinstance(enemies, str) else enemies
    return Candidate(
        question=question,
        code=code,
        version=version,
        domain=domain,
        topic=topic,
        seen_rank=seen_rank,
        difficulty=difficulty,
        enemies=frozenset(names),
        pilot=status == Question.Status.PILOT,
        scenario=scenario,
    )
