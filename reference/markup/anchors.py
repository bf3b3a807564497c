"""` ^id` at the end of a block: which element it names, and how that element is quoted elsewhere."""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from .parser import inner, outer
from .sanitise import clean_note, plain_inline
from .source import MARK, Problems

ANCHOR_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

_MARKED = re.compile(rf"{MARK.pattern}\^([^\s|]+)")
_MARKED_AT_END = re.compile(rf"(?:\s*{MARK.pattern}\^[^\s|]+)+\s*$")
_STRUCK = re.compile(r"<del>.*?</del>", re.DOTALL)
_HOLDERS = ("p", "li", "h2", "h3", "td", "th")
_BLOCKS = ("p", "ul", "ol", "li", "table", "pre", "div", "figure", "aside", "h2", "h3")
_QUOTED_WHOLE = ("aside", "figure", "ol", "pre", "table", "ul")


@dataclass(frozen=True, slots=True)
class Stated:
    """An anchored element with the anchors' names and lines, first one first."""

    element: Element
    names: list[tuple[str, int]]


def parents(root: Element) -> dict[Element, Element]:
    """Each element's parent."""
    return {child: parent for parent in root.iter() for child in parent}


def attach(root: Element, problems: Problems) -> list[Stated]:
    """Take the anchors out of the text and return the elements they name, in document order."""
    above = parents(root)
    found: dict[Element, list[tuple[str, int]]] = {}
    first_lines: dict[str, int] = {}
    for holder in [element for element in root.iter() if element.tag in _HOLDERS]:
        names = list(_taken_from(holder))
        if not names:
            continue
        target = _target(holder, above)
        if target is None:
            problems.append((names[0][1], f"nothing stands before ^{names[0][0]}: put it at the end of its block"))
            continue
        for name, line in names:
            if not ANCHOR_NAME.fullmatch(name):
                problems.append((line, f"^{name} is no anchor: use lower-case letters, digits and single hyphens"))
            elif name in first_lines:
                problems.append((line, f"^{name} stands already in line {first_lines[name]}: use another name"))
            else:
                first_lines[name] = line
                found.setdefault(target, []).append((name, line))
    return [Stated(element, found[element]) for element in root.iter() if element in found]


def _taken_from(holder: Element) -> Iterator[tuple[str, int]]:
    owner, slot = holder, "text"
    for child in holder:
        if child.tag in _BLOCKS:
            break
        owner, slot = child, "tail"
    text = getattr(owner, slot) or ""
    if match := _MARKED_AT_END.search(text):
        setattr(owner, slot, text[: match.start()])
        for line, name in _MARKED.findall(match[0]):
            yield name, int(line)


def _target(holder: Element, above: dict[Element, Element]) -> Element | None:
    """The element that anchors at the end of `holder` name; a holder left empty gives way to what precedes it."""
    parent = above[holder]
    if holder.tag in ("td", "th"):
        return parent
    if holder.tag != "p":
        return holder
    place = list(parent).index(holder)
    if not len(holder) and not (holder.text or "").strip():
        parent.remove(holder)
        before = parent[place - 1] if place else None
        titled = before is not None and parent.get("callout") and place == 1
        return None if titled else before
    return parent if parent.tag == "li" and place == 0 else holder


def excerpt(element: Element, above: dict[Element, Element]) -> tuple[str, str]:
    """(html, text) that quotes an element by itself, text without what is struck out; call it before ids are set."""
    if element.tag == "tr":
        html = _row(element, above)
    elif element.get("class") == "diagram":
        html = inner(element[-1])
    else:
        html = outer(element) if element.tag in _QUOTED_WHOLE else inner(element)
    html = clean_note(html).strip()
    return html, plain_inline(_STRUCK.sub("", html))


def _row(row: Element, above: dict[Element, Element]) -> str:
    """`first — Header: cell; Header: cell`, since a row alone says little."""
    table = above[above[row]]
    headers = [inner(cell).strip() for cell in table[0][0]]
    first, *rest = (inner(cell).strip() for cell in row)
    if table[0][0] is row:
        return "; ".join(filter(None, [first, *rest]))
    named = [f"{header}: {cell}" if header else cell for header, cell in zip(headers[1:], rest, strict=True) if cell]
    return " — ".join(filter(None, [first, "; ".join(named)]))


def name_elements(stated: list[Stated], former: dict[str, list[str]]) -> None:
    """Give each element its ids: the first anchor its own, others and former names in spans at its start."""
    for one in stated:
        first, *others = [name for name, _ in one.names]
        one.element.set("id", first)
        one.element.set("class", f"{one.element.get('class', '')} stated".strip())
        others += [old for name, _ in one.names for old in former.get(name, ())]
        start = _flow(one.element)
        for name in reversed(others):
            span = Element("span", {"class": "also", "id": name})
            span.tail, start.text = start.text, None
            start.insert(0, span)


def _flow(element: Element) -> Element:
    """The first place within the element that can hold a span."""
    while element.tag in ("table", "thead", "tbody", "tr", "ul", "ol"):
        element = element[0]
    return element


def without_ids(element: Element) -> Element:
    """A copy free of ids."""
    copy = deepcopy(element)
    for each in copy.iter():
        each.attrib.pop("id", None)
    return copy
