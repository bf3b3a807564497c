"""Matching: to each of some prompts belongs one of some targets. There may be more targets than prompts."""

from collections.abc import Mapping, Sequence
from random import Random
from types import MappingProxyType
from typing import Any

from quizzes.engine.content import Content
from quizzes.engine.kinds.base import Render, Shape, key_html, shown_html
from quizzes.engine.kinds.extras import PAIRS, TARGETS, Rule, shape_flaws
from quizzes.engine.kinds.pairs import MOST, TO, Pairs, as_mapping, id_flaws, part_flaws

TARGET = "="
"""What the ids of targets begin with where they stand beside those of prompts."""


class Matching(Pairs):
    """The options are the prompts; ``extra`` has ``targets`` (id and text) and ``pairs`` (prompt to target)."""

    control = "matching"
    extras: Mapping[str, Rule] = MappingProxyType({"targets": TARGETS, "pairs": PAIRS})

    def flaws(self, content: Content) -> list[str]:
        """As for all parts; and every prompt has a target that exists."""
        found = part_flaws(content, "prompts")
        if misshapen := shape_flaws(content.extra, self.extras):
            return [*found, *misshapen]
        ids = [one["id"] for one in _targets(content)]
        found += id_flaws(ids)
        texts = {" ".join(one["text"].split()) for one in _targets(content)}
        if "" in texts:
            found.append("a target has no text: write it, or remove the target")
        elif len(texts) != len(ids):
            found.append("two targets read the same, so that nobody could tell which is meant: reword or remove one")
        if len(set(ids)) != len(ids):
            found.append("two targets have the same id: give each its own")
        if not 2 <= len(ids) <= MOST:
            found.append(f"there are 2 to {MOST} targets, here are {len(ids)}")
        pairs = content.extra.get("pairs", {})
        for prompt in content.option_ids:
            if pairs.get(prompt) not in ids:
                found.append(f"prompt {prompt} has no target: pair it with one of the targets")
        found += [f"{one} is paired but is no prompt: remove it" for one in pairs if one not in content.option_ids]
        return found

    def parts(self, content: Content) -> tuple[str, ...]:
        """Prompts, then targets, each by the author's order, which tells nothing of the pairs."""
        return (*content.option_ids, *sorted(TARGET + one["id"] for one in _targets(content)))

    def shuffle(self, option_ids: Sequence[str], order: str, rng: Random) -> tuple[str, ...]:
        """Prompts as they stand when the order is fixed; targets always in the order of the dice."""
        prompts = [one for one in option_ids if not one.startswith(TARGET)]
        targets = [one for one in option_ids if one.startswith(TARGET)]
        if order == "shuffle":
            rng.shuffle(prompts)
        rng.shuffle(targets)
        return (*prompts, *targets)

    def places(self, shape: Shape) -> tuple[str, ...]:
        """The targets, as shown."""
        return shape.shown[shape.choose :]

    def right_pairs(self, content: Content) -> Mapping[str, str]:
        """The author's pairs."""
        return {one: TARGET + content.extra["pairs"][one] for one in content.option_ids}

    def extra_places(self, content: Content) -> tuple[str, ...]:
        """All targets."""
        return tuple(TARGET + one["id"] for one in _targets(content))

    def responses(self, parts: int, places: int) -> int:
        """Any target for each prompt: one may serve twice."""
        return int(places**parts)

    def shown(self, content: Content, render: Render) -> dict[str, Any]:
        """Stem, prompts and targets."""
        shown = shown_html(content, render)
        targets = {TARGET + one["id"]: render(one["text"]) for one in _targets(content)}
        return shown | {"options": shown["options"] | dict(sorted(targets.items()))}

    def key(self, content: Content, render: Render) -> dict[str, Any]:
        """Which target belongs to which prompt, and why."""
        return key_html(content, [f"{one}{TO}{target}" for one, target in self.right_pairs(content).items()], render)

    def place_html(self, place: str, shown: Mapping[str, Any]) -> str:
        """The target."""
        return str(shown["options"].get(place, ""))

    def summarise(self, content: Content, choice: Sequence[str]) -> str:
        """Prompt → target."""
        given = as_mapping(choice)
        texts = {TARGET + one["id"]: one["text"].strip() for one in _targets(content)}
        return "; ".join(f"{one.text.strip()} → {texts[given[one.id]]}" for one in content.options if one.id in given)


def _targets(content: Content) -> list[dict[str, str]]:
    return list(content.extra.get("targets", ()))
