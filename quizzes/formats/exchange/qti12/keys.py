"""The key of a question with options, found by scoring every response that can be given.

A set of responses is a number whose bit i stands for response i, so that a condition costs one operation whatever
the number of responses. Collecting the options that a condition names would get the key wrong: some stand under not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from quizzes.formats.exchange.qti12.conditions import Node, Rule, Scoring
from quizzes.formats.exchange.qti12.taking import NotTaken

MOST_OPTIONS = 12
_MOST_SCORES = 200


@dataclass(frozen=True, slots=True)
class Key:
    """The right options. ``partial``: other responses score as well; ``all_ticked``: ticking everything scores in full.

    ``minus``: some responses cost points.
    """

    options: frozenset[str]
    partial: bool = False
    all_ticked: bool = False
    minus: bool = False


@dataclass(frozen=True, slots=True)
class Responses:
    """All that can be answered: ``everything`` is the set of it, ``having`` those with an option, ``none`` the empty
    one.
    """

    everything: int
    having: dict[str, int]
    none: int


def single_key(scoring: Scoring, response: str, options: Sequence[str]) -> Key:
    """The one right option. Raises NotTaken."""
    count = len(options)
    responses = Responses((1 << count + 1) - 1, {one: 1 << place for place, one in enumerate(options)}, 1 << count)
    scores = _scores(scoring, response, responses)
    best = _best(scores)
    right = [one for one, mask in responses.having.items() if mask & scores[best]]
    # Whether nothing at all scores as well does not matter: here nobody gains by it.
    if len(right) != 1:
        raise NotTaken.scoring("several responses to a question with one choice score in full")
    return Key(frozenset(right), partial=_is_partial(scores, best), minus=min(scores) < 0)


def several_key(scoring: Scoring, response: str, options: Sequence[str]) -> Key:
    """The right options together. Raises NotTaken."""
    responses = _subsets(options)
    scores = _scores(scoring, response, responses)
    best = _best(scores)
    right = [one for one, mask in responses.having.items() if not scores[best] & ~mask]
    with_all_right = responses.everything
    for one in right:
        with_all_right &= responses.having[one]
    exactly = with_all_right
    for one in options:
        if one not in right:
            exactly &= ~responses.having[one]
    if not right or scores[best] not in (exactly, with_all_right):
        raise NotTaken.scoring("several sets of options score in full")
    all_ticked = scores[best] != exactly
    return Key(frozenset(right), _is_partial(scores, best), all_ticked, min(scores) < 0)


def _subsets(options: Sequence[str]) -> Responses:
    """Response i is the set of options whose bits i has."""
    size = 1 << len(options)
    everything = (1 << size) - 1
    having = {}
    for place, option in enumerate(options):
        half = 1 << place
        # Blocks of so many zeros and so many ones, over and over.
        having[option] = everything // ((1 << half) + 1) << half if half < size else 0
    return Responses(everything, having, 1)


def _is_partial(scores: dict[Decimal, int], best: Decimal) -> bool:
    return any(0 < score < best for score in scores)


def _best(scores: dict[Decimal, int]) -> Decimal:
    best = max(scores)
    if best <= 0:
        raise NotTaken("No response scores, so that its key is not known: mark it there and export again.")
    return best


def _scores(scoring: Scoring, response: str, responses: Responses) -> dict[Decimal, int]:
    """Each score with the responses that get it."""
    scores = {scoring.start: responses.everything}
    active, met = responses.everything, 0
    for rule in scoring.rules:
        if not rule.changes:
            continue
        matching = _mask(rule.condition, response, responses, met)
        met |= matching
        scores = _changed(scores, rule, matching & active)
        if rule.stops:
            active &= ~matching
    clamped: dict[Decimal, int] = {}
    for score, mask in scores.items():
        bound = score if scoring.most is None else min(score, scoring.most)
        bound = bound if scoring.least is None else max(bound, scoring.least)
        clamped[bound] = clamped.get(bound, 0) | mask
    return clamped


def _changed(scores: dict[Decimal, int], rule: Rule, matching: int) -> dict[Decimal, int]:
    for action, number in rule.changes:
        after: dict[Decimal, int] = {}
        for score, mask in scores.items():
            new = {"set": number, "add": score + number, "subtract": score - number}[action]
            for value, part in ((score, mask & ~matching), (new, mask & matching)):
                if part:
                    after[value] = after.get(value, 0) | part
        scores = after
        if len(scores) > _MOST_SCORES:
            raise NotTaken.scoring(f"responses can have more than {_MOST_SCORES} scores")
    return scores


def _mask(node: Node, response: str, responses: Responses, met: int) -> int:
    """The responses for which a condition holds."""
    if node.op in ("and", "list", "or"):
        parts = [_mask(one, response, responses, met) for one in node.parts]
        if not parts:
            raise NotTaken.scoring("a condition is empty")
        result = parts[0]
        for one in parts[1:]:
            result = result | one if node.op == "or" else result & one
        return result
    if node.op == "not":
        inner = Node("list", node.parts)
        return responses.everything & ~_mask(inner, response, responses, met)
    if node.op == "other":
        return responses.everything & ~met
    if node.op == "unanswered":
        return responses.none
    if node.op != "equal":
        raise NotTaken.scoring(f"a condition of the kind “{node.op[:40]}” on options")
    if node.response not in (response, "") or node.value not in responses.having:
        raise NotTaken.scoring(f"it names “{node.value[:40]}”, which is none of the options")
    return responses.having[node.value]


def order_key(scoring: Scoring, response: str, options: Sequence[str]) -> list[str]:
    """The options in the right order. Raises NotTaken."""
    scored = [rule for rule in scoring.rules if rule.worth > 0]
    if not scored:
        raise NotTaken("No response scores, so that its key is not known: mark the right order there and export again.")
    if len(scored) > 1:
        raise NotTaken.scoring("several rules give points for an order")
    named = _in_order(scored[0].condition, response)
    places = [node.setting("index") for node in named]
    if all(place.isascii() and place.isdigit() and len(place) < 4 for place in places):
        named = [node for _, node in sorted(zip(map(int, places), named, strict=True), key=lambda pair: pair[0])]
    values = [node.value for node in named]
    if sorted(values) != sorted(options):
        raise NotTaken.scoring("the right order does not name each step once")
    return values


def _in_order(node: Node, response: str) -> list[Node]:
    if node.op in ("list", "and"):
        return [test for part in node.parts for test in _in_order(part, response)]
    if node.op != "equal" or node.response not in (response, ""):
        raise NotTaken.scoring(f"a condition of the kind “{node.op[:40]}” on an order")
    return [node]


def pair_key(scoring: Scoring) -> tuple[dict[str, str], bool]:
    """Response to the right value, and whether each pair scores alone. Raises NotTaken."""
    scored = [rule for rule in scoring.rules if rule.worth > 0]
    pairs: dict[str, str] = {}
    for rule in scored:
        for node in _all_of(rule.condition):
            if pairs.setdefault(node.response, node.value) != node.value:
                raise NotTaken.scoring("two matches of one prompt score")
    if not pairs:
        raise NotTaken("No match scores, so that its key is not known: mark the right ones there and export again.")
    return pairs, len(scored) > 1


def _all_of(node: Node) -> list[Node]:
    if node.op in ("list", "and") or (node.op == "or" and len(node.parts) == 1):
        return [test for part in node.parts for test in _all_of(part)]
    if node.op != "equal":
        raise NotTaken.scoring(f"a condition of the kind “{node.op[:40]}” on pairs")
    return [node]
