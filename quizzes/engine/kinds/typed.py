"""What numeric and short text have in common: the response is typed."""

import unicodedata
from collections.abc import Mapping, Sequence
from random import Random
from types import MappingProxyType
from typing import Any

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds.base import Render, ReviewRow, Shape, WrongChoice, shown_html
from quizzes.engine.kinds.extras import Rule

LONGEST = 200
"""Characters of a response."""
ANSWER = "answer"
"""The name under which a typed answer has its rationale."""
MANY = 10**9
"""Stands for “more responses than anybody would guess from”."""


class Typed:
    """A response is one text, kept as it was typed but for the space around it."""

    control = "typed"
    has_options = False
    has_distractors = False
    preset: tuple[tuple[str, str], ...] = ()
    extras: Mapping[str, Rule] = MappingProxyType({})
    orders: tuple[str, ...] = ("fixed",)
    whole = False

    def asked(self, options: Sequence[Option]) -> int:
        """One text."""
        return 1

    def is_right(self, content: Content, text: str) -> bool:
        """Whether the text answers the question."""
        raise NotImplementedError

    def accepted(self, content: Content) -> list[str]:
        """What is right, in words for the review."""
        raise NotImplementedError

    def parts(self, content: Content) -> tuple[str, ...]:
        """None: there is nothing to choose from."""
        return ()

    def shuffle(self, option_ids: Sequence[str], order: str, rng: Random) -> tuple[str, ...]:
        """Nothing to shuffle."""
        return ()

    def read(self, shape: Shape, sent: Sequence[str]) -> tuple[str, ...]:
        """The one text that was typed; none where nothing was. Raises WrongChoice."""
        texts = [value.strip() for value in sent if value.strip()]
        if len(texts) > 1:
            raise WrongChoice("Send one answer.")
        if not texts:
            return ()
        if len(texts[0]) > LONGEST:
            raise WrongChoice(f"Write at most {LONGEST} characters; {len(texts[0])} were sent.")
        if has_controls(texts[0]):
            raise WrongChoice("The answer has a character that cannot be typed: write it again.")
        return (texts[0],)

    def show(self, shape: Shape, choice: Sequence[str]) -> tuple[int | str, ...]:
        """The text."""
        return tuple(choice)

    def is_complete(self, shape: Shape, choice: Sequence[str]) -> bool:
        """Something was typed."""
        return bool(choice)

    def grade(self, content: Content, choice: Sequence[str], marking: str) -> float:
        """Right or not, under every rule: nobody guesses a typed answer, so that a wrong one costs nothing."""
        return float(bool(choice) and self.is_right(content, choice[0]))

    def chances(self, shape: Shape) -> tuple[int, int]:
        """Hardly any."""
        return MANY, 1

    def shown(self, content: Content, render: Render) -> dict[str, Any]:
        """The stem; what stands beside the field."""
        return shown_html(content, render)

    def key(self, content: Content, render: Render) -> dict[str, Any]:
        """What is accepted, and why."""
        return {
            "correct": self.accepted(content),
            "rationales": {ANSWER: render(str(content.extra.get("rationale", "")))},
        }

    def review(
        self, shape: Shape, choice: Sequence[str], shown: Mapping[str, Any], key: Mapping[str, Any]
    ) -> list[ReviewRow]:
        """One row: what was typed and what is accepted. Whether it is right the grade says."""
        given = choice[0] if choice else ""
        return [ReviewRow(ANSWER, "", False, bool(choice), given, "; ".join(key["correct"]))]

    def summarise(self, content: Content, choice: Sequence[str]) -> str:
        """The text."""
        return choice[0] if choice else ""

    def classify(self, content: Content, choice: Sequence[str]) -> dict[str, bool]:
        """Right, and wrong; whoever typed nothing is in neither."""
        right = bool(choice) and self.is_right(content, choice[0])
        return {"right": right, "wrong": bool(choice) and not right}


def has_controls(text: str) -> bool:
    """Whether there is a character in it that no field of one line lets through."""
    return any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text)


def typed_flaws(content: Content) -> list[str]:
    """What is wrong whatever is typed."""
    found = []
    if content.options:
        found.append("nothing is chosen from here: remove the options")
    if content.choose != 1:
        found.append(f"choose is {content.choose}: one answer is typed, so write 1")
    return found
