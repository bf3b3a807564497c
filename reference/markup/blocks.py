"""Tables and callouts: from what the parser leaves to the markup that pages show."""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from .anchors import parents, without_ids
from .model import Change, Diagram
from .parser import inner, outer
from .sanitise import clean_note, plain_inline
from .source import Callout, Problems

_LABELS = {"changed": "Changed since 2016 ({since})", "tip": "Tip", "trap": "Trap"}


def element_text(element: Element) -> str:
    """The words of an element in one line."""
    return plain_inline(outer(element))


def slug_of(title: str) -> str:
    """A readable id for a title; "section" if no letter or digit of ASCII is in it."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower().replace("’", ""))) or "section"


def dress_tables(root: Element) -> None:
    """Header scopes, no inline alignment, and a box that scrolls sideways and can be focused."""
    above = parents(root)
    label = "Table"
    for element in list(root.iter()):
        if element.tag in ("h2", "h3"):
            label = element_text(element)
        elif element.tag == "table":
            figure = above[element] if above[element].tag == "figure" else None
            _scope_headers(element, rows=figure is not None and figure.get("class", "").startswith("compare"))
            _wrap(element, above[element], label if figure is None else element_text(figure[0]))


def _scope_headers(table: Element, *, rows: bool) -> None:
    for cell in table.iter():
        for name in ("style", "align"):
            cell.attrib.pop(name, None)
    for cell in table[0][0]:
        if element_text(cell):
            cell.set("scope", "col")
        else:
            cell.tag = "td"  # an empty header is announced as a header of nothing
    if rows:
        for row in table[1]:
            row[0].tag = "th"
            row[0].set("scope", "row")


def _wrap(table: Element, parent: Element, label: str) -> None:
    box = Element("div", {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": label})
    place = list(parent).index(table)
    parent[place] = box
    box.append(table)
    box.tail, table.tail = table.tail, None


@dataclass(frozen=True, slots=True)
class Placed:
    """A callout's head and its element."""

    head: Callout
    element: Element


def dress_callouts(root: Element, callouts: list[Callout], problems: Problems) -> list[Placed]:
    """Label the callouts, check what they must hold, and return them in document order."""
    placed = []
    for element in root.iter():
        if element.get("callout") is None:
            continue
        head = callouts[int(element.attrib.pop("callout"))]
        placed.append(Placed(head, element))
        if element.tag == "figure":
            element.set("class", head.kind)
        else:
            _label(element, head)
        if head.kind in ("limits", "compare") and element.find("table") is None:
            problems.append((head.line, f"{head.kind} holds a table: put one after a blank line"))
        elif head.kind == "changed" and _old_statement(element) is None:
            problems.append((head.line, "changed starts with the old statement: ~~as it was.~~ As it is now."))
        elif head.kind in ("changed", "tip", "trap") and not _says_something(element):
            problems.append((head.line, f"this {head.kind} callout says nothing: write what holds today"))
    return placed


def _label(aside: Element, head: Callout) -> None:
    aside.set("class", f"note {head.kind}")
    aside.set("role", "note")
    title = aside[0]
    words = _LABELS.get(head.kind, "").format(since=head.options.get("since"))
    kind = Element("span", {"class": "kind"})
    if title.text or len(title):
        text = Element("span", {"class": "title"})
        text.text, text[:] = title.text, title[:]
        kind.text, kind.tail = f"{words}:", " "
        title[:] = [kind, text]
    else:
        kind.text = words
        title[:] = [kind]
    title.text = None
    title.set("class", "k")


def _old_statement(aside: Element) -> Element | None:
    first = aside[1] if len(aside) > 1 else None
    starts = first is not None and first.tag == "p" and not (first.text or "").strip() and len(first)
    return first[0] if first is not None and starts and first[0].tag == "del" else None


def _says_something(aside: Element) -> bool:
    words = sum(len(element_text(block)) for block in aside[1:])
    old = _old_statement(aside)
    return words > (len(element_text(old)) if old is not None else 0)


def change_of(placed: Placed, anchors: tuple[str, ...], section: str) -> Change:
    """The change that a valid `changed` callout tells; to be called before ids are set."""
    head, element = placed.head, without_ids(placed.element)
    then = _old_statement(element)
    assert then is not None
    then_html = clean_note(inner(then)).strip()
    element[1].text = (then.tail or "").lstrip()
    element[1].remove(then)
    if not element_text(element[1]):
        element.remove(element[1])
    now_html = clean_note("".join(outer(block) for block in element[1:])).strip()
    return Change(
        title=element_text(element[0][1]),
        since=head.options["since"],
        service=head.options["service"],
        then_html=then_html,
        now_html=now_html,
        then_text=plain_inline(then_html),
        now_text=plain_inline(now_html),
        anchors=anchors,
        section=section,
        line=head.line,
    )


def diagram_of(placed: Placed) -> Diagram:
    """The picture that a `diagram` callout asks for."""
    options = placed.head.options
    return Diagram(options.get("file", ""), options.get("alt", ""), element_text(placed.element[0]), placed.head.line)
