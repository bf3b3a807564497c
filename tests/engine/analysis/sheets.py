"""Sheets of attempts to try the statistics on: drawn at random, with what is odd in real ones."""

import random

from quizzes.engine.analysis import Column, Sheet


def random_sheet(seed: int, *, drawn: bool = False, pilots: int = 0) -> Sheet:
    """Up to 60 attempts of up to 12 questions: able and less able learners, partial marks, omissions, not reached."""
    dice = random.Random(seed)
    n, k = dice.randint(2, 60), dice.randint(2, 12)
    able = [dice.gauss(0, 1) for _ in range(n)]
    columns = []
    for number in range(k):
        most = dice.choice([1.0, 1.0, 1.0, 2.0])
        hard, ends = dice.gauss(0, 1), [dice.random() < 0.05 for _ in range(n)]
        has = [not drawn or dice.random() < 0.7 for _ in range(n)]
        answered = [there and not end and dice.random() < 0.95 for there, end in zip(has, ends, strict=True)]
        marks = [_mark(dice, skill - hard, most) if given else 0.0 for skill, given in zip(able, answered, strict=True)]
        columns.append(
            Column(
                code=f"q{number}",
                most=most,
                marks=[mark if there else None for mark, there in zip(marks, has, strict=True)],
                reached=[there and not end for there, end in zip(has, ends, strict=True)],
                answered=answered,
                seconds=[dice.choice([None, 20 + 60 * dice.random()]) for _ in range(n)],
                classes={
                    "a": [given and mark == most for given, mark in zip(answered, marks, strict=True)],
                    "b": [given and mark < most for given, mark in zip(answered, marks, strict=True)],
                },
                key=frozenset({"a"}),
                counted=number >= pilots,
            )
        )
    return Sheet(n, tuple(columns), drawn)


def _mark(dice: random.Random, edge: float, most: float) -> float:
    if most == 2.0 and dice.random() < 0.3:
        return 1.0
    return most if dice.gauss(edge, 1) > 0 else 0.0
