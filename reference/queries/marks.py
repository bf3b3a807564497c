"""What a person has marked in the notes, each passage where it stands today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Length

from reference.models import Bookmark, Highlight, PageBody, Section, Topic
from reference.quotes import Page, Place, Quote


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked passage: its words as they were marked, and where they stand now, if they do.

    ``start`` and ``end`` count the characters of the page that are no space, since those are the same in html.
    """

    pk: int
    quote: str
    note: str
    created_at: datetime
    place: Place | None
    start: int = 0
    end: int = 0
    now: str = ""
    anchor: str = ""
    heading: str = ""

    @property
    def lost(self) -> bool:
        """Whether an edit of the page has taken the passage away."""
        return self.place is None

    @property
    def edited(self) -> bool:
        """Whether it stands there in other words."""
        return self.place is not None and not self.place.exact


@dataclass(frozen=True, slots=True)
class Kept:
    """A bookmark: of a page, or of a section. ``gone`` where the section is there no more."""

    anchor: str
    heading: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class PageMarks:
    """What a person marked on one page. ``letters``: characters of the whole page that are no space."""

    slug: str
    title: str
    live: bool
    letters: int
    marks: tuple[Mark, ...]
    kept: tuple[Kept, ...]

    @property
    def whole_kept(self) -> bool:
        """Whether the page as a whole is bookmarked."""
        return any(not one.anchor for one in self.kept)

    @property
    def standing(self) -> list[Mark]:
        """Those that stand on the page, in its order."""
        return sorted((one for one in self.marks if one.place), key=lambda one: (one.start, one.end, one.pk))

    @property
    def lost(self) -> list[Mark]:
        """Those that an edit has taken from the page."""
        return [one for one in self.marks if one.lost]


@dataclass(frozen=True, slots=True)
class Passage:
    """A line of a page’s plain text: one paragraph, item, row or heading. ``span`` as ``Text.quote`` takes it."""

    text: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A second-level heading with the lines below it."""

    anchor: str
    title: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A live page as one marks in it. ``digest`` names this very text."""

    topic_id: int
    title: str
    digest: str
    page: Page

    @property
    def letters(self) -> int:
        """Characters that are no space."""
        return self.page.letters_before(len(self.page.text))

    def quote(self, first: int, end: int) -> Quote:
        """The passage between two counts of characters that are no space. Raises ValueError where there is none."""
        if not 0 <= first < end <= self.letters:
            raise ValueError("no such passage")
        return self.page.cut(self.page.offset_of(first), self.page.offset_of(end - 1) + 1)


@dataclass(frozen=True, slots=True)
class _Head:
    offset: int
    anchor: str
    title: str
    level: int


def page_marks(person_id: int, slug: str) -> PageMarks | None:
    """What the person marked on the page, or None where there is no such page."""
    topic = Topic.objects.live().filter(slug=slug).first()
    if topic is None:
        return None
    rows = list(Highlight.objects.filter(person_id=person_id, topic=topic))
    kept = list(Bookmark.objects.filter(person_id=person_id, topic=topic).order_by("pk"))
    return _gathered([topic], rows, kept)[0]


def all_marks(person_id: int) -> list[PageMarks]:
    """Everything the person marked, page by page in the order of the course; pages that were taken away last."""
    rows = list(Highlight.objects.filter(person_id=person_id))
    kept = list(Bookmark.objects.filter(person_id=person_id).order_by("pk"))
    names = {one.topic_id for one in rows} | {one.topic_id for one in kept}
    topics = list(Topic.objects.filter(pk__in=names).select_related("lesson"))
    topics.sort(key=lambda one: (one.retired or one.body_id is None, one.lesson.position, one.order, one.slug))
    return _gathered(topics, rows, kept)


def _gathered(topics: Sequence[Topic], rows: Iterable[Highlight], kept: Iterable[Bookmark]) -> list[PageMarks]:
    rows, kept = list(rows), list(kept)
    live = {one.pk: not one.retired and one.body_id is not None for one in topics}
    marked = {one.topic_id for one in rows if live[one.topic_id]}
    texts = dict(_texts(Topic.objects.filter(pk__in=marked))) if marked else {}
    heads = _heads([one.body_id for one in topics if one.body_id]) if rows or kept else {}
    found = []
    for topic in topics:
        page = Page(texts.get(topic.pk, ""))
        own = heads.get(topic.body_id or 0, [])
        found.append(
            PageMarks(
                topic.slug,
                topic.title,
                live[topic.pk],
                page.letters_before(len(page.text)),
                tuple(_mark(one, page, own) for one in rows if one.topic_id == topic.pk),
                tuple(_kept(one.anchor, own) for one in kept if one.topic_id == topic.pk),
            )
        )
    return found


