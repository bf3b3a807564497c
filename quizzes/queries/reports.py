"""The result of an exam for a screen: what it was worth, how sure that is, and what to read next."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from quizzes.engine.kinds import KINDS, Shape
from quizzes.engine.scoring import DEFAULT_CUT, ScoredItem, Summary, Tally, summarize
from quizzes.models import Attempt, Reference, Response, Result
from quizzes.queries.bank import practisable
from quizzes.queries.draws import held_questions
from quizzes.queries.feedback import Explained, explain
from quizzes.queries.ledger import Apart, met_questions
from quizzes.queries.marks import MarkedSum, marked_sum
from reference.models import Anchor, Section, Topic

PAGE_SIZE = 10
FILTERS = ("all", "wrong", "flagged", "unanswered")
READ_NEXT = 6


@dataclass(frozen=True, slots=True)
class DomainRow:
    """One domain of the blueprint, or one topic, with its tally."""

    name: str
    slug: str
    tally: Tally
    linked: bool = True

    @property
    def verdict(self) -> str:
        """The verdict's name for the template."""
        return str(self.tally.verdict)


@dataclass(frozen=True, slots=True)
class ReadNext:
    """A section of the notes behind misses, and what can be practised on it."""

    topic_slug: str
    topic_title: str
    anchor: str
    title: str
    misses: int
    questions: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the report page says."""

    attempt: Attempt
    summary: Summary
    domains: tuple[DomainRow, ...]
    topics: tuple[DomainRow, ...]
    read_next: tuple[ReadNext, ...]
    results: tuple[Result, ...]
    unseen: int
    marked: MarkedSum | None

    @property
    def apart(self) -> Apart:
        """What was new apart from what had been seen."""
        found = self.summary
        return Apart(found.first_exposure_right, found.first_exposure_n, found.seen_right, found.seen_n)


def count_held(attempt: Attempt) -> int:
    """How many questions of a finished attempt stand in an exam that its learner has open.

    Where there is one, no score is told: from the score before and after, or by domain, its answer could be read.
    """
    return attempt.responses.filter(question_id__in=held_questions(attempt.person_id)).count()


def report(attempt: Attempt) -> Report:
    """The report of a finished attempt, recounted from its responses."""
    rows = _rows(attempt)
    asked = Topic.objects.filter(pk__in={row["question__topic_id"] for row in rows} - {None})
    topics = {pk: (slug, title, retired) for pk, slug, title, retired in _plain(asked, "slug", "title", "retired")}
    named = {slug: (title, not retired) for slug, title, retired in topics.values()}
    slugs = {pk: slug for pk, (slug, _, _) in topics.items()}
    summary = summarize([_item(row, slugs) for row in rows], attempt.rules.get("cut", DEFAULT_CUT))
    names = {entry["number"]: entry.get("short") or entry["name"] for entry in attempt.rules["domains"]}
    return Report(
        attempt=attempt,
        summary=summary,
        domains=tuple(
            DomainRow(names.get(number, str(number)), str(number), tally) for number, tally in summary.domains.items()
        ),
        topics=tuple(DomainRow(named[slug][0], slug, tally, named[slug][1]) for slug, tally in summary.topics.items()),
        read_next=tuple(_read_next([row["question_id"] for row in rows if row["scored"] and row["fraction"] != 1])),
        results=tuple(attempt.results.defer("fractions", "versions")),
        unseen=sum(bool(row["first_exposure"]) for row in rows if row["scored"]),
        marked=marked_sum(attempt),
    )


def _rows(attempt: Attempt) -> list[dict[str, Any]]:
    """The responses as plain values: a model for each would take most of the time of this page."""
    wanted = ("position", "domain", "scored", "first_exposure", "choice", "fraction", "shown_order")
    joined = ("question_id", "question__topic_id", "version__choose", "version__kind")
    return list(attempt.responses.values(*wanted, *joined))


def _plain(topics: QuerySet[Topic], *names: str) -> Iterable[tuple[Any, ...]]:
    return topics.order_by().values_list("pk", *names)


def _item(row: dict[str, Any], slugs: dict[int, str]) -> ScoredItem:
    topic = slugs.get(row["question__topic_id"])
    shape = Shape(row["version__choose"], tuple(row["shown_order"]))
    options, choose = KINDS[row["version__kind"]].chances(shape)
    return ScoredItem(
        position=row["position"],
        domain=row["domain"],
        topics=(topic,) if topic else (),
        scored=row["scored"],
        fraction=row["fraction"] or 0.0,
        answered=bool(row["choice"]),
        first_exposure=bool(row["first_exposure"]),
        options=options,
        choose=choose,
    )


@dataclass(frozen=True, slots=True)
class _Chapter:
    """A second-level section of a page."""

    topic: int
    anchor: str
    title: str
    position: int


def _read_next(missed: list[int]) -> list[ReadNext]:
    """The sections that the missed questions cite, those behind most misses first."""
    live = Reference.objects.filter(question_id__in=missed, topic__in=Topic.objects.live())
    cited = list(live.order_by("question_id").values_list("question_id", "topic_id", "anchor"))
    named = _plain(Topic.objects.filter(pk__in={topic for _, topic, _ in cited}), "slug", "title", "body_id")
    topics = {pk: (slug, title, body) for pk, slug, title, body in named}
    chapters = _chapters({pk: body for pk, (_, _, body) in topics.items()})
    behind: dict[_Chapter, set[int]] = {}
    for question, topic, anchor in cited:
        if chapter := chapters.get((topic, anchor)):
            behind.setdefault(chapter, set()).add(question)
    ranked = sorted(behind, key=lambda one: (-len(behind[one]), topics[one.topic][0], one.position))[:READ_NEXT]
    counts = _question_counts(chapters, {one.topic for one in ranked})
    return [
        ReadNext(
            topic_slug=topics[one.topic][0],
            topic_title=topics[one.topic][1],
            anchor=one.anchor,
            title=one.title,
            misses=len(behind[one]),
            questions=counts[one],
        )
        for one in ranked
    ]


def _chapters(bodies: dict[int, int]) -> dict[tuple[int, str], _Chapter]:
    """The second-level section of every statement of these topics' bodies, by topic and statement."""
    topics = {body: topic for topic, body in bodies.items()}
    sections = Section.objects.filter(body_id__in=topics).order_by("body_id", "position")
    chapters: dict[int, _Chapter] = {}
    heading: _Chapter | None = None
    for pk, body, level, anchor, title, position in sections.values_list(
        "pk", "body_id", "level", "anchor", "title", "position"
    ):
        if heading is None or level <= 2 or heading.topic != topics[body]:
            heading = _Chapter(topics[body], anchor, title, position)
        chapters[pk] = heading
    anchors = Anchor.objects.filter(body_id__in=topics).values_list("body_id", "name", "section_id")
    return {(topics[body], name): chapters[section] for body, name, section in anchors}


