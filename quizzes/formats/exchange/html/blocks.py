"""Paragraphs, code, lists and tables, gathered one by one and written as the site’s Markdown."""

from dataclasses import dataclass, field

from quizzes.formats.exchange.html.inline import BREAK, CODE, PICTURE, Run, paragraphs

MOST_NESTED = 4
"""Lists within lists. What is deeper stands as paragraphs of the deepest."""
MOST_COLUMNS = 30
MOST_ROWS = 500
_INDENT = "    "


@dataclass
class _List:
    """A list; while it is open, what comes belongs to the last of its items."""

    ordered: bool
    start: int = 1
    items: list[list["Block"]] = field(default_factory=list)


Block = str | _List
"""The Markdown of a paragraph, of code or of a table; or a list."""


@dataclass
class _Table:
    """A table that is open; ``cells`` are those of its open row, ``head`` whether its first row is one of headers."""

    rows: list[list[str]] = field(default_factory=list)
    cells: list[str] | None = None
    head: bool = False
    in_cell: bool = False
    last: list[Run] = field(default_factory=list)


class Blocks:
    """Takes runs of text and the ends of blocks; :meth:`text` is the whole at the end."""

    def __init__(self) -> None:
        self._root: list[Block] = []
        self._lists: list[_List] = []
        self._too_deep = 0
        self._table: _Table | None = None
        self.runs: list[Run] = []

    @property
    def in_cell(self) -> bool:
        """Whether what comes stands in a table, where there are no blocks."""
        return self._table is not None and self._table.in_cell

    @property
    def in_table(self) -> bool:
        """Whether a table is open."""
        return self._table is not None

    def add(self, text: str, form: int, link: str) -> None:
        """A run of text, its white space made one blank; none at the beginning of a line."""
        last = self.runs[-1] if self.runs else None
        if text[0] == " " and (last is None or last.format == BREAK or last.text[-1:] == " ") and not form & PICTURE:
            text = text[1:]
        if not text:
            return
        # Code beside code is one span whatever is around it: two would share their ticks.
        alike = last is not None and last.link == link and (last.format == form or last.format & form & CODE)
        if last is not None and alike and not (form | last.format) & PICTURE:
            self.runs[-1] = Run(last.text + text, last.format, link)
        else:
            self.runs.append(Run(text, form, link))

    def line_break(self) -> None:
        """The end of a line within a paragraph; in a table a blank."""
        self.runs.append(Run(" ", 0)) if self.in_cell else self.runs.append(Run("", BREAK))

    def end_block(self) -> None:
        """The end of a paragraph; in a table a blank."""
        if not self.runs:
            return
        if self.in_cell:
            self.add(" ", 0, "")
            return
        runs, self.runs = self.runs, []
        self._here.extend(paragraphs(runs))

    def add_code(self, text: str) -> None:
        """A block of code; in a table a code span."""
        if self.in_cell:
            self.add(" ".join(text.split()) or " ", CODE, "")
            return
        self.end_block()
        lines = [line.expandtabs(4).rstrip() for line in text.strip("\n").rstrip().split("\n")]
        if any(lines):
            fence = "```"
            while any(line.lstrip().startswith(fence) for line in lines):
                fence += "`"
            self._here.append("\n".join([fence, *lines, fence]))

    @property
    def _here(self) -> list[Block]:
        if not self._lists:
            return self._root
        items = self._lists[-1].items
        if not items:
            items.append([])
        return items[-1]

    # Lists

    def open_list(self, *, ordered: bool, start: int = 1) -> None:
        """A list begins; in a table it is text."""
        self.end_block()
        if self.in_table:
            return
        if len(self._lists) >= MOST_NESTED:
            self._too_deep += 1
        else:
            self._lists.append(_List(ordered, start))

    def open_item(self) -> None:
        """An item begins, and the one before it in its list ends."""
        self.end_block()
        if self.in_table or self._too_deep:
            return
        if not self._lists:
            self._lists.append(_List(ordered=False))
        items = self._lists[-1].items
        if not items or items[-1]:
            items.append([])

    def close_list(self) -> None:
        """The list ends."""
        self.end_block()
        if self.in_table or not self._lists:
            return
        if self._too_deep:
            self._too_deep -= 1
            return
        closed = self._lists.pop()
        if not any(closed.items):
            return
        here = self._here
        last = here[-1] if here else None
        if isinstance(last, _List) and last.ordered == closed.ordered:
            # One list beside another of its kind is read as one.
            last.items += closed.items
        else:
            here.append(closed)

    # Tables

    def open_table(self) -> None:
        """A table begins; within another one it is text."""
        self.end_block()
        self._table = self._table or _Table()

    def open_row(self) -> None:
        """A row begins."""
        if self._table is None:
            return
        self.close_row()
        self._table.cells = []

    def open_cell(self, *, head: bool, span: int = 1) -> None:
        """A cell begins."""
        if self._table is None:
            return
        self.close_cell()
        if self._table.cells is None:
            self._table.cells = []
        if head and not self._table.rows and not self._table.cells:
            self._table.head = True
        self._table.cells += [""] * (min(span, MOST_COLUMNS) - 1)
        self._table.in_cell = True

    def close_cell(self) -> None:
        """The cell ends. What stands between cells goes with the next one."""
        table = self._table
        if table is None or not table.in_cell:
            return
        runs, self.runs = self.runs, []
        table.in_cell = False
        if table.cells is not None and len(table.cells) < MOST_COLUMNS:
            table.cells.append(" ".join(paragraphs(runs, cell=True)))
            table.last = runs if table.cells[-1] else table.last

    def close_row(self) -> None:
        """The row ends."""
        self.close_cell()
        table = self._table
        if table is not None and table.cells is not None:
            if any(table.cells) and len(table.rows) < MOST_ROWS:
                table.rows.append(table.cells)
            elif not table.rows:
                table.head = False
            table.cells = None

    def close_table(self) -> None:
        """The table ends."""
        if self._table is None:
            return
        self.close_row()
        table, self._table = self._table, None
        self.end_block()
        if len(table.rows) == 1 and len(table.rows[0]) == 1:
            # One cell is a frame around its text.
            self._here.extend(paragraphs(table.last))
        elif table.rows:
            self._here.append(_table(table))

    def text(self) -> str:
        """All of it as Markdown. Ends what is open."""
        self.close_table()
        self.end_block()
        while self._lists:
            self.close_list()
        return _joined(self._root)


