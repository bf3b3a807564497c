"""A learner's progress for a screen: mastery, mock exams, study days. Counted by the database, never row by row."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Substr

from quizzes.engine.mastery import Known, Mastery, mastery_by, mastery_of, recall_now, recall_of_met, weakest
from quizzes.engine.scoring import DEFAULT_CUT, NEW_SHARE_PERCENT, Interval, practice_scale, wilson
from quizzes.engine.study_days import Calendar, added, calendar, first_day
from quizzes.models import Attempt, Exam, Plan, Quiz, Repetition, Response
from quizzes.queries.attempts import attempts_of, exams_of
from quizzes.queries.bank import practisable
from quizzes.queries.draws import held_questions

MOCKS_SHOWN = 20
MINUTE = len("2026-11-23 12:00")


@dataclass(frozen=True, slots=True)
class Part:
    """A domain or a task, with its mastery."""

    number: str
    name: str
    weight: float | None
    mastery: Mastery


@dataclass(frozen=True, slots=True)
class TopicPart:
    """A topic with its mastery; ``linked`` where its page can be read."""

    slug: str
    title: str
    linked: bool
    mastery: Mastery


@dataclass(frozen=True, slots=True)
class Bank:
    """What a learner knows of the questions of the course, the ones they sit right now left out (``held`` of them)."""

    whole: Mastery
    exam: str
    domains: tuple[Part, ...]
    tasks_of: str
    tasks: tuple[Part, ...]
    topics: tuple[TopicPart, ...]
    held: int
    blueprint: Exam | None = None

    @property
    def weakest_topic(self) -> TopicPart | None:
        """The topic to practice first, among those whose page can be read."""
        topics = {one.slug: one for one in self.topics if one.linked}
        slug = weakest({slug: topic.mastery for slug, topic in topics.items()})
        return topics[slug] if slug else None


@dataclass(frozen=True, slots=True)
class Mock:
    """A mock exam that is over. ``new_right`` of ``new`` scored questions were first exposures; ``cut`` 0-1.

    ``withheld``: questions of it stand in an exam that is open, so nothing of its score is told.
    """

    code: str
    title: str
    at: datetime
    scored: int
    right: int
    new: int
    new_right: int
    cut: float
    withheld: bool

    @property
    def interval(self) -> Interval | None:
        """Where the share of new questions lies, 0-1, with 95 %; None where none was new, or nothing is told."""
        return None if self.withheld or not self.new else wilson(self.new_right, self.new)

    @property
    def scale(self) -> float | None:
        """Points of the practice scale by the new questions; None where fewer than 70 % were new, as in the report."""
        if self.withheld or not self.new or 100 * self.new < NEW_SHARE_PERCENT * self.scored:
            return None
        return practice_scale(self.new_right, self.new, self.cut)


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the page of progress says. ``mocks`` stand oldest first."""

    bank: Bank
    mocks: tuple[Mock, ...]
    calendar: Calendar

    @property
    def is_empty(self) -> bool:
        """Whether nothing was done yet."""
        return not (self.bank.whole.met or self.mocks or self.calendar.studied)


def overview(person_id: int, *, now: datetime, zone: tzinfo) -> Overview:
    """The progress of one person; ``zone`` says on which day something was done. Four statements."""
    return Overview(
        bank=bank_of(person_id, now=now),
        mocks=tuple(mocks_of(person_id)),
        calendar=study_calendar(person_id, now=now, zone=zone),
    )


def bank_of(person_id: int, *, now: datetime) -> Bank:
    """Mastery of the whole bank, by domain of the learner's exam, by task and by topic. Two statements."""
    exams = list(_exams(person_id))
    exam = _exam_of(exams, now)
    known, held, titles = [], 0, {}
    for domain, task, stability, last_review_at, met, is_held, slug, title, retired in _questions(person_id, exam):
        if is_held:
            held += 1
            continue
        has_card = stability is not None
        recall = recall_now(stability, last_review_at, now) if has_card else recall_of_met(met, now)
        known.append(Known(domain, task, slug or "", met is not None, recall))
        titles[slug] = (title, not retired)
    with_tasks = next((one for one in exams if any("tasks" in domain for domain in one.domains)), None)
    return Bank(
        whole=mastery_of(known),
        exam=exam.code if exam else "",
        domains=_domains(exam, known),
        tasks_of=with_tasks.code if with_tasks else "",
        tasks=_tasks(with_tasks, known),
        topics=tuple(
            TopicPart(slug, *titles[slug], mastery)
            for slug, mastery in mastery_by(known, lambda one: one.topic).items()
        ),
        held=held,
        blueprint=exam,
    )


def _exams(person_id: int) -> Any:
    plan = Plan.objects.filter(person_id=person_id, exam=OuterRef("pk"))
    return Exam.objects.annotate(planned=Exists(plan))


