"""Mock exams for a screen: what they ask, whether the bank can fill them, and what this person did with them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.engine.assembly import quotas
from quizzes.models import Attempt, Quiz
from quizzes.queries.attempts import clock_of, exams_of
from quizzes.queries.draws import pilots, stock
from quizzes.queries.ledger import right_unless_held, unseen_and_asked

UNTIMED_SESSION = timedelta(days=60)
SESSION_MARGIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class StockRow:
    """One domain of a blueprint: how many questions the form takes from it, and how many there are."""

    number: int
    name: str
    weight: float
    wanted: int
    there: int


@dataclass(frozen=True, slots=True)
class ListedQuiz:
    """A mock exam in the list, with what stands against starting it."""

    quiz: Quiz
    refusal: str
    standing: Attempt | None


def quiz_list(person_id: int | None, *, now: datetime) -> list[ListedQuiz]:
    """All mock exams, the open attempt of this person beside each."""
    open_ones = {}
    if person_id is not None:
        for attempt in exams_of(person_id).filter(state=Attempt.State.IN_PROGRESS):
            closes_at = clock_of(attempt).closes_at
            if closes_at is None or now < closes_at:
                open_ones[attempt.quiz_id] = attempt
    quizzes = Quiz.objects.presets().select_related("exam")
    return [ListedQuiz(quiz, reason_not_to_start(quiz), open_ones.get(quiz.pk)) for quiz in quizzes]


def stock_rows(quiz: Quiz) -> list[StockRow]:
    """The blueprint, domain by domain."""
    if quiz.exam is None:
        return []
    domains = quiz.exam.domains
    wanted = quotas(quiz.scored, {entry["number"]: entry["weight"] for entry in domains})
    there = stock(quiz.exam)
    return [
        StockRow(entry["number"], entry["name"], entry["weight"], wanted[entry["number"]], there[entry["number"]])
        for entry in domains
    ]


def reason_not_to_start(quiz: Quiz) -> str:
    """Why the bank cannot fill this exam, in words; empty when it can."""
    rows = stock_rows(quiz)
    lacking = sum(max(0, row.wanted - row.there) for row in rows)
    if quiz.unscored and quiz.exam is not None:
        # What counts comes first; the unscored seats are for pilots and for what is left over.
        spare = sum(max(0, row.there - row.wanted) for row in rows) + pilots(quiz.exam)
        lacking += max(0, quiz.unscored - spare)
    if not lacking:
        return ""
    return ngettext(
        "The question bank lacks %(count)d question for this exam. It grows with every release.",
        "The question bank lacks %(count)d questions for this exam. It grows with every release.",
        lacking,
    ) % {"count": lacking}


def past_attempts(quiz: Quiz, person_id: int) -> QuerySet[Attempt]:
    """Finished sittings, newest first, with what was right, and unseen, unless that is held."""
    found = exams_of(person_id).filter(quiz=quiz).exclude(state=Attempt.State.IN_PROGRESS)
    return found.annotate(**unseen_and_asked(), **right_unless_held(person_id)).order_by("-started_at")


def session_seconds(attempt: Attempt, now: datetime) -> int:
    """How long the session must live so that it outlives the exam."""
    closes_at = clock_of(attempt).closes_at
    # A pause may be long.
    endless = closes_at is None or attempt.rules.get("pause_allowed")
    end = now + UNTIMED_SESSION if endless or closes_at is None else closes_at + SESSION_MARGIN
    return int((end - now).total_seconds())


def time_taken(attempt: Attempt) -> str:
    """How long the sitting lasted without its pauses, in words."""
    if attempt.ended_at is None:
        return ""
    seconds = (attempt.ended_at - attempt.started_at).total_seconds() - attempt.paused / 1000
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(hours)d h %(minutes)02d min") % {"hours": minutes // 60, "minutes": minutes % 60}
