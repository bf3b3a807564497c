"""The only writer of plans: when the exam is and what time there is. What to do is derived, never stored."""

from collections.abc import Sequence
from datetime import date, datetime

from quizzes.models import Plan
from quizzes.queries.plans import exam_held_on


def set_plan(*, person_id: int, exam_on: date, minutes: Sequence[int], today: date, now: datetime) -> Plan:
    """Set or change the plan. ``minutes`` has seven entries, Monday first. Checked by the form."""
    plan, _ = Plan.objects.update_or_create(
        person_id=person_id,
        defaults={
            "exam_on": exam_on,
            "minutes": list(minutes),
            "exam": exam_held_on(exam_on),
            "changed_at": now,
        },
        create_defaults={
            "exam_on": exam_on,
            "minutes": list(minutes),
            "exam": exam_held_on(exam_on),
            "started_on": today,
            "changed_at": now,
        },
    )
    return plan


def clear_plan(*, person_id: int) -> None:
    """Take the plan away; cards and what was done stay."""
    Plan.objects.filter(person_id=person_id).delete()


def move_plan(source_id: int, target_id: int) -> None:
    """Give one person's plan to another, who keeps their own. To be called inside a transaction."""
    if not Plan.objects.filter(person_id=target_id).exists():
        Plan.objects.filter(person_id=source_id).update(person_id=target_id)
