"""The result of an exam for a screen: what it was worth, how sure that is, and what to read next."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from quizzes.engine.scoring import DEFAULT_CUT, ScoredItem, Summary, Tally, summarize
from quizzes.models import Attempt, Reference, Response
from quizzes.queries.bank import practisable
from quizzes.queries.draws import held_questions
from quizzes.queries.feedback import Explained, explain
from reference.models import Section, Topic

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
    results: int
    unseen: int


def count_held(attempt: Attempt) -> int:
    """How many questions of a finished attempt stand in an exam that its learner has open.

    Where there is one, no score is told: from the score before and after, or by domain, its answer could be read.
    """
    return attempt.responses.filter(question_id__in=held_questions(attempt.person_id)).count()


def report(attempt: Attempt) -> Report:
    """The report of a finished attempt, recounted from its responses."""
    rows = _rows(attempt)
    asked = list(Topic.objects.filter(pk__in={row.question.topic_id for row in rows if row.question.topic_id}))
    titles = {topic.slug: topic.title for topic in asked}
    live = {topic.slug for topic in asked if not topic.retired}
    summary = summarize([_item(row) for row in rows], attempt.rules.get("cut", DEFAULT_CUT))
    names = {entry["number"]: entry.get("short") or entry["name"] for entry in attempt.rules["domains"]}
    return Report(
        attempt=attempt,
        summary=summary,
        domains=tuple(
            DomainRow(names.get(number, str(number)), str(number), tally) for number, tally in summary.domains.items()
        ),
        topics=tuple(DomainRow(titles[slug], slug, tally, slug in live) for slug, tally in summary.topics.items()),
        read_next=tuple(_read_next([row.question_id for row in rows if row.scored and row.fraction != 1])),
        results=attempt.results.count(),
        unseen=sum(bool(row.first_exposure) for row in rows if row.scored),
    )


def _rows(attempt: Attempt) -> list[Response]:
    return list(
        attempt.responses.select_related("version", "question__topic").only(
            "attempt_id",
            "position",
            "domain",
            "scored",
            "first_exposure",
            "choice",
            "fraction",
            "shown_order",
            "version__choose",
            "question__code",
            "question__topic__slug",
        )
    )


def _item(row: Response) -> ScoredItem:
    topic = row.question.topic
    return ScoredItem(
        position=row.position,
        domain=row.domain,
        topics=(topic.slug,) if topic else (),
        scored=row.scored,
        fraction=row.fraction or 0.0,
        answered=bool(row.choice),
        first_exposure=bool(row.first_exposure),
        options=len(row.shown_order),
        choose=row.version.choose,
    )


def _read_next(missed: list[int]) -> list[ReadNext]:
    """The sections that the missed questions cite, those behind most misses first."""
    live = Reference.objects.filter(question_id__in=missed, topic__in=Topic.objects.live())
    cited = list(live.select_related("topic").order_by("question_id"))
    sections = _chapters({one.topic.body_id for one in cited if one.topic.body_id})
    behind: dict[tuple[int, str], set[int]] = {}
    headings: dict[tuple[int, str], Section] = {}
    for one in cited:
        heading = sections.get((one.topic.body_id, one.anchor))
        if heading is not None:
            headings[one.topic_id, heading.anchor] = heading
            behind.setdefault((one.topic_id, heading.anchor), set()).add(one.question_id)
    topics = {one.topic_id: one.topic for one in cited}
    counts = _question_counts(sections, topics)
    ranked = sorted(behind, key=lambda key: (-len(behind[key]), topics[key[0]].slug, headings[key].position))
    return [
        ReadNext(
            topic_slug=topics[key[0]].slug,
            topic_title=topics[key[0]].title,
            anchor=key[1],
            title=headings[key].title,
            misses=len(behind[key]),
            questions=counts[key],
        )
        for key in ranked[:READ_NEXT]
    ]


def _chapters(bodies: set[int]) -> dict[tuple[int | None, str], Section]:
    """The second-level section of every statement of these bodies, by body and anchor."""
    found: dict[tuple[int | None, str], Section] = {}
    heading: Section | None = None
    body: int | None = None
    for section in Section.objects.filter(body_id__in=bodies).defer("html", "plain").order_by("body_id", "position"):
        if heading is None or section.level <= 2 or section.body_id != body:
            heading, body = section, section.body_id
        for anchor in section.anchors:
            found[section.body_id, anchor] = heading
    return found


def _question_counts(sections: dict[tuple[int | None, str], Section], topics: dict[int, Topic]) -> Counter[Any]:
    """How many published questions cite something in each section, by topic and section."""
    seen = set()
    published = Reference.objects.filter(topic_id__in=topics, question__in=practisable())
    for topic_id, anchor, question_id in published.values_list("topic_id", "anchor", "question_id"):
        heading = sections.get((topics[topic_id].body_id, anchor))
        if heading is not None:
            seen.add((topic_id, heading.anchor, question_id))
    return Counter((topic_id, heading) for topic_id, heading, _ in seen)


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One page of the review: ten questions with their keys."""

    attempt: Attempt
    questions: tuple[Explained, ...]
    page_obj: Page[Response]
    chosen: str
    domain: int | None
    domains: tuple[tuple[int, str], ...]


def review_page(attempt: Attempt, *, chosen: str, domain: int | None, number: int) -> ReviewPage:
    """The responses of a finished attempt that the filter leaves, ten a page."""
    rows = _filtered(attempt, chosen, domain).select_related("version", "question").defer("version__body")
    page = Paginator(rows, PAGE_SIZE).get_page(number)
    return ReviewPage(
        attempt=attempt,
        questions=tuple(explain(list(page), attempt.person_id, attempt.trace)),
        page_obj=page,
        chosen=chosen,
        domain=domain,
        domains=tuple((entry["number"], entry.get("short") or entry["name"]) for entry in attempt.rules["domains"]),
    )


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

