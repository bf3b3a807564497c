"""A query -> pages, best first, each with the sections that fit it best."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.safestring import SafeString

from . import postgres, sqlite
from .excerpt import excerpt
from .words import Words, words_of

HOME = 0.6
"""What the page that treats a term above all others is named by that term, as against 1 for its own first name."""

ROWS = 32
"""Entries that are weighed for one query."""

FEW = 2
"""With fewer pages than this, entries that hold only some of the words are shown after them."""

PAGE_ROW, SECTION_ROW, TERM_ROW, LONE_TERM = 1.0, 1.0, 0.9, 0.6
"""What entries of each sort weigh; a term that no page treats weighs less, for a page tells more."""

NAMED = 0.35
"""What is added, in shares of the best score, to a page about the very thing whose name was typed.

So much for the first name of the page’s first service, a half of it for the tenth name, and so on.
"""

FURTHER = 0.8
"""How much a page’s second-best entry adds to it, and each further one in the same proportion."""


@dataclass(frozen=True, slots=True)
class Found:
    """One entry of the index that fits; ``score`` grows with the fit."""

    kind: str
    slug: str
    anchor: str
    title: str
    heading: str
    body: str
    score: float
    names: str = ""

    @property
    def weight(self) -> float:
        """The score among entries of every sort."""
        if self.kind == "term":
            return self.score * (TERM_ROW if self.slug else LONE_TERM)
        return self.score * (PAGE_ROW if self.kind == "page" else SECTION_ROW)

    def named(self, words: Words) -> float:
        """Between 0 and 1: whether the words are a name of this page or of a term it treats above all others.

        The earlier among the names of a page, the more.
        """
        if self.kind == "section" or not self.slug:
            return 0.0
        wanted, first = _folded(words.all), words.all[0][:3]
        names = [self.title, *self.names.split(", ")]
        near = ((place, name) for place, name in enumerate(names) if first in name.casefold())
        place = next((place for place, name in near if _folded(words_of(name).all) == wanted), None)
        if place is None:
            return 0.0
        return HOME if self.kind == "term" else 10 / (10 + place)

    @property
    def url(self) -> str:
        """Where it leads."""
        if self.kind == "term":
            return f"{reverse('notes:glossary')}#{self.anchor}"
        return f"{page_url(self.slug)}#{self.anchor}" if self.anchor else page_url(self.slug)


@dataclass(slots=True)
class Result:
    """A page, or a term that no page treats, with what of it fits."""

    slug: str
    title: str
    url: str
    words: Words
    score: float = 0.0
    entries: list[Found] = field(default_factory=list)

    @property
    def excerpt(self) -> SafeString:
        """The best passage in which a word stands, else what the page is about."""
        texts = [one for one in self.entries if one.kind != "term"] or self.entries
        passages = (excerpt(one.body, self.words) for one in texts[:3])
        return next((text for text in passages if "<mark>" in text), excerpt(texts[0].body, self.words))

    @property
    def best_heading(self) -> str:
        """The section that fits better than the page as a whole; empty where none does."""
        first = next((one for one in self.entries if one.kind != "term"), self.entries[0])
        return first.heading

    @property
    def best_url(self) -> str:
        """The address of that section, else of the page."""
        heading = self.best_heading
        return next((one.url for one in self.sections if one.heading == heading), self.url) if heading else self.url

    @property
    def sections(self) -> list[Found]:
        """The sections that fit, best first."""
        return [one for one in self.entries if one.kind == "section" and one.heading][:3]

    @property
    def term(self) -> Found | None:
        """The entry of the glossary that fits, if one does."""
        return next((one for one in self.entries if one.kind == "term"), None)


def search(text: str, *, limit: int = 20) -> list[Result]:
    """Pages for what somebody typed, the best first. Anything may be typed; nothing fits nothing.

    One statement where some entry holds all words, else a second one for entries that hold any.
    """
    words = words_of(text)
    if not words:
        return []
    results = found_pages(_rows(words, every=True), words)
    if len(results) < FEW and len(words.whole) + bool(words.start) > 1:
        results += _others(results, found_pages(_rows(words, every=False), words))
    return results[:limit]


def _others(first: list[Result], more: Iterable[Result]) -> list[Result]:
    there = {one.url for one in first}
    return [one for one in more if one.url not in there]


def _rows(words: Words, *, every: bool) -> list[Found]:
    backend: Any = postgres if connection.vendor == "postgresql" else sqlite
    with connection.cursor() as cursor:
        return [Found(*row) for row in backend.rows(cursor, words, every=every, limit=ROWS)]


def found_pages(rows: Iterable[Found], words: Words) -> list[Result]:
    """Entries gathered by page, best first.

    A page counts as its best entry, a little more for each further one that fits, and half again where the words are
    the very name of what it treats.
    """
    results: dict[str, Result] = {}
    added: dict[str, float] = {}
    ordered = sorted(rows, key=lambda one: -one.weight)
    for row in ordered:
        key = row.slug or row.url
        result = results.setdefault(key, Result(row.slug, "", "", words))
        result.score += row.weight * added.setdefault(key, 1.0)
        added[key] *= FURTHER
        result.score += ordered[0].weight * NAMED * row.named(words)
        result.entries.append(row)
    for result in results.values():
        home = next((one for one in result.entries if one.kind != "term"), result.entries[0])
        result.title = home.title
        result.url = page_url(result.slug) if result.slug else home.url
    return sorted(results.values(), key=lambda one: -one.score)


def page_url(slug: str) -> str:
    """The address of a page; cheaper than reversing it each time."""
    return f"{_notes()}{slug}/"


@cache
def _notes() -> str:
    return reverse("notes:index")


def _folded(words: Iterable[str]) -> list[str]:
    """Words without the s of a plural."""
    return [word.removesuffix("s") for word in words if word]
