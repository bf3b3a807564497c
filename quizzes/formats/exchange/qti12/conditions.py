"""What an item of QTI 1.2 says about scores, as rules: a condition, and what it does to the score."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from xml.etree.ElementTree import Element

from quizzes.formats.exchange.qti12.taking import NotTaken
from quizzes.formats.exchange.xml import child, children, local, text_in

MOST_NODES = 1_000
"""Parts of all conditions of one item. A question with twelve options and a reason for each has about sixty."""
_TESTS = {"varequal": "equal", "varlt": "lt", "varlte": "lte", "vargt": "gt", "vargte": "gte"}
_JOINTS = {"and": "and", "or": "or", "not": "not", "conditionvar": "list"}
_NUMBER = re.compile(r"[+-]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})")


@dataclass(frozen=True, slots=True)
class Node:
    """Part of a condition. ``op``: a test (equal, lt, lte, gt, gte), a joint (and, or, not, list), other, unanswered;
    anything else is what the file calls it. ``list`` joins what stands side by side, with no word on how.
    """

    op: str
    parts: tuple["Node", ...] = ()
    response: str = ""
    value: str = ""
    settings: tuple[tuple[str, str], ...] = ()

    def tests(self, op: str) -> Iterator["Node"]:
        """The tests of this kind in it, wherever."""
        if self.op == op:
            yield self
        for part in self.parts:
            yield from part.tests(op)

    def setting(self, name: str) -> str:
        """An attribute of a test; empty where it has none."""
        return dict(self.settings).get(name, "")


@dataclass(frozen=True, slots=True)
class Rule:
    """One respcondition: what it asks for, what it does to the score (action, number), and the feedback it shows."""

    condition: Node
    changes: tuple[tuple[str, Decimal], ...]
    feedback: tuple[str, ...]
    stops: bool

    @property
    def worth(self) -> Decimal:
        """What the response gains, as far as it can be told from this rule alone."""
        return sum((number for action, number in self.changes if action != "subtract"), Decimal(0))


@dataclass(frozen=True, slots=True)
class Scoring:
    """The rules of an item, and what the score is before and between which bounds it stays."""

    rules: tuple[Rule, ...]
    start: Decimal = Decimal(0)
    least: Decimal | None = None
    most: Decimal | None = None


def scoring_of(item: Element) -> Scoring:
    """All rules of an item. Raises NotTaken where something in them is not understood."""
    processing = list(children(item, "resprocessing"))
    found = [one for part in processing for one in children(part, "respcondition")]
    if sum(1 for one in found for _ in one.iter()) > MOST_NODES:
        raise NotTaken(f"Its scoring has more than {MOST_NODES:,} parts: make it simpler.")
    declared = [one for part in processing for one in part.iter() if local(one) == "decvar"]
    name = _score_name(found)
    outcome = next((one for one in declared if one.get("varname", "SCORE") == name), None)
    if outcome is None and len(declared) == 1:
        outcome = declared[0]
    most = _bound(outcome, "maxvalue")
    rules = tuple(_rule(one, name, most) for one in found)
    return Scoring(rules, _bound(outcome, "defaultval") or Decimal(0), _bound(outcome, "minvalue"), most)


def _score_name(found: list[Element]) -> str:
    """The variable that is the score. Raises NotTaken where it cannot be told."""
    names = {one.get("varname") or "SCORE" for part in found for one in children(part, "setvar")}
    if len(names) <= 1:
        return next(iter(names), "SCORE")
    likely = [one for one in names if one.casefold() in ("score", "que_score")]
    if len(likely) != 1:
        raise _unsupported(f"it counts in several variables ({', '.join(sorted(names))[:80]})")
    return likely[0]


def _rule(element: Element, name: str, most: Decimal | None) -> Rule:
    changes = [one for one in children(element, "setvar") if (one.get("varname") or "SCORE") == name]
    conditions = child(element, "conditionvar")
    condition = _node(conditions) if conditions is not None else Node("list")
    feedback = tuple(one.get("linkrefid", "") for one in children(element, "displayfeedback"))
    actions = tuple(_change(one, most) for one in changes)
    # The default is to stop, but nobody who adds up points means it.
    said = element.get("continue", "").casefold()
    stops = said == "no" or (not said and any(action == "set" for action, _ in actions))
    return Rule(condition, actions, feedback, stops)


def _change(element: Element, most: Decimal | None) -> tuple[str, Decimal]:
    action = element.get("action", "Set").casefold()
    text = text_in(element)
    if action not in ("set", "add", "subtract"):
        raise _unsupported(f"the score is changed by “{action[:40]}”")
    if text.casefold() == "score.max" and most is not None:
        return action, most
    if not _NUMBER.fullmatch(text):
        raise _unsupported(f"the score is set to “{text[:40]}”, which is no number")
    return action, Decimal(text)


def _node(element: Element) -> Node:
    name = local(element)
    if name in _JOINTS:
        return Node(_JOINTS[name], tuple(_node(one) for one in element if local(one)))
    if name in ("other", "unanswered"):
        return Node(name)
    settings = tuple((key, value) for key, value in element.attrib.items() if key != "respident")
    return Node(_TESTS.get(name, name), (), element.get("respident", ""), text_in(element), settings)


def _bound(outcome: Element | None, name: str) -> Decimal | None:
    text = outcome.get(name, "") if outcome is not None else ""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _unsupported(what: str) -> NotTaken:
    return NotTaken.scoring(what)
