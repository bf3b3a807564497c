"""What is shown of a sitting, and when."""

from itertools import product

import pytest

from quizzes.engine.showing import ORDER, Shown, When, is_later, shown

MOMENTS = [(True, False, False), (True, True, False), (True, True, True), (False, True, True)]


def test_without_a_policy_all_is_shown_once_answered() -> None:
    assert shown({}, answered=True, finished=False, closed=False) == Shown(True, True, True)
    assert shown({}, answered=False, finished=False, closed=False) == Shown(False, False, False)


@pytest.mark.parametrize(
    ("when", "seen"),
    [
        (When.DURING, [True, True, True, True]),
        (When.SUBMITTED, [False, True, True, True]),
        (When.CLOSED, [False, False, True, True]),
        (When.NEVER, [False, False, False, False]),
    ],
)
def test_each_word_at_each_moment(when: When, seen: list[bool]) -> None:
    policy = dict.fromkeys(("score", "key", "rationale"), str(when))
    found = [shown(policy, answered=a, finished=f, closed=c) for a, f, c in MOMENTS]
    assert found == [Shown(one, one, one) for one in seen]


def test_the_reasons_never_come_before_the_key() -> None:
    for key, why, (answered, finished, closed) in product(ORDER, ORDER, MOMENTS):
        found = shown({"key": key, "rationale": why}, answered=answered, finished=finished, closed=closed)
        assert found.key or not found.rationale


def test_later_is_later() -> None:
    assert is_later("never", "during")
    assert not is_later("submitted", "submitted")
