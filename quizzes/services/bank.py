"""What writes the course bank: versions are staged in small pieces, one short step makes them visible."""

import zlib
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Avg

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS
from quizzes.formats.native import BankQuestion
from quizzes.models import Exam, Placement, Question, QuestionVersion, Quiz, Reference
from quizzes.queries.draws import DRAW_KEYS
from quizzes.services.question_texts import index_questions
from reference.markup import render_text
from reference.models import Topic

CHUNK = 50


@dataclass(frozen=True, slots=True)
class StagedBank:
    """What is ready to be made visible: the ids of questions and of their versions, by code."""

    questions: dict[str, int]
    versions: dict[str, int]
    changed: tuple[str, ...]


def stage_bank(bank: Sequence[BankQuestion], *, now: datetime) -> StagedBank:
    """Write questions and versions that are not there yet, in small transactions; nobody sees them so far."""
    course = Question.objects.course()
    questions = dict(course.values_list("code", "pk"))
    standing = {code: state for code, *state in course.values_list("code", "attributes_digest", "current_id")}
    versions = _versions_there()
    for chunk in _chunks([one for one in bank if one.code not in questions]):
        made = Question.objects.bulk_create(Question(code=one.code, status=Question.Status.STAGED) for one in chunk)
        questions |= {question.code: question.pk for question in made}
    fresh = [one for one in bank if (one.code, one.content.digest) not in versions]
    for chunk in _chunks(fresh):
        _stage_versions(chunk, questions, now)
    versions = _versions_there()
    current = {one.code: versions[one.code, one.content.digest] for one in bank}
    wanted = {one.code: [one.attributes_digest, current[one.code]] for one in bank}
    changed = sorted(code for code, state in wanted.items() if standing.get(code) != state)
    return StagedBank({one.code: questions[one.code] for one in bank}, current, tuple(changed))


def _versions_there() -> dict[tuple[str, str], int]:
    rows = QuestionVersion.objects.filter(question__origin=Question.Origin.COURSE, corrects=None)
    return {(code, digest): pk for code, digest, pk in rows.values_list("question__code", "digest", "pk")}


def _chunks(items: Iterable[BankQuestion]) -> Iterable[list[BankQuestion]]:
    rest = iter(items)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _stage_versions(chunk: list[BankQuestion], questions: Mapping[str, int], now: datetime) -> None:
    ids = [questions[one.code] for one in chunk]
    last: dict[int, int] = {}
    for question, number in QuestionVersion.objects.filter(question_id__in=ids).values_list("question_id", "number"):
        last[question] = max(number, last.get(question, 0))
    rows = [
        make_version(one.content, question_id=questions[one.code], number=last.get(questions[one.code], 0) + 1, now=now)
        for one in chunk
    ]
    QuestionVersion.objects.bulk_create(rows)


def make_version(content: Content, *, question_id: int, number: int, now: datetime) -> QuestionVersion:
    """An unsaved version: the source, and the html of what is shown and of what is kept back, apart."""
    kind = KINDS[content.kind]
    return QuestionVersion(
        question_id=question_id,
        number=number,
        digest=content.digest,
        kind=content.kind,
        choose=content.choose,
        order=content.order,
        option_ids=list(kind.parts(content)),
        body=content.to_body(),
        shown=kind.shown(content, render_text),
        key=kind.key(content, render_text),
        created_at=now,
    )


def publish_bank(
    bank: Sequence[BankQuestion],
    staged: StagedBank,
    exams: Sequence[Mapping[str, Any]],
    presets: Sequence[Mapping[str, Any]],
    *,
    stale: Set[str] = frozenset(),
) -> None:
    """Point the questions at their staged versions and place them in the blueprints; the stale ones are not placed.

    To be called inside the transaction that makes the course visible. Questions that vanished from the files retire.
    """
    _write_exams(exams, presets)
    topics = dict(Topic.objects.values_list("slug", "pk"))
    changed = [one for one in bank if one.code in set(staged.changed)]
    rows = {question.pk: question for question in Question.objects.filter(code__in=staged.changed)}
    for one in changed:
        _fill(rows[staged.questions[one.code]], one, staged.versions[one.code], topics)
    Question.objects.bulk_update(rows.values(), _FIELDS, batch_size=100)
    _write_links(changed, staged, topics)
    index_questions(rows)
    gone = Question.objects.course().exclude(code__in=[one.code for one in bank])
    gone.exclude(status=Question.Status.RETIRED).update(
        status=Question.Status.RETIRED, attributes_digest="", promoted_at=None
    )
    _mark_stale(stale)
    _write_placements([one for one in bank if one.code not in stale], staged)
    write_difficulties()


def _mark_stale(codes: Set[str]) -> None:
    Question.objects.filter(stale=True).exclude(code__in=codes).update(stale=False)
    Question.objects.filter(stale=False, code__in=codes).update(stale=True)


