"""The last gate before stored html: nh3 with two allow-lists, one for notes and one for questions."""

import re
from html.parser import HTMLParser

import nh3

from .pictures import picture_address, picture_size

_TEXT_TAGS = {
    *("a", "br", "code", "em", "li", "ol", "p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_NOTE_TAGS = _TEXT_TAGS | {
    *("abbr", "aside", "data", "del", "div", "figcaption", "figure", "h2", "h3", "kbd", "span", "sub", "sup"),
}
_STATED = ("h2", "h3", "li", "ol", "p", "pre", "table", "tr", "ul")


def _only_pictures(tag: str, name: str, value: str) -> str | None:
    """Of addresses, those of https for links, and those of this site’s own pictures of questions."""
    if name == "src":
        code = value.removeprefix(picture_address(""))
        return value if value == picture_address(code) and picture_size(code) else None
    return value if name != "href" or value.startswith("https://") else None


_text = nh3.Cleaner(
    tags=_TEXT_TAGS | {"img"},
    attributes={"a": {"href"}, "img": {"alt", "height", "src", "width"}, "ol": {"start"}},
    url_schemes={"https"},
    # What is relative comes to the filter, which lets the addresses of pictures pass.
    url_relative="pass_through",
    attribute_filter=_only_pictures,
    link_rel="noopener nofollow",
)
_note = nh3.Cleaner(
    tags=_NOTE_TAGS,
    attributes={
        "*": {"id"},
        "a": {"href", "rel"},
        "abbr": {"title"},
        "aside": {"role"},
        "data": {"value"},
        "div": {"aria-label", "role", "tabindex"},
        "ol": {"start"},
        "th": {"scope"},
    },
    allowed_classes={
        **{tag: {"stated"} for tag in _STATED},
        "p": {"k", "stated"},
        "aside": {"note", "changed", "tip", "trap", "stated"},
        "figure": {"limits", "compare", "diagram", "stated"},
        "div": {"scroll"},
        "span": {"also", "kind", "title"},
    },
    url_schemes={"https"},
    link_rel=None,
)


def clean_text(html: str) -> str:
    """Html of a question: no ids, no classes, https links and pictures of this site’s questions only."""
    return _text.clean(html)


def clean_note(html: str) -> str:
    """Html of a note, before its diagrams are put in."""
    return _note.clean(html)


_BLOCKS = {
    *("aside", "blockquote", "br", "div", "dd", "dt", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("li", "ol", "p", "pre", "section", "table", "tr", "ul"),
}
_SILENT = {"script", "style", "svg", "template"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in _SILENT
        self.parts.append(_gap(tag))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append(_gap(tag))

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in _SILENT and self.silent > 0
        self.parts.append(_gap(tag))

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def _gap(tag: str) -> str:
    return "\n" if tag in _BLOCKS else " " if tag in ("td", "th") else ""


def plain_text(html: str) -> str:
    """The words of some html, one line for each block, pictures left out; "" for an empty string."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def plain_inline(html: str) -> str:
    """The words of some html in one line."""
    return " ".join(plain_text(html).split())
