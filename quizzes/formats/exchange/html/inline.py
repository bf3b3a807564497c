"""Runs of text with their formatting -> the lines of a paragraph in the site’s Markdown."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote

BOLD, ITALIC, CODE, PICTURE, BREAK = 1, 2, 4, 8, 16
_EMPHASIS = BOLD | ITALIC

_SPECIAL = re.compile(
    r"""[`*]                               # code and emphasis
    | _(?![^\W_]) | (?<![^\W_])_           # emphasis; not within a word
    | \\(?=[\\`*_{}\[\]()>#+\-.!|<^/\s] | \Z)   # a backslash that would escape
    | &(?=\#?\w+;)                         # what would be a character’s name
    | \](?=\()                             # a link
    """,
    re.VERBOSE,
)
_BRACKETS = re.compile(r"(?<!\\)[\[\]]")
_STARTS = re.compile(r"[-+](?=\s|$)|\d+(?=\.(?:\s|$))|\|")
_TILDES = re.compile(r"~(?=~~)")
_RULER = re.compile(r"[-:| ]+")
_TICKS = re.compile("`+")
_ADDRESS = re.compile(r"https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?(?:[/?#][!-~]*)?")
_KEPT = "!#$%&'*+,/:;=?@_~-."


class Run(NamedTuple):
    """Text of one format: bits of BOLD, ITALIC and CODE, or a whole PICTURE or BREAK; ``link``: its address."""

    text: str
    format: int = 0
    link: str = ""


class _Piece(NamedTuple):
    """Markdown without blanks at its ends, and the emphasis around it; empty Markdown is a blank."""

    markdown: str
    emphasis: int
    link: str = ""


def paragraphs(runs: Sequence[Run], *, cell: bool = False) -> list[str]:
    """The paragraphs that these runs are; two breaks divide them. In a table’s ``cell`` there is only one."""
    if len(runs) == 1 and not runs[0].format and not runs[0].link:
        text = runs[0].text.strip()
        return [_line(_shielded(escaped(text), cell=cell), cell=cell)] if text else []
    found: list[list[str]] = [[]]
    lines = list(_lines(runs, cell=cell))
    for line in lines:
        if line:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return ["  \n".join(_apart(one)) for one in found if one]


_BLANK = _Piece("", 0)


def _lines(runs: Sequence[Run], *, cell: bool) -> Iterator[str]:
    line: list[Run] = []
    for run in [*runs, Run("", BREAK)]:
        if run.format == BREAK and not (cell and run.text):
            yield _line(_emphasised(_linked(_pieces(line, cell=cell))), cell=cell)
            line = []
        else:
            line.append(run if run.format != BREAK else Run(" "))


def _line(markdown: str, *, cell: bool) -> str:
    """The line so that no block begins with it."""
    if cell:
        return markdown
    if match := _STARTS.match(markdown):
        end = match.end() if match[0].isdigit() else 0
        markdown = f"{markdown[:end]}\\{markdown[end:]}"
    return _TILDES.sub("&#126;", markdown, count=1) if markdown.startswith("~~~") else markdown


def _apart(lines: list[str]) -> list[str]:
    """The lines of one paragraph so that no two of them make a table."""
    return [
        line.replace("|", "\\|") if number and _RULER.fullmatch(line) else line for number, line in enumerate(lines)
    ]


def escaped(text: str) -> str:
    """Plain text so that no Markdown is in it, wherever it stands in a line."""
    return _SPECIAL.sub(lambda match: "&amp;" if match[0] == "&" else _escape(match[0]), text)


def _escape(sign: str) -> str:
    return "]\\" if sign == "]" else f"\\{sign}"


def code(text: str) -> str:
    """A code span."""
    runs = _TICKS.findall(text)
    # A span ends at as many ticks as began it, and no more: so it has one more than any run within.
    fence = "`" * (max(map(len, runs)) + 1) if runs else "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def picture(name: str, words: str) -> str:
    """A picture by its name; without words there would be none."""
    return f"![{_bracketed(escaped(' '.join(words.split())) or 'Picture')}](image:{name})"


def link_address(address: str) -> str:
    """The address as a link has it in Markdown; empty where it is not one of https, or has signs no link can have."""
    plain = quote(address.strip(), safe=_KEPT)
    return re.sub(r"&(?=#?\w+;)", "&amp;", plain) if _ADDRESS.fullmatch(plain) else ""


def _bracketed(markdown: str) -> str:
    return _BRACKETS.sub(r"\\\g<0>", markdown)


def _shielded(markdown: str, *, cell: bool) -> str:
    """In a cell a bar would begin the next one; within code it does not."""
    return markdown.replace("|", "\\|") if cell else markdown


def _pieces(runs: Sequence[Run], *, cell: bool) -> Iterator[_Piece]:
    """The runs as Markdown, blanks apart."""
    for text, form, link in runs:
        if form & PICTURE:
            yield _Piece(_shielded(text, cell=cell), form & _EMPHASIS)
            continue
        core = text.strip()
        blank = _Piece("", 0, link)
        if core != text and text[:1].isspace():
            yield blank
        if core:
            markdown = code(core) if form & CODE else _shielded(escaped(core), cell=cell)
            yield _Piece(_bracketed(markdown) if link and not form & CODE else markdown, form & _EMPHASIS, link)
            if core != text and text[-1].isspace():
                yield blank


def _linked(pieces: Iterable[_Piece]) -> list[_Piece]:
    """The pieces with each link made one of them; the blanks at its ends stay outside."""
    found: list[_Piece] = []
    for link, group in groupby(pieces, key=lambda piece: piece.link):
        inside = list(group)
        if not link:
            found += inside
            continue
        words = [place for place, one in enumerate(inside) if one.markdown]
        if words:
            found += [_BLANK] * (words[0] > 0)
            found.append(_one_link(inside[words[0] : words[-1] + 1]))
            found += [_BLANK] * (words[-1] < len(inside) - 1)
        else:
            found.append(_BLANK)
    return found


def _one_link(group: list[_Piece]) -> _Piece:
    shared = _EMPHASIS
    for one in group:
        shared &= one.emphasis if one.markdown else _EMPHASIS
    inner = _emphasised([one._replace(emphasis=one.emphasis & ~shared, link="") for one in group])
    return _Piece(f"[{inner}]({group[0].link})", shared)


def _emphasised(pieces: Sequence[_Piece]) -> str:
    """The Markdown of the pieces: bold outside, italics within, and never two marks beside each other but “***”."""
    parts: list[str] = []
    marked = False
    for bold, group in _groups(pieces, BOLD):
        inner = list(_groups(group, ITALIC))
        if bold and not marked:
            if len(inner) == 1 and inner[0][0]:
                parts.append(f"***{_joined(group)}***")
            else:
                parts.append(f"**{_italics(inner, edges=False)}**")
            marked = True
        elif bold:
            parts.append(_joined(group))
            marked = False
        else:
            text = _italics(inner, edges=True, marked=marked)
            parts.append(text)
            marked = bool(inner and inner[-1][0] and text.endswith("*"))
            if group and not group[-1].markdown:
                marked = False
    return "".join(parts).strip()


def _italics(groups: Sequence[tuple[bool, list[_Piece]]], *, edges: bool, marked: bool = False) -> str:
    """Groups with and without italics; without them where they would touch another mark."""
    parts = []
    for number, (italic, group) in enumerate(groups):
        touches = (marked and number == 0) or (not edges and number in (0, len(groups) - 1))
        parts.append(f"*{_joined(group)}*" if italic and not touches else _joined(group))
    return "".join(parts)


def _groups(pieces: Sequence[_Piece], bit: int) -> Iterator[tuple[bool, list[_Piece]]]:
    """Pieces that have the bit, and those that have not, in turn; a blank between two that have it has it too."""
    group: list[_Piece] = []
    blanks: list[_Piece] = []
    has = False
    for piece in pieces:
        if not piece.markdown:
            blanks.append(piece)
            continue
        now = bool(piece.emphasis & bit)
        if group and now == has:
            group += blanks
        elif group or blanks:
            yield from _ended(has, group, blanks)
            group = []
        blanks = []
        group.append(piece)
        has = now
    if group or blanks:
        yield from _ended(has, group, blanks)


def _ended(has: bool, group: list[_Piece], blanks: list[_Piece]) -> Iterator[tuple[bool, list[_Piece]]]:
    if has and group:
        yield True, group
        if blanks:
            yield False, blanks
    elif group or blanks:
        yield False, [*group, *blanks]


def _joined(pieces: Sequence[_Piece]) -> str:
    """The Markdown of pieces side by side; code beside code, and a parenthesis behind a bracket, are kept apart."""
    found = ""
    for piece in pieces:
        text = piece.markdown or " "
        if text == " " and found.endswith(" "):
            continue
        if (found.endswith("]") and text.startswith("(")) or (found.endswith("!") and text.startswith("[")):
            found, text = (found, f"\\{text}") if text[0] == "(" else (f"{found[:-1]}\\!", text)
        found += text
    return found
