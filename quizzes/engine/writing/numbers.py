"""Options that are amounts: what they are worth in one unit."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

_AMOUNT: Final = re.compile(r"(?:USD |\$|about |at least |up to )?(\d[\d,]*(?:\.\d+)?)\s*([A-Za-z%]+)?")
_LONGEST: Final = 8  # words; a longer option that starts with a number is a sentence, not an amount

_UNITS: Final = {
    "time": {"ms": 0.001, "second": 1, "s": 1, "minute": 60, "min": 60, "hour": 3600, "h": 3600, "day": 86_400}
    | {"week": 604_800, "month": 2_592_000, "year": 31_536_000},
    "size": {"kb": 1, "kib": 1, "mb": 1e3, "mib": 1e3, "gb": 1e6, "gib": 1e6, "tb": 1e9, "tib": 1e9, "pb": 1e12}
    | {"pib": 1e12},
    "rate": {"kbps": 1, "mbps": 1e3, "gbps": 1e6, "tbps": 1e9},
}


def _measure(amount: float, unit: str) -> tuple[str, float]:
    for family, factors in _UNITS.items():
        factor = factors.get(unit, factors.get(unit.removesuffix("s")))
        if factor is not None:
            return family, amount * factor
    return unit, amount


def quantities(texts: Sequence[str]) -> list[float] | None:
    """The amounts the texts start with, in one unit; None unless every text is an amount of the same kind."""
    found = []
    for text in texts:
        match = _AMOUNT.match(text)
        if match is None or len(text.split()) > _LONGEST:
            return None
        found.append(_measure(float(match.group(1).replace(",", "")), (match.group(2) or "").lower()))
    if len({family for family, _ in found}) != 1:
        return None
    return [amount for _, amount in found]


def ordering(values: Sequence[float]) -> bool:
    """Whether the values only rise or only fall."""
    return all(a <= b for a, b in pairwise(values)) or all(a >= b for a, b in pairwise(values))
