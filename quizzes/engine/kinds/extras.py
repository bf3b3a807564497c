"""The shape of what only a kind knows (``Content.extra``): it comes from files and forms, so it may be anything."""

import re
from collections.abc import Callable, Mapping
from typing import Any

ID = re.compile(r"[A-Za-z0-9-]{1,100}")
"""What may stand in a stored choice beside the signs of the kinds."""

Rule = tuple[Callable[[Any], bool], str]
"""Whether a value will do, and what to write instead where it does not."""


def shape_flaws(extra: Mapping[str, Any], rules: Mapping[str, Rule]) -> list[str]:
    """What is there and has no use, and what has another shape than its rule. What is missing the kind says."""
    known = ", ".join(rules) or "nothing"
    found = [f"“{name}” has no use here: this kind knows {known}" for name in extra if name not in rules]
    known_values = ((name, value) for name, value in extra.items() if name in rules)
    return found + [f"{name}: {rules[name][1]}" for name, value in known_values if not rules[name][0](value)]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, str) and one.strip() for one in value)


def _are_targets(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(
        isinstance(one, Mapping) and set(one) == {"id", "text"} and all(map(_is_text, one.values())) for one in value
    )


def _are_pairs(value: Any) -> bool:
    return isinstance(value, Mapping) and all(_is_text(name) and _is_text(one) for name, one in value.items())


TEXT: Rule = (_is_text, "write a text")
FLAG: Rule = (lambda value: isinstance(value, bool), "write true or false")
TEXTS: Rule = (_are_texts, "write a list of texts, none of them empty")
TARGETS: Rule = (_are_targets, "write a list of id and text")
PAIRS: Rule = (_are_pairs, "write the id of a prompt and the id of its target")
