"""The life of a question: every move from every state, and what counts as a correction of the key."""

from dataclasses import replace

import pytest

from quizzes.engine.lifecycle import MOVES, has_other_key, is_asked_alike, moves, target, with_key
from tests.factories import content_of

TABLE = {
    # state, proposed?: move -> state
    ("draft", False): {"propose": "review", "publish": "published", "retire": "retired"},
    ("review", True): {"withdraw": "draft", "send_back": "draft", "approve": "published"},
    ("published", False): {"propose": "published", "publish": "published", "retire": "retired"},
    ("published", True): {"withdraw": "published", "send_back": "published", "approve": "published"},
    ("retired", False): {"restore": "draft"},
    ("draft", True): {},
    ("review", False): {},
    ("retired", True): {},
    ("staged", False): {},
    ("pilot", False): {},
}


@pytest.mark.parametrize("state", TABLE)
@pytest.mark.parametrize("move", sorted(set(MOVES) - {"correct_key"}))
def test_every_move_from_every_state(state: tuple[str, bool], move: str) -> None:
    status, proposed = state
    assert target(move, status, proposed=proposed) == TABLE[state].get(move)


def test_a_key_is_corrected_wherever_the_question_stands() -> None:
    for status in ("draft", "review", "published", "retired"):
        assert {target("correct_key", status, proposed=proposed) for proposed in (True, False)} == {status}
    assert moves("retired", proposed=False) == ("restore", "correct_key")


def test_only_the_key_differs() -> None:
    old = content_of("x", 1)
    [right] = old.keys
    other = next(one for one in old.option_ids if one != right)
    new = with_key(old, [other])
    assert (is_asked_alike(old, new), has_other_key(old, new)) == (True, True)
    explained = replace(old, options=tuple(replace(one, rationale="So.") for one in old.options))
    assert (is_asked_alike(old, explained), has_other_key(old, explained)) == (True, False)
    assert not is_asked_alike(old, replace(old, stem="Another?"))
    assert not is_asked_alike(old, replace(old, scenario="A company"))
    assert not is_asked_alike(old, replace(old, options=old.options[::-1]))
    with pytest.raises(ValueError, match="zebra"):
        with_key(old, ["zebra"])
