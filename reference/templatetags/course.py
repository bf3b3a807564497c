"""Looking a count up."""

from collections.abc import Mapping

from django import template

register = template.Library()

@register.filter
def get(counts: Mapping[str, int], key: str) -> int:
    """The count of a key, 0 where there is none."""
    return counts.get(key, 0)
