"""Where a person has met a question, recounted from what was sat, practised and repeated; and scores seen apart."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from quizzes.models import Attempt, Exposure, Quiz, Repetition, Response
from quizzes.queries.draws import held_questions

WHOLLY = 1 - 1e-9
MOCK, QUIZ, PRACTICE, CARDS, REVIEW = "mock", "quiz", "practice", "cards", "review"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting of a person with a question: where (mock, quiz, practice, cards or review), when, in which attempt.

    REVIEW is for what was first met there: it stood in an exam and was not looked at before its end.
    """

    source: str
    title: str
    met_at: datetime
    code: str


@dataclass(frozen=True, slots=True)
class Met:
    """What the ledger knows of one question: its meetings, oldest first, and when its rationale was first served."""

    meetings: tuple[Meeting, ...]
    revealed_at: datetime | None

    def before(self, moment: datetime) -> "Met | None":
        """What was known before this moment; None where nothing was."""
        earlier = tuple(one for one in self.meetings if one.met_at < moment)
        revealed = self.revealed_at if self.revealed_at and self.revealed_at < moment else None
        return Met(earlier, revealed) if earlier or revealed else None


def meetings(person_id: int, question_id: int) -> tuple[Meeting, ...]:
    """Where this person has met this question, oldest first; three statements."""
    found = met_questions(person_id, [question_id]).get(question_id)
    return found.meetings if found else ()


def met_questions(person_id: int, questions: Collection[int]) -> dict[int, Met]:
    """The same for several questions, those never met left out; three statements whatever their number."""
    found: dict[int, list[Meeting]] = {}
    for question, meeting in [*_sat(person_id, questions), *_repeated(person_id, questions)]:
        found.setdefault(question, []).append(meeting)
    ledger = Exposure.objects.filter(person_id=person_id, question_id__in=questions).order_by()
    dates = {
        pk: (first, shown) for pk, first, shown in ledger.values_list("question_id", "first_seen_at", "revealed_at")
    }
    for question, (first, shown) in dates.items():
        # What a review showed first stands in no attempt as met.
        if shown is not None and shown == first and not any(one.met_at <= first for one in found.get(question, ())):
            found.setdefault(question, []).append(Meeting(REVIEW, "", first, ""))
    return {
        question: Met(tuple(sorted(rows, key=lambda one: one.met_at)), dates.get(question, (None, None))[1])
        for question, rows in found.items()
    }


def _sat(person_id: int, questions: Collection[int]) -> Iterable[tuple[int, Meeting]]:
    """Responses that were locked in practice; in an exam that has ended, those displayed or answered."""
    ended = Q(attempt__mode=Quiz.Mode.EXAM, first_exposure__isnull=False)
    locked = Q(attempt__mode=Quiz.Mode.PRACTICE, locked_at__isnull=False)
    rows = Response.objects.filter(ended | locked, attempt__person_id=person_id, question_id__in=questions)
    for row in rows.select_related("attempt__quiz").defer("attempt__rules", "shown_order").order_by("attempt_id"):
        attempt = row.attempt
        if row.locked_at is None and attempt.trace and not row.choice and str(row.position) not in attempt.trace:
            continue
        yield (
            row.question_id,
            Meeting(
                _source(attempt), attempt.title, row.locked_at or attempt.ended_at or attempt.started_at, attempt.code
            ),
        )


def _source(attempt: Attempt) -> str:
    if attempt.quiz is not None and attempt.quiz.origin == Quiz.Origin.AUTHOR:
        return QUIZ
    return MOCK if attempt.mode == Quiz.Mode.EXAM else PRACTICE


def _repeated(person_id: int, questions: Collection[int]) -> Iterable[tuple[int, Meeting]]:
    recalls = Repetition.objects.filter(
        card__person_id=person_id, card__question_id__in=questions, source=Repetition.Source.CARDS
    )
    for question, at in recalls.order_by("pk").values_list("card__question_id", "reviewed_at"):
        yield question, Meeting(CARDS, "", at, "")


@dataclass(frozen=True, slots=True)
class Apart:
    """A score with what was new apart from what had been seen: right of n of each. ``n`` is both together."""

    new_right: int
    new_n: int
    seen_right: int
    seen_n: int

    @property
    def n(self) -> int:
        """How many questions of which it is known."""
        return self.new_n + self.seen_n


def apart(rows: Iterable[tuple[bool | None, float | None]]) -> Apart | None:
    """From (first exposure, fraction) of what counts; None where nothing is known of any."""
    known = [(bool(new), (fraction or 0) >= WHOLLY) for new, fraction in rows if new is not None]
    if not known:
        return None
    new, seen = ([right for is_new, right in known if is_new is wanted] for wanted in (True, False))
    return Apart(sum(new), len(new), sum(seen), len(seen))


def unseen_and_asked() -> dict[str, Any]:
    """Annotations for attempts: how many of the questions that count were ``unseen``, of how many ``asked``."""
    rows = Response.objects.filter(attempt=OuterRef("pk"), scored=True, first_exposure__isnull=False).order_by()

    def number(found: Any) -> Any:
        return Coalesce(Subquery(found.values("attempt").annotate(number=Count("pk")).values("number")), 0)

    return {"unseen": number(rows.filter(first_exposure=True)), "asked": number(rows)}


def right_unless_held(person_id: int) -> dict[str, Any]:
    """Annotations for attempts of one person: how many were ``right``; none may be told where some are ``held``."""
    rows = Response.objects.filter(attempt=OuterRef("pk")).order_by()
    right = rows.filter(scored=True, fraction__gte=WHOLLY).values("attempt").annotate(number=Count("pk"))
    held = rows.filter(question_id__in=held_questions(person_id))
    return {"right": Coalesce(Subquery(right.values("number")), 0), "held": Exists(held)}
