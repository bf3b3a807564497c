"""The texts of a question in a Moodle file, in any of its text formats, as the site’s Markdown."""

import html as entities
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, tostring

from quizzes.formats.exchange.html import MOST, to_markdown
from quizzes.formats.exchange.model import Note, Severity
from quizzes.formats.exchange.moodle.dialect import OWN_PICTURE, from_moodle, from_plain, has_html, picture_of
from quizzes.formats.exchange.moodle.files import Embedded, path_of, without_inline
from quizzes.formats.exchange.moodle.tree import child
from quizzes.formats.exchange.xml import MOST_CHARACTERS

FORMATS = ("html", "markdown", "plain_text", "moodle_auto_format", "wiki_like")
MOST_NAMED = 5
"""Pictures that are left out, each with a sentence of its own."""
_BREAKS = re.compile(r"(<br ?/?>|</?(?:p|div|ul|ol|li|table|tr|td|th|pre|h[1-6])>)?[ \t]*\n")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")


@dataclass
class Texts:
    """Turns texts into Markdown and remembers what was lost on the way."""

    pictures: Embedded
    format: str = "html"
    lost: set[str] = field(default_factory=set)
    missing: dict[str, None] = field(default_factory=dict)
    typed_html: bool = False

    def of(self, holder: Element | None, also: str = "") -> str:
        """The Markdown of an element with ``text`` and ``file`` in it; ``also`` is html that belongs behind it."""
        if holder is None:
            return ""
        raw = written_in(holder) + also
        format = holder.get("format", self.format).strip()
        if not raw:
            return ""
        if format == "plain_text" and not also:
            return without_controls(from_plain(raw))
        if format == "markdown":
            return without_controls(self._markdown(raw, holder))
        return without_controls(self._html(_with_breaks(raw) if format in FORMATS[3:] else raw, holder))

    def _html(self, html: str, holder: Element) -> str:
        converted = to_markdown(without_inline(html), lambda address: self._name(address, holder))
        self.lost |= converted.lost - {"picture"}
        return self._known(converted.text)

    def _markdown(self, text: str, holder: Element) -> str:
        def picture(words: str, address: str) -> str:
            name = self._name(address, holder)
            return picture_of(words, name) if name else words

        if len(text) > MOST:
            self.lost.add(f"all behind {MOST:,} characters")
            text = text[:MOST]
        self.typed_html = self.typed_html or has_html(text)
        return self._known(from_moodle(without_inline(text), picture))

    def _name(self, address: str, holder: Element) -> str | None:
        name = self.pictures.name(address, holder)
        if name is None:
            self.missing[(path_of(address) or address)[:60]] = None
        return name

    def _known(self, text: str) -> str:
        """Only pictures of this question: a text may name any, also those that belong to somebody else."""
        return OWN_PICTURE.sub(lambda match: match[0] if match[2] in self.pictures.data else match[1], text)

    def notes(self) -> Iterable[Note]:
        """What was left out of the texts, a sentence each."""
        if self.lost:
            words = f"Left out of the texts, as this site has no place for it: {', '.join(sorted(self.lost))}."
            yield Note("text", Severity.LOST, words)
        if self.typed_html:
            words = "HTML stands in its Markdown: it is shown as it was typed, so look it through."
            yield Note("text", Severity.CHANGED, words)
        refused = self.pictures.refused
        for path in list(self.missing)[:MOST_NAMED]:
            why = refused.get(path, "it is not in the file")
            yield Note("pictures", Severity.LOST, f"The picture “{path}” is left out: {why}.")
        if (more := len(self.missing) - MOST_NAMED) > 0:
            yield Note("pictures", Severity.LOST, f"{more} more of its pictures are left out.")


def written_in(holder: Element) -> str:
    """What stands in the ``text`` of an element, or in itself as in very old files; HTML in it stays HTML."""
    inner = child(holder, "text")
    element = holder if inner is None else inner
    if inner is None or not len(inner):
        return (element.text or "")[:MOST_CHARACTERS].strip()
    parts = [entities.escape(element.text or "", quote=False)]
    parts += [tostring(one, encoding="unicode") for one in element]
    return "".join(parts)[:MOST_CHARACTERS].strip()


def line_in(holder: Element | None) -> str:
    """What stands in an element as plain text in one line."""
    return without_controls(" ".join(written_in(holder).split())) if holder is not None else ""


def words_in(holder: Element | None, most: int) -> str:
    """As :func:`line_in`, without tags of HTML, and cut."""
    return words(line_in(holder), most)


def words(text: str, most: int) -> str:
    """A name or tag as plain text in one line: Moodle takes tags of HTML out of names, too."""
    return " ".join(_TAG.sub(" ", without_controls(text)).split())[:most].strip()


def without_controls(text: str) -> str:
    """The text without characters that no XML file can have, trimmed."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _with_breaks(text: str) -> str:
    """HTML whose line ends are shown, as the automatic format of Moodle does."""
    return _BREAKS.sub(lambda match: match[0] if match[1] else f"<br>{match[0]}", text)
