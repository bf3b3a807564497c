"""The texts of QTI 1.2: materials with HTML, plain text or elements in them, as the site’s Markdown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from xml.etree.ElementTree import Element, tostring

from quizzes.formats.exchange.html import escaped, to_markdown
from quizzes.formats.exchange.qti12.package import Place
from quizzes.formats.exchange.qti12.taking import Account
from quizzes.formats.exchange.xml import local, text_in

BLANK = "<p>_____</p>"
"""Stands where an answer is typed in the middle of a text."""
_RESPONSES = ("response_lid", "response_str", "response_num", "response_grp", "response_xy", "response_extension")
_TAG = re.compile(r"</?(?:p|br|div|span|b|i|u|em|strong|img|ul|ol|li|table|pre|code|sub|sup|a|h\d|font)\b[^<>]*>", re.I)


@dataclass
class Texts:
    """The texts of one item: what stands in its elements, with the pictures of the package."""

    place: Place
    account: Account

    def of(self, element: Element | None) -> str:
        """The Markdown of all material in an element, but for that of responses in it."""
        return self.markdown("\n".join(_fragments(element))) if element is not None else ""

    def beside(self, materials: list[Element]) -> str:
        """The Markdown of some materials together."""
        return self.markdown("\n".join(part for one in materials for part in _fragments(one)))

    def plain(self, element: Element) -> str:
        """The text of an element as somebody would type it."""
        found = [one for one in element.iter() if local(one) in ("mattext", "matemtext")]
        return " ".join(" ".join(text_in(one) for one in found).split())

    def markdown(self, html: str) -> str:
        """The Markdown of some HTML; what it has no place for goes into the account."""
        converted = to_markdown(html, self.place.picture)
        for name in sorted(converted.lost):
            aspect = "pictures" if name == "picture" else "text"
            words = "A picture is not in the file." if aspect == "pictures" else f"Something is left out: {name}."
            self.account.lost(aspect, words)
        return converted.text

    def stem(self, item: Element, typed: bool) -> str:
        """The text of the question; a gap is shown where text goes on behind what is typed."""
        presentation = next((one for one in item if local(one) == "presentation"), None)
        if presentation is None:
            return ""
        parts = list(_fragments(presentation, gap=typed))
        while parts and parts[-1] == BLANK:
            parts.pop()
        return self.markdown("\n".join(parts))


def _fragments(element: Element, gap: bool = False) -> Iterator[str]:
    for one in element:
        name = local(one)
        if name in _RESPONSES:
            if gap:
                yield BLANK
        elif name in ("mattext", "matemtext"):
            yield _html_in(one)
        elif name == "matimage":
            address = one.get("uri") or one.get("entityref") or ""
            yield f'<p><img src="{escape(address)}" alt="{escape(text_in(one)[:200])}"></p>'
        elif name == "matbreak":
            yield "<br>"
        elif name not in ("resprocessing", "itemfeedback", "itemmetadata"):
            yield from _fragments(one, gap)


def _html_in(element: Element) -> str:
    """The HTML of a mattext, which says by its type, or by how it looks, what it is."""
    if len(element):
        return _with_elements(element)
    text = element.text or ""
    kind = element.get("texttype", "").casefold()
    if "html" in kind or (not kind and _TAG.search(text)):
        return text
    lines = escaped(text.strip()).splitlines()
    return f"<p>{'<br>'.join(line.strip() for line in lines)}</p>" if lines else ""


def _with_elements(element: Element) -> str:
    """HTML that stands in the file as elements of its own."""
    for one in element.iter():
        if isinstance(one.tag, str):
            one.tag = local(one)
        for key in [key for key in one.attrib if key.startswith("{")]:
            del one.attrib[key]
    inner = "".join(tostring(one, encoding="unicode", method="html") for one in element)
    return escaped(element.text or "") + inner
