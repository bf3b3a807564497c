"""Children of elements by name. Moodle’s files have no namespaces, so that the quick ways of the library do."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element


def child(element: Element | None, *path: str) -> Element | None:
    """The first child of a child … by names."""
    for name in path:
        element = element.find(name) if element is not None else None
    return element


def children(element: Element, *names: str) -> Iterator[Element]:
    """The children of one of these names, in their order."""
    return (one for one in element if one.tag in names)
