"""Answers that are typed: numbers and short texts of a GIFT file."""

import re
from decimal import Decimal, localcontext

from quizzes.engine.content import Content
from quizzes.engine.kinds.numeric import bounds, number_in
from quizzes.engine.kinds.short_text import ShortText
from quizzes.formats.exchange.gift.entry import Entry, Refused
from quizzes.formats.exchange.gift.signs import shown, split_format
from quizzes.formats.exchange.gift.weights import weight_of
from quizzes.formats.exchange.model import Severity
from quizzes.formats.exchange.plain import one_line

_WILDCARD = re.compile(r"(?<!\\)\*")
_PARTLY = "Answers that earned a part of the mark were left out: here an answer is right or wrong."
_WRONG = "The feedback on wrong answers was left out: there is one rationale."


def numeric(entry: Entry) -> Content:
    """A number with its tolerance. Raises Refused."""
    text, _, wrong = entry.answers[1:].partition("~")
    if wrong.strip(" #\n\t"):
        entry.note("rationales", Severity.LOST, _WRONG)
    found: list[tuple[tuple[Decimal, Decimal], str]] = []
    for weight, answer, feedback in _weighed(entry, text):
        if weight == 100:
            found.append((_bounds(answer), feedback))
        elif weight > 0:
            entry.note("scoring", Severity.CHANGED, _PARTLY)
        elif feedback:
            entry.note("rationales", Severity.LOST, _WRONG)
    if not found:
        raise Refused("there is no number that is fully right: write one behind “#”, such as {#12.5:0.5}")
    if len({bounds for bounds, _ in found}) > 1:
        raise Refused("several numbers are right, and here only one is: leave one, or give a range such as 1..5")
    middle, tolerance = found[0][0]
    extra: dict[str, object] = {"answer": number_text(middle)}
    extra |= {"tolerance": number_text(tolerance)} if tolerance else {}
    return _typed("numeric", entry, extra, [feedback for _, feedback in found])


def short_text(entry: Entry) -> Content:
    """Accepted texts. Raises Refused."""
    accepted, feedback = [], []
    for weight, answer, said in _weighed(entry, entry.answers):
        text = one_line(shown(split_format(answer)[1]))
        if weight == 100 and _WILDCARD.search(text):
            words = f"“{text[:60]}” was left out: it stands for many texts, and here each one is written out."
            entry.note("kind", Severity.CHANGED, words)
        elif weight == 100 and text:
            accepted.append(text.replace("\\*", "*"))
            feedback.append(said)
        elif weight > 0 and text:
            entry.note("scoring", Severity.CHANGED, _PARTLY)
        elif said:
            entry.note("rationales", Severity.LOST, _WRONG)
    if not accepted:
        raise Refused("there is no answer left that can be compared letter by letter: write one behind “=”")
    if "=" not in entry.answers:
        entry.note("kind", Severity.ASSUMED, "The braces hold a text without a sign; as in Moodle it is the answer.")
    extra: dict[str, object] = {"accepted": different(accepted)}
    return _typed("short_text", entry, extra, feedback)


def different(accepted: list[str]) -> list[str]:
    """Of answers that are the same by the rules, whatever their case and spaces, the first."""
    plain = Content("short_text", "", 1, "fixed", ())
    return list({ShortText().squashed(plain, one): one for one in reversed(accepted)}.values())[::-1]


def number_text(number: Decimal) -> str:
    """The number as it is written out, with an exponent only where it would be too long."""
    text = f"{number:f}"
    return text if number_in(text) is not None else str(number)


def tolerance_of(content: Content) -> Decimal:
    """The tolerance in the unit of the answer."""
    low, high = bounds(content)
    with localcontext(prec=400):
        return (high - low) / 2


def _typed(kind: str, entry: Entry, extra: dict[str, object], feedback: list[str]) -> Content:
    said = [*dict.fromkeys(filter(None, feedback))]
    if entry.general:
        said.append(entry.general)
    if len(said) > 1:
        entry.note("rationales", Severity.CHANGED, "Several feedbacks became one rationale.")
    rationale = {"rationale": "\n\n".join(said)} if said else {}
    return Content(kind, entry.stem, 1, "fixed", (), extra | rationale)


def _weighed(entry: Entry, text: str) -> list[tuple[float, str, str]]:
    """Weight in percent, answer, and feedback as Markdown."""
    found = []
    for piece in text.split("="):
        if piece.strip():
            weight, rest = weight_of(piece.strip())
            answer, _, feedback = rest.partition("#")
            found.append((100.0 if weight is None else weight, answer.strip(), entry.text(feedback)))
        if len(found) > 50:
            raise Refused("there are more than 50 answers: leave the most likely ones")
    return found


def _bounds(answer: str) -> tuple[Decimal, Decimal]:
    """The number and its tolerance. Raises Refused."""
    text = shown(answer)
    low, dots, high = text.partition("..")
    middle, _, margin = text.partition(":")
    first, second = (number_in(one) for one in ((low, high) if dots else (middle, margin or "0")))
    if first is None or second is None:
        raise Refused(f"“{text[:60]}” is no number: write digits with a decimal point, such as 12.5:0.5 or 12..13")
    if not dots and second >= 0:
        return first, second
    if not dots or second < first:
        raise Refused(f"“{text[:60]}” is no range: write the smaller number first, and no margin below 0")
    with localcontext(prec=400):
        return ((first + second) / 2).normalize(), ((second - first) / 2).normalize()
