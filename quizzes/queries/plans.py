"""A learner's plan to the exam: what is planned from, what it says for today, and the next best step."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.engine.planning import Costs, Known, Situation, StudyPlan, Unmet, make_plan, spread_minutes
from quizzes.models import Attempt, Card, Exam, Exposure, Placement, Plan, Question, Repetition
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


@dataclass(frozen=True, slots=True)
class NextStep:
    """The next best step. ``kind`` is mock, cards, new or read; ``url`` and ``args`` name the page where it is done."""

    kind: str
    words: str
    url: str
    args: tuple[str, ...] = ()


def today_of(now: datetime) -> date:
    """The day in the zone of whoever asks."""
    return timezone.localtime(now).date()


def exam_held_on(day: date) -> Exam | None:
    """The exam that is held on a day; the first of several."""
    held = Exam.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)
    return held.order_by("position", "code").first()


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
        repeatable(person, now)
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


def repeatable(person_id: int, now: datetime) -> QuerySet[Card]:
    """Cards that may be shown: not suspended, not put off, published, not in an exam that is open."""
    awake = Card.objects.filter(Q(buried_until=None) | Q(buried_until__lte=now), person_id=person_id, suspended=False)
    published = awake.filter(
        question__status=Question.Status.PUBLISHED, question__current__isnull=False, question__stale=False
    )
    return published.exclude(question_id__in=held_questions(person_id))


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


def todays_cards(person_id: int, now: datetime) -> list[int]:
    """Ids of the cards to repeat today, in order: by the plan, and without one those that are due, oldest first."""
    found = planned(person_id, now=now)
    if found is not None and found.study is not None:
        return list(found.study.today.repetitions)
    return list(
        repeatable(person_id, now).filter(due_at__lte=now).order_by("due_at", "pk").values_list("pk", flat=True)
    )


def next_step(person_id: int, now: datetime) -> NextStep:
    """What to do next: what the plan has for today, and without one what is due."""
    found = planned(person_id, now=now)
    if found is not None and found.study is not None:
        return _step_of(found, found.study)
    due = repeatable(person_id, now).filter(due_at__lte=now).count()
    if due:
        return _repeat(due)
    return NextStep("new", _("Practice new questions"), "practice:index")


def _step_of(found: Planned, study: StudyPlan) -> NextStep:
    today = study.today
    if today.mock:
        return NextStep("mock", _("Sit a mock exam: it has its day today"), "quizzes:list")
    if today.repetitions:
        return _repeat(len(today.repetitions))
    for topic, count in today.questions:
        words = ngettext("%(count)d new question: %(topic)s", "%(count)d new questions: %(topic)s", count) % {
            "count": count,
            "topic": found.titles.get(topic, _("any topic")),
        }
        return NextStep("new", words, "practice:topic" if topic else "practice:index", (topic,) if topic else ())
    return NextStep("read", _("Today’s set is done. Read on in the notes, if you like"), "notes:index")


def _repeat(count: int) -> NextStep:
    words = ngettext("Repeat %(count)d card", "Repeat %(count)d cards", count) % {"count": count}
    return NextStep("cards", words, "cards:today")
