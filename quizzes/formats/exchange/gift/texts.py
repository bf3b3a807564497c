"""Texts of a GIFT file in one of Moodle’s four formats -> the site’s Markdown."""

import re

from quizzes.formats.exchange.gift.signs import shown, split_format
from quizzes.formats.exchange.html import escaped, to_markdown
from quizzes.formats.exchange.model import Note, Severity

_FENCE = re.compile(r"^[ \t]*```", re.MULTILINE)
_TAG = re.compile(
    r"<(?!/?(?:a|abbr|article|audio|b|big|blockquote|body|br|caption|center|cite|code|col|colgroup|dd|del|dfn|div|dl|dt"
    r"|em|embed|figcaption|figure|font|form|h[1-6]|head|hr|html|i|iframe|img|input|ins|kbd|li|link|mark|math|meta|nav"
    r"|object|ol|p|pre|q|s|samp|script|section|small|source|span|strike|strong|style|sub|sup|svg|table|tbody|td|tfoot"
    r"|th|thead|title|tr|track|tt|u|ul|var|video|wbr)\b)(?!!--)",
    re.IGNORECASE,
)
"""What looks like a tag and is none of HTML: “<bucket-name>” is a word."""


def text_of(piece: str, default: str, notes: list[Note]) -> tuple[str, str]:
    """The Markdown of a piece whose escaped signs are hidden, and its format, which may stand at its beginning."""
    named, rest = split_format(piece)
    format = named or default
    if format != "markdown" and _FENCE.search(rest):
        format = "markdown"
        words = "The text has fenced code, so it was read as Markdown, though the file does not say so."
        _add(notes, Note("text", Severity.ASSUMED, words))
    if format == "markdown":
        return shown(_dedented(rest)).strip(), format
    lines = "\n".join(line.strip() for line in rest.strip().split("\n"))
    html = shown(lines).strip()
    html = _with_breaks(escaped(html)) if format == "plain" else _TAG.sub("&lt;", html)
    converted = to_markdown(_as_moodle(html) if format == "moodle" else html)
    for lost in sorted(converted.lost):
        aspect = "pictures" if lost == "picture" else "text"
        _add(notes, Note(aspect, Severity.LOST, f"What the text has beside words was left out: {lost}."))
    return converted.text, format


def _add(notes: list[Note], note: Note) -> None:
    if note not in notes:
        notes.append(note)


def _dedented(text: str) -> str:
    """Lines without the blanks at their beginning, as Moodle reads them; those within fenced code keep theirs."""
    lines, fence = [], False
    for line in text.strip().split("\n"):
        if line.lstrip().startswith("```"):
            fence = not fence
            line = line.lstrip()
        lines.append(line.rstrip() if fence else line.strip(" \t"))
    return "\n".join(lines)


def _as_moodle(html: str) -> str:
    """Moodle’s own format: HTML in which a line break shows, unless a tag stands beside it."""
    joined = re.sub(r">\s+<", "><", html)
    joined = re.sub(r"\n<", " <", joined)
    return _with_breaks(re.sub(r">\n", "> ", joined))


def _with_breaks(html: str) -> str:
    return html.replace("\n", "<br>")
