"""A learner's plan to the exam: what is planned from, and what it says for today."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, F, Q
from django.utils import timezone

from quizzes.engine.planning import Costs, Known, Situation, StudyPlan, Unmet, make_plan, spread_minutes
from quizzes.models import Attempt, Card, Exam, Exposure, Placement, Plan, Question, Repetition
from quizzes.queries.cards import asked_cards
from quizzes.queries.draws import held_questions
from reference.models import Topic

FULL_MOCK = 65
"""Questions from which on a mock exam counts as one of full length."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with what it says today. ``study`` is None when its day has come or is over."""

    plan: Plan
    today: date
    study: StudyPlan | None
    titles: dict[str, str]
    unmet: int

    @property
    def days(self) -> int:
        """Days until the exam; 0 on its day, negative after it."""
        return (self.plan.exam_on - self.today).days


def today_of(now: datetime) -> date:
    """The day in the zone of whoever asks."""
    return timezone.localtime(now).date()


def exam_held_on(day: date) -> Exam | None:
    """The exam that is held on a day; of several the newest."""
    held = Exam.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)
    return held.order_by("-starts_on", "position", "code").first()


def planned(person_id: int | None, *, now: datetime) -> Planned | None:
    """The plan of a person and what it says today; None where they have none."""
    plan = Plan.objects.select_related("exam").filter(person_id=person_id).first() if person_id else None
    if plan is None:
        return None
    today = today_of(now)
    days = (plan.exam_on - today).days
    if days < 1:
        return Planned(plan, today, None, {}, 0)
    titles: dict[str, str] = {}
    situation = _situation(plan, today, days, titles, now)
    return Planned(plan, today, make_plan(situation), titles, sum(one.count for one in situation.unmet))


def _situation(plan: Plan, today: date, days: int, titles: dict[str, str], now: datetime) -> Situation:
    exam, person = plan.exam or exam_held_on(plan.exam_on), plan.person_id
    weights = _weights(exam)
    midnight = timezone.make_aware(datetime.combine(today, time.min))
    cards = _cards(person, exam, weights, midnight, now)
    latest = _latest_mock(person)
    since = None if latest is None else (today - timezone.localtime(latest).date()).days
    minutes = spread_minutes(plan.minutes, today.weekday(), days)
    unmet = _unmet(person, exam, weights, titles)
    return Situation(tuple(cards), tuple(unmet), minutes, since, _spent(person, midnight))


def _weights(exam: Exam | None) -> dict[int, float]:
    """What one question of each domain weighs: the domain's share over its questions, 1 in the mean."""
    if exam is None:
        return {}
    counted = Placement.objects.filter(exam=exam, status=Question.Status.PUBLISHED).values_list("domain")
    counts = Counter(dict(counted.annotate(count=Count("pk"))))
    shares = {entry["number"]: entry["weight"] for entry in exam.domains if counts[entry["number"]]}
    whole, size = sum(shares.values()), sum(counts[number] for number in shares)
    return {number: round(share / whole * size / counts[number], 3) for number, share in shares.items()}


def _cards(person: int, exam: Exam | None, weights: dict[int, float], midnight: datetime, now: datetime) -> list[Known]:
    """The cards that can be repeated: recalled before, neither suspended nor put off."""
    rows = (
        asked_cards(person, now)
        .filter(stability__isnull=False, last_review_at__isnull=False, question__placements__exam=exam)
        .order_by("pk")
        .values_list("pk", "stability", "difficulty", "last_review_at", "question__placements__domain")
    )
    return [
        Known(pk, stability, difficulty, _days_between(last, now), weights.get(domain, 1.0), last >= midnight)
        for pk, stability, difficulty, last, domain in rows
        if stability is not None and difficulty is not None and last is not None
    ]


def _days_between(last: datetime, now: datetime) -> float:
    return (now - last).total_seconds() / 86400


def _unmet(person: int, exam: Exam | None, weights: dict[int, float], titles: dict[str, str]) -> list[Unmet]:
    """Published questions that the person has neither seen nor has a card for, in the order of the course."""
    free = (
        Placement.objects.filter(exam=exam, status=Question.Status.PUBLISHED, question__stale=False)
        .exclude(question_id__in=Exposure.objects.filter(person_id=person).values("question_id"))
        .exclude(question_id__in=Card.objects.filter(person_id=person).values("question_id"))
        .exclude(question_id__in=held_questions(person))
    )
    rows = (
        free.annotate(slug=F("question__topic__slug"))
        .values("slug", "domain")
        .annotate(count=Count("pk"))
        .values_list("slug", "domain", "count")
    )
    topics = list(Topic.objects.live().order_by("lesson__position", "order").values_list("slug", "title"))
    titles.update(topics)
    places = {slug: place for place, (slug, _title) in enumerate(topics)}
    ordered = sorted(rows, key=lambda row: (places.get(row[0], len(places)), row[1]))
    return [Unmet(slug if slug in places else "", count, weights.get(domain, 1.0)) for slug, domain, count in ordered]


def _latest_mock(person: int) -> datetime | None:
    mocks = Attempt.objects.filter(person_id=person, mode="exam", size__gte=FULL_MOCK, quiz__origin="course")
    return mocks.order_by("-started_at").values_list("started_at", flat=True).first()


def _spent(person: int, midnight: datetime) -> int:
    """About how many seconds were spent today on cards and new questions, by what each costs."""
    done = Repetition.objects.filter(card__person_id=person, reviewed_at__gte=midnight).exclude(source="mock")
    counts = done.aggregate(all=Count("pk"), new=Count("pk", filter=Q(card__created_at__gte=midnight)))
    costs = Costs()
    return int(counts["all"] * costs.repetition + counts["new"] * (costs.question - costs.repetition))


def plan_stamp(person_id: int, now: datetime) -> str:
    """What tells one day's set from another: the day and the plan as it stands; empty without a plan for that day."""
    today = today_of(now)
    row = Plan.objects.filter(person_id=person_id, exam_on__gt=today).values_list("changed_at", flat=True).first()
    return "" if row is None else f"{today.isoformat()} {row.isoformat()}"


def todays_cards(person_id: int, now: datetime) -> list[int]:
    """Ids of the cards that the plan has for today, without those recalled already, in its order."""
    found = planned(person_id, now=now)
    return [] if found is None or found.study is None else list(found.study.today.repetitions)
