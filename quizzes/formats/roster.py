"""The roster of a class as a table of text: bytes in, rows or one refusal out."""

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from quizzes.formats.exchange.model import BadFile
from quizzes.formats.exchange.source import encoding_of, text_of
from quizzes.formats.sheets import Cell, guarded, plain, separator_of

MOST_BYTES = 1024 * 1024
MOST_ROWS = 2000
MOST_CELLS = 200
"""In a row."""
COLUMNS = ("name", "username", "email", "external id", "group", "joined", "left")
"""What is written. The last two tell and are never read."""
SAMPLE = """name,email,external id,group
Ann Smith,ann@example.org,2026-001,Monday
José García,jose@example.org,2026-002,Monday
Zoë Novák,zoe@example.org,2026-003,Thursday
"""
_SPELLED = {
    "name": ("name", "fullname", "studentname", "displayname", "student", "learner", "participant", "sortablename"),
    "first": ("firstname", "givenname", "forename"),
    "last": ("lastname", "surname", "familyname"),
    "username": ("username", "loginid", "sisloginid", "login", "user", "account"),
    "email": ("email", "emailaddress", "mail", "mailaddress", "studentemail"),
    "external_id": (
        *("externalid", "studentid", "studentnumber", "idnumber", "sisuserid", "sisid", "userid"),
        *("matriculationnumber", "registrationnumber", "number", "id"),
    ),
    "group": ("group", "groups", "groupname", "group1", "section", "sectionname", "team"),
    "told": ("joined", "left"),
}
"""Headers without spaces, signs and case; of several that mean the same column the first is read."""
_LONGEST = {"name": 150, "username": 150, "email": 254, "external_id": 100, "group": 80}
WORDS = {
    "name": "name",
    "username": "user name",
    "email": "email address",
    "external_id": "external id",
    "group": "group",
}
KNOWN_BY = ("email", "external_id", "username")
"""What somebody is known by."""
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W_](?:[\w-]*[^\W_])?")
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
"""How workbooks begin: those of today, and those of long ago."""
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that can be read; what it does not say is empty. ``email`` is in lower case."""

    line: int
    name: str = ""
    username: str = ""
    email: str = ""
    external_id: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is left out: the line it begins on, what is wrong and what to do, and what stands there."""

    line: int
    words: str
    shown: str


@dataclass(frozen=True, slots=True)
class Roster:
    """What a file says. ``encoding`` as of :func:`encoding_of`; ``ignored``: headers of columns that are not read."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    encoding: str
    separator: str
    ignored: tuple[str, ...]


def flat(text: str) -> str:
    """Text in one line: spaces made one, control characters and marks of byte order left out."""
    kept = (one for one in text if one.isspace() or (unicodedata.category(one) != "Cc" and one != "\ufeff"))
    return " ".join("".join(kept).split())


def shown(entry: Entry) -> str:
    """A row in a few words, for messages."""
    values = (entry.name, entry.email, entry.username, entry.external_id, entry.group)
    return ", ".join(one for one in values if one)[:_SHOWN]


def as_row(entry: Entry, joined: str, left: str) -> list[Cell]:
    """The cells of :data:`COLUMNS`; what is read back is the entry."""
    values = (entry.name, entry.username, entry.email, entry.external_id, entry.group)
    return [*(guarded(one) for one in values), joined, left]


def read_roster(data: bytes) -> Roster:
    """The rows of a table with a header, divided by commas, semicolons or tabs. Raises BadFile, and nothing else."""
    text, encoding = _text(data)
    separator = separator_of(text, ",;\t")
    rows = _rows(text, separator)
    head_line, head = next(((line, cells) for line, cells in rows if not cells[0].startswith("sep=")), (1, []))
    columns, ignored = _columns(head, head_line)
    entries: list[Entry] = []
    faults: list[Fault] = []
    spelled: dict[str, str] = {}
    for number, (line, cells) in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise BadFile(f"it has more than {MOST_ROWS:,} rows: send it in parts", f"line {line}")
        found = _entry(line, cells, columns, len(head))
        if isinstance(found, Fault):
            faults.append(found)
        else:
            # “Lab a” and “lab A” are one group, spelled as the first row has it.
            group = spelled.setdefault(found.group.casefold(), found.group)
            entries.append(replace(found, group=group))
    if not entries and not faults:
        raise BadFile("there is no row below the names of the columns", f"line {head_line}")
    kept, doubled = _without_doubled(entries)
    return Roster(kept, tuple(sorted([*faults, *doubled], key=lambda one: one.line)), encoding, separator, ignored)


def _text(data: bytes) -> tuple[str, str]:
    if len(data) > MOST_BYTES:
        raise BadFile(f"it has more than {MOST_BYTES // 1024 // 1024} MB: send it in parts")
    if not data.strip():
        raise BadFile("the file is empty")
    if data.startswith(_PACKED):
        raise BadFile("this is a workbook or a packed file: open it in your spreadsheet and save it as CSV")
    encoding = encoding_of(io.BytesIO(data))
    text = text_of(io.BytesIO(data), encoding).read()
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise BadFile("this is no text: save the table as CSV, in UTF-8", f"line {line}")
    return text, encoding


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line it begins on."""
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if len(cells) > MOST_CELLS:
                raise BadFile(f"it has more than {MOST_CELLS} cells: this is no roster", f"line {line}")
            found = [flat(plain(one)) for one in cells]
            if any(found):
                yield line, found
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadFile(f"this row cannot be read ({error}): save the table as CSV again", f"line {line}") from error


