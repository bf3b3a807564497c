"""All pages together, and how a reference is followed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..markup import RenderedNote
from .front_matter import FrontMatter

BEYOND: Mapping[str, str] = {
    "beyond-cloud-native": "Cloud-native applications",
    "beyond-data-and-ai": "Data and AI",
    "beyond-networks": "Networks",
    "beyond-security": "Security and governance",
    "beyond-cost": "Cost",
    "beyond-resilience": "Resilience and migration",
    "beyond-operations": "Operations and delivery",
}
"""The lessons, with their titles and in order, of what today’s exam asks and the course of 2016 does not name."""


@dataclass(frozen=True, slots=True, order=True)
class ContentError:
    """One mistake in one line of one file."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class ContentErrors(ValueError):
    """Every mistake in a tree of content: `errors`, sorted by path and line."""

    def __init__(self, errors: Iterable[ContentError]) -> None:
        self.errors = sorted(set(errors))
        super().__init__("\n".join(map(str, self.errors)))


@dataclass(frozen=True, kw_only=True)
class Page(FrontMatter):
    """A note ready to be stored: its front matter and its text. `path` is relative to the folder of notes."""

    slug: str
    path: str
    rendered: RenderedNote
    digest: str


@dataclass(frozen=True)
class NotesTree:
    """All pages, in reading order: by lesson, order and slug; what lies beyond the course comes last."""

    pages: tuple[Page, ...]

    @cached_property
    def _by_slug(self) -> Mapping[str, Page]:
        former = {alias: page for page in self.pages for alias in page.aliases}
        return former | {page.slug: page for page in self.pages}

    @cached_property
    def homes(self) -> Mapping[str, str]:
        """The topic of each anchor."""
        return {anchor.name: page.slug for page in self.pages for anchor in page.rendered.anchors}

    def topic(self, slug: str) -> Page | None:
        """The page with this slug, present or former."""
        return self._by_slug.get(slug)

    def locate(self, topic: str, anchor: str | None = None) -> tuple[str, str | None] | None:
        """The present (topic, anchor) of a reference, or None if it leads nowhere."""
        page = self.topic(topic)
        if page is None:
            return None
        if anchor is None:
            return page.slug, None
        if self.homes.get(anchor) == page.slug:
            return page.slug, anchor
        present = page.anchor_aliases.get(anchor, "")
        return (self.homes[present], present) if present in self.homes else None

    def resolve(self, topic: str, anchor: str | None = None) -> bool:
        """Whether a reference leads somewhere, former names included."""
        return self.locate(topic, anchor) is not None
