"""The key of a question that is answered by typing: texts that are accepted, or the numbers between two bounds."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext

from quizzes.formats.exchange.qti12.conditions import Node, Rule, Scoring
from quizzes.formats.exchange.qti12.taking import Account, NotTaken

DIGITS = 400
"""More than any number has that is read or written."""
_PLAIN = re.compile(r"[+-]?(?:\d{1,350}(?:\.\d{0,350})?|\.\d{1,350})(?:[eE][+-]?\d{1,2})?")
_FITS = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?")


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers from ``low`` to ``high``; an open bound does not belong to them."""

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    def __and__(self, other: "Interval") -> "Interval":
        low, high = self, self
        if other.low is not None and (self.low is None or other.low > self.low):
            low = other
        if other.high is not None and (self.high is None or other.high < self.high):
            high = other
        return Interval(low.low, high.high, low.low_open, high.high_open)


@dataclass(frozen=True, slots=True)
class Number:
    """What a numeric question accepts: its answer and tolerance as texts, and whether that is in percent."""

    answer: str
    tolerance: str = ""
    percent: bool = False


def best_rules(scoring: Scoring, account: Account) -> list[Rule]:
    """The rules that give the most points. Raises NotTaken where none gives any."""
    scored = [rule for rule in scoring.rules if rule.worth > 0]
    if not scored:
        raise NotTaken("No answer scores, so that its key is not known: mark a right answer there and export again.")
    best = max(rule.worth for rule in scored)
    if any(rule.worth < best for rule in scored):
        words = "Some answers gave a part of the points; only those that gave all of them are right here."
        account.lost("scoring", words)
    return [rule for rule in scored if rule.worth == best]


def accepted_texts(rules: Iterable[Rule]) -> list[Node]:
    """The texts that are right, as the tests for them. Raises NotTaken."""
    return [test for rule in rules for test in _texts(rule.condition)]


def _texts(node: Node) -> Iterator[Node]:
    if node.op in ("list", "or") or (node.op == "and" and len(node.parts) == 1):
        for part in node.parts:
            yield from _texts(part)
    elif node.op == "equal":
        yield node
    elif node.op == "varsubset":
        raise NotTaken.scoring("an answer is right that has some text in it")
    else:
        raise NotTaken.scoring(f"a condition of the kind “{node.op[:40]}” on a text")


def number_of(rules: list[Rule], account: Account) -> Number:
    """What a numeric question accepts. Raises NotTaken."""
    with localcontext(prec=DIGITS):
        tests = [test for rule in rules for test in rule.condition.tests("equal")]
        given = _joined([one for rule in rules for one in _intervals(rule.condition)])
        if given.low is None or given.high is None:
            raise NotTaken.scoring("a number has a bound on one side only")
        if given.low > given.high or (given.low == given.high and given.low_open):
            raise NotTaken.scoring("no number is between its bounds")
        if given.low_open or given.high_open:
            account.changed("scoring", "A bound was not right itself; here both bounds are.")
        if len(tests) == 1 and (told := _as_told(tests[0], given)):
            return told
        middle, half = (given.low + given.high) / 2, (given.high - given.low) / 2
        return Number(plain(middle), plain(half) if half else "")


def _as_told(test: Node, given: Interval) -> Number | None:
    """The margin in the words of the file, where the bounds agree with it."""
    if test.setting("margintype") not in ("absolute", "percent") or not _PLAIN.fullmatch(test.setting("margin")):
        return None
    answer, margin = _number(test), Decimal(test.setting("margin"))
    percent = test.setting("margintype") == "percent"
    if margin < 0 or not margin or _around(answer, margin, percent) != Interval(given.low, given.high):
        return None
    return Number(plain(answer), plain(margin), percent)


def _around(answer: Decimal, margin: Decimal, percent: bool) -> Interval:
    half = abs(answer) * margin / 100 if percent else margin
    return Interval(answer - half, answer + half)


def _joined(intervals: list[Interval]) -> Interval:
    """All of them as one. Raises NotTaken where they do not hang together."""
    ends = [one for one in intervals if one.low is not None and one.high is not None]
    if len(ends) != len(intervals):
        return intervals[0] if len(intervals) == 1 else Interval(None, None)
    ends.sort(key=lambda one: (one.low or Decimal(0), one.low_open))
    whole = ends[0]
    for one in ends[1:]:
        if (one.low or Decimal(0)) > (whole.high or Decimal(0)):
            raise NotTaken.scoring("several numbers apart from each other are right")
        if (one.high or Decimal(0)) > (whole.high or Decimal(0)):
            whole = Interval(whole.low, one.high, whole.low_open, one.high_open)
    return whole


def _intervals(node: Node) -> list[Interval]:
    if node.op == "equal":
        return [_equal(node)]
    if node.op in ("lt", "lte"):
        return [Interval(None, _number(node), False, node.op == "lt")]
    if node.op in ("gt", "gte"):
        return [Interval(_number(node), None, node.op == "gt", False)]
    if node.op in ("and", "list") and len(node.parts) == 1:
        return _intervals(node.parts[0])
    if node.op == "list" and any(part.op == "equal" for part in node.parts):
        return _union(node)
    if node.op == "or":
        return _union(node)
    if node.op in ("and", "list"):
        return [_cut(node)]
    raise NotTaken.scoring(f"a condition of the kind “{node.op[:40]}” on a number")


def _union(node: Node) -> list[Interval]:
    """Any of its parts; bounds that stand beside an equal belong together."""
    bounds = [part for part in node.parts if part.op in ("lt", "lte", "gt", "gte")]
    rest = [part for part in node.parts if part not in bounds]
    found = [one for part in rest for one in _intervals(part)]
    return [*found, _cut(Node("and", tuple(bounds)))] if bounds else found


def _cut(node: Node) -> Interval:
    """What all of its parts have in common."""
    result = Interval(None, None)
    for part in node.parts:
        inner = _intervals(part)
        if len(inner) != 1:
            raise NotTaken.scoring("bounds of a number are nested in a way that is not known")
        result = result & inner[0]
    return result


def _equal(node: Node) -> Interval:
    number = _number(node)
    margin = node.setting("margin")
    if margin and _PLAIN.fullmatch(margin):
        return _around(number, abs(Decimal(margin)), node.setting("margintype") == "percent")
    return Interval(number, number)


def _number(node: Node) -> Decimal:
    text = "".join(node.value.split())
    if not _PLAIN.fullmatch(text):
        raise NotTaken.scoring(f"“{node.value[:40]}” is no number")
    return Decimal(text)


def is_number(text: str) -> bool:
    """Whether a test can be one for a number."""
    return bool(_PLAIN.fullmatch("".join(text.split())))


def plain(number: Decimal) -> str:
    """Digits without an exponent where they fit into a field; no zeros that say nothing."""
    with localcontext(prec=DIGITS):
        text = f"{number:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        if text in ("-0", "", "-"):
            return "0"
        return text if _FITS.fullmatch(text) else str(number.normalize())