def _columns(head: Sequence[str], line: int) -> tuple[dict[str, int], tuple[str, ...]]:
    """Where each column stands, and the headers that are not read."""
    names = ["".join(one for one in cell.casefold() if one.isalnum()) for cell in head]
    found: dict[str, int] = {}
    for column, spellings in _SPELLED.items():
        for spelling in spellings:
            if names.count(spelling) > 1:
                raise BadFile(
                    f"two columns are called “{head[names.index(spelling)][:40]}”: rename one", f"line {line}"
                )
            if spelling in names:
                found.setdefault(column, names.index(spelling))
    if not found.keys() & set(KNOWN_BY):
        wanted = "“email”, “external id” or “username”"
        there = ", ".join(f"“{one[:40]}”" for one in head[:6] if one) or "nothing"
        raise BadFile(f"the first row has to name the columns, one of them {wanted}; it says {there}", f"line {line}")
    read = set(found.values()) | {place for place, name in enumerate(names) if name in _SPELLED["told"]}
    if "name" in found:
        read -= {found[one] for one in ("first", "last") if one in found}
    return found, tuple(cell[:60] for place, cell in enumerate(head) if cell and place not in read)


def _entry(line: int, cells: Sequence[str], columns: dict[str, int], width: int) -> Entry | Fault:
    def cell(column: str) -> str:
        place = columns.get(column, width)
        return cells[place] if place < len(cells) else ""

    name = cell("name") if "name" in columns else f"{cell('first')} {cell('last')}".strip()
    values = {one: cell(one) for one in ("username", "external_id", "group")}
    found = Entry(line, name=name, email=cell("email").lower(), **values)
    words = ""
    if any(cells[width:]):
        words = "it has more cells than the first row names: put a text with the separator in it in quotes"
    elif "\ufffd" in "".join(cells):
        words = "a letter cannot be read: save the table in UTF-8"
    elif long := next((one for one, most in _LONGEST.items() if len(getattr(found, one)) > most), ""):
        words = f"its {WORDS[long]} has more than {_LONGEST[long]} characters: shorten it"
    elif found.email and not _ADDRESS.fullmatch(found.email):
        words = f"“{found.email[:60]}” is no email address: correct it"
    elif not any(getattr(found, one) for one in KNOWN_BY):
        words = "it has nothing to know somebody by: add an email address"
    return Fault(line, words, ", ".join(one for one in cells if one)[:_SHOWN]) if words else found


def _without_doubled(entries: Sequence[Entry]) -> tuple[tuple[Entry, ...], list[Fault]]:
    """The rows that name somebody once. Of rows that say the same the first stays; of others none."""
    faults: dict[int, Fault] = {}
    said: dict[Entry, int] = {}
    for one in entries:
        first = said.setdefault(replace(one, line=0), one.line)
        if first != one.line:
            faults[one.line] = Fault(one.line, f"it says the same as line {first}", shown(one))
    for by in KNOWN_BY:
        meeting = defaultdict(list)
        for one in entries:
            if getattr(one, by) and one.line not in faults:
                meeting[getattr(one, by).casefold()].append(one)
        for same in meeting.values():
            if len(same) > 1:
                value = getattr(same[0], by)
                words = f"{lines([one.line for one in same])} have the same {WORDS[by]}, “{value[:60]}”: keep one"
                faults |= {one.line: Fault(one.line, words, shown(one)) for one in same}
    return tuple(one for one in entries if one.line not in faults), list(faults.values())


def lines(numbers: Sequence[int]) -> str:
    """“lines 3, 7 and 9”; of many the first ten."""
    told = [str(one) for one in numbers[:10]]
    rest = len(numbers) - len(told)
    last = f"{rest} more" if rest else told.pop()
    return f"lines {', '.join(told)} and {last}"
