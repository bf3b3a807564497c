"""HTML of ours as XML: every element is closed, and only what QTI has a place for stays."""

from collections.abc import Callable
from html.parser import HTMLParser

from quizzes.formats.exchange import html
from quizzes.formats.exchange.qti.vocabulary import Vocabulary, written, written_attributes

_VOID = frozenset({"br", "img"})
_ATTRIBUTES = {"a": ("href",), "img": ("src", "alt", "width", "height"), "ol": ("start",)}


class _Closing(HTMLParser):
    """Writes down what it reads."""

    def __init__(self, family: int) -> None:
        super().__init__(convert_charrefs=True)
        self._family = family
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # An ol of 2.2 begins with 1: it has no attribute for another number.
        kept = () if tag == "ol" and self._family == 2 else _ATTRIBUTES.get(tag, ())
        given = dict(attrs)
        attributes = {one: given[one] or "" for one in kept if one in given}
        if tag == "img":
            attributes = {"src": "", "alt": ""} | attributes
        self.pieces.append(f"<{tag}{written_attributes(attributes)}{'/' if tag in _VOID else ''}>")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self.pieces.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.pieces.append(written(data))


def xhtml(markdown: str, vocabulary: Vocabulary, picture: Callable[[str], str]) -> str:
    """The XML for a text; empty for an empty one. ``picture`` gives the address of a picture by its name."""
    if not markdown:
        return ""
    parser = _Closing(vocabulary.family)
    parser.feed(html.to_html(markdown, picture))
    parser.close()
    return "".join(parser.pieces).strip()
