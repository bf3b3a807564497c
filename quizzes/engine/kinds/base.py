"""What every kind answers, and what choosing from a list of options has in common."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Any, Protocol

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds.extras import Rule, shape_flaws
from quizzes.engine.scoring import MARKING


class WrongChoice(ValueError):
    """A response that this question cannot take: an option it does not have, or too many of them."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a question without its text: enough to take a response, never to judge it.

    ``shown`` are the ids of its parts in the order in which one attempt shows them.
    """

    choose: int
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One part of a question as its review shows it; ``given`` and ``expected`` are html, or text that was typed."""

    part: str
    html: str
    correct: bool
    chosen: bool
    given: str = ""
    expected: str = ""


Render = Callable[[str], str]
"""Markdown to the html that a page shows."""


class Kind(Protocol):
    """A question kind. A choice is a tuple of words that only the kind reads; how they travel is its affair.

    ``control`` names the template of what the learner operates (templates/quizzes/kinds/). ``has_options`` says whether
    one chooses among listed options, ``has_distractors`` whether an author writes wrong ones, so that what is known of
    good ones applies. ``preset`` are the options, id and text, of a kind that always has the same. ``extras`` are the
    names that ``Content.extra`` may have, each with what its value must be; ``orders`` those that an author may choose
    from; ``whole`` says that every option belongs to what is right.
    """

    control: str
    widget: str
    has_options: bool
    has_distractors: bool
    preset: tuple[tuple[str, str], ...]
    extras: Mapping[str, Rule]
    orders: tuple[str, ...]
    whole: bool

    def flaws(self, content: Content) -> list[str]:
        """What is wrong with the content, each with what to do; empty when it can be asked."""
        ...

    def asked(self, options: Sequence[Option]) -> int:
        """The number to choose that goes with these options."""
        ...

    def parts(self, content: Content) -> tuple[str, ...]:
        """The ids of what an attempt shows, in an order that tells nothing."""
        ...

    def shuffle(self, option_ids: Sequence[str], order: str, rng: Random) -> tuple[str, ...]:
        """These ids in the order one attempt shows them."""
        ...

    def read(self, shape: Shape, sent: Sequence[str]) -> tuple[str, ...]:
        """The choice behind the posted values. Raises WrongChoice."""
        ...

    def show(self, shape: Shape, choice: Sequence[str]) -> tuple[int | str, ...]:
        """The values that a page would post for a stored choice: the reverse of :meth:`read`."""
        ...

    def is_complete(self, shape: Shape, choice: Sequence[str]) -> bool:
        """Whether as much was given as was asked for."""
        ...

    def grade(self, content: Content, choice: Sequence[str], marking: str) -> float:
        """How right the choice is, from 0 to 1 (below 0 under negative marking)."""
        ...

    def chances(self, shape: Shape) -> tuple[int, int]:
        """(k, m): a blind guess is right once in the number of ways to take m of k (docs/scoring.md)."""
        ...

    def shown(self, content: Content, render: Render) -> dict[str, Any]:
        """All that someone who sits the question may see, as html."""
        ...

    def key(self, content: Content, render: Render) -> dict[str, Any]:
        """All that they may not: what is right, and the rationales as html."""
        ...

    def review(
        self, shape: Shape, choice: Sequence[str], shown: Mapping[str, Any], key: Mapping[str, Any]
    ) -> list[ReviewRow]:
        """The parts with what was given and what is right, from what :meth:`shown` and :meth:`key` gave."""
        ...

    def summarise(self, content: Content, choice: Sequence[str]) -> str:
        """The response in words, for lists and exports."""
        ...

    def classify(self, content: Content, choice: Sequence[str]) -> dict[str, bool]:
        """For item analysis: each response class of this question, and whether the response falls in it."""
        ...


def shown_html(content: Content, render: Render) -> dict[str, Any]:
    """Stem, scenario where there is one, and the text of each option."""
    scenario = {"scenario": render(content.scenario)} if content.scenario else {}
    return scenario | {
        "stem": render(content.stem),
        "options": {option.id: render(option.text) for option in content.options},
    }


