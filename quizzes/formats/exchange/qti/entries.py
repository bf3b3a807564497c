"""What is typed into an item: a number, or a short text."""

from decimal import Decimal
from typing import Any

from quizzes.engine.content import Content
from quizzes.engine.kinds.numeric import number_in
from quizzes.engine.kinds.short_text import ShortText
from quizzes.formats.exchange.model import Severity
from quizzes.formats.exchange.qti import scoring
from quizzes.formats.exchange.qti.declared import NotTaken
from quizzes.formats.exchange.qti.interactions import Asked
from quizzes.formats.exchange.qti.scoring import Rule

ANSWER = "answer"
"""The identifier of what is said of a typed answer."""
SPACES = "spaces-"
"""Before the rule for spaces, in the class of our own interactions."""


def entry(asked: Asked) -> Content:
    """A number or a short text, by what is declared of the response. Raises NotTaken."""
    base = asked.declaration.base
    if asked.declaration.cardinality not in ("single", ""):
        raise NotTaken("Several texts are typed into it, which no kind here can take: make a question of each.")
    if base in ("float", "integer"):
        kind, extra = "numeric", _number(asked)
    elif base in ("string", ""):
        kind, extra = "short_text", _text(asked)
    else:
        raise NotTaken(f"A response of the type “{base[:20]}” cannot be typed here: write the question anew.")
    rationale = asked.feedback.of(ANSWER, (ANSWER,))
    if rationale:
        extra["rationale"] = rationale
    if asked.rule.assumed:
        words = "The file does not say how it is scored: its correct response is taken as the key."
        asked.note("scoring", Severity.ASSUMED, words)
    return Content(kind, asked.stem, 1, "fixed", (), extra)


def _number(asked: Asked) -> dict[str, Any]:
    rule, declared = asked.rule, asked.declaration
    if rule.kind == scoring.RANGE:
        return _between(*map(_decimal, rule.values))
    values = rule.values or (declared.gains if rule.kind == scoring.MAPPED else declared.correct)
    if rule.kind not in (scoring.NUMBER, scoring.CORRECT, scoring.MAPPED, scoring.VALUES):
        raise scoring.unsupported("a rule for texts, though a number is typed")
    if len(values) != 1:
        raise NotTaken(f"It accepts {len(values)} numbers; one is taken here: leave one, with a tolerance if need be.")
    answer = values[0]
    _decimal(answer)
    if declared.correct and declared.correct[0] != answer:
        words = f"Its correct response ({declared.correct[0][:30]}) is not what its rule accepts ({answer[:30]}): "
        asked.note("scoring", Severity.ASSUMED, words + "the rule is followed. Check the answer.")
    if rule.kind != scoring.NUMBER or rule.tolerance[0] == "exact":
        return {"answer": answer}
    return _with_tolerance(asked, answer, rule)


def _with_tolerance(asked: Asked, answer: str, rule: Rule) -> dict[str, Any]:
    mode, below, above = rule.tolerance
    low, high = _decimal(below), _decimal(above)
    if mode not in ("absolute", "relative") or low < 0 or high < 0:
        raise scoring.unsupported("a tolerance that is no number")
    if low == high:
        return {"answer": answer, "tolerance": below} | ({"percent": True} if mode == "relative" else {})
    middle = _decimal(answer)
    if mode == "relative":
        low, high = abs(middle) * low / 100, abs(middle) * high / 100
    words = "Its tolerance is not the same below and above: the answer is the middle of what is right."
    asked.note("scoring", Severity.CHANGED, words)
    return _between(middle - low, middle + high)


def _between(low: Decimal, high: Decimal) -> dict[str, Any]:
    if high < low:
        raise NotTaken("No number is within its bounds: correct them.")
    middle, half = (low + high) / 2, (high - low) / 2
    return {"answer": f"{middle:f}"} | ({"tolerance": f"{half:f}"} if half else {})


def _decimal(text: str) -> Decimal:
    """A number as this site reads it, of a size that is asked for."""
    found = number_in(text)
    if found is None:
        raise NotTaken(f"“{text[:30]}” is no number: correct it.")
    return found


def _text(asked: Asked) -> dict[str, Any]:
    rule, declared = asked.rule, asked.declaration
    if rule.kind == scoring.TEXTS:
        accepted, case = rule.values or declared.correct, rule.case
    elif rule.kind == scoring.MAPPED:
        accepted, case = _mapped(asked)
    elif rule.kind in (scoring.CORRECT, scoring.VALUES) and rule.others is None:
        accepted, case = rule.values or declared.correct, True
    else:
        raise scoring.unsupported("a rule for numbers, though a text is typed")
    if not any(accepted):
        raise NotTaken("The file does not say what is accepted: add a correct response, or a mapping.")
    extra: dict[str, Any] = {"accepted": list(accepted)} | ({"case": True} if case else {})
    spaces = next((one.removeprefix(SPACES) for one in asked.classes if one.startswith(SPACES)), "")
    if spaces:
        extra["spaces"] = spaces
    extra["accepted"] = _distinct(asked, extra)
    return extra


def _mapped(asked: Asked) -> tuple[tuple[str, ...], bool]:
    declared = asked.declaration
    gains = [one for one in declared.mapping if one.worth > 0 and one.key]
    if not gains:
        raise NotTaken("Its mapping rewards nothing: correct it, or write the question anew.")
    accepted = [one.key for one in gains]
    if any(one.worth < max(two.worth for two in gains) for one in gains):
        words = "Some texts earn only a part of the mark in it: here each of them is right."
        asked.note("scoring", Severity.CHANGED, words)
    if declared.correct and not set(declared.correct) <= set(accepted):
        words = (
            f"Its correct response ({declared.correct[0][:40]}) is not in its mapping: both are accepted. Check them."
        )
        asked.note("scoring", Severity.ASSUMED, words)
        accepted += declared.correct
    cases = {one.case for one in gains}
    if len(cases) == 2:
        words = "The case of letters counts for some of its texts only: here it counts for none."
        asked.note("scoring", Severity.CHANGED, words)
    return tuple(accepted), cases == {True}


def _distinct(asked: Asked, extra: dict[str, Any]) -> list[str]:
    """The accepted texts, those that are the same by the rules once."""
    content = Content("short_text", "", 1, "fixed", (), extra)
    found = {ShortText().squashed(content, one): one for one in reversed(extra["accepted"]) if one}
    return list(reversed(found.values()))
