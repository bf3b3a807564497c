"""What a rendered note is made of. Values only; nothing here computes."""

from collections.abc import Iterable
from dataclasses import dataclass

RENDERER_VERSION = 1
"""Raise it when the same text renders differently than before: digests contain it."""


class MarkupError(ValueError):
    """A note that breaks the format. `problems` holds every (line, message), sorted by line."""

    def __init__(self, problems: Iterable[tuple[int, str]]) -> None:
        self.problems: list[tuple[int, str]] = sorted(set(problems))
        super().__init__("\n".join(f"{line}: {message}" for line, message in self.problems))


@dataclass(frozen=True, slots=True)
class Anchor:
    """A statement with an address. `html` quotes it, without ids, for use on other pages."""

    name: str
    html: str
    text: str
    section: str
    line: int


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what follows it up to the next one; anchor "" and level 0 for text before the first heading."""

    anchor: str
    title: str
    level: int
    html: str
    text: str
    anchors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A `changed` callout. `then_html` is inline markup, `now_html` is paragraphs; neither has ids."""

    title: str
    since: str
    service: str
    then_html: str
    now_html: str
    then_text: str
    now_text: str
    anchors: tuple[str, ...]
    section: str
    line: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link within the site. `target` None is the page itself, `anchor` None a page as a whole."""

    target: str | None
    anchor: str | None
    line: int


@dataclass(frozen=True, slots=True)
class ExternalLink:
    """A link to the web."""

    url: str
    line: int


@dataclass(frozen=True, slots=True)
class Diagram:
    """A picture as used on a page."""

    name: str
    alt: str
    caption: str
    line: int


@dataclass(frozen=True, slots=True)
class RenderedNote:
    """A page ready to be stored. `html` is the sections' html, joined; it is sanitised and holds the diagrams."""

    html: str
    sections: tuple[Section, ...]
    anchors: tuple[Anchor, ...]
    changes: tuple[Change, ...]
    links: tuple[Link, ...]
    external: tuple[ExternalLink, ...]
    diagrams: tuple[Diagram, ...]
    text: str
    words: int
