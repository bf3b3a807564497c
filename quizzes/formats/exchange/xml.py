"""XML of strangers: no entities, no external anything, read element by element."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from quizzes.formats.exchange.model import BadFile

MOST_DEPTH = 200
MOST_PARTS = 20_000
"""Elements within one that is asked for."""
MOST_OF_ONE = 48 * 1024 * 1024
"""Characters of one that is asked for; pictures may stand in it."""
MOST_CHARACTERS = 2_000_000
"""Of the text of one element that is asked for."""


def elements(
    stream: BinaryIO, names: frozenset[str], place: str = "", around: list[Element] | None = None
) -> Iterator[tuple[Element, int]]:
    """Each element of one of these names, as soon as it is whole, with its number from 1; then it is forgotten.

    Names are without namespace. An element within another one of ``names`` comes as part of that one alone.
    ``around`` holds the elements that it stands in, the outermost first, whenever one comes.
    Raises BadFile: broken XML with its line, a document type with entities, nesting without end.
    """
    depth, inside, number, within, size = 0, 0, 0, 0, 0
    parents: list[Element] = around if around is not None else []
    with _in_our_words(place):
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=False, forbid_entities=True):
            wanted = local(element) in names
            if event == "start":
                depth += 1
                inside += wanted
                parents.append(element)
                if depth > MOST_DEPTH:
                    raise BadFile(f"elements are nested more than {MOST_DEPTH} deep", place)
                continue
            depth -= 1
            inside -= wanted
            parents.pop()
            if inside:
                within += 1
                size += len(element.text or "") + len(element.tail or "")
                if within > MOST_PARTS or size > MOST_OF_ONE:
                    raise BadFile("one question is too large: export it in parts", f"{place} item {number + 1}".strip())
                continue
            within = size = 0
            if wanted:
                number += 1
                yield element, number
            # What was read or is not wanted is let go of, or the whole file would stand in memory.
            if parents:
                parents[-1].remove(element)


@contextmanager
def _in_our_words(place: str) -> Iterator[None]:
    """What the parser says of XML that is broken, or made to harm."""
    try:
        yield
    except BadFile:
        raise
    except ParseError as error:
        line, column = error.position
        words = f"this is no well-formed XML (line {line}, column {column + 1}): export it again"
        raise BadFile(words, place) from error
    except DefusedXmlException as error:
        raise BadFile("it defines entities, which could be made to harm: export it without them", place) from error
    except (LookupError, UnicodeError, ValueError) as error:
        raise BadFile("its encoding is not known or does not fit: save it as UTF-8", place) from error


def root_of(stream: BinaryIO) -> tuple[str, str]:
    """Local name and namespace of the outermost element; two empty texts where there is no XML. Never raises."""
    try:
        for _event, element in iterparse(stream, events=("start",), forbid_dtd=False, forbid_entities=True):
            return local(element), namespace(element)
    except (ParseError, DefusedXmlException, LookupError, UnicodeError, ValueError):
        pass
    return "", ""


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: Element) -> str:
    """The namespace of an element; empty without one."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """The children of one of these names, whatever their namespace."""
    return (one for one in element if local(one) in names)


def child(element: Element | None, *path: str) -> Element | None:
    """The first child of a child … by names."""
    for name in path:
        element = next(children(element, name), None) if element is not None else None
    return element


def text_in(element: Element | None) -> str:
    """The text of an element and all in it, trimmed; empty where there is none. NUL cannot stand in it."""
    return "".join(element.itertext())[:MOST_CHARACTERS].strip() if element is not None else ""
