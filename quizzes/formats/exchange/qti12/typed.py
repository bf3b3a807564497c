"""Items whose response is typed: a text, or a number."""

from typing import Any

from quizzes.engine.content import Content
from quizzes.engine.kinds.short_text import ShortText
from quizzes.formats.exchange.qti12.answers import accepted_texts, best_rules, is_number, number_of
from quizzes.formats.exchange.qti12.chosen import with_gap
from quizzes.formats.exchange.qti12.conditions import scoring_of
from quizzes.formats.exchange.qti12.parts import Item
from quizzes.formats.exchange.qti12.taking import NotTaken
from quizzes.formats.exchange.xml import local

MOST_ANSWERS = 50
_EXACT = ("textinchoices", "textequivalence", "equivalence", "")


def short_text(item: Item) -> Content:
    """Short text. Raises NotTaken."""
    _ = item.one_field
    tests = accepted_texts(best_rules(item.scoring, item.account))
    cases = {node.setting("case").casefold() for node in tests}
    case = cases == {"yes"} and item.fields.get("question_type", "") == ""
    if "" in cases and not item.fields.get("question_type"):
        item.account.assumed("scoring", "The file does not say whether capital letters matter; they do not here.")
    if cases == {"yes", "no"}:
        item.account.changed("scoring", "Capital letters mattered for some answers; they do not here.")
    return _short_text(item, item.stem, [node.value for node in tests], case, [node.value for node in tests])


def _short_text(item: Item, stem: str, answers: list[str], case: bool, owners: list[str]) -> Content:
    if len(answers) > 10 * MOST_ANSWERS:
        raise NotTaken(f"It accepts {len(answers):,} answers; {MOST_ANSWERS} are enough.")
    extra: dict[str, Any] = {"accepted": distinct(answers, case)}
    extra |= {"case": True} if case else {}
    rationale = item.feedback(*owners).as_one()
    extra |= {"rationale": rationale} if rationale else {}
    return Content("short_text", stem, 1, "fixed", (), extra)


def distinct(answers: list[str], case: bool) -> list[str]:
    """The answers without those that are the same by the rules for letters and spaces; empty ones are none."""
    probe = Content("short_text", "", 1, "fixed", (), {"case": True} if case else {})
    found: dict[str, str] = {}
    for one in answers:
        if one.strip():
            found.setdefault(ShortText().squashed(probe, one), one.strip())
    return list(found.values())


def blank(item: Item) -> Content:
    """A text with one blank in it, as short text. Raises NotTaken."""
    responses = [*item.lists, *item.typed]
    if len(responses) != 1:
        raise NotTaken(f"It has {len(responses)} blanks in its text: split it into questions with one each.")
    if item.typed:
        return short_text(item)
    labels = [one for one in responses[0].iter() if local(one) == "response_label"]
    if any(one.get("scoring_algorithm", "").casefold() not in _EXACT for one in labels):
        raise NotTaken.scoring("an answer in a blank is compared by a rule of New Quizzes")
    item.account.changed("kind", "A blank in the text is a field below it here.")
    if len(labels) > MOST_ANSWERS:
        raise NotTaken(f"It accepts {len(labels):,} answers; {MOST_ANSWERS} are enough.")
    answers = [item.texts.plain(one) for one in labels]
    owners = [one.get("ident", "") for one in labels]
    return _short_text(item, with_gap(item.stem, responses[0]), answers, False, owners)


def numeric(item: Item) -> Content:
    """Numeric. Raises NotTaken."""
    _ = item.one_field
    found = number_of(best_rules(item.scoring, item.account), item.account)
    extra: dict[str, Any] = {"answer": found.answer}
    extra |= {"tolerance": found.tolerance} if found.tolerance else {}
    extra |= {"percent": True} if found.percent else {}
    rationale = item.feedback().as_one()
    extra |= {"rationale": rationale} if rationale else {}
    return Content("numeric", item.stem, 1, "fixed", (), extra)


def shape_of(item: Item) -> str:
    """What a field without metadata asks for: a number, a text, or an essay where nothing is right."""
    response = item.typed[0]
    scoring = scoring_of(item.element)
    tests = [one for rule in scoring.rules if rule.worth > 0 for one in rule.condition.tests("equal")]
    bounds = [one for rule in scoring.rules for op in ("lt", "lte", "gt", "gte") for one in rule.condition.tests(op)]
    kinds = {one.get("fibtype", "").casefold() for one in response.iter()}
    numbers = all(is_number(one.value) for one in tests)
    if bounds or (tests and numbers and (kinds & {"decimal", "integer"} or local(response) == "response_num")):
        return "number"
    return "text" if tests or any(rule.worth > 0 for rule in scoring.rules) else "essay_question"
