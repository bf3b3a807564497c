"""The first pass, line by line: what Markdown cannot know about a text.

Python-Markdown keeps no line numbers. So each place that may turn out wrong later is preceded by a mark, the line's
number between two private-use characters, which travels through the parser as text and is taken out of the tree.
Authors cannot write marks: those characters are refused (notes) or dropped (questions).
"""

import re
from dataclasses import dataclass, field

from .words import did_you_mean, listed

OPEN, CLOSE = "\ue000", "\ue001"
FENCE_OPEN, FENCE_CLOSE = "\ue002", "\ue003"
MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")
FENCE_MARK = re.compile(f"{FENCE_OPEN}(\\d+){FENCE_CLOSE}")

KINDS = ("changed", "tip", "trap", "limits", "compare", "diagram")
OPTIONS = {"changed": ("since", "service"), "diagram": ("file", "alt")}
TITLED = ("changed", "limits", "compare", "diagram")

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\uf8ff]")
_FENCE = re.compile(r"^( *)(`{3,}|~{3,})([^`]*)$")
_ITEM = re.compile(r"^( *)(?:[-*+]|(\d+)\.) +\S")
_CALLOUT = re.compile(r"^( *)(/{3,}) *([\w-]*) *(?:\| *(.*?))? *$")
_OPTION = re.compile(r"^ +([\w-]+):(?: +(.*?))? *$")
_HEADING = re.compile(r"^(#{2,3} +)(\S.*)$")
_RULE = re.compile(r"^ *(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,}|(?:= *){3,})$")
_DELIMITER_ROW = re.compile(r"^[ |:-]+$")
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_ANCHORS = re.compile(r"(?:(?:^|(?<=\s))\^[^\s|]+\s*)+(?=\|?\s*$)")
_ANCHOR_INSIDE = re.compile(r"(?:^|\s)\^[a-z][a-z0-9]*-[\w-]+")
_ANCHOR_GLUED = re.compile(r"[^\s|\\]\^[a-z][a-z0-9]*-[\w-]+\s*\|?\s*$")
_SINCE = re.compile(
    r"(?:(?:January|February|March|April|May|June|July|August|September|October|November|December) )?(?:19|20)\d\d"
)

Problems = list[tuple[int, str]]


@dataclass(slots=True)
class Callout:
    """The head of a `/// kind | title` block, with its indented options."""

    kind: str
    title: str
    line: int
    options: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Source:
    """Lines ready for the parser, and what was taken out of them."""

    lines: list[str] = field(default_factory=list)
    fences: list[str] = field(default_factory=list)
    callouts: list[Callout] = field(default_factory=list)
    problems: Problems = field(default_factory=list)


def mark(number: int) -> str:
    """The mark of a line."""
    return f"{OPEN}{number}{CLOSE}"


def unmarked(text: str) -> str:
    """`text` without marks."""
    return MARK.sub("", text)


def cleaned(text: str) -> str:
    """`text` without characters that no reader sees, marks among them; line breaks stay."""
    return _FORBIDDEN.sub("", text)


