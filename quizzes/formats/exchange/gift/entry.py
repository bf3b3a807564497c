"""One question of a GIFT file taken apart: its name, its stem, and the text of its answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from quizzes.formats.exchange.gift.blocks import Block
from quizzes.formats.exchange.gift.signs import as_typed, shown
from quizzes.formats.exchange.gift.texts import text_of
from quizzes.formats.exchange.model import Note, Severity
from quizzes.formats.exchange.plain import one_line

LONGEST_NAME = 255
_ANSWERS = re.compile(r"\s*(?:[=~#]|(?:T|TRUE|F|FALSE)\s*(?:#|$))")
_ID = re.compile(r"\[id:((?:\\\]|[^\]])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]<>`])+)\]")


class Refused(ValueError):
    """This question cannot be taken: why, and what to do."""


@dataclass
class Entry:
    """What stands in a block. ``answers`` is the text between the braces, escaped signs hidden.

    ``format`` is that of the stem, which the other texts have too unless they name their own.
    """

    name: str
    stem: str
    format: str
    answers: str
    answers_line: int
    general: str
    code: str
    tags: tuple[str, ...]
    notes: list[Note] = field(default_factory=list)

    def note(self, aspect: str, severity: Severity, words: str) -> None:
        """Add a line to the account."""
        self.notes.append(Note(aspect, severity, words))

    def line_of(self, position: int) -> int:
        """The line of a place in the answers."""
        return self.answers_line + self.answers.count("\n", 0, position)

    def text(self, piece: str) -> str:
        """The Markdown of one of the other texts."""
        return text_of(piece, self.format, self.notes)[0]


@dataclass(frozen=True, slots=True)
class _Place:
    """The braces of the answers: where they open and close."""

    start: int
    end: int


def entry_of(block: Block, text: str) -> Entry:
    """What the block says; ``text`` is that of it which is no category. Raises Refused."""
    offset = block.text.find(text)
    notes: list[Note] = []
    if block.pieces > 1:
        words = "Blank lines stand within the question. Moodle would part it there; here it was read as one."
        notes.append(Note("text", Severity.ASSUMED, words))
    if block.kept_comments:
        words = "A line of the code begins with “//”. Moodle would take it for a comment; here it was kept."
        notes.append(Note("code", Severity.ASSUMED, words))
    name, body = _name(text)
    start = offset + len(text) - len(body)
    place = _answers(body, block.number + block.text.count("\n", 0, start), notes)
    whole = place.end == len(body) - 1
    stem, format = text_of(body[: place.start] + ("" if whole else "_____") + body[place.end + 1 :], "moodle", notes)
    if not whole:
        notes.append(Note("text", Severity.CHANGED, "The gap within the sentence became “_____”."))
    inside = body[place.start + 1 : place.end]
    answers, _, general = inside.rpartition("####") if "####" in inside else (inside, "", "")
    blank = len(answers) - len(answers.lstrip())
    line = block.number + block.text.count("\n", 0, start + place.start + 1 + blank)
    code, tags = _known(block.comments)
    entry = Entry(name, stem, format, answers.strip(), line, "", code, tags, notes)
    entry.general = entry.text(general)
    if not stem:
        raise Refused("the stem is missing: write the question before the answers")
    return entry


def _name(text: str) -> tuple[str, str]:
    """The name, and what follows it."""
    if not text.startswith("::"):
        return "", text
    name, found, rest = text[2:].partition("::")
    return (one_line(shown(name))[:LONGEST_NAME], rest.strip()) if found else ("", text[2:].strip())


def _known(comments: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The id and the tags that Moodle writes into comments."""
    text = "\n".join(comments)
    code = _ID.search(text)
    tags = [one_line(one.replace("\\]", "]"))[:40].strip() for one in _TAG.findall(text)]
    return one_line(code[1].replace("\\]", "]")) if code else "", tuple(dict.fromkeys(filter(None, tags)))


def _answers(body: str, first_line: int, notes: list[Note]) -> _Place:
    """The braces of the answers. Where there are others, those are found that hold answers. Raises Refused."""
    braces = [(match.start(), match[0]) for match in re.finditer(r"[{}]", body)]

    def line(position: int) -> int:
        return first_line + body.count("\n", 0, position)

    if not braces:
        raise Refused(
            "there are no answers in braces, so Moodle takes this for a text without a question; if it belongs to the "
            "question below, take the blank line out or write \\n\\n in its place"
        )
    if [sign for _, sign in braces] == ["{", "}"]:
        place = _Place(braces[0][0], braces[1][0])
        if body[: place.start].endswith("$") and not _ANSWERS.match(body[place.start + 1 : place.end]):
            said = as_typed(body[place.start - 1 : place.end + 1])[:60]
            raise Refused(
                f"line {line(place.start)}: Moodle takes the braces of “{said}” for the answers: write \\{{ and \\}} "
                "where braces are text, and add the answers"
            )
        return place
    place, others = _chosen(body, braces, line)
    where = ", ".join(dict.fromkeys(str(line(one)) for one in others))
    words = (
        f"Braces that are not escaped stand in line {where}. Moodle would begin or end the answers there; "
        "here they were read as text."
    )
    notes.append(Note("text", Severity.ASSUMED, words))
    return place


def _chosen(body: str, braces: list[tuple[int, str]], line: Callable[[int], int]) -> tuple[_Place, list[int]]:
    """The one pair of outer braces that holds answers, and where the other braces are. Raises Refused."""
    outer: list[_Place] = []
    depth, start = 0, 0
    for position, sign in braces:
        if sign == "{":
            start = position if depth == 0 else start
            depth += 1
        elif depth == 0:
            raise Refused(f"line {line(position)}: this “}}” closes nothing: write \\}} where a brace is text")
        else:
            depth -= 1
            if depth == 0:
                outer.append(_Place(start, position))
    if depth:
        raise Refused(f"line {line(start)}: this “{{” is never closed: add “}}”, or write \\{{ where a brace is text")
    found = [one for one in outer if _ANSWERS.match(body, one.start + 1, one.end)]
    if len(found) != 1:
        right = set(found)
        other = next((one.start for one in outer if one not in right), outer[0].start)
        raise Refused(
            f"line {line(other)}: the question has several pairs of braces, and which of them holds the answers is "
            "not clear: write \\{ and \\} where braces are text"
        )
    ends = {found[0].start, found[0].end}
    return found[0], [position for position, _ in braces if position not in ends]
