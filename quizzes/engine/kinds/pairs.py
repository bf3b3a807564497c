"""What ordering and matching have in common: each of some parts is given one of some places."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds.base import ReviewRow, Shape, WrongChoice, by_rule, position_of
from quizzes.engine.kinds.extras import ID, Rule

TO = ">"
"""Between the id of a part and its place in a stored choice; ids have letters, digits and hyphens only."""
MOST = 12


class Pairs:
    """A response is a set of pairs; each part has at most one. The two kinds differ in what a place is."""

    widget = "select"
    has_options = False
    has_distractors = False
    preset: tuple[tuple[str, str], ...] = ()
    extras: Mapping[str, Rule] = MappingProxyType({})
    orders: tuple[str, ...] = ("shuffle", "fixed")
    whole = True

    def asked(self, options: Sequence[Option]) -> int:
        """All of them."""
        return len(options)

    def left(self, shape: Shape) -> tuple[str, ...]:
        """The parts that are given a place, as shown."""
        return shape.shown[: shape.choose]

    def places(self, shape: Shape) -> tuple[str, ...]:
        """The places to choose from, as shown."""
        raise NotImplementedError

    def right_pairs(self, content: Content) -> Mapping[str, str]:
        """The place of each part by the key."""
        raise NotImplementedError

    def responses(self, parts: int, places: int) -> int:
        """How many complete responses there are."""
        raise NotImplementedError

    def read(self, shape: Shape, sent: Sequence[str]) -> tuple[str, ...]:
        """Values “part-place”, both shown positions; a place that is left empty is no pair. Raises WrongChoice."""
        left, places = self.left(shape), self.places(shape)
        given: dict[int, int] = {}
        for value in sent:
            part, _, place = value.partition("-")
            if place == "":
                if value and not value.endswith("-"):
                    raise WrongChoice(f"Send the position of a part and of its place, as 1-2, not {value[:20]!r}.")
                continue
            position = position_of(part, len(left))
            if position in given:
                raise WrongChoice(f"Two places were sent for part {position}: send one.")
            given[position] = position_of(place, len(places))
        return tuple(f"{left[one - 1]}{TO}{places[given[one] - 1]}" for one in sorted(given))

    def show(self, shape: Shape, choice: Sequence[str]) -> tuple[int | str, ...]:
        """The values behind the pairs, in shown order."""
        left, places = self.left(shape), self.places(shape)
        pairs = as_mapping(choice)
        return tuple(
            f"{position}-{places.index(pairs[part]) + 1}" for position, part in enumerate(left, 1) if part in pairs
        )

    def is_complete(self, shape: Shape, choice: Sequence[str]) -> bool:
        """Every part has its place."""
        return len(choice) == shape.choose

    def grade(self, content: Content, choice: Sequence[str], marking: str) -> float:
        """The share of parts at their right place, by the marking rule."""
        right, given = self.right_pairs(content), as_mapping(choice)
        if not given:
            return 0.0
        hits = sum(given.get(part) == place for part, place in right.items())
        places = len(set(right.values()) | set(self.extra_places(content)))
        return by_rule(hits / len(right), self.responses(len(right), places), marking)

    def extra_places(self, content: Content) -> tuple[str, ...]:
        """All places that can be chosen, those that are right for nothing as well."""
        return ()

    def chances(self, shape: Shape) -> tuple[int, int]:
        """One of all complete responses."""
        return self.responses(shape.choose, len(self.places(shape))), 1

    def review(
        self, shape: Shape, choice: Sequence[str], shown: Mapping[str, Any], key: Mapping[str, Any]
    ) -> list[ReviewRow]:
        """The parts as shown, each with the place it was given and its own."""
        given, right = as_mapping(choice), as_mapping(key["correct"])
        return [
            ReviewRow(
                part=one,
                html=shown["options"][one],
                correct=given.get(one) == right[one],
                chosen=one in given,
                given=self.place_html(given.get(one, ""), shown),
                expected=self.place_html(right[one], shown),
            )
            for one in self.left(shape)
        ]

    def place_html(self, place: str, shown: Mapping[str, Any]) -> str:
        """How a place reads."""
        return place

    def classify(self, content: Content, choice: Sequence[str]) -> dict[str, bool]:
        """One class a part: whether it is where it belongs."""
        given = as_mapping(choice)
        return {part: given.get(part) == place for part, place in self.right_pairs(content).items()}


def as_mapping(choice: Sequence[str]) -> dict[str, str]:
    """Part to place, of a stored choice."""
    return dict(tuple(pair.split(TO, 1)) for pair in choice)  # type: ignore[misc]


def id_flaws(ids: Sequence[str]) -> list[str]:
    """The ids that cannot stand in a stored choice."""
    return [
        f"the id “{one}” is not of letters, digits and hyphens: give another" for one in ids if not ID.fullmatch(one)
    ]


def part_flaws(content: Content, what: str) -> list[str]:
    """What is wrong with the parts whatever the kind."""
    found, ids = [], content.option_ids
    if len(set(ids)) != len(ids):
        found.append("two options have the same id: give each its own")
    found += id_flaws(ids)
    if not 2 <= len(ids) <= MOST:
        found.append(f"there are 2 to {MOST} {what}, here are {len(ids)}")
    if content.choose != len(ids):
        found.append(f"choose is {content.choose}, but there are {len(ids)} {what}: make the two agree")
    if any(not option.correct for option in content.options):
        found.append("every option belongs to the answer: mark each as correct")
    return found