def _question_counts(chapters: dict[tuple[int, str], _Chapter], topics: set[int]) -> Counter[_Chapter]:
    """How many published questions cite something in each section of these topics."""
    published = Reference.objects.filter(topic_id__in=topics, question__in=practisable()).order_by()
    cited = published.values_list("topic_id", "anchor", "question_id")
    seen = {(chapters.get((topic, anchor)), question) for topic, anchor, question in cited}
    return Counter(chapter for chapter, _ in seen if chapter is not None)


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One page of the review: ten questions with their keys."""

    attempt: Attempt
    questions: tuple[Explained, ...]
    page_obj: Page[Response]
    chosen: str
    domain: int | None
    domains: tuple[tuple[int, str], ...]


def review_page(attempt: Attempt, *, chosen: str, domain: int | None, number: int, reasons: bool = True) -> ReviewPage:
    """The responses of a finished attempt that the filter leaves, ten a page; without ``reasons`` only the keys."""
    found = _filtered(attempt, chosen, domain).select_related("version", "question").defer("version__body")
    page = Paginator(found, PAGE_SIZE).get_page(number)
    rows = list(page)
    shown = explain(rows, attempt.person_id, attempt.trace, reasons=reasons, marks=True)
    return ReviewPage(
        attempt=attempt,
        questions=tuple(_met_before(attempt, rows, shown)),
        page_obj=page,
        chosen=chosen,
        domain=domain,
        domains=tuple((entry["number"], entry.get("short") or entry["name"]) for entry in attempt.rules["domains"]),
    )


def _met_before(attempt: Attempt, rows: list[Response], explained: list[Explained]) -> Iterable[Explained]:
    """The same, each that had been met before this attempt with where; nothing is asked where all were new."""
    again = [row.question_id for row in rows if row.first_exposure is False]
    ledger = met_questions(attempt.person_id, again) if again else {}
    for row, one in zip(rows, explained, strict=True):
        met = ledger.get(row.question_id)
        known = met and row.first_exposure is False and not one.withheld
        yield replace(one, met_before=met.before(attempt.started_at)) if met and known else one


def _filtered(attempt: Attempt, chosen: str, domain: int | None) -> QuerySet[Response]:
    rows = attempt.responses.all()
    if domain is not None:
        rows = rows.filter(domain=domain)
    if chosen == "wrong":
        # Standing among the wrong ones, or not, would tell of what is withheld.
        return rows.filter(~Q(fraction=1)).exclude(question_id__in=held_questions(attempt.person_id))
    if chosen == "flagged":
        return rows.filter(flagged=True)
    if chosen == "unanswered":
        return rows.filter(choice=[])
    return rows