def key_html(content: Content, correct: Sequence[str], render: Render) -> dict[str, Any]:
    """What is right, in the words of the kind, and the rationale of each option."""
    return {
        "correct": sorted(correct),
        "rationales": {option.id: render(option.rationale) for option in content.options},
    }


def by_rule(share: float, responses: int, marking: str) -> float:
    """The fraction of a response of which this share is right, where so many responses are equally likely.

    All or nothing: 1 only when all of it is right. Partial: the share. Negative: as ``scoring.negative``, a wrong
    response costs what makes a blind guess worth 0 on average.
    """
    if share == 1:
        return 1.0
    if marking == "partial":
        return share
    return -1 / max(1, responses - 1) if marking == "negative" else 0.0


class Options:
    """Choosing among listed options; one or several of them is what the two kinds differ in."""

    control = "options"
    widget = "radio"
    has_options = True
    has_distractors = True
    preset: tuple[tuple[str, str], ...] = ()
    extras: Mapping[str, Rule] = MappingProxyType({})
    orders: tuple[str, ...] = ("shuffle", "fixed")
    whole = False

    def asked(self, options: Sequence[Option]) -> int:
        """As many as are right."""
        return max(1, sum(option.correct for option in options))

    def flaws(self, content: Content) -> list[str]:
        """What is wrong whatever the number to choose."""
        found = shape_flaws(content.extra, self.extras)
        ids = content.option_ids
        if len(set(ids)) != len(ids):
            found.append("two options have the same id: give each its own")
        if not 2 <= len(ids) <= 12:
            found.append(f"a question has 2 to 12 options, this one has {len(ids)}")
        if content.order not in self.orders:
            found.append(f"order is “{content.order}”: write {' or '.join(self.orders)}")
        if not content.keys:
            found.append("no option is marked correct: the key is missing")
        elif len(content.keys) != content.choose:
            found.append(
                f"choose is {content.choose}, but {len(content.keys)} options are marked correct: make the two agree"
            )
        return found

    def parts(self, content: Content) -> tuple[str, ...]:
        """The options, in the author's order."""
        return content.option_ids

    def shuffle(self, option_ids: Sequence[str], order: str, rng: Random) -> tuple[str, ...]:
        """The ids as they stand when the order is fixed, else in the order of the dice."""
        ids = list(option_ids)
        if order == "shuffle":
            rng.shuffle(ids)
        return tuple(ids)

    def read(self, shape: Shape, sent: Sequence[str]) -> tuple[str, ...]:
        """Positions to ids, in shown order and each once."""
        positions = {position_of(value, len(shape.shown)) for value in sent if value != ""}
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

    def chances(self, shape: Shape) -> tuple[int, int]:
        """So many of the options."""
        return len(shape.shown), shape.choose

    def shown(self, content: Content, render: Render) -> dict[str, Any]:
        """Stem and options."""
        return shown_html(content, render)

    def key(self, content: Content, render: Render) -> dict[str, Any]:
        """The ids of the right options, and why each is right or wrong."""
        return key_html(content, sorted(content.keys), render)

    def review(
        self, shape: Shape, choice: Sequence[str], shown: Mapping[str, Any], key: Mapping[str, Any]
    ) -> list[ReviewRow]:
        """The options as shown."""
        return [ReviewRow(one, shown["options"][one], one in key["correct"], one in choice) for one in shape.shown]

    def summarise(self, content: Content, choice: Sequence[str]) -> str:
        """The chosen options' texts."""
        return "; ".join(option.text.strip() for option in content.options if option.id in choice)

    def classify(self, content: Content, choice: Sequence[str]) -> dict[str, bool]:
        """One class an option."""
        return {option: option in choice for option in content.option_ids}


def position_of(value: str, count: int) -> int:
    """The number from 1 to ``count`` that was sent. Raises WrongChoice."""
    if not (value.isascii() and value.isdigit() and len(value) <= 2 and 1 <= int(value) <= count):
        raise WrongChoice(f"There is no option {value[:20]!r} here: send a position from 1 to {count}.")
    return int(value)
