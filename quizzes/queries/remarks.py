"""Results that a corrected key has overtaken: which, and what marking again would make of them.

Nothing of it is stored. An attempt is overtaken as long as its latest result names a version whose key was corrected,
so that marking again can be broken off at any moment and gone on with.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

from django.db.models import BooleanField, Exists, F, Func, OuterRef, QuerySet
from django.utils.html import strip_tags

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS, Shape
from quizzes.engine.kinds.base import ReviewRow
from quizzes.models import Attempt, QuestionVersion, Quiz, Response, Result
from quizzes.queries.draws import held_questions
from quizzes.queries.keys import newest_keys
from quizzes.queries.rights import own_quizzes
from quizzes.queries.sittings import MARKED, pass_mark_of, passes, who

AT_ONCE = 400
PRACTICE_MARKING = "all_or_nothing"
BARS = 10


@dataclass(frozen=True, slots=True)
class CorrectedKey:
    """One correction, in words; without them (``withheld``) while whoever looks sits an exam with the question."""

    code: str
    corrected_at: datetime
    was: str
    now: str
    withheld: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What an attempt was worth, and what it would be; ``passed`` is None where nothing is to be passed."""

    code: str
    who: str
    started_at: datetime
    before: float
    after: float
    maximum: float
    passed_before: bool | None
    passed_after: bool | None


