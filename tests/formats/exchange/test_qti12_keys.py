"""QTI 1.2: the key that is found at once against each response scored rule by rule."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.formats.exchange.qti12.conditions import Node, Rule, Scoring
from quizzes.formats.exchange.qti12.keys import several_key
from quizzes.formats.exchange.qti12.taking import NotTaken

_IDENTS = ("A", "B", "C")
_CONDITIONS = st.recursive(
    st.sampled_from([Node("equal", (), "R", one) for one in _IDENTS] + [Node("other"), Node("unanswered")]),
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(lambda one: Node("and", tuple(one))),
        st.lists(parts, min_size=1, max_size=3).map(lambda one: Node("or", tuple(one))),
        parts.map(lambda one: Node("not", (one,))),
    ),
    max_leaves=6,
)
_RULES = st.builds(
    Rule,
    _CONDITIONS.map(lambda one: Node("list", (one,))),
    st.lists(st.tuples(st.sampled_from(("set", "add", "subtract")), st.integers(-2, 4).map(Decimal)), max_size=2).map(
        tuple
    ),
    st.just(()),
    st.booleans(),
)


def _holds(node: Node, chosen: frozenset[str], met: bool) -> bool:
    simple = {"equal": node.value in chosen, "other": not met, "unanswered": not chosen}
    if node.op in simple:
        return simple[node.op]
    parts = [_holds(one, chosen, met) for one in node.parts]
    return {"and": all(parts), "list": all(parts), "or": any(parts), "not": not all(parts)}[node.op]


def _score(rules: Iterable[Rule], chosen: frozenset[str]) -> Decimal:
    """What one response scores, rule by rule: slow and plain."""
    score, met = Decimal(0), False
    for rule in rules:
        if not rule.changes:
            continue
        holds = _holds(rule.condition, chosen, met)
        met = met or holds
        for action, number in rule.changes if holds else ():
            score = {"set": number, "add": score + number, "subtract": score - number}[action]
        if holds and rule.stops:
            break
    return score


@given(rules=st.lists(_RULES, min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_a_key_is_what_scores_best_of_all_that_can_be_ticked(rules: list[Rule]) -> None:
    responses = [frozenset(part) for size in range(4) for part in combinations(_IDENTS, size)]
    scores = {one: _score(rules, one) for one in responses}
    best = max(scores.values())
    right = {one for one, score in scores.items() if score == best}
    smallest = min(right, key=len)
    try:
        key = several_key(Scoring(tuple(rules)), "R", _IDENTS)
    except NotTaken:
        assert best <= 0 or len(right) > 1 or not smallest
        return
    assert key.options == smallest
    assert key.all_ticked == (len(right) > 1)
    assert right == ({one for one in responses if one >= smallest} if key.all_ticked else {smallest})
    assert key.partial == any(0 < score < best for score in scores.values())
