"""The answers of a question in a Moodle file: what each is worth, and what was said to those who gave it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote
from xml.etree.ElementTree import Element

from quizzes.formats.exchange.model import Note, Severity
from quizzes.formats.exchange.moodle.dialect import PLUGIN_FILE
from quizzes.formats.exchange.moodle.files import old_picture
from quizzes.formats.exchange.moodle.grades import are_fractions, percent
from quizzes.formats.exchange.moodle.texts import Texts, line_in, written_in
from quizzes.formats.exchange.moodle.tree import child, children
from quizzes.formats.exchange.xml import text_in

FULL = 99.9
"""Percent from which an answer counts as wholly right: old files have rounded shares."""


class NotTaken(ValueError):
    """A question that cannot be one here: what is the matter, and what to do."""


@dataclass
class Question:
    """A question of a file while it is read: its element, its texts, and what is said of it so far."""

    element: Element
    texts: Texts
    notes: list[Note] = field(default_factory=list)

    def say(self, aspect: str, severity: Severity, words: str) -> None:
        """Add to the account."""
        self.notes.append(Note(aspect, severity, words))

    def value(self, name: str, default: str = "") -> str:
        """What stands in a child; the default where there is none or it is empty."""
        return text_in(child(self.element, name)) or default

    def stem(self) -> str:
        """The text of the question. Moodle 1.9 has a picture beside it; it stands at the end."""
        old = old_picture(self.element)
        picture = f'<p><img src="{PLUGIN_FILE}{quote(old)}" alt="picture"></p>' if old else ""
        return self.texts.of(child(self.element, "questiontext"), picture)

    def is_true(self, name: str, default: bool) -> bool:
        """A truth value: false are “false”, “0” and nothing at all within the element."""
        found = child(self.element, name)
        return default if found is None else text_in(found).lower() not in ("false", "0", "")


@dataclass
class Answer:
    """One answer: its element, and its share of the point in percent."""

    element: Element
    share: float

    @property
    def line(self) -> str:
        """Its text as plain text in one line."""
        return line_in(self.element)

    @property
    def is_right(self) -> bool:
        """Whether it alone scores full marks."""
        return self.share >= FULL

    @property
    def feedback(self) -> Element | None:
        """What was said to those who gave it."""
        return child(self.element, "feedback")


def answers_in(question: Question, most: int) -> list[Answer]:
    """The answers that are not empty. Raises NotTaken where there are more than can be taken."""
    written = list(children(question.element, "answer"))
    # A file that is made to harm has thousands; Moodle itself writes a few empty ones.
    elements = [one for one in written if len(written) > 10 * most or _has_something(one)]
    if len(elements) > most:
        raise NotTaken(f"it has {len(elements)} answers, and at most {most} are taken: remove some, or split it")
    if not elements:
        raise NotTaken("it has no answers: write them, or leave it out")
    found = [Answer(one, _share(one)) for one in elements]
    if are_fractions([one.share for one in found]):
        question.say("scoring", Severity.ASSUMED, "Its shares are written from 0 to 1: they are taken for 0 to 100 %.")
        for one in found:
            one.share *= 100
    return found


def listed(texts: Iterable[str], most: int = 3) -> str:
    """A few texts in quotation marks, each cut.

    >>> listed(["a", "b"])
    '“a”, “b”'
    """
    all_texts = list(texts)
    few = ", ".join(f"“{text if len(text) <= 40 else text[:39] + '…'}”" for text in all_texts[:most])
    return few if len(all_texts) <= most else f"{few} and {len(all_texts) - most} more"


def joined(parts: Sequence[str]) -> str:
    """Texts below each other, those that are empty and repetitions left out."""
    return "\n\n".join(dict.fromkeys(part for part in parts if part))


def _has_something(answer: Element) -> bool:
    return bool(written_in(answer)) or child(answer, "file") is not None or _share(answer) > 0


def _share(answer: Element) -> float:
    # Numerical questions of old files have the share as a child, from 0 to 1.
    old = text_in(child(answer, "fraction"))
    return 100 * percent(old) if old else percent(answer.get("fraction", "0"))
