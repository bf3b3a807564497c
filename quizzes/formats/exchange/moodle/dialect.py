"""The site’s Markdown and Moodle’s: nearly the same, but for what Moodle’s reads and ours shows as it was typed.

Moodle renders PHP Markdown Extra, with HTML in it, headings, block quotes, rules, definitions and abbreviations. What
would begin one of these is escaped on the way out and bare again on the way in; code is never touched.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable

from quizzes.formats.exchange.html import escaped, to_markdown
from reference.markup import plain_text, render_text

PLUGIN_FILE = "@@PLUGINFILE@@/"
_WORDS = r"(?:[^\[\]\\]|\\.)"
OWN_PICTURE = re.compile(rf"!\[({_WORDS}+)\]\(image:([a-z0-9x-]{{1,40}})\)")
"""A picture in the site’s Markdown: words and name."""
_FENCE = re.compile(r"^( *)(`{3,}|~{3,})([^`]*)$")
_TICKS = re.compile(r"`+")
_BLANK = re.compile(r"(\n[ \t]*\n)")
_CODE = r"[a-z0-9]{12}-[1-9]\d{0,3}x[1-9]\d{0,3}"
_ESCAPE = r"\\[!-/:-@\[-`{-~]"
_RULE = r"(?:-[ ]*){3,}$|(?:\*[ ]*){3,}$|(?:_[ ]*){3,}$"
_LABEL = r"\[[^\[\]\n]{1,200}\]:"
_ELSEWHERE = r"[^\[\]\\]{1,500}\]\((?!https://)"
"""A link that is none here, as it does not lead to https."""
_PLAIN = r"[#>]"
_ODD = rf":[ ]|{_RULE}|{_LABEL}|\*{_LABEL}|=+[ ]*$"
"""What begins a block of Moodle’s: with a backslash before it, and with its first sign as a number, it does not."""
_OUT = re.compile(
    rf"(?P<escape>{_ESCAPE})|!\[(?P<alt>{_WORDS}+)\]\(image:(?P<name>{_CODE})\)|(?P<bang>!\[)|(?P<less><)"
    rf"|(?P<link>\[)(?={_ELSEWHERE})"
    rf"|^(?P<gap>[ ]{{0,3}})(?:(?={_PLAIN})|(?={_ODD})(?P<odd>.))",
    re.MULTILINE,
)
_IN = re.compile(
    rf"^(?P<gap>[ ]{{0,3}})(?:\\(?={_PLAIN})|&\#(?P<odd>42|45|58|61|95|91(?=;[^\[\]\n]{{1,200}}\]:));)"
    rf"|(?P<bang>!\\\[)(?!{_WORDS}{{1,100}}\]\(image:{_CODE}\))"
    rf"|(?P<link>(?<!!)\\\[)(?={_ELSEWHERE})|(?P<escape>{_ESCAPE})|(?P<less>&lt;)"
    rf"|!\[(?P<alt>{_WORDS}*)\]\((?P<address>[^()\s]+)(?:[ ]+\"[^\"\n]*\")?\)",
    re.MULTILINE,
)
_OURS = {"\\<": "&lt;", "\\^": "^", "\\/": "/", "\\:": "\\\\:"}
"""Escapes of one of the two dialects alone."""
_HEADING = re.compile(r"^[ ]{0,3}#{1,6}([^\n]*)$", re.MULTILINE)
_QUOTE = re.compile(r"^[ ]{0,3}>[ ]?", re.MULTILINE)
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>")

Address = Callable[[str], str]


def to_moodle(text: str, address: Address) -> str:
    """Our Markdown as Moodle’s; ``address`` gives the name of the file of a picture."""

    def change(match: re.Match[str]) -> str:
        if match["escape"]:
            return _OURS.get(match[0], match[0])
        if match["name"]:
            return f"![{match['alt'].replace('<', '&lt;')}]({PLUGIN_FILE}{address(match['name'])})"
        if match["bang"]:
            return "!\\["
        if match["less"]:
            return "&lt;"
        if match["link"]:
            return "\\["
        return f"{match['gap']}&#{ord(match['odd'])};" if match["odd"] else f"{match['gap']}\\"

    # Tabs are four columns here, and may be others there.
    return _outside_code("\n".join(line.expandtabs(4) for line in text.split("\n")), _OUT, change)


def from_moodle(text: str, picture: Callable[[str, str], str]) -> str:
    """Moodle’s Markdown as ours; ``picture`` gives what stands for one, by its words and address."""

    def change(match: re.Match[str]) -> str:
        if match["escape"]:
            return match[0]
        if match["bang"]:
            return "!["
        if match["less"]:
            return "<"
        if match["link"]:
            return "["
        if match["address"]:
            return picture(match["alt"].replace("&lt;", "<"), match["address"])
        return f"{match['gap']}{chr(int(match['odd']))}" if match["odd"] else match["gap"]

    text = _outside_code(text, _HEADING, _strong)
    return _outside_code(_outside_code(text, _QUOTE, lambda match: ""), _IN, change)


def has_html(text: str) -> bool:
    """Whether HTML stands in some Markdown outside its code; ours shows it as it was typed."""
    found: list[str] = []
    _outside_code(text, _TAG, lambda match: found.append(match[0]) or match[0])  # type: ignore[func-returns-value]
    return bool(found)


def from_plain(text: str) -> str:
    """Plain text as Markdown that reads the same; the lines of a paragraph stay lines."""
    return to_markdown(escaped(text.strip()).replace("\n", "<br>")).text


def picture_of(words: str, name: str) -> str:
    """A picture in our Markdown; without words it would be none."""
    return f"![{' '.join(words.split()) or 'picture'}](image:{name})"


def as_plain(markdown: str) -> str:
    """The words of some Markdown in one line."""
    return " ".join(plain_text(render_text(markdown)).split())


def _strong(heading: re.Match[str]) -> str:
    words = heading[1].strip(" #")
    return f"**{words}**" if words else ""


def _outside_code(text: str, pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> str:
    """The text with what matches outside fenced code and code spans changed."""
    done: list[str] = []
    prose: list[str] = []
    fence = ""
    for line in text.split("\n"):
        opening = None if fence else _FENCE.match(line)
        if opening or fence:
            _flush(prose, done, pattern, change)
            done.append(line)
            closes = fence and line.strip().startswith(fence) and set(line.strip()) == {fence[0]}
            fence = opening[2] if opening else "" if closes else fence
        else:
            prose.append(line)
    _flush(prose, done, pattern, change)
    return "\n".join(done)


def _flush(prose: list[str], done: list[str], pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> None:
    if prose:
        parts = _BLANK.split("\n".join(prose))
        done.append(
            "".join(part if number % 2 else _changed(part, pattern, change) for number, part in enumerate(parts))
        )
        prose.clear()


def _changed(paragraph: str, pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> str:
    spans = _code_spans(paragraph)
    starts = [start for start, _ in spans]

    def unless_code(match: re.Match[str]) -> str:
        at = bisect_right(starts, match.start()) - 1
        return match[0] if at >= 0 and match.start() < spans[at][1] else change(match)

    return pattern.sub(unless_code, paragraph)


def _code_spans(paragraph: str) -> list[tuple[int, int]]:
    """From where to where code stands: runs of backticks of one length, as both dialects pair them."""
    runs = [(match.start(), match.end()) for match in _TICKS.finditer(paragraph)]
    by_length: dict[int, list[int]] = {}
    for number, (start, end) in enumerate(runs):
        by_length.setdefault(end - start, []).append(number)
    spans, number = [], 0
    while number < len(runs):
        start, end = runs[number]
        alike = by_length[end - start]
        later = bisect_left(alike, number + 1)
        if paragraph[start - 1 : start] == "\\" or later == len(alike):
            number += 1
            continue
        spans.append((start, runs[alike[later]][1]))
        number = alike[later] + 1
    return spans
