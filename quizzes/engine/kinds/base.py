"""What every kind answers, and what choosing from a list of options has in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from quizzes.engine.content import Content
from quizzes.engine.scoring import MARKING


class WrongChoice(ValueError):
    """A response that this question cannot take: an option it does not have, or too many of them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a question without its text: enough to take a response, never to judge it."""

    choose: int
    shown: tuple[str, ...]


class Kind(Protocol):
    """A question kind. Choices are tuples of option ids; how they travel is the kind's affair."""

    widget: str

    def flaws(self, content: Content) -> list[str]:
        """What is wrong with the content, each with what to do; empty when it can be asked."""
        ...

    def shuffle(self, option_ids: Sequence[str], order: str, rng: Random) -> tuple[str, ...]:
        """The option ids in the order one attempt shows them."""
        ...

    def read(self, shape: Shape, sent: Sequence[str]) -> tuple[str, ...]:
        """The choice behind the posted values (shown positions). Raises WrongChoice."""
        ...

    def show(self, shape: Shape, choice: Sequence[str]) -> tuple[int, ...]:
        """The shown positions, from 1, of a stored choice: the reverse of :meth:`read`."""
        ...

    def is_complete(self, shape: Shape, choice: Sequence[str]) -> bool:
        """Whether as much was given as was asked for."""
        ...

    def grade(self, content: Content, choice: Sequence[str], marking: str) -> float:
        """How right the choice is, from 0 to 1 (below 0 under negative marking)."""
        ...

    def summarise(self, content: Content, choice: Sequence[str]) -> str:
        """The response in words, for lists and exports."""
        ...

    def classify(self, content: Content, choice: Sequence[str]) -> dict[str, bool]:
        """For item analysis: each response class of this question, and whether the response falls in it."""
        ...


class Options:
    """Choosing among listed options; one or several of them is what the two kinds differ in."""

    widget = "radio"

    def flaws(self, content: Content) -> list[str]:
        """What is wrong whatever the number to choose."""
        found = []
        ids = content.option_ids
        if len(set(ids)) != len(ids):
            found.append("two options have the same id: give each its own")
        if not 2 <= len(ids) <= 12:
            found.append(f"a question has 2 to 12 options, this one has {len(ids)}")
        if content.order not in ("shuffle", "fixed"):
            found.append(f"order is “{content.order}”: write shuffle or fixed")
        if not content.keys:
            found.append("no option is marked correct: the key is missing")
        elif len(content.keys) != content.choose:
            found.append(
                f"choose is {content.choose}, but {len(content.keys)} options are marked correct: make the two agree"
            )
        return found

    def shuffle(self, option_ids: Sequence[str], order: str, rng: Random) -> tuple[str, ...]:
        """The ids as they stand when the order is fixed, else in the order of the dice."""
        ids = list(option_ids)
        if order == "shuffle":
            rng.shuffle(ids)
        return tuple(ids)

    def read(self, shape: Shape, sent: Sequence[str]) -> tuple[str, ...]:
        """Positions to ids, in shown order and each once."""
        positions = {_position(value, len(shape.shown)) for value in sent if value != ""}
        if len(positions) > shape.choose:
            raise WrongChoice(f"Choose at most {shape.choose}; {len(positions)} were sent.")
        return tuple(shape.shown[position - 1] for position in sorted(positions))

    def show(self, shape: Shape, choice: Sequence[str]) -> tuple[int, ...]:
        """Ids to positions."""
        return tuple(position for position, option in enumerate(shape.shown, 1) if option in choice)

    def is_complete(self, shape: Shape, choice: Sequence[str]) -> bool:
        """As many as were asked for."""
        return len(choice) == shape.choose

    def grade(self, content: Content, choice: Sequence[str], marking: str) -> float:
        """By one of the marking rules of ``scoring``."""
        return MARKING[marking](frozenset(choice), content.keys, len(content.options))

    def summarise(self, content: Content, choice: Sequence[str]) -> str:
        """The chosen options' texts."""
        return "; ".join(option.text.strip() for option in content.options if option.id in choice)

    def classify(self, content: Content, choice: Sequence[str]) -> dict[str, bool]:
        """One class an option."""
        return {option: option in choice for option in content.option_ids}


def _position(value: str, count: int) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 2 and 1 <= int(value) <= count):
        raise WrongChoice(f"There is no option {value[:20]!r} here: send a position from 1 to {count}.")
    return int(value)