def _joined(blocks: list[Block]) -> str:
    return "\n\n".join(_list(one) if isinstance(one, _List) else one for one in blocks)


def _list(one: _List) -> str:
    """The items under each other; a blank line behind one of several blocks, or the next one would belong to it."""
    text = ""
    for number, blocks in enumerate(filter(None, one.items), one.start):
        item = _item(f"{number}. " if one.ordered else "- ", blocks)
        text += item + ("\n\n" if "\n\n" in item or "```" in item else "\n")
    return text.rstrip("\n")


def _item(marker: str, blocks: list[Block]) -> str:
    """A list stands close under the one paragraph of its item; all else a blank line apart."""
    if len(blocks) == 2 and isinstance(blocks[1], _List) and not isinstance(blocks[0], _List):
        text = f"{blocks[0]}\n{_list(blocks[1])}"
    else:
        text = _joined(blocks)
    begins = "" if _is_paragraph(blocks[0]) else "\n"
    if not isinstance(blocks[0], str) or blocks[0].startswith("| "):
        # Behind a bare marker the renderer sees no table and no list: a sign without width stands before it, as the
        # paragraph that it is when it is read again.
        return _item(marker, ["\u200b", *blocks])
    return f"{marker}{begins}{text}".replace("\n", f"\n{_INDENT}").replace(f"\n{_INDENT}\n", "\n\n")


def _is_paragraph(block: Block) -> bool:
    return isinstance(block, str) and not block.startswith(("```", "| "))


def _table(table: _Table) -> str:
    width = max(map(len, table.rows))
    rows = [row + [""] * (width - len(row)) for row in table.rows]
    head, body = (rows[0], rows[1:]) if table.head else ([""] * width, rows)
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * width]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in body)])