def write_difficulties() -> None:
    """How hard the questions of each exam are on the whole: forms are drawn to that."""
    drawn = Placement.objects.filter(status=Question.Status.PUBLISHED)
    means = dict(drawn.values_list("exam").annotate(mean=Avg("question__difficulty")))
    for exam in Exam.objects.all():
        if exam.difficulty != means.get(exam.pk):
            Exam.objects.filter(pk=exam.pk).update(difficulty=means.get(exam.pk))


_FIELDS = [
    "status",
    "promoted_at",
    "current",
    "topic",
    "scenario",
    "task",
    "domain",
    "level",
    "difficulty",
    "constraints",
    "flaws",
    "sources",
    "verified_on",
    "enemies",
    "contrast",
    "flags",
    "reviewed",
    "attributes_digest",
]


def _fill(row: Question, one: BankQuestion, version: int, topics: Mapping[str, int]) -> None:
    row.status, row.current_id, row.topic_id = one.status, version, topics[one.topics[0]]
    if one.status in ("draft", "retired"):
        # Taken out by its file: what comes back from there as a pilot is tried out anew.
        row.promoted_at = None
    row.scenario = one.scenario
    row.task, row.domain, row.level, row.difficulty = one.task, one.domain, one.level, one.difficulty
    row.constraints = [{"id": name, "text": text} for name, text in one.constraints]
    row.flaws = {option: {"breaks": breaks, "family": family} for option, breaks, family in one.flaws}
    row.sources = [{"title": title, "url": url} for title, url in one.sources]
    row.verified_on, row.flags = one.verified_on, list(one.flags)
    row.enemies, row.contrast = list(one.enemies), list(one.contrast)
    row.reviewed, row.attributes_digest = dict(one.reviewed), one.attributes_digest


def _write_links(changed: Sequence[BankQuestion], staged: StagedBank, topics: Mapping[str, int]) -> None:
    ids = [staged.questions[one.code] for one in changed]
    through = Question.topics.through
    through.objects.filter(question_id__in=ids).delete()
    through.objects.bulk_create(
        through(question_id=staged.questions[one.code], topic_id=topics[slug])
        for one in changed
        for slug in dict.fromkeys(one.topics)
    )
    Reference.objects.filter(question_id__in=ids).delete()
    Reference.objects.bulk_create(
        Reference(question_id=staged.questions[one.code], topic_id=topics[slug], anchor=anchor, position=position)
        for one in changed
        for position, (slug, anchor) in enumerate(dict.fromkeys(one.references))
    )


def _write_exams(exams: Sequence[Mapping[str, Any]], presets: Sequence[Mapping[str, Any]]) -> None:
    by_code = {}
    for position, entry in enumerate(exams):
        values = {**entry, "position": position, "note": entry["note"] or ""}
        by_code[entry["code"]], _ = Exam.objects.update_or_create(code=entry["code"], defaults=values)
    for position, entry in enumerate(presets):
        Quiz.objects.update_or_create(
            slug=entry["slug"],
            defaults={
                "title": entry["title"],
                "summary": entry["summary"],
                "exam": by_code[entry["exam"]],
                "scored": entry["scored"],
                "unscored": entry["unscored"],
                "time_limit": entry["minutes"] * 60,
                "position": position,
                "retired": False,
            },
        )
    Quiz.objects.filter(origin=Quiz.Origin.COURSE).exclude(slug__in=[one["slug"] for one in presets]).update(
        retired=True
    )


def _write_placements(bank: Sequence[BankQuestion], staged: StagedBank) -> None:
    """Where each question stands in each exam; only what differs is written."""
    wanted = {}
    for exam in Exam.objects.all():
        for one in bank:
            domain = one.domain if exam.placed_by == "domain" else int(one.task[0])
            wanted[exam.pk, staged.questions[one.code]] = (domain, one.status, _draw_key(one.code))
    there = {(row.exam_id, row.question_id): (row.domain, row.status, row.draw_key) for row in Placement.objects.all()}
    gone = {question_id for _, question_id in there.keys() - wanted.keys()}
    Placement.objects.filter(question_id__in=gone).delete()
    Placement.objects.bulk_create(
        [
            Placement(exam_id=exam_id, question_id=question_id, domain=domain, status=status, draw_key=key)
            for (exam_id, question_id), (domain, status, key) in wanted.items()
            if there.get((exam_id, question_id)) != (domain, status, key)
        ],
        update_conflicts=True,
        unique_fields=["exam", "question"],
        update_fields=["domain", "status", "draw_key"],
    )


def _draw_key(code: str) -> int:
    """Evenly spread and the same after every load."""
    return zlib.crc32(code.encode()) % DRAW_KEYS
