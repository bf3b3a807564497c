"""Where the sections of an instructor's quiz take their questions from: a bounded sample of each, in one statement."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models import IntegerField as Whole
from django.db.models.functions import Cast

from quizzes.engine.assembly import Candidate, quotas
from quizzes.engine.sections import Part
from quizzes.models import Exposure, Question, Quiz, Section, SectionQuestion
from quizzes.queries.draws import SPARE, held_questions, united
from quizzes.queries.rights import own_questions

OWN, COURSE = "own", "course"
POOLS = (OWN, COURSE)
PRIME = 2**31 - 1
NOBODY = 0


@dataclass(frozen=True, slots=True)
class Slice:
    """What one section, by its number, takes from one domain (0: from all of its pool)."""

    section: int
    domain: int
    count: int
    pool: QuerySet[Question]


def sections_of(quiz: Quiz) -> list[Section]:
    """The sections in their order, with their fixed questions in theirs; two queries."""
    fixed = SectionQuestion.objects.select_related("question__current").defer(
        "question__current__key", "question__current__shown"
    )
    found = list(quiz.sections.order_by("position"))
    listed: dict[int, list[SectionQuestion]] = {one.pk: [] for one in found}
    for row in fixed.filter(section__quiz=quiz).order_by("position", "pk"):
        listed[row.section_id].append(row)
    for one in found:
        one.listed = listed[one.pk]  # type: ignore[attr-defined]
    return found


def wanted_of(section: Section) -> dict[int, int]:
    """How many a section draws from each domain; 0 stands for any."""
    if section.source == Section.Source.BLUEPRINT:
        weights = {int(number): weight for number, weight in section.rule.get("weights", {}).items() if weight}
        return quotas(section.count, weights) if weights else {0: section.count}
    return {0: section.count}


def pool_of(section: Section, owner_id: int | None) -> QuerySet[Question]:
    """The published questions that a section draws from."""
    rule = section.rule
    if rule.get("pool") == COURSE:
        found: QuerySet[Question] = Question.objects.course().published()
    else:
        found = Question.objects.published().filter(pk__in=own_questions(owner_id or NOBODY).values("pk"))
    if topics := rule.get("topics"):
        found = found.filter(
            pk__in=Question.topics.through.objects.filter(topic__slug__in=topics).values("question_id")
        )
    if tags := rule.get("tags"):
        found = tagged(found, tags)
    return found


def tagged(questions: QuerySet[Question], tags: Iterable[str]) -> QuerySet[Question]:
    """Those that bear one of the tags. As text: SQLite has no other way, and keeps letters beyond ASCII escaped."""
    words = Q(pk__in=[])
    for tag in tags:
        words |= Q(tags_text__contains=json.dumps(tag)) | Q(tags_text__contains=json.dumps(tag, ensure_ascii=False))
    return questions.annotate(tags_text=Cast("tags", TextField())).filter(words)


def is_ready(question: Question) -> bool:
    """Whether a fixed question can be asked."""
    return question.status == Question.Status.PUBLISHED and question.current_id is not None and not question.stale


def load_parts(
    quiz: Quiz, sections: Sequence[Section], person_id: int, rng: Random, *, spare: int = SPARE
) -> list[Part]:
    """The sections with a sample of what each may ask of this person; one query. Nobody is NOBODY.

    Fixed questions that are not published (any more) are left out: publishing refuses them, retiring comes later.
    """
    slices = [one for number, section in enumerate(sections, 1) for one in _slices(number, section, quiz)]
    fixed: list[int] = [len(one.listed) for one in sections]  # type: ignore[attr-defined]
    total = sum(one.count for one in slices) + sum(fixed)
    multiplier, shift = rng.randrange(1, PRIME), rng.randrange(PRIME)
    parts = [
        _sample(one, person_id, multiplier, shift)[: one.count * spare + total].query.sql_with_params()
        for one in slices
        if one.count
    ]
    pools: dict[int, dict[int, Candidate]] = {}
    for number, *row in united(parts):
        candidate = _candidate(row)
        pools.setdefault(number, {})[candidate.question] = candidate
    return [_part(number, section, pools.get(number, {})) for number, section in enumerate(sections, 1)]


def _part(number: int, section: Section, pool: dict[int, Candidate]) -> Part:
    if section.source == Section.Source.FIXED:
        listed: list[SectionQuestion] = section.listed  # type: ignore[attr-defined]
        return Part(number, tuple(_fixed(one.question) for one in listed if is_ready(one.question)))
    return Part(number, tuple(pool.values()), wanted_of(section))


def _slices(number: int, section: Section, quiz: Quiz) -> list[Slice]:
    if section.source == Section.Source.FIXED:
        return []
    pool = pool_of(section, quiz.owner_id)
    wanted = wanted_of(section)
    return [
        Slice(number, domain, count, pool.filter(domain=domain) if domain else pool) for domain, count in wanted.items()
    ]


def _sample(one: Slice, person_id: int, multiplier: int, shift: int) -> QuerySet[Question, tuple[Any, ...]]:
    """The pool as plain values: unseen, never revealed, revealed; the oldest first, else as the dice have chosen."""
    met = Exposure.objects.filter(person_id=person_id, question_id=OuterRef("pk"))
    rank = Case(
        When(pk__in=held_questions(person_id).order_by(), then=Value(3)),
        When(Exists(met.filter(revealed_at__isnull=False)), then=Value(2)),
        When(Exists(met), then=Value(1)),
        default=Value(0),
        output_field=Whole(),
    )
    mixed = ExpressionWrapper((F("pk") * multiplier + shift) % PRIME, output_field=BigIntegerField())
    drawn = one.pool.annotate(
        in_section=Value(one.section, output_field=Whole()),
        seen=rank if person_id else Value(0, output_field=Whole()),
        last_seen=Subquery(met.values("last_seen_at")),
    )
    names = (
        "in_section",
        "pk",
        "code",
        "current_id",
        "domain",
        "topic_id",
        "difficulty",
        "enemies",
        "scenario",
        "seen",
    )
    return drawn.order_by("seen", F("last_seen").asc(nulls_first=True), mixed).values_list(*names)


def _candidate(row: Sequence[Any]) -> Candidate:
    question, code, version, domain, topic, difficulty, enemies, scenario, seen_rank = row
    names = json.loads(enemies) if isinstance(enemies, str) else enemies
    return Candidate(
        question, code, version, domain or 0, topic, seen_rank, difficulty, frozenset(names), scenario=scenario
    )


def _fixed(question: Question) -> Candidate:
    assert question.current_id is not None
    return Candidate(
        question.pk,
        question.code,
        question.current_id,
        question.domain or 0,
        question.topic_id,
        difficulty=question.difficulty,
        enemies=frozenset(question.enemies),
        scenario=question.scenario,
    )


def available(quiz: Quiz, sections: Sequence[Section]) -> dict[int, int]:
    """How many questions each drawing section has to choose from, by its position; one query for each of them."""
    drawing = [one for one in sections if one.source != Section.Source.FIXED]
    return {one.position: pool_of(one, quiz.owner_id).count() for one in drawing}