def _texts(topics: "QuerySet[Topic]") -> "QuerySet[Topic, tuple[int, str]]":
    return topics.values_list("pk", "body__plain")


def _heads(bodies: Sequence[int]) -> dict[int, list[_Head]]:
    """By body, where its sections begin in its plain text, which is theirs joined by line breaks."""
    rows = Section.objects.filter(body__in=bodies).annotate(length=Length("plain")).order_by("body", "position")
    found: dict[int, list[_Head]] = {}
    ends: dict[int, int] = {}
    for body, anchor, title, level, length in rows.values_list("body_id", "anchor", "title", "level", "length"):
        start = ends.get(body, 0)
        found.setdefault(body, []).append(_Head(start, anchor, title, level))
        ends[body] = start + length + 1
    return found


def _mark(row: Highlight, page: Page, heads: Sequence[_Head]) -> Mark:
    place = page.find(Quote(row.quote, row.before, row.after, row.offset))
    if place is None:
        return Mark(row.pk, row.quote, row.note, row.created_at, None)
    above = [head for head in heads if head.offset <= place.start and head.anchor]
    return Mark(
        row.pk,
        row.quote,
        row.note,
        row.created_at,
        place,
        page.letters_before(place.start),
        page.letters_before(place.end),
        page.text[place.start : place.end],
        above[-1].anchor if above else "",
        above[-1].title if above else "",
    )


def _kept(anchor: str, heads: Sequence[_Head]) -> Kept:
    title = next((head.title for head in heads if head.anchor == anchor), "")
    return Kept(anchor, title, gone=bool(anchor) and not title)


def chapters(slug: str) -> list[Chapter]:
    """The page line by line, under its second-level headings; empty where there is no such page."""
    body = PageBody.objects.filter(topics__slug=slug, topics__retired=False).first()
    if body is None:
        return []
    found: list[tuple[_Head, list[Passage]]] = []
    heads, page = _heads([body.pk])[body.pk], Page(body.plain)
    ends = [head.offset for head in heads[1:]] + [len(body.plain) + 1]
    for head, end in zip(heads, ends, strict=True):
        if head.level <= 2 or not found:
            found.append((head, []))
        found[-1][1].extend(_lines(page, head.offset, end - 1))
    return [Chapter(head.anchor, head.title, tuple(lines)) for head, lines in found]


def _lines(page: Page, start: int, end: int) -> Iterable[Passage]:
    for line in page.text[start:end].split("\n"):
        if line:
            yield Passage(line, (page.letters_before(start), page.letters_before(start + len(line))))
        start += len(line) + 1


def page_text(slug: str) -> Text | None:
    """The page’s text to mark in, or None where there is no such page."""
    rows = Topic.objects.live().filter(slug=slug).values_list("pk", "title", "body__digest", "body__plain")
    return next((Text(pk, title, digest[:16], Page(plain)) for pk, title, digest, plain in rows), None)


def own_mark(person_id: int, pk: int) -> Highlight | None:
    """One of the person’s passages with its page, or None."""
    return Highlight.objects.filter(person_id=person_id, pk=pk).select_related("topic").first()


def has_section(slug: str, anchor: str) -> bool:
    """Whether a live page has a section of this name; every page has the one without a name, which is itself."""
    live = Topic.objects.live().filter(slug=slug)
    return (live.filter(body__sections__anchor=anchor) if anchor else live).exists()


def sifted(pages: Sequence[PageMarks], *, words: str, slug: str) -> list[PageMarks]:
    """Of what was marked, that on one page (all, if ``slug`` is empty) and with these words in passage or note."""
    wanted = words.casefold()
    chosen = [one for one in pages if slug in ("", one.slug)]
    if not wanted:
        return chosen
    found = []
    for page in chosen:
        marks = tuple(one for one in page.marks if wanted in f"{one.quote}\n{one.note}".casefold())
        kept = tuple(one for one in page.kept if wanted in f"{page.title}\n{one.heading}".casefold())
        if marks or kept:
            found.append(replace(page, marks=marks, kept=kept))
    return found


def as_markdown(pages: Sequence[PageMarks], url: str) -> str:
    """Everything marked as a text file: pages as headings, passages as quotations, notes below them.

    ``url`` is what stands before a page’s address, such as "https://example.org".
    """
    parts = ["# Highlights and bookmarks"]
    for page in pages:
        parts.append(f"## {page.title}")
        if page.live:
            parts.append(f"<{url}/notes/{page.slug}/>")
        parts += [f"- Bookmark: {one.heading or one.anchor or page.title}" for one in page.kept]
        for mark in [*page.standing, *page.lost]:
            parts.append("\n".join(f"> {line}" for line in mark.quote.splitlines()))
            if mark.lost:
                parts.append("(lost in an edit of the page)")
            if mark.note:
                parts.append(mark.note)
    return "\n\n".join(parts) + "\n"
