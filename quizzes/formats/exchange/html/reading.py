"""HTML of strangers, tag by tag, into blocks of the site’s Markdown. No tree: it is read once, and nothing recurses."""

import html as entities
import re
from collections.abc import Callable

from quizzes.formats.exchange.html.blocks import Blocks
from quizzes.formats.exchange.html.inline import BOLD, CODE, ITALIC, PICTURE, link_address, picture
from quizzes.formats.exchange.html.tokens import SILENT, attributes, tokens

PictureName = Callable[[str], str | None]

FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\uf8ff]")
"""Characters that nobody sees, and that the renderer drops."""
_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"\d{1,4}")

_FORMATS = {
    **dict.fromkeys(("b", "strong"), BOLD),
    **dict.fromkeys(("i", "em", "cite", "var", "dfn"), ITALIC),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), CODE),
}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "dt"}
_BLOCKS = {
    *("p", "div", "blockquote", "hr", "center", "section", "article", "aside", "header", "footer", "main", "nav"),
    *("address", "figure", "figcaption", "details", "summary", "fieldset", "legend", "form", "dl", "dd", "caption"),
    *("option", "body", "html", "head"),
}
_LOST = {
    **{one: one for one in ("script", "style", "iframe", "object", "svg", "math", "video", "audio", "form")},
    **dict.fromkeys(("input", "select", "textarea", "button"), "form"),
    "embed": "object",
    "noscript": "script",
    "template": "script",
    "canvas": "picture",
    "applet": "object",
    "u": "underline",
    "ins": "underline",
    "mark": "highlight",
    "frame": "iframe",
    **dict.fromkeys(("s", "del", "strike"), "strikethrough"),
}
"""What the dialect has no place for, by tag, as the account speaks of it."""
_COLOR = re.compile(r"(?<![\w-])(?:color|background(?:-color)?|bgcolor)\s*[:=]", re.IGNORECASE)
_RAISED = str.maketrans("0123456789+-=()n\u2212", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ⁻")
_LOWERED = str.maketrans("0123456789+-=()\u2212", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋")


class Reader:
    """Reads one text. ``lost`` names what was in it and is not in the Markdown."""

    def __init__(self, picture_name: PictureName, lost: set[str]) -> None:
        self._name = picture_name
        self._lost = lost
        self._blocks = Blocks()
        self._open = {BOLD: 0, ITALIC: 0, CODE: 0}
        self._form = 0
        self._heading = False
        self._pre: list[str] | None = None
        self._link = ""
        self._behind = ""
        self._written: list[str] = []
        self._shifted: tuple[str, list[str]] | None = None
        self._tables = 0

    def read(self, html: str) -> str:
        """The Markdown."""
        for sign, name, rest in tokens(html):
            if not sign:
                self._text(rest)
            elif sign == "<":
                self._start(name, rest)
            else:
                self._end(name)
        self._end_pre()
        self._end_link()
        self._end_shift()
        return self._blocks.text()

    # Text

    def _text(self, raw: str) -> None:
        text = FORBIDDEN.sub("", entities.unescape(raw) if "&" in raw else raw)
        if self._pre is not None:
            self._pre.append(text)
        elif text:
            self._say(_SPACE.sub(" ", text))

    def _say(self, text: str, form: int = 0, link: str | None = None) -> None:
        if self._shifted is not None and not form:
            self._shifted[1].append(text)
            return
        if self._behind:
            self._written.append(text)
        shown = self._form & ~CODE | form if form else self._form
        self._blocks.add(text, shown, self._link if link is None else link)

    # Tags

    def _start(self, name: str, rest: str) -> None:
        if rest and _COLOR.search(rest):
            self._lost.add("colors")
        if self._pre is not None and name not in ("pre", *SILENT):
            if name in ("br", "div", "p", "li"):
                self._pre.append("\n")
            return
        if bit := _FORMATS.get(name):
            self._format(bit, 1)
        elif name == "br":
            self._end_shift()
            self._blocks.line_break()
        elif name in _BLOCKS or name in _HEADINGS:
            self._end_block()
            self._heading = name in _HEADINGS
            self._format(0, 0)
            if name == "form":
                self._lost.add("form")
        elif name in _STARTS:
            _STARTS[name](self, rest)
        elif name in _LOST:
            self._lost.add(_LOST[name])

    def _end(self, name: str) -> None:
        if name == "pre":
            self._end_pre()
        elif self._pre is not None:
            return
        elif bit := _FORMATS.get(name):
            self._format(bit, -1)
        elif name in _BLOCKS or name in _HEADINGS:
            self._end_block()
            self._heading = False
            self._format(0, 0)
        elif name in _ENDS:
            _ENDS[name](self)

    def _format(self, bit: int, step: int) -> None:
        self._end_shift()
        if bit:
            self._open[bit] = max(0, self._open[bit] + step)
        form = (BOLD if self._open[BOLD] or self._heading else 0) | (ITALIC if self._open[ITALIC] else 0)
        self._form = form | (CODE if self._open[CODE] else 0)

    def _end_block(self) -> None:
        self._end_shift()
        self._blocks.end_block()

    def _start_pre(self, rest: str) -> None:
        self._end_pre()
        self._end_shift()
        self._pre = []

    def _end_pre(self) -> None:
        if self._pre is not None:
            text, self._pre = "".join(self._pre), None
            self._blocks.add_code(text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "))

    def _start_link(self, rest: str) -> None:
        self._end_link()
        address = entities.unescape(attributes(rest).get("href", "")).strip()
        self._link = link_address(address)
        if not self._link and re.match(r"(?:http|ftp|mailto)s?:", address, re.IGNORECASE):
            self._behind, self._written = FORBIDDEN.sub("", _SPACE.sub("%20", address)), []
        elif not self._link and address:
            self._lost.add("link")

    def _end_link(self) -> None:
        self._end_shift()
        behind, self._behind, self._link = self._behind, "", ""
        if behind:
            words = "".join(self._written).strip()
            if words != behind:
                self._say(f" ({behind})" if words else behind)

    def _picture(self, rest: str) -> None:
        known = attributes(rest)
        words = FORBIDDEN.sub("", entities.unescape(known.get("alt", "")))
        name = self._name(entities.unescape(known.get("src", "")))
        if name:
            self._end_shift()
            self._say(picture(name, words), PICTURE, "")
            return
        self._lost.add("picture")
        if words.strip():
            self._say(f" ({' '.join(words.split())}) ")

    def _start_shift(self, name: str) -> None:
        self._end_shift()
        self._shifted = (name, [])

    def _end_shift(self) -> None:
        """Digits above or below the line are letters of Unicode; other text there is marked as programs do it."""
        if self._shifted is None:
            return
        (name, parts), self._shifted = self._shifted, None
        text = _SPACE.sub(" ", "".join(parts))
        moved = text.translate(_RAISED if name == "sup" else _LOWERED)
        if text.strip() and any(letter == after and letter != " " for letter, after in zip(text, moved, strict=True)):
            self._lost.add("superscript" if name == "sup" else "subscript")
            mark = "^" if name == "sup" else "_"
            moved = f"{mark}{text}" if len(text) == 1 else f"{mark}({text.strip()})"
        if moved:
            self._say(moved)

    def _start_table(self, rest: str) -> None:
        self._end_shift()
        self._tables += 1
        if self._tables > 1:
            self._lost.add("table within a table")
            self._blocks.end_block()
        else:
            self._blocks.open_table()

    def _end_table(self) -> None:
        self._end_shift()
        self._tables = max(0, self._tables - 1)
        if not self._tables:
            self._blocks.close_table()

    def _row(self) -> None:
        self._end_shift()
        if self._tables == 1:
            self._blocks.open_row()
        else:
            self._blocks.end_block()

    def _cell(self, rest: str, *, head: bool) -> None:
        self._end_shift()
        if self._tables != 1:
            self._blocks.end_block()
            return
        known = attributes(rest) if rest else {}
        if "rowspan" in known or "colspan" in known:
            self._lost.add("joined cells")
        self._blocks.open_cell(head=head, span=_whole(known.get("colspan", ""), 1))

    def _list(self, rest: str, *, ordered: bool) -> None:
        self._end_shift()
        if self._blocks.in_cell:
            self._lost.add("list in a table")
        start = _whole(attributes(rest).get("start", ""), 1) if ordered and rest else 1
        self._blocks.open_list(ordered=ordered, start=start)

    def _item(self) -> None:
        self._end_shift()
        self._blocks.open_item()

    def _close(self, close: Callable[[Blocks], None], *, table: bool = False) -> None:
        self._end_shift()
        if not table or self._tables == 1:
            close(self._blocks)


def _whole(text: str, least: int) -> int:
    return max(least, int(text)) if text.isascii() and _NUMBER.fullmatch(text.strip()) else least


_STARTS: dict[str, Callable[[Reader, str], None]] = {
    "pre": Reader._start_pre,
    "a": Reader._start_link,
    "img": Reader._picture,
    "sup": lambda reader, rest: reader._start_shift("sup"),
    "sub": lambda reader, rest: reader._start_shift("sub"),
    "table": Reader._start_table,
    "tr": lambda reader, rest: reader._row(),
    "td": lambda reader, rest: reader._cell(rest, head=False),
    "th": lambda reader, rest: reader._cell(rest, head=True),
    "ul": lambda reader, rest: reader._list(rest, ordered=False),
    "ol": lambda reader, rest: reader._list(rest, ordered=True),
    "li": lambda reader, rest: reader._item(),
    "q": lambda reader, rest: reader._say("“"),
}
_ENDS: dict[str, Callable[[Reader], None]] = {
    "a": Reader._end_link,
    "sup": Reader._end_shift,
    "sub": Reader._end_shift,
    "table": Reader._end_table,
    "tr": lambda reader: reader._close(Blocks.close_row, table=True),
    "td": lambda reader: reader._close(Blocks.close_cell, table=True),
    "th": lambda reader: reader._close(Blocks.close_cell, table=True),
    "ul": lambda reader: reader._close(Blocks.close_list),
    "ol": lambda reader: reader._close(Blocks.close_list),
    "li": lambda reader: reader._end_block(),
    "q": lambda reader: reader._say("”"),
}