def _exam_of(exams: list[Any], now: datetime) -> Any:
    """The exam that the plan names, else the one that can be sat today, else the first."""
    today = now.date()
    planned = [one for one in exams if one.planned]
    open_ones = [one for one in exams if one.starts_on <= today and (one.ends_on is None or today <= one.ends_on)]
    return next(iter([*planned, *open_ones, *exams]), None)


def _questions(person_id: int, exam: Exam | None) -> Any:
    """Every question with the person's card and meeting, in the order of the course, as plain values."""
    rows = practisable().annotate(
        card=FilteredRelation("cards", condition=Q(cards__person_id=person_id)),
        meeting=FilteredRelation("exposures", condition=Q(exposures__person_id=person_id)),
        place=FilteredRelation("placements", condition=Q(placements__exam_id=exam.pk if exam else None)),
        # Not by EXISTS: for each question it would walk through all responses that were ever given to it.
        held=ExpressionWrapper(Q(pk__in=held_questions(person_id)), output_field=BooleanField()),
    )
    wanted = ("place__domain", "task", "card__stability", "card__last_review_at", "meeting__last_seen_at", "held")
    return rows.order_by("topic__lesson__position", "topic__order", "pk").values_list(
        *wanted, "topic__slug", "topic__title", "topic__retired"
    )


def _domains(exam: Exam | None, known: list[Known]) -> tuple[Part, ...]:
    found = mastery_by(known, lambda one: one.domain)
    entries = exam.domains if exam else []
    return tuple(
        Part(str(one["number"]), one["name"], one["weight"], found[one["number"]])
        for one in entries
        if one["number"] in found
    )


def _tasks(exam: Exam | None, known: list[Known]) -> tuple[Part, ...]:
    found = mastery_by(known, lambda one: one.task)
    tasks = [task for domain in (exam.domains if exam else []) for task in domain.get("tasks", ())]
    return tuple(
        Part(one["number"], one["name"], None, found[one["number"]]) for one in tasks if one["number"] in found
    )


def mocks_over(person_id: int) -> QuerySet[Attempt]:
    """The mock exams of the course that this person has ended, or the clock for them."""
    over = [Attempt.State.SUBMITTED, Attempt.State.EXPIRED]
    return exams_of(person_id).filter(quiz__origin=Quiz.Origin.COURSE, state__in=over)


def mocks_of(person_id: int) -> list[Mock]:
    """The latest mock exams of the course that are over, oldest first. One statement, counted by the database."""
    scored, new = Q(responses__scored=True), Q(responses__scored=True, responses__first_exposure=True)
    right = Q(responses__fraction__gte=1)
    held = Response.objects.filter(attempt=OuterRef("pk"), question_id__in=held_questions(person_id))
    counted = (
        mocks_over(person_id)
        .annotate(
            counted=Count("responses", filter=scored),
            right=Count("responses", filter=scored & right),
            new=Count("responses", filter=new),
            new_right=Count("responses", filter=new & right),
            withheld=Exists(held),
        )
        .order_by("-started_at")[:MOCKS_SHOWN]
    )
    values = counted.values_list(
        "code", "title", "started_at", "counted", "right", "new", "new_right", "rules__cut", "withheld"
    )
    return [Mock(*row[:7], row[7] or DEFAULT_CUT, row[8]) for row in reversed(values)]


def study_calendar(person_id: int, *, now: datetime, zone: tzinfo) -> Calendar:
    """On which days something was done: sittings by their start and end, and every recall. One statement.

    A sitting counts its questions on the day of its end, a repetition counts one. Recalls that come from practice or
    from a mock are of questions that their sitting counts, so they only mark their day.
    """
    today = now.astimezone(zone).date()
    since = datetime.combine(first_day(today), time(), tzinfo=zone)
    sittings = attempts_of(person_id).filter(Q(started_at__gte=since) | Q(ended_at__gte=since)).order_by()
    recalls = Repetition.objects.filter(card__person_id=person_id, reviewed_at__gte=since).order_by()
    counts = Case(When(source=Repetition.Source.CARDS, then=1), default=0, output_field=IntegerField())
    done = sittings.annotate(began=_minute("started_at"), over=_minute("ended_at")).values_list("began", "over", "size")
    done = done.union(
        recalls.annotate(began=Value(None, output_field=CharField()), over=_minute("reviewed_at"), counts=counts)
        .values_list("began", "over", "counts"),
        all=True,
    )  # fmt: skip
    found: list[tuple[date, int]] = []
    for began, over, answers in done:
        if began is not None:
            found.append((_day(began, zone), 0))
        if over is not None:
            found.append((_day(over, zone), answers))
    return calendar(added(found), today)


def _minute(field: str) -> Substr:
    """A moment as the text of its minute in UTC: a tenth of the work of a moment, for thousands of rows."""
    return Substr(Cast(field, CharField()), 1, MINUTE)


def _day(minute: str, zone: tzinfo) -> date:
    return datetime.fromisoformat(minute).replace(tzinfo=UTC).astimezone(zone).date()
