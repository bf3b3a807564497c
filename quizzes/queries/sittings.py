"""The sittings of instructors' quizzes: whose they are, and what they were worth, for those who made the quiz."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from quizzes.models import Attempt, Quiz, Response, Result
from quizzes.queries.ledger import unseen_and_asked

LEFT = "(left)"
"""The user name of the one row that owns the sittings of all who deleted their account.

Nobody can sign up by it: a user name has no parentheses.
"""
MARKED = (Attempt.State.SUBMITTED, Attempt.State.EXPIRED)
"""The states of an attempt that has a result which counts."""

A_PAGE = 50
IN_A_CHUNK = 500
SORTS = {
    "who": "person__username",
    "when": "started_at",
    "score": "share",
    "time": "lasted",
    "state": "state",
}
DEFAULT_SORT = "-when"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address of a list asks for: nothing of it can be wrong, what is unknown is the default."""

    state: str = ""
    person: str = ""
    sort: str = DEFAULT_SORT


@dataclass(frozen=True, slots=True)
class Sitting:
    """One line of the list. ``state`` is what holds at the moment, whether or not it has been written down.

    ``unseen`` of ``asked``: how many of the questions that count the learner had not met before.
    """

    attempt: Attempt
    who: str
    state: str
    raw: float | None
    maximum: float | None
    marked: int
    passed: bool | None
    unseen: int
    asked: int

    @property
    def share(self) -> float | None:
        """Raw over maximum, in hundredths."""
        return None if self.raw is None or not self.maximum else 100 * self.raw / self.maximum

    @property
    def milliseconds(self) -> int | None:
        """How long it lasted, without its pauses."""
        if self.attempt.ended_at is None:
            return None
        lasted = (self.attempt.ended_at - self.attempt.started_at) // timedelta(milliseconds=1)
        return max(0, lasted - self.attempt.paused)


def at_quizzes_of_authors(person_id: int) -> QuerySet[Attempt]:
    """A person's sittings that stay when the person goes: the instructor relies on them."""
    return Attempt.objects.filter(person_id=person_id, quiz__origin=Quiz.Origin.AUTHOR)


def who(person: Any) -> str:
    """A learner's name for the instructor of a quiz."""
    if person.username == LEFT:
        return _("somebody who has left")
    # A few letters, so that one guest can be told from another.
    return _("Guest %(number)s") % {"number": person.username[-4:]} if person.is_guest else str(person.username)


def pass_mark_of(attempt: Attempt) -> int | None:
    """The pass mark in hundredths as it stood at the start; None where nothing is to be passed."""
    mark: int | None = attempt.rules.get("pass_mark", attempt.quiz.pass_mark if attempt.quiz else None)
    return mark


def passes(raw: float | None, maximum: float | None, mark: int | None) -> bool | None:
    """Whether a result reaches the mark; None where there is no mark, or no result."""
    if raw is None or not maximum or mark is None:
        return None
    return 100 * raw / maximum >= mark - 1e-9


def sittings(quiz: Quiz, wanted: Wanted, *, now: datetime) -> QuerySet[Attempt]:
    """The attempts at a quiz with their latest result, as the address asks for them."""
    latest = Result.objects.filter(attempt=OuterRef("pk")).order_by("-number")
    # A practice session has no result: its responses were graded one by one.
    graded = Response.objects.filter(attempt=OuterRef("pk"), scored=True, fraction__isnull=False).order_by()
    added = graded.values("attempt").annotate(sum=Sum("fraction")).values("sum")
    found = Attempt.objects.filter(quiz=quiz).select_related("person", "quiz").defer("trace")
    found = found.annotate(
        raw=Coalesce(Subquery(latest.values("raw")[:1]), Subquery(added)),
        maximum=Coalesce(Subquery(latest.values("maximum")[:1]), F("size") * 1.0),
        marked=Subquery(latest.values("number")[:1]),
        lasted=F("ended_at") - F("started_at"),
        **unseen_and_asked(),
    ).annotate(share=F("raw") / NullIf(F("maximum"), 0.0))
    if wanted.person:
        found = found.filter(person__username__icontains=wanted.person)
    return _sorted(found.filter(_in_state(wanted.state, now)), wanted.sort)


def _in_state(state: str, now: datetime) -> Q:
    """In this state at the moment: one whose time is up has expired, though nobody has written it down."""
    overdue = Q(state=Attempt.State.IN_PROGRESS, deadline__lte=now, paused_at=None)
    if state == Attempt.State.IN_PROGRESS:
        return Q(state=state) & (Q(deadline=None) | Q(deadline__gt=now) | Q(paused_at__isnull=False))
    if state == Attempt.State.EXPIRED:
        return Q(state=state) | overdue
    return Q(state=state) if state else Q()


def _sorted(found: QuerySet[Attempt], sort: str) -> QuerySet[Attempt]:
    column = F(SORTS[sort.removeprefix("-")])
    down = sort.startswith("-")
    order = column.desc(nulls_last=True) if down else column.asc(nulls_last=True)
    return found.order_by(order, "-pk" if down else "pk")


def sitting(attempt: Attempt, now: datetime) -> Sitting:
    """One line, of an attempt that :func:`sittings` gave."""
    row: Any = attempt
    over = attempt.deadline is not None and attempt.deadline <= now and attempt.paused_at is None
    overdue = attempt.state == Attempt.State.IN_PROGRESS and over
    counts = attempt.state in MARKED
    return Sitting(
        attempt=attempt,
        who=who(attempt.person),
        state=str(Attempt.State.EXPIRED) if overdue else attempt.state,
        raw=row.raw,
        maximum=row.maximum,
        marked=row.marked or 0,
        passed=passes(row.raw, row.maximum, pass_mark_of(attempt)) if counts else None,
        unseen=row.unseen,
        asked=row.asked,
    )


@dataclass(frozen=True, slots=True)
class SittingsPage:
    """One page of the list."""

    quiz: Quiz
    wanted: Wanted
    page_obj: Page[Attempt]
    sittings: tuple[Sitting, ...]


def sittings_page(quiz: Quiz, wanted: Wanted, number: int, *, now: datetime) -> SittingsPage:
    """Fifty sittings; two queries."""
    page = Paginator(sittings(quiz, wanted, now=now), A_PAGE).get_page(number)
    return SittingsPage(quiz, wanted, page, tuple(sitting(one, now) for one in page))


def all_sittings(quiz: Quiz, *, now: datetime) -> Iterator[Sitting]:
    """Every sitting in the order of their starts, read by chunks: a file of any length takes little memory."""
    rows, last = sittings(quiz, Wanted(), now=now).order_by("pk"), 0
    while chunk := list(rows.filter(pk__gt=last)[:IN_A_CHUNK]):
        last = chunk[-1].pk
        yield from (sitting(one, now) for one in chunk)
