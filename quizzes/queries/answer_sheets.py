"""From the rows of finished attempts to the sheet that item analysis takes. docs/statistics.md has the rules.

What is read by the hundred thousand is kept by question in arrays of one number an attempt, and each distinct answer
is looked at once.
"""

import json
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import comb
from typing import Any, cast

from django.db.models import TextField
from django.db.models.functions import Cast

from quizzes.engine.analysis import Column, Sheet
from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS, Shape
from quizzes.models import Attempt, QuestionVersion, Quiz, Response, SectionQuestion
from quizzes.queries.finished_attempts import Chosen, Wanted, chosen_attempts

AT_ONCE = 500
"""Attempts of one query."""
NOTHING = "[]"
"""A choice of nothing, as the database writes it."""
TRUE = ("1", "true")
"""As SQLite and PostgreSQL write it."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a question, which is one column: all versions that have it, and the one whose key counts.

    ``name`` is the question’s code; with the number of its first version behind it where a newer text was answered,
    and “@pilot” where the question counted for some and for others not. ``newest``: no newer text was answered.
    """

    name: str
    question: int
    code: str
    version: int
    numbers: tuple[int, ...]
    kind: str
    newest: bool
    counted: bool


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """A sheet with what it was made of: its questions, whose attempts, and what was left out."""

    sheet: Sheet
    texts: tuple[Text, ...]
    chosen: Chosen
    traced: int


def answer_sheet(quiz: Quiz | None, wanted: Wanted, *, tell: Callable[[int], None] = lambda done: None) -> AnswerSheet:
    """The answers of the attempts that are wanted; of the mock exams of the course where there is no quiz.

    ``tell`` is called now and then with the number of responses read. It may raise, to break off.
    """
    chosen = chosen_attempts(quiz, wanted)
    reading = _Reading(chosen.ids)
    for start in range(0, len(chosen.ids), AT_ONCE):
        tell(reading.read(chosen.ids[start : start + AT_ONCE]))
    texts, columns = _columns(reading, quiz)
    drawn = any(0 in kept.codes for kept in reading.kept.values())
    return AnswerSheet(Sheet(len(chosen.ids), columns, drawn), texts, chosen, reading.traced)


class _Kept:
    """What is kept of one question: one entry an attempt. Code 0 stands for “did not have it”, 1 for no answer."""

    __slots__ = ("codes", "marks", "ms", "texts", "unseen")

    def __init__(self, n: int) -> None:
        self.codes = array("I", bytes(4 * n))
        self.marks = array("d", bytes(8 * n))
        self.ms = array("l", [-1]) * n
        self.unseen = bytearray(n)
        self.texts: dict[str, int] = {NOTHING: 1}

    def code(self, choice: str) -> int:
        """The number of an answer."""
        return self.texts.setdefault(choice, len(self.texts) + 1)


@dataclass
class _Reading:
    """Rows into arrays; the contents of questions are not looked at."""

    ids: Sequence[int]
    kept: dict[tuple[int, int], _Kept] = field(default_factory=dict)
    done: int = 0
    traced: int = 0

    def __post_init__(self) -> None:
        self.place = {pk: row for row, pk in enumerate(self.ids)}
        self.roots: dict[int, int] = {}
        self.cells: dict[tuple[int, str, str], tuple[Any, ...]] = {}
        self.names = [str(position) for position in range(1000)]

    def read(self, ids: Sequence[int]) -> int:
        """The responses of some attempts; how many have been read by now."""
        about = _abouts(ids)
        self.traced += sum(bool(trace) for trace, _practice in about.values())
        rows = Response.objects.filter(attempt_id__in=ids).order_by("attempt_id", "position")
        # As text: every other type has each value pass through a converter.
        plain = rows.annotate(given=Cast("choice", TextField()), counts=Cast("scored", TextField()))
        columns = ("attempt_id", "position", "version_id", "counts", "given", "fraction")
        place, cells, names, count = self.place, self.cells, self.names, 0
        last, row, practice = -1, 0, False
        trace: dict[str, Any] = {}
        for attempt, position, version, counts, given, fraction in plain.values_list(*columns).iterator(5_000):
            if attempt != last:
                last, row = attempt, place[attempt]
                trace, practice = about[attempt]
            cell = cells.get((version, counts, given)) or self._cell(attempt, version, counts, given)
            codes, marks, ms, unseen, code = cell
            codes[row] = code
            if fraction:
                marks[row] = fraction
            entry = trace.get(names[position])
            if entry is not None:
                ms[row] = entry.get("ms", -1)
            elif code == 1 and (practice or trace):
                unseen[row] = 1
            count += 1
        self.done += count
        return self.done

    def _cell(self, attempt: int, version: int, counts: str, given: str) -> tuple[Any, ...]:
        """Where an answer to a version goes, and its number there."""
        if version not in self.roots:
            self._learn(attempt)
        key = (self.roots[version], int(counts in TRUE))
        kept = self.kept.get(key)
        if kept is None:
            kept = self.kept[key] = _Kept(len(self.ids))
        cell = (kept.codes, kept.marks, kept.ms, kept.unseen, kept.code(given))
        self.cells[version, counts, given] = cell
        return cell

    def _learn(self, attempt: int) -> None:
        """To which text each version of the questions of an attempt belongs; in a fixed form once for all."""
        asked = Response.objects.filter(attempt_id=attempt).order_by().values("question_id")
        rows = QuestionVersion.objects.filter(question_id__in=asked).order_by("question_id", "number")
        for pk, corrects in rows.values_list("pk", "corrects_id"):
            self.roots[pk] = self.roots.get(corrects, corrects) if corrects else pk


