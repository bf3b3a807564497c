"""What can only be known with all pages at hand. Each check yields (page, line, message)."""

from collections.abc import Iterator, Set
from itertools import chain

from ..markup import did_you_mean, listed
from ..outline import Outline
from .tree import BEYOND, NotesTree, Page

Findings = Iterator[tuple[Page, int, str]]


def check_pages(tree: NotesTree, outline: Outline, unreadable: Set[str]) -> Findings:
    """Everything that does not fit between pages, or between a page and the outline.

    `unreadable` holds the slugs of notes that have mistakes of their own: references to them are not judged.
    """
    return chain(
        _anchors(tree),
        _aliases(tree, unreadable),
        _anchor_aliases(tree, unreadable),
        _references(tree, unreadable),
        _outline(tree, outline),
        _facts(tree, outline),
    )


def _anchors(tree: NotesTree) -> Findings:
    first: dict[str, tuple[Page, int]] = {}
    for page in sorted(tree.pages, key=lambda page: page.path):
        for anchor in page.rendered.anchors:
            home, line = first.setdefault(anchor.name, (page, anchor.line))
            if home is not page:
                yield page, anchor.line, f"^{anchor.name} stands already in {home.path}:{line}: use another name"


def _aliases(tree: NotesTree, unreadable: Set[str]) -> Findings:
    taken = {page.slug: page.path for page in tree.pages} | dict.fromkeys(unreadable, "another note")
    for page in tree.pages:
        for index, alias in enumerate(page.aliases):
            if alias in taken:
                yield page, page.line("aliases", index), f"“{alias}” is already the name of {taken[alias]}: remove it"
            taken.setdefault(alias, page.path)


def _anchor_aliases(tree: NotesTree, unreadable: Set[str]) -> Findings:
    """A former anchor is free everywhere, unless it is the same one, moved to another page."""
    former: dict[str, Page] = {}
    for page in tree.pages:
        for old, present in page.anchor_aliases.items():
            line, home = page.line("anchor_aliases", old), tree.homes.get(old)
            if home and (old != present or home == page.slug):
                yield page, line, f"^{old} is in use in {home}: a former anchor must be free"
            if present not in tree.homes and not unreadable:
                yield page, line, f"there is no anchor ^{present}{_hint(present, tree)}"
            if former.setdefault(old, page) is not page:
                yield page, line, f"^{old} is already a former anchor of {former[old].slug}: remove one"


def _references(tree: NotesTree, unreadable: Set[str]) -> Findings:
    for page in tree.pages:
        for link in page.rendered.links:
            target = link.target or page.slug
            if target not in unreadable and not tree.resolve(target, link.anchor):
                yield page, link.line, _broken(tree, target, link.anchor)
        for index, slug in enumerate(page.see_also):
            line = page.line("see_also", index)
            if tree.topic(slug) is page:
                yield page, line, "see_also: a page does not point to itself: remove it"
            elif slug not in unreadable and not tree.resolve(slug):
                yield page, line, f"see_also: {_broken(tree, slug, None)}"


def _broken(tree: NotesTree, topic: str, anchor: str | None) -> str:
    if tree.topic(topic) is None:
        hint = did_you_mean(topic, [page.slug for page in tree.pages])
        return f"there is no topic “{topic}”" + (f": {hint}" if hint else "")
    home = tree.homes.get(anchor or "")
    return f"there is no ^{anchor} in {topic}" + (f": it stands in {home}" if home else _hint(anchor or "", tree))


def _hint(anchor: str, tree: NotesTree) -> str:
    hint = did_you_mean(anchor, tree.homes)
    return f": {hint}" if hint else ""


def _outline(tree: NotesTree, outline: Outline) -> Findings:
    for page in tree.pages:
        if page.lesson not in BEYOND and page.lesson not in outline.lesson:
            names = [*outline.lesson, *BEYOND]
            hint = did_you_mean(page.lesson, names) or f"take one of reference/outline.yaml, or {listed(BEYOND, 'or')}"
            yield page, page.line("lesson"), f"there is no lesson “{page.lesson}”: {hint}"
        for index, (slug, heading) in enumerate(page.covers):
            lesson = outline.lesson.get(slug)
            headings = [topic.heading for topic in lesson.implied] if lesson else []
            line = page.line("covers", index)
            if lesson is None:
                hint = did_you_mean(slug, outline.lesson) or "take one of reference/outline.yaml"
                yield page, line, f"covers: there is no lesson “{slug}”: {hint}"
            elif heading not in headings:
                hint = did_you_mean(heading, headings) or "take a heading of its topics_implied"
                yield page, line, f"covers: {slug} implies no topic “{heading}”: {hint}"


def _facts(tree: NotesTree, outline: Outline) -> Findings:
    prefixes = {lesson.prefix for lesson in outline.lessons}
    for page in tree.pages:
        for anchor in page.rendered.anchors:
            fact = outline.facts.get(anchor.name)
            prefix, _, number = anchor.name.rpartition("-")
            if fact and fact.lesson != page.lesson:
                yield page, anchor.line, f"^{anchor.name} is a fact of the lesson {fact.lesson}, not of {page.lesson}"
            elif not fact and prefix in prefixes and len(number) == 2 and number.isdigit():
                yield page, anchor.line, f"^{anchor.name} is no fact of the course: end an id of your own in a word"
