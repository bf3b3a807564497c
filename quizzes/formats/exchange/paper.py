"""A printable paper: one HTML file with the questions, an answer sheet, and the key on pages of its own."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random
from tempfile import SpooledTemporaryFile
from types import MappingProxyType
from typing import IO, BinaryIO

from quizzes.engine.kinds import KINDS
from quizzes.engine.kinds.matching import TARGET
from quizzes.formats.exchange.html import escaped, to_html
from quizzes.formats.exchange.model import BadFile, Exchanged, Fate, Note, Pictures, ReadItem, Severity
from quizzes.formats.exchange.paper_style import STYLE
from quizzes.formats.exchange.projection import with_plain_ids, without
from quizzes.formats.exchange.source import Source

LETTERS = "ABCDEFGHIJKL"
_KEPT_IN_MEMORY = 1 << 20
_TYPES = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"RIFF", "image/webp"))
_MISSING = "missing:"
_MISSING_PICTURE = re.compile(rf'<img\b[^>]*?alt="([^"]*)"[^>]*?src="{_MISSING}"[^>]*>')
_ONLY_IN_KEY = ("id", "title", "rationales", "sources")
_NEVER = ("topics", "exam", "constraints", "references", "relations", "tags", "status")
_WORDS = {
    "kind": Fate(True, "Each kind has its own place for the answer."),
    "text": Fate(True, "Formatted text is printed as such."),
    "code": Fate(True, "Code is printed in a frame."),
    "tables": Fate(True, "Tables are printed."),
    "pictures": Fate(True, "Pictures are inside the file."),
    "rationales": Fate(True, "The rationale of each option stands in the key."),
    "choose": Fate(True, "The paper says how many to choose."),
    "scoring": Fate(True, "The paper says that a question counts only as a whole."),
    "order": Fate(True, "Options that may be shuffled are printed in one order, the same each time."),
    "ids": Fate(False, "Options are lettered A, B, C …; their ids are not printed."),
    "id": Fate(True, "The code stands in the key."),
    "title": Fate(True, "The title stands in the key."),
    "scenario": Fate(True, "A shared text is printed once, before the first of its questions."),
    "tags": Fate(False, "Tags are not printed."),
    "topics": Fate(False, "Topics are not printed."),
    "exam": Fate(False, "Task, domain, level and difficulty are not printed."),
    "constraints": Fate(False, "Requirements are not marked."),
    "references": Fate(False, "Statements of the notes are not named."),
    "sources": Fate(True, "Sources stand in the key."),
    "relations": Fate(False, "Enemies and contrast pairs are not printed."),
    "status": Fate(False, "Status, flags, reviews and licence are not printed."),
    "extra": Fate(True, "Nothing else belongs to a paper."),
}


class Paper:
    """Paper to print, out only. ``with_key``: whether the key is at its end, or is left out of the file."""

    suffixes: tuple[str, ...] = (".html",)
    media_type = "text/html"
    reads = False
    writes = True

    def __init__(self, name: str, title: str, *, with_key: bool) -> None:
        self.name, self.title, self.with_key = name, title, with_key
        left_out = (
            {} if with_key else {one: Fate(False, "The key is left out, and this with it.") for one in _ONLY_IN_KEY}
        )
        self.fates: Mapping[str, Fate] = MappingProxyType(_WORDS | left_out)

    def recognises(self, source: Source) -> bool:
        """Never: paper is not read."""
        return False

    def read(self, source: Source) -> Iterator[ReadItem]:
        """Raises BadFile: paper is not read."""
        raise BadFile("paper is printed, not read: bring the file it was made from")

    def pictures(self, source: Source) -> Pictures:
        """None."""
        return lambda name: None

    def project(self, question: Exchanged) -> tuple[Exchanged | None, tuple[Note, ...]]:
        """What stands on the paper."""
        if flaws := KINDS[question.content.kind].flaws(question.content):
            words = f"This question cannot be asked as it is, and is not printed: {flaws[0]}."
            return None, (Note("kind", Severity.LOST, words),)
        gone = _NEVER if self.with_key else (*_NEVER, *_ONLY_IN_KEY)
        left, notes = without(question, gone, self.fates)
        return with_plain_ids(left), tuple(notes)

    def write(self, questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str) -> None:
        """The whole file. The answer sheet and the key wait on the disk until the questions are written."""
        with _spooled() as sheet, _spooled() as key:
            _put(out, _head(title))
            scenarios: dict[str, int] = {}
            number = 0
            for question in questions:
                if self.project(question)[0] is None:
                    continue
                number += 1
                printed = _Printed(question, number, pictures)
                _put(out, printed.question(scenarios))
                _put(sheet, printed.line_of_sheet())
                if self.with_key:
                    _put(key, printed.key())
            _put(out, '</section>\n<section class="sheet" aria-labelledby="sheet">\n<h2 id="sheet">Answer sheet</h2>\n')
            _put(out, f"{_FIELDS}<ol>\n")
            _copy(sheet, out)
            _put(out, "</ol>\n</section>\n")
            if self.with_key:
                _put(out, '<section class="key" aria-labelledby="key">\n<h2 id="key">Key</h2>\n')
                _copy(key, out)
                _put(out, "</section>\n")
            _put(out, "</main>\n</body>\n</html>\n")


_FIELDS = """<p class="who"><span>Name <span class="line"></span></span>
<span>Date <span class="line"></span></span></p>
"""


def _head(title: str) -> str:
    name = escaped(title) or "Questions"
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{name}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{name}</h1>\n{_FIELDS}"
        "<p>Write your answers on the answer sheet at the end. "
        "A question counts only if the whole of its answer is right.</p>\n"
        '<section class="questions" aria-labelledby="questions">\n<h2 id="questions">Questions</h2>\n'
    )


class _Printed:
    """One question under its number, with its parts in the order in which the paper shows them."""

    def __init__(self, question: Exchanged, number: int, pictures: Pictures) -> None:
        self._question, self._number, self._pictures = question, number, pictures
        self._content = content = question.content
        shape = KINDS[content.kind]
        self._control = shape.control
        # From the text itself: the same paper each time, and an author’s habit of where the key stands shows nowhere.
        shown = shape.shuffle(shape.parts(content), content.order, Random(content.digest))
        self._parts = [one for one in shown if not one.startswith(TARGET)]
        self._targets = [one.removeprefix(TARGET) for one in shown if one.startswith(TARGET)]
        self._texts = {one.id: one.text for one in content.options}
        self._target_texts = {one["id"]: one["text"] for one in content.extra.get("targets", ())}

    def question(self, scenarios: dict[str, int]) -> str:
        """The question as learners read it. ``scenarios``: the shared texts so far, and where each was printed."""
        number, content = self._number, self._content
        heading = f'<h3 id="q{number}">Question {number}</h3>\n'
        body = f"{self._scenario(scenarios)}{heading}{self._html(content.stem)}\n{self._ask()}\n{self._choices()}"
        return f'<div class="question {self._control}">\n{body}</div>\n'

    def line_of_sheet(self) -> str:
        """Where the answer is marked or written."""
        if self._control == "options":
            marks = "".join(f'<span class="mark">{one}</span> ' for one in self._letters(self._parts).values())
        elif self._control == "ordering":
            marks = '<span class="box"></span> ' * len(self._parts)
        elif self._control == "matching":
            marks = "".join(f'{one} <span class="box"></span> ' for one in range(1, len(self._parts) + 1))
        else:
            unit = escaped(str(self._content.extra.get("unit", "")))
            marks = f'<span class="line"></span> {unit}'
        return f'<li value="{self._number}">{marks.strip()}</li>\n'

    def key(self) -> str:
        """What is right, and why."""
        question, number = self._question, self._number
        about = " · ".join(escaped(one) for one in (question.title, question.code) if one)
        about = f'<p class="about">{about}</p>\n' if about else ""
        head = f'<h3 id="k{number}">Question {number}</h3>\n{about}<p class="right">Key: {self._right()}</p>\n'
        return f'<div class="keyed">\n{head}{self._why()}{self._sources()}</div>\n'

    def _scenario(self, scenarios: dict[str, int]) -> str:
        text = self._content.scenario
        if not text:
            return ""
        if text in scenarios:
            return f'<p class="shared">This question belongs to the text before question {scenarios[text]}.</p>\n'
        scenarios[text] = self._number
        return f'<div class="scenario">{self._html(text)}</div>\n'

    def _ask(self) -> str:
        content = self._content
        words = {
            "options": f"Choose {'one' if content.choose == 1 else content.choose}.",
            "ordering": "Write the letters in the right order.",
            "matching": "Write beside each number the letter of what belongs to it. A letter may serve twice.",
        }.get(self._control, "Write your answer.")
        return f'<p class="ask">{words}</p>'

    def _choices(self) -> str:
        parts = [self._html(self._texts[one]) for one in self._parts]
        if self._control == "matching":
            targets = [self._html(self._target_texts[one]) for one in self._targets]
            return f'<div class="columns">\n{_list("1", parts)}{_list("A", targets)}</div>\n'
        return _list("A", parts) if parts else ""

    def _right(self) -> str:
        content = self._content
        letters = self._letters(self._parts)
        if self._control == "options":
            return ", ".join(letter for one, letter in letters.items() if one in content.keys)
        if self._control == "ordering":
            return ", ".join(letters[one] for one in content.option_ids)
        if self._control == "matching":
            targets = self._letters(self._targets)
            pairs = content.extra["pairs"]
            return ", ".join(f"{number} – {targets[pairs[one]]}" for number, one in enumerate(self._parts, 1))
        return " or ".join(escaped(one) for one in KINDS[content.kind].key(content, str)["correct"])

    def _why(self) -> str:
        content = self._content
        rationales = {one.id: one.rationale for one in content.options}
        general = self._html(str(content.extra.get("rationale", "")))
        if not any(rationales.values()):
            return general
        with_verdict = self._control == "options"
        rows = []
        for one in self._parts:
            verdict = ("Right. " if one in content.keys else "Wrong. ") if with_verdict else ""
            rows.append(_with_verdict(verdict, self._html(rationales[one])))
        return _list("1" if self._control == "matching" else "A", rows)

    def _sources(self) -> str:
        sources = self._question.known.sources
        links = "".join(f"<li>{escaped(title)}: {escaped(url)}</li>" for title, url in sources)
        return f'<p>Sources:</p>\n<ul class="sources">{links}</ul>\n' if links else ""

    def _letters(self, ids: Sequence[str]) -> dict[str, str]:
        return dict(zip(ids, LETTERS, strict=False))

    def _html(self, text: str) -> str:
        if not text:
            return ""
        return _MISSING_PICTURE.sub(r'<span class="missing">[Picture: \1]</span>', to_html(text, self._address))

    def _address(self, name: str) -> str:
        data = self._pictures(name)
        kind = next((kind for head, kind in _TYPES if data and data.startswith(head)), "")
        return f"data:{kind};base64,{base64.b64encode(data).decode()}" if data and kind else _MISSING


def _with_verdict(verdict: str, html: str) -> str:
    """The verdict in the first line of the rationale, where that begins with a paragraph."""
    words = f"<strong>{verdict.strip()}</strong> " if verdict else ""
    return f"<p>{words}{html[3:]}" if html.startswith("<p>") else f"<p>{words}</p>{html}" if words else html


def _list(kind: str, items: Sequence[str]) -> str:
    name = "options" if kind == "A" else "prompts"
    rows = "".join(f"<li>{one}</li>\n" for one in items)
    return f'<ol class="{name}" type="{kind}">\n{rows}</ol>\n'


def _spooled() -> IO[bytes]:
    return SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY)


def _put(out: IO[bytes], text: str) -> None:
    out.write(text.encode("utf-8", "replace"))


def _copy(source: IO[bytes], out: IO[bytes]) -> None:
    source.seek(0)
    while piece := source.read(1 << 16):
        out.write(piece)


PAPER = Paper("paper", "Printable paper (HTML)", with_key=True)
PAPER_WITHOUT_KEY = Paper("paper_without_key", "Printable paper without the key (HTML)", with_key=False)
