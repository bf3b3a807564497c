"""Wording shared by messages."""

from collections.abc import Iterable
from difflib import get_close_matches


def listed(names: Iterable[str], conjunction: str) -> str:
    """`a, b or c` for the names and the conjunction “or”."""
    *head, last = names
    return f"{', '.join(head)} {conjunction} {last}" if head else last


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`did you mean “…”?` with the nearest known name, or an empty string if none is near."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.7)
    return f"did you mean “{near[0]}”?" if near else ""
