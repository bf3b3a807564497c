"""The bank as an instructor sees it: filtered, sorted, page by page, in a number of statements that never grows."""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField
from django.db.models.expressions import OrderBy
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from quizzes.models import Challenge, Question
from quizzes.queries.draws import held_questions
from quizzes.queries.flags import visible_flags
from quizzes.queries.likeness import holding
from quizzes.queries.rights import readable_questions
from reference.models import Topic

SORTS: dict[str, tuple[OrderBy | str, ...]] = {
    "changed": (F("updated_at").desc(nulls_last=True), "code"),
    "code": ("code",),
    "topic": (F("topic__title").asc(nulls_last=True), "code"),
    "difficulty": (F("difficulty").asc(nulls_last=True), "code"),
    "status": ("status", "code"),
}
OWN, SHARED, COURSE = "own", "shared", "course"
NEEDS = ("any", "flags", "challenges", "stale", "blocking", "alike", "review")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; an empty field asks for nothing."""

    text: str = ""
    topic: str = ""
    task: str = ""
    kind: str = ""
    status: str = ""
    level: str = ""
    author: str = ""
    tag: str = ""
    whose: str = ""
    needs: str = ""
    sort: str = "changed"


def listed_questions(person_id: int, wanted: Wanted, *, is_operator: bool = False) -> QuerySet[Question]:
    """The questions that fit, with what a line of the list tells. Texts come as plain words, keys not at all.

    What the course has in an exam that this person has open is left out: how hard it is would be told.
    """
    is_held = Q(origin=Question.Origin.COURSE, pk__in=held_questions(person_id))
    rows: QuerySet[Any] = readable_questions(person_id).exclude(is_held).annotate(challenged=Exists(_open_challenges()))
    warnings = visible_flags(person_id, is_operator=is_operator).filter(question=OuterRef("pk"))
    rows = rows.annotate(warned=Exists(warnings))
    rows = rows.filter(_fits(person_id, wanted))
    found = holding(wanted.text)
    if found is not None:
        rows = rows.filter(pk__in=found)
    if wanted.tag:
        rows = _tagged(rows, wanted.tag)
    rows = rows.annotate(draft_kind=KeyTextTransform("kind", "draft__data"))
    rows = rows.select_related("topic", "author", "current", "words", "draft", "proposed")
    shown = ("code", "origin", "status", "task", "level", "difficulty", "tags", "stale", "updated_at", "author_id")
    columns = ("topic__title", "topic__slug", "author__username", "current__kind", "current__number")
    words = ("words__stem", "words__blocking", "words__alike", "draft__saved_at")
    proposal = ("proposed__number", "proposed__created_by_id")
    return rows.only(*shown, *columns, *words, *proposal).order_by(*SORTS[wanted.sort])


def _fits(person_id: int, wanted: Wanted) -> Q:
    plain = {"task": wanted.task, "level": wanted.level, "author__username__iexact": wanted.author}
    fits = Q(**{name: value for name, value in plain.items() if value})
    if wanted.topic:
        on_it = Question.topics.through.objects.filter(topic__slug=wanted.topic).values("question_id")
        fits &= Q(pk__in=on_it)
    if wanted.kind:
        fits &= Q(current__kind=wanted.kind) | Q(current=None, draft__data__kind=wanted.kind)
    if wanted.status == Question.Status.REVIEW:
        # A question in use whose next version is being read is both.
        fits &= Q(status=wanted.status) | Q(proposed__isnull=False)
    elif wanted.status:
        fits &= Q(status=wanted.status)
    return fits & _whose(person_id, wanted.whose) & _needing(person_id, wanted.needs)


def _tagged(rows: QuerySet[Question], tag: str) -> QuerySet[Question]:
    # A list in a JSON column, asked as text: SQLite keeps letters with accents escaped, PostgreSQL as they are.
    words = rows.annotate(tags_text=Cast("tags", TextField()))
    as_they_are = Q(tags_text__contains=json.dumps(tag, ensure_ascii=False))
    return words.filter(as_they_are | Q(tags_text__contains=json.dumps(tag)))


def _whose(person_id: int, whose: str) -> Q:
    own = Q(author_id=person_id)
    course = Q(origin=Question.Origin.COURSE)
    return {OWN: own, SHARED: ~own & ~course | Q(author=None) & ~course, COURSE: course}.get(whose, Q())


def _needing(person_id: int, needs: str) -> Q:
    each = {
        "flags": Q(warned=True),
        "challenges": Q(challenged=True),
        "stale": Q(stale=True),
        "blocking": Q(words__blocking__gt=0),
        "alike": Q(words__alike__gt=0),
    }
    if needs == "review":
        return Q(proposed__isnull=False) & ~Q(proposed__created_by=person_id)
    if needs == "any":
        return each["flags"] | each["challenges"] | each["stale"] | each["blocking"] | each["alike"]
    return each.get(needs, Q())


def _open_challenges() -> QuerySet[Challenge]:
    return Challenge.objects.filter(question=OuterRef("pk"), state=Challenge.State.OPEN)


def topic_choices() -> list[tuple[str, str]]:
    """The topics to choose from: address and title."""
    rows: Any = Topic.objects.live().order_by("title").values_list("slug", "title")
    return list(rows)
