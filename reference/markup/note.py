"""The way of a note from text to a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from .anchors import Stated, attach, excerpt, name_elements, parents
from .blocks import Placed, change_of, diagram_of, dress_callouts, dress_tables, element_text, slug_of
from .diagrams import place_svg
from .links import LinkFor, check_text, note_address, resolve_links
from .model import Anchor, Change, Diagram, ExternalLink, Link, MarkupError, RenderedNote, Section
from .parser import outer, parse_note, strip_marks
from .sanitise import clean_note, plain_text
from .source import NoteScanner, Problems, Source
from .words import did_you_mean

_HEADINGS = {"h2": 2, "h3": 3}


@dataclass(slots=True)
class _Part:
    """A section while it is put together."""

    anchor: str
    title: str
    level: int
    elements: list[Element]


@dataclass(frozen=True, slots=True)
class _Checked:
    """A note without mistakes, its tree still to be named and cut. `svgs` maps placeholders to pictures."""

    root: Element
    stated: list[Stated]
    callouts: list[Placed]
    links: list[Link]
    external: list[ExternalLink]
    pictures: list[Diagram]
    svgs: dict[str, str]


def render_note(
    text: str,
    *,
    topic: str,
    diagrams: Mapping[str, str],
    link_for: LinkFor = note_address,
    first_line: int = 1,
    anchor_aliases: Mapping[str, str] | None = None,
) -> RenderedNote:
    """Render the text of a note (without its front matter) of the topic with slug `topic`.

    `diagrams` maps names to svg text. `link_for(topic, anchor)` gives the address of what a link leads to.
    `first_line` is the number of the text's first line in its file. `anchor_aliases` maps former anchors to present
    ones; those of this page stay valid as ids.
    Raises MarkupError with every mistake at once.
    """
    checked = _check(NoteScanner(text, first_line).scan(), topic, diagrams, link_for)
    dress_tables(checked.root)
    parts = _parts(checked.root, checked.stated)
    section_of = {element: part.anchor for part in parts for top in part.elements for element in top.iter()}
    anchors = _anchors(checked.stated, parents(checked.root), section_of)
    changes = _changes(checked.callouts, checked.stated, section_of)
    name_elements(checked.stated, _former(anchor_aliases or {}))
    _set_heading_ids(parts)
    sections = tuple(_section(part, anchors, checked.svgs) for part in parts)
    plain = "\n".join(section.text for section in sections)
    return RenderedNote(
        html="".join(section.html for section in sections),
        sections=sections,
        anchors=anchors,
        changes=changes,
        links=tuple(checked.links),
        external=tuple(checked.external),
        diagrams=tuple(checked.pictures),
        text=plain,
        words=sum(any(map(str.isalnum, word)) for word in plain.split()),
    )


def _check(source: Source, topic: str, diagrams: Mapping[str, str], link_for: LinkFor) -> _Checked:
    """Parse and judge a note. Raises MarkupError with what the scanner and the steps here have found."""
    problems = source.problems
    root = parse_note(source)
    stated = attach(root, problems)
    links, external = resolve_links(root, topic, link_for, problems)
    check_text(root, problems)
    strip_marks(root)
    callouts = dress_callouts(root, source.callouts, problems)
    pictures = [diagram_of(placed) for placed in callouts if placed.head.kind == "diagram"]
    svgs = _place_pictures(callouts, pictures, topic, diagrams, problems)
    if problems:
        raise MarkupError(problems)
    return _Checked(root, stated, callouts, links, external, pictures, svgs)


def _place_pictures(
    callouts: list[Placed], pictures: list[Diagram], topic: str, diagrams: Mapping[str, str], problems: Problems
) -> dict[str, str]:
    """Placeholder to svg. The sanitiser lets no author write a tag, so no author can write a placeholder."""
    svgs: dict[str, str] = {}
    lines: dict[str, int] = {}
    figures = [placed.element for placed in callouts if placed.head.kind == "diagram"]
    for number, (figure, picture) in enumerate(zip(figures, pictures, strict=True)):
        name, line = picture.name, picture.line
        if not name:
            continue
        if name in lines:
            problems.append((line, f"diagram “{name}” stands already in line {lines[name]}: show it once"))
        elif name not in diagrams:
            hint = did_you_mean(name, diagrams) or f"draw static/diagrams/{name}.svg"
            problems.append((line, f"there is no diagram “{name}”: {hint}"))
        else:
            svg, faults = place_svg(diagrams[name], f"{topic}-{name}-", picture.alt)
            problems += [(line, f"{name}.svg: {fault}") for fault in faults]
            svgs[f'<data value="{number}"></data>'] = svg
            figure.insert(0, Element("data", value=str(number)))
        lines.setdefault(name, line)
    return svgs


def _parts(root: Element, stated: list[Stated]) -> list[_Part]:
    """Cut the page at its headings. A heading's anchor is its own, or else made of its words."""
    names = {one.element: one.names[0][0] for one in stated}
    taken = {name for one in stated for name, _ in one.names}
    parts = [_Part("", "", 0, [])]
    for element in root:
        if level := _HEADINGS.get(element.tag):
            title = element_text(element)
            anchor = names.get(element) or _free(slug_of(title), taken)
            taken.add(anchor)
            parts.append(_Part(anchor, title, level, []))
        parts[-1].elements.append(element)
    return parts if parts[0].elements else parts[1:]


def _free(name: str, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number}"
    return candidate


def _anchors(stated: list[Stated], above: dict[Element, Element], section_of: dict[Element, str]) -> tuple[Anchor, ...]:
    anchors = []
    for one in stated:
        html, text = excerpt(one.element, above)
        anchors += [Anchor(name, html, text, section_of[one.element], line) for name, line in one.names]
    return tuple(anchors)


def _changes(callouts: list[Placed], stated: list[Stated], section_of: dict[Element, str]) -> tuple[Change, ...]:
    names = {one.element: [name for name, _ in one.names] for one in stated}
    return tuple(
        change_of(
            placed,
            anchors=tuple(name for element in placed.element.iter() for name in names.get(element, ())),
            section=section_of[placed.element],
        )
        for placed in callouts
        if placed.head.kind == "changed"
    )


def _former(aliases: Mapping[str, str]) -> dict[str, list[str]]:
    former: dict[str, list[str]] = {}
    for old, present in sorted(aliases.items()):
        if old != present:
            former.setdefault(present, []).append(old)
    return former


def _set_heading_ids(parts: list[_Part]) -> None:
    for part in parts:
        if part.level:
            part.elements[0].set("id", part.anchor)


def _section(part: _Part, anchors: tuple[Anchor, ...], svgs: Mapping[str, str]) -> Section:
    html = clean_note("".join(outer(element) + "\n" for element in part.elements))
    text = plain_text(html)
    for placeholder, svg in svgs.items():
        html = html.replace(placeholder, svg)
    own = tuple(anchor.name for anchor in anchors if anchor.section == part.anchor)
    return Section(part.anchor, part.title, part.level, html, text, own)