def _abouts(ids: Sequence[int]) -> dict[int, tuple[dict[str, Any], bool]]:
    """The trace of each attempt, and whether it is a practice session."""
    rows = Attempt.objects.filter(pk__in=ids).order_by().annotate(text=Cast("trace", TextField()))
    return {
        pk: (json.loads(text) if text else {}, mode == Quiz.Mode.PRACTICE)
        for pk, mode, text in rows.values_list("pk", "mode", "text")
    }


def _columns(reading: _Reading, quiz: Quiz | None) -> tuple[tuple[Text, ...], tuple[Column, ...]]:
    """The questions in the order of the quiz, of each the newest text first."""
    families = _families(reading)
    places = _places(quiz)
    texts = [_text(families, key, reading) for key in reading.kept]
    order = sorted(
        zip(texts, reading.kept, strict=True),
        key=lambda one: (places.get(one[0].question, len(places)), one[0].code, not one[0].newest, -one[0].numbers[0]),
    )
    newest = QuestionVersion.objects.defer("shown", "key").in_bulk({text.version for text, _key in order})
    columns = (_column(text, reading.kept[key], newest[text.version]) for text, key in order)
    return tuple(text for text, _key in order), tuple(columns)


def _families(reading: _Reading) -> dict[int, list[tuple[int, int, int, str, str]]]:
    """By the first version of each text that was answered: its versions, as key, number, question, code and kind."""
    roots = {root for root, _counts in reading.kept}
    members = [pk for pk, root in reading.roots.items() if root in roots]
    found: dict[int, list[tuple[int, int, int, str, str]]] = {}
    for start in range(0, len(members), AT_ONCE):
        rows = QuestionVersion.objects.filter(pk__in=members[start : start + AT_ONCE]).order_by("number")
        for row in rows.values_list("pk", "number", "question_id", "question__code", "kind"):
            found.setdefault(reading.roots[row[0]], []).append(row)
    return found


def _text(
    families: Mapping[int, Sequence[tuple[int, int, int, str, str]]], key: tuple[int, int], reading: _Reading
) -> Text:
    root, counts = key
    members = families[root]
    version, _number, question, code, kind = members[-1]
    first = members[0][1]
    newest = first == max(one[0][1] for one in families.values() if one[0][2] == question)
    name = code if newest else f"{code}@v{first}"
    if not counts and (root, 1) in reading.kept:
        name += "@pilot"
    return Text(name, question, code, version, tuple(one[1] for one in members), kind, newest, bool(counts))


def _places(quiz: Quiz | None) -> dict[int, int]:
    """Where a question stands in the fixed sections of a quiz."""
    if quiz is None:
        return {}
    rows = SectionQuestion.objects.filter(section__quiz=quiz).order_by("section__position", "position")
    return {question: place for place, question in enumerate(rows.values_list("question_id", flat=True))}


def _column(text: Text, kept: _Kept, version: QuestionVersion) -> Column:
    content = Content.from_body(version.body)
    kind = KINDS[content.kind]
    # By the number of an answer: none for “did not have it” and for no answer.
    falls = [{}, {}, *(kind.classify(content, json.loads(one)) for one in kept.texts if one != NOTHING)]
    names = list(kind.classify(content, ()))
    codes = kept.codes
    marks: Sequence[float | None] = kept.marks
    if 0 in codes:
        marks = [mark if code else None for mark, code in zip(kept.marks, codes, strict=True)]
    options, choose = kind.chances(Shape(content.choose, kind.parts(content)))
    return Column(
        code=text.name,
        most=1.0,
        marks=marks,
        reached=_flags(not one for one in kept.unseen),
        answered=_flags(code > 1 for code in codes),
        seconds=_seconds(kept.ms),
        classes={name: _classed(codes, [bool(one.get(name)) for one in falls]) for name in names},
        key=_key(kind, content, names),
        floor=1 / comb(options, choose),
        counted=text.counted,
    )


def _flags(values: Iterable[bool]) -> Sequence[bool]:
    """A byte for each."""
    return cast(Sequence[bool], bytes(values))


def _classed(codes: "array[int]", falls: Sequence[bool]) -> Sequence[bool]:
    return cast(Sequence[bool], bytes(map(falls.__getitem__, codes)))


def _seconds(ms: "array[int]") -> Sequence[float | None]:
    """Each distinct time once: a number that is shared takes no room."""
    shared: dict[int, float | None] = {-1: None}
    return [shared[one] if one in shared else shared.setdefault(one, one / 1000) for one in ms]


def _key(kind: Any, content: Content, names: Sequence[str]) -> frozenset[str]:
    """The classes that are right: of options those of the key; of parts and typed answers by their nature."""
    if kind.has_options:
        return frozenset(content.keys)
    return frozenset(names) - {"wrong"}
