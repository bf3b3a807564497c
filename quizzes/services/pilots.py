"""What becomes of the pilots of the course: their figures are kept, and one that has proved itself is made to count."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from quizzes.models import Placement, Question, Report
from quizzes.queries.pilots import items_of, lacking, pilot_questions, state_of_mocks
from quizzes.services.audit import Actor, record
from quizzes.services.bank import write_difficulties
from quizzes.services.flags import EVERY

SCOPE = "pilots"


class NoPilot(Exception):
    """The question is no pilot: somebody was quicker, or the files say otherwise by now."""


class NotYet(Exception):
    """The figures do not carry it yet. ``lacking`` names what is missing."""

    def __init__(self, lacking: Sequence[str]) -> None:
        super().__init__(", ".join(lacking))
        self.lacking = tuple(lacking)


def report_of_pilots() -> Report | None:
    """The figures as they were computed last; None before the first time."""
    return Report.objects.filter(quiz=None, scope=SCOPE).first()


def claim_pilots(*, now: datetime) -> bool:
    """Whether nobody has looked for EVERY; then the caller does."""
    report, fresh = Report.objects.get_or_create(quiz=None, scope=SCOPE, defaults={"created_at": now, "beat_at": now})
    if fresh:
        return True
    stale = Report.objects.filter(pk=report.pk).exclude(beat_at__gt=now - EVERY)
    return bool(stale.update(beat_at=now))


def refresh_pilots(*, now: datetime) -> bool:
    """Compute the figures of all pilots where anything has changed since the last time; whether that was so."""
    mark = state_of_mocks()
    if Report.objects.filter(quiz=None, scope=SCOPE, mark=mark, state=Report.State.DONE).exists():
        Report.objects.filter(quiz=None, scope=SCOPE).update(beat_at=now)
        return False
    questions = list(pilot_questions().select_related("current"))
    items = items_of(questions)
    figures: dict[str, Any] = {
        one.code: asdict(items[one.pk]) | {"lacking": lacking(one, items[one.pk])} for one in questions
    }
    values = {"mark": mark, "figures": figures, "state": Report.State.DONE, "beat_at": now, "finished_at": now}
    Report.objects.update_or_create(
        quiz=None, scope=SCOPE, defaults=values, create_defaults={**values, "created_at": now}
    )
    return True


@transaction.atomic
def promote(question_id: int, *, actor: Actor, now: datetime) -> Question:
    """Make a pilot count from now on, whatever its file says. Raises NoPilot, and NotYet by figures computed here.

    Attempts under way keep it in the seat that counts for nobody.
    """
    rows = Question.objects.course().select_for_update(of=("self",), no_key=True).select_related("current")
    question: Question | None = rows.filter(pk=question_id).first()
    if question is None or question.status != Question.Status.PILOT or question.current is None:
        raise NoPilot
    item = items_of([question])[question.pk]
    if missing := lacking(question, item):
        raise NotYet(missing)
    question.status, question.promoted_at = Question.Status.PUBLISHED, now
    question.save(update_fields=["status", "promoted_at"])
    Placement.objects.filter(question=question).update(status=question.status)
    write_difficulties()
    data = {"n": item.n, "facility": item.facility, "r": item.r, "version": question.current.number}
    record(actor, "question.promoted", now=now, question=question, data=data)
    return question