class TextScanner:
    """Takes fenced code out and puts the blank lines in that Python-Markdown, unlike other dialects, insists on."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        self.source = Source()
        self.first_line = first_line
        self.text = text.replace("\r\n", "\n").replace("\r", "\n")
        self._fence: tuple[str, int, int] | None = None
        self._code: list[str] = []
        self._in_list = False

    def scan(self) -> Source:
        """Read the whole text."""
        for number, line in enumerate(self.text.split("\n"), self.first_line):
            line = self.clean(number, line).expandtabs(4)
            if self._fence:
                self._inside_fence(line)
            elif match := _FENCE.match(line):
                self._fence = (match[2], len(match[1]), number)
            else:
                self.line(number, line)
        self.end()
        return self.source

    def clean(self, number: int, line: str) -> str:
        """The line without characters that could pass for marks."""
        return cleaned(line)

    def line(self, number: int, line: str) -> None:
        """Handle one line outside fenced code."""
        self.write(line)

    def end(self) -> None:
        """Handle the end of the text."""
        if self._fence:
            self._close_fence()

    def write(self, line: str) -> None:
        """Pass a line on."""
        item = bool(_ITEM.match(line))
        if not line.strip():
            self._in_list = False
        elif self.previous and self._interrupts(line):
            self.source.lines.append("")
        self._in_list = self._in_list or item
        self.source.lines.append(line)

    @property
    def previous(self) -> str:
        """The line passed on last, stripped."""
        return self.source.lines[-1].strip() if self.source.lines else ""

    def _interrupts(self, line: str) -> bool:
        """Whether the line begins a block although no blank line precedes it."""
        if item := _ITEM.match(line):
            return not self._in_list and item[2] in (None, "1")
        return line.lstrip().startswith("|") != self.previous.startswith("|")

    def _inside_fence(self, line: str) -> None:
        assert self._fence
        ticks, indent, _ = self._fence
        stripped = line.strip()
        if stripped.startswith(ticks) and set(stripped) == {ticks[0]}:
            self._close_fence()
        else:
            self._code.append(line[min(indent, len(line) - len(line.lstrip())) :])

    def _close_fence(self) -> None:
        assert self._fence
        depth = -(-self._fence[1] // 4)  # a list item's content is indented by four, whatever the author used
        placeholder = f"{FENCE_OPEN}{len(self.source.fences)}{FENCE_CLOSE}"
        self.source.lines += ["", "    " * depth + placeholder, ""]
        self.source.fences.append("\n".join(self._code) + "\n")
        self._fence, self._code, self._in_list = None, [], False


class NoteScanner(TextScanner):
    """Also reads callout heads, marks lines and refuses what the format does not have."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        super().__init__(text, first_line)
        self._callout: Callout | None = None
        self._in_options = False
        self._option = ""
        self._option_indent = 0
        self._columns = 0
        self._rows = 0

    def problem(self, number: int, message: str) -> None:
        """Note a mistake and go on."""
        self.source.problems.append((number, message))

    def clean(self, number: int, line: str) -> str:
        for character in _FORBIDDEN.findall(line):
            self.problem(number, f"remove the invisible character U+{ord(character):04X}")
        return super().clean(number, line)

    def line(self, number: int, line: str) -> None:
        if self._in_options and self._read_option(number, line):
            return
        if match := _CALLOUT.match(line):
            self._slashes(number, match)
            return
        if self._callout and self._callout.kind == "diagram" and line.strip():
            self.problem(number, "a diagram has no text: give its indented options file and alt, then close it by ///")
        self._check_blocks(number, line)
        self._check_table(number, line)
        if heading := _HEADING.match(line):
            self.source.lines += ["", heading[1] + mark(number) + self._marked(number, heading[2]), ""]
        else:
            self.write(self._marked(number, line))

    def end(self) -> None:
        if self._fence:
            self.problem(self._fence[2], f"close this code block by a line {self._fence[0]}")
        super().end()
        self._check_table(self.first_line + self.text.count("\n"), "")
        if self._callout:
            self.problem(self._callout.line, f"close this {self._callout.kind} callout by a line ///")
            self._close_callout()

    def _slashes(self, number: int, match: re.Match[str]) -> None:
        indent, slashes, kind, title = match.groups()
        if indent or slashes != "///":
            self.problem(number, "write exactly three slashes, at the beginning of the line: callouts do not nest")
        if not kind:
            if not self._callout:
                self.problem(number, "this /// closes nothing: remove it")
            self._close_callout()
            return
        if self._callout:
            self.problem(number, f"close the {self._callout.kind} of line {self._callout.line} by /// before this line")
            self._close_callout()
        self._open_callout(Callout(kind, unmarked(title or ""), number))

    def _open_callout(self, callout: Callout) -> None:
        kind, number = callout.kind, callout.line
        if kind not in KINDS:
            hint = did_you_mean(kind, KINDS) or f"use {listed(KINDS, 'or')}"
            self.problem(number, f"there is no callout “{kind}”: {hint}")
        elif kind in TITLED and not callout.title:
            self.problem(number, f"give the {kind} callout a title: /// {kind} | Title")
        if "^" in callout.title and _ANCHOR_INSIDE.search(callout.title):
            self.problem(number, "put the anchor at the end of a paragraph of the callout, not in its title")
        self._callout, self._in_options, self._option = callout, True, ""
        self.source.lines += ["", f"/// callout | {len(self.source.callouts)}", ""]
        self.source.callouts.append(callout)
        self._in_list = False

    def _close_callout(self) -> None:
        if self._callout:
            self._check_options(self._callout)
            self.source.lines += ["", "///", ""]
        self._callout, self._in_options, self._in_list = None, False, False

    def _read_option(self, number: int, line: str) -> bool:
        assert self._callout
        options, indent = self._callout.options, len(line) - len(line.lstrip())
        if self._option and indent > self._option_indent:
            options[self._option] = f"{options[self._option]} {line.strip()}".strip()
            return True
        if match := _OPTION.match(line):
            self._option, self._option_indent = match[1], indent
            if self._option in options:
                self.problem(number, f"give the option “{self._option}” once")
            options[self._option] = _unquoted(match[2] or "")
            return True
        self._in_options = False
        wanted = OPTIONS.get(self._callout.kind, ())
        if line.partition(":")[0] in wanted:
            self.problem(number, "indent the options of a callout by four spaces")
        return False

    def _check_options(self, callout: Callout) -> None:
        wanted = OPTIONS.get(callout.kind, ())
        if callout.kind not in KINDS:
            return
        for name in callout.options:
            if name not in wanted:
                known = f"it has {listed(wanted, 'and')}" if wanted else "it has none; leave a blank line before text"
                self.problem(callout.line, f"{callout.kind} has no option “{name}”: {known}")
        for name in wanted:
            if not callout.options.get(name):
                self.problem(callout.line, f"{callout.kind} needs the option “{name}”, indented by four spaces")
        since = callout.options.get("since")
        if callout.kind == "changed" and since and not _SINCE.fullmatch(since):
            self.problem(callout.line, f"since is a year, or month and year (2017, October 2017), not “{since}”")

    def _check_blocks(self, number: int, line: str) -> None:
        """Refuse blocks that notes do not have, and indentation that would silently end a list."""
        stripped = line.lstrip()
        indent = len(line) - len(stripped)
        if stripped.startswith("#"):
            if not _HEADING.match(line):
                self.problem(number, "headings are ## or ###, a space and text; write \\# for a number sign")
            elif self._callout:
                self.problem(number, "a callout cannot hold a heading: use a paragraph in bold")
        elif stripped.startswith(">"):
            self.problem(number, "notes have no block quotes: use a paragraph or a callout (\\> for the sign itself)")
        elif _RULE.match(line):
            self.problem(number, "notes have no rules or underlined headings: use ## or ###")
        elif indent % 4 and (_ITEM.match(line) or not self.previous) and stripped:
            self.problem(number, "indent what belongs to a list item by four spaces for each level")

    def _check_table(self, number: int, line: str) -> None:
        """Count cells: the parser drops what has no column and takes a table without its second line for text."""
        if not line.lstrip().startswith("|"):
            if self._rows == 1:
                self.problem(number - 1, "a table’s second line is |---|---|, one --- for each column")
            self._rows = 0
            return
        self._rows += 1
        row = _CODE_SPAN.sub("", line).replace("\\|", "").strip()
        if _ANCHORS.search(row) and not row.endswith("|"):
            self.problem(number, "put the anchor into the last cell, before the | that closes the row")
            return
        cells = re.sub(r"^\||\|$", "", row).count("|") + 1
        if self._rows == 1:
            self._columns = cells
        elif self._rows == 2 and not _DELIMITER_ROW.match(row):
            self.problem(number, "a table’s second line is |---|---|, one --- for each column")
        if cells != self._columns:
            counts = f"this row has {cells} cells, its table {self._columns} columns"
            self.problem(number, f"{counts} (write \\| for the sign itself)")

    def _marked(self, number: int, line: str) -> str:
        """The line with a mark before each link, tag and anchor."""
        anchors = _ANCHORS.search(line)
        body, ids, end = (line[: anchors.start()], anchors[0], line[anchors.end() :]) if anchors else (line, "", "")
        plain = _CODE_SPAN.sub("`", body)
        if _ANCHOR_INSIDE.search(plain):
            self.problem(number, "an anchor stands at the end of its block: move it there, or make two paragraphs")
        elif _ANCHOR_GLUED.search(plain):
            self.problem(number, "put a space before the ^ of an anchor")
        body = re.sub(r"(?<!\\)\[", "[" + mark(number), body)
        body = re.sub(r"(?<!\\)<(?=[A-Za-z/!?])", mark(number) + "<", body)
        return body + ids.replace("^", mark(number) + "^") + end


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value
