"""What to do next, for the home page and the page of progress: the best step first, never more than three."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from quizzes.models import Attempt, Exposure, Plan, Quiz, Response
from quizzes.queries.attempts import attempts_of
from quizzes.queries.cards import counts, today
from quizzes.queries.progress import Overview, bank_of, mocks_over

MOCK_FROM = 100
"""Questions met, from which on a first mock exam says something."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. ``kind``: repeat, resume, mock, practice or plan; the rest as its kind needs it.

    ``count``: cards that are due, or questions met. ``place``: the code of a session, the slug of a topic.
    """

    kind: str
    count: int = 0
    title: str = ""
    place: str = ""
    on: date | None = None


def next_steps(person_id: int, *, now: datetime, seen: Overview | None = None) -> tuple[Step, ...]:
    """What this person can do next; nothing for somebody who has done nothing yet.

    Whoever has a plan goes by it. Without one due cards come first, then the practice that was left, then a first mock
    exam where enough was met for it to say something, else the weakest topic. ``seen``: the overview, where it was made
    already. Three statements with it or where something is due or left, else at most seven.
    """
    steps = []
    plan = Plan.objects.filter(person_id=person_id, exam_on__gte=today(now).date)
    if exam_on := plan.values_list("exam_on", flat=True).first():
        steps.append(Step("plan", on=exam_on))
    elif due := counts(person_id, now).due:
        steps.append(Step("repeat", count=due))
    if session := _left_practice(person_id):
        steps.append(session)
    if not steps and (step := _further(person_id, now, seen)):
        steps.append(step)
    return tuple(steps)


def _left_practice(person_id: int) -> Step | None:
    """The latest practice that was begun, has an answer and is not over."""
    sessions = attempts_of(person_id).filter(mode=Quiz.Mode.PRACTICE, state=Attempt.State.IN_PROGRESS, quiz=None)
    locked = Response.objects.filter(attempt=OuterRef("pk"), locked_at__isnull=False)
    code = sessions.filter(Exists(locked)).order_by("-started_at").values_list("code", flat=True).first()
    return Step("resume", place=code) if code else None


def _further(person_id: int, now: datetime, seen: Overview | None) -> Step | None:
    met = seen.bank.whole.met if seen else Exposure.objects.filter(person_id=person_id).count()
    if not met:
        return None
    if met >= MOCK_FROM and not (seen.mocks if seen else mocks_over(person_id).exists()):
        return Step("mock", count=met)
    bank = seen.bank if seen else bank_of(person_id, now=now)
    topic = bank.weakest_topic
    return Step("practice", title=topic.title, place=topic.slug) if topic else None
