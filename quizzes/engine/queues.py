"""The order in which cards are asked."""

from collections import Counter
from collections.abc import Iterator, Sequence

Entry = tuple[int, str]
"""A card, and the scenario that it shares with others; "" where it shares none."""


def apart(entries: Sequence[Entry], last: str = "") -> Iterator[int]:
    """The cards in the given order, but none after one of its own scenario wherever that can be avoided.

    ``last`` is the scenario of what was asked just before. Whatever has to wait comes as soon as it may. A scenario
    that more than half of what is left belongs to is taken at once: it would otherwise stay behind alone.
    """
    waiting = list(entries)
    left = Counter(scenario for _, scenario in waiting if scenario)
    while waiting:
        urgent = {scenario for scenario, count in left.items() if 2 * count > len(waiting) and scenario != last}
        fitting = (place for place, (_, scenario) in enumerate(waiting) if not scenario or scenario != last)
        if urgent:
            fitting = (place for place, (_, scenario) in enumerate(waiting) if scenario in urgent)
        card, last = waiting.pop(next(fitting, 0))
        if last:
            left[last] -= 1
        yield card