@dataclass(frozen=True, slots=True)
class Bar:
    """How many results lie in a tenth of the scale, before and after."""

    low: int
    high: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What marking again would do. ``token`` names the keys: it is another when somebody corrects one meanwhile."""

    keys: tuple[CorrectedKey, ...]
    changes: tuple[Change, ...]
    under_way: int
    practice: int
    token: str

    @property
    def better(self) -> int:
        """How many go up."""
        return sum(one.after > one.before for one in self.changes)

    @property
    def worse(self) -> int:
        """How many go down."""
        return sum(one.after < one.before for one in self.changes)

    @property
    def same(self) -> int:
        """How many stay where they are."""
        return len(self.changes) - self.better - self.worse

    @property
    def gained(self) -> int:
        """How many would pass that had not."""
        return sum(one.passed_after is True and one.passed_before is False for one in self.changes)

    @property
    def lost(self) -> int:
        """How many would fail that had passed."""
        return sum(one.passed_after is False and one.passed_before is True for one in self.changes)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The distribution in tenths of the maximum."""
        before = Counter(_tenth(one.before, one.maximum) for one in self.changes)
        after = Counter(_tenth(one.after, one.maximum) for one in self.changes)
        return tuple(
            Bar(place * 100 // BARS, (place + 1) * 100 // BARS, before[place], after[place]) for place in range(BARS)
        )


def _tenth(raw: float, maximum: float) -> int:
    return 0 if maximum <= 0 else max(0, min(BARS - 1, int(raw / maximum * BARS + 1e-9)))


def corrected_versions(quiz: Quiz) -> dict[int, QuestionVersion]:
    """The versions sat in this quiz whose key was corrected, by id, with the version that has the key now."""
    # From the corrections on, which are few, and not from the responses.
    sat = Response.objects.filter(question_id=OuterRef("question_id"), attempt__quiz=quiz)
    corrections = QuestionVersion.objects.filter(Exists(sat), corrects__isnull=False)
    questions = set(corrections.values_list("question_id", flat=True))
    return newest_keys(questions) if questions else {}


def overtaken(
    quiz: Quiz, versions: Mapping[int, QuestionVersion], among: Collection[int] | None = None
) -> QuerySet[Attempt]:
    """Finished attempts at the quiz (of these, if some are named) whose latest result was marked by such a version."""
    if not versions:
        return Attempt.objects.none()
    later = Result.objects.filter(attempt=OuterRef("attempt"), number__gt=OuterRef("number"))
    latest = Result.objects.filter(~Exists(later), _Names("versions", versions), attempt__quiz=quiz)
    if among is not None:
        latest = latest.filter(attempt_id__in=among)
    ended = Attempt.objects.filter(quiz=quiz, state__in=MARKED)
    return ended.filter(pk__in=latest.values("attempt_id")).order_by("pk")


class _Names(Func):
    """Whether a list of ids names one of these: SQLite has no ``contains`` for JSON."""

    output_field = BooleanField()
    template = "EXISTS (SELECT 1 FROM json_each(%(expressions)s) AS named WHERE named.value IN (%(ids)s))"

    def __init__(self, column: str, ids: Collection[int]) -> None:
        super().__init__(F(column), ids=", ".join(str(int(one)) for one in ids))

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The same in the words of PostgreSQL."""
        found = "SELECT 1 FROM jsonb_array_elements_text(%(expressions)s) AS named(id)"
        template = f"EXISTS ({found} WHERE named.id::bigint IN (%(ids)s))"
        return self.as_sql(compiler, connection, template=template, **context)


def regraded(quiz: Quiz, versions: Mapping[int, QuestionVersion]) -> dict[int, float]:
    """Locked responses of practice sessions at the quiz that the newest keys grade otherwise, with what they give.

    Practice has no results: the responses themselves say how right they are.
    """
    rows = Response.objects.filter(
        attempt__quiz=quiz,
        attempt__mode=Quiz.Mode.PRACTICE,
        attempt__results=None,
        version_id__in=list(versions),
        fraction__isnull=False,
    ).exclude(attempt__state=Attempt.State.VOID)
    contents = {pk: Content.from_body(version.body) for pk, version in versions.items()}
    found = {}
    for pk, version, choice, fraction, rules in rows.values_list(
        "pk", "version_id", "choice", "fraction", "attempt__rules"
    ):
        fresh = _graded(contents[version], choice, rules.get("marking", PRACTICE_MARKING))
        if fresh != fraction:
            found[pk] = fresh
    return found


def quizzes_overtaken(person_id: int, question_id: int) -> list[Quiz]:
    """The person's own quizzes in which results stand that a correction of this question has overtaken."""
    versions = newest_keys([question_id])
    if not versions:
        return []
    sat = Response.objects.filter(version_id__in=list(versions), attempt__quiz=OuterRef("pk"))
    return [quiz for quiz in own_quizzes(person_id).filter(Exists(sat)) if overtaken(quiz, versions).exists()]


def preview(quiz: Quiz, *, viewer_id: int) -> Preview:
    """What marking again would change; nothing is written."""
    versions = corrected_versions(quiz)
    ids = list(overtaken(quiz, versions).values_list("pk", flat=True))
    changes = [
        _change(one)
        for start in range(0, len(ids), AT_ONCE)
        for one in fresh_results(ids[start : start + AT_ONCE], versions)
    ]
    open_ones = Attempt.objects.filter(
        quiz=quiz, state=Attempt.State.IN_PROGRESS, responses__version_id__in=list(versions)
    )
    return Preview(
        keys=_corrections(versions, viewer_id),
        changes=tuple(sorted(changes, key=lambda one: (one.before - one.after, one.who, one.started_at))),
        under_way=open_ones.distinct().count() if versions else 0,
        practice=len(regraded(quiz, versions)) if versions else 0,
        token=token_of(versions),
    )


def token_of(versions: Mapping[int, QuestionVersion]) -> str:
    """A name for these keys."""
    newest = sorted({version.pk for version in versions.values()})
    return hashlib.sha256(repr(newest).encode()).hexdigest()[:16]


def _corrections(versions: Mapping[int, QuestionVersion], viewer_id: int) -> tuple[CorrectedKey, ...]:
    """Each newest key beside the one it began with."""
    first = {version.pk: pk for pk, version in sorted(versions.items(), reverse=True)}
    before = QuestionVersion.objects.defer("body").select_related("question").in_bulk(first.values())
    questions = [one.question_id for one in before.values()]
    held = set(held_questions(viewer_id).filter(question_id__in=questions).values_list("question_id", flat=True))
    newest = {version.pk: version for version in versions.values()}
    found = []
    for pk, version in sorted(newest.items()):
        was = before[first[pk]]
        hidden = was.question_id in held
        words = ("", "") if hidden else (key_in_words(was, was), key_in_words(was, version))
        found.append(CorrectedKey(was.question.code, version.created_at, *words, hidden))
    return tuple(found)


def key_in_words(sat: QuestionVersion, marked_by: QuestionVersion) -> str:
    """What counts as right, in the words of the text that was sat."""
    shape = Shape(sat.choose, tuple(sat.option_ids))
    rows = KINDS[sat.kind].review(shape, (), sat.shown, marked_by.key)
    return "; ".join(_row_in_words(row) for row in rows if row.correct or row.expected)


def _row_in_words(row: ReviewRow) -> str:
    """An option that is right; a part with its place; or, where there is no part, the text that is accepted."""
    if not row.html:
        return row.expected
    return ": ".join(part for part in (_plain(row.html), _plain(row.expected)) if part)


def _plain(html: str) -> str:
    return " ".join(unescape(strip_tags(html)).split())


@dataclass(frozen=True, slots=True)
class Fresh:
    """What would follow an attempt's latest result: ``after`` is that one, ``changed`` the positions that differ."""

    attempt: Attempt
    after: Result
    fractions: list[float]
    versions: list[int]
    raw: float
    changed: dict[int, float]


def fresh_results(ids: Sequence[int], versions: Mapping[int, QuestionVersion]) -> list[Fresh]:
    """The attempts marked again by the newest keys, in memory; four queries. Only what was corrected is graded."""
    contents = {pk: Content.from_body(version.body) for pk, version in versions.items()}
    attempts = Attempt.objects.select_related("person", "quiz").defer("trace").in_bulk(ids)
    latest = {one.attempt_id: one for one in Result.objects.filter(attempt_id__in=ids).order_by("number")}
    unscored: dict[int, set[int]] = {pk: set() for pk in ids}
    aside = Response.objects.filter(attempt_id__in=ids, scored=False)
    for pk, position in aside.values_list("attempt_id", "position"):
        unscored[pk].add(position)
    changed: dict[int, dict[int, float]] = {pk: {} for pk in ids}
    marked_by: dict[int, dict[int, int]] = {pk: {} for pk in ids}
    rows = Response.objects.filter(attempt_id__in=ids, version_id__in=list(versions))
    for pk, position, version, choice in rows.values_list("attempt_id", "position", "version_id", "choice"):
        changed[pk][position] = _graded(contents[version], choice, attempts[pk].rules["marking"])
        marked_by[pk][position] = versions[version].pk
    return [_fresh(attempts[pk], latest[pk], changed[pk], marked_by[pk], unscored[pk]) for pk in ids]


def _fresh(
    attempt: Attempt, latest: Result, changed: dict[int, float], marked_by: dict[int, int], unscored: set[int]
) -> Fresh:
    fractions = [changed.get(place, fraction) for place, fraction in enumerate(latest.fractions, 1)]
    return Fresh(
        attempt=attempt,
        after=latest,
        fractions=fractions,
        versions=[marked_by.get(place, version) for place, version in enumerate(latest.versions, 1)],
        raw=sum(fraction for place, fraction in enumerate(fractions, 1) if place not in unscored),
        changed={place: new for place, new in changed.items() if new != latest.fractions[place - 1]},
    )


def _graded(content: Content, choice: Any, marking: str) -> float:
    return KINDS[content.kind].grade(content, choice, marking) if choice else 0.0


def _change(fresh: Fresh) -> Change:
    attempt, result = fresh.attempt, fresh.after
    mark = pass_mark_of(attempt)
    return Change(
        code=attempt.code,
        who=who(attempt.person),
        started_at=attempt.started_at,
        before=result.raw,
        after=fresh.raw,
        maximum=result.maximum,
        passed_before=passes(result.raw, result.maximum, mark),
        passed_after=passes(fresh.raw, result.maximum, mark),
    )
