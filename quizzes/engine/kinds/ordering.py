"""Ordering: bring the options into the right order. The author writes them in it."""

from collections.abc import Mapping, Sequence
from math import factorial
from random import Random
from typing import Any

from quizzes.engine.content import Content
from quizzes.engine.kinds.base import Render, ReviewRow, Shape, key_html, shown_html
from quizzes.engine.kinds.extras import shape_flaws
from quizzes.engine.kinds.pairs import TO, Pairs, as_mapping, part_flaws


class Ordering(Pairs):
    """The place of an option is its number in the right order, from 1.

    Partial marking counts the options at their own place, as the absolute-position rule of other systems does: of a
    whole order shifted by one nothing is right.
    """

    control = "ordering"
    orders: tuple[str, ...] = ("shuffle",)

    def flaws(self, content: Content) -> list[str]:
        """As for all parts, and always shuffled."""
        found = [*shape_flaws(content.extra, self.extras), *part_flaws(content, "steps to put in order")]
        if content.order != "shuffle":
            found.append("the steps are written in the right order: set order to shuffle, or the page would show it")
        return found

    def parts(self, content: Content) -> tuple[str, ...]:
        """By id: the author's order is the key."""
        return tuple(sorted(content.option_ids))

    def shuffle(self, option_ids: Sequence[str], order: str, rng: Random) -> tuple[str, ...]:
        """Always in the order of the dice."""
        ids = list(option_ids)
        rng.shuffle(ids)
        return tuple(ids)

    def places(self, shape: Shape) -> tuple[str, ...]:
        """1, 2, 3 …"""
        return tuple(str(number) for number in range(1, len(shape.shown) + 1))

    def right_pairs(self, content: Content) -> Mapping[str, str]:
        """The author's order."""
        return {option: str(number) for number, option in enumerate(content.option_ids, 1)}

    def is_complete(self, shape: Shape, choice: Sequence[str]) -> bool:
        """Every option has a place, and no two have the same."""
        return len(choice) == shape.choose and len(set(as_mapping(choice).values())) == shape.choose

    def responses(self, parts: int, places: int) -> int:
        """All orders."""
        return factorial(parts)

    def shown(self, content: Content, render: Render) -> dict[str, Any]:
        """Stem and options, these by id."""
        shown = shown_html(content, render)
        return shown | {"options": dict(sorted(shown["options"].items()))}

    def key(self, content: Content, render: Render) -> dict[str, Any]:
        """Which option stands where, and why."""
        return key_html(content, [f"{one}{TO}{place}" for one, place in self.right_pairs(content).items()], render)

    def review(
        self, shape: Shape, choice: Sequence[str], shown: Mapping[str, Any], key: Mapping[str, Any]
    ) -> list[ReviewRow]:
        """In the right order."""
        return sorted(super().review(shape, choice, shown, key), key=lambda row: int(row.expected))

    def summarise(self, content: Content, choice: Sequence[str]) -> str:
        """The options in the order that was given."""
        given = as_mapping(choice)
        placed = sorted((int(given[one.id]), one.text.strip()) for one in content.options if one.id in given)
        return "; ".join(f"{place}. {text}" for place, text in placed)
