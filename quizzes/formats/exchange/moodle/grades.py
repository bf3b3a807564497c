"""The shares of a point that Moodle knows, and how they stand in files."""

import re
from collections.abc import Sequence

GRADES = (
    100.0, 90.0, 83.33333, 80.0, 75.0, 70.0, 66.66667, 60.0, 50.0, 40.0, 33.33333, 30.0, 25.0, 20.0, 16.66667, 14.28571,
    12.5, 11.11111, 10.0, 5.0, 0.0,
)  # fmt: skip
"""In percent; each may be negative as well."""
_NUMBER = re.compile(r"[+-]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})")
NEAR = 0.5
"""How far a share may be from the list: tools write 33, 33.3 and 33.33333."""


def nearest(share: float) -> float:
    """The share of the list that is nearest to this one."""
    found = min(GRADES, key=lambda one: abs(abs(share) - one))
    return -found if share < 0 else found


def written(share: float) -> str:
    """As Moodle writes it."""
    return f"{nearest(share):.5f}".rstrip("0").rstrip(".") or "0"


def percent(text: str) -> float:
    """A share in percent, with a point or a comma; 0 for what is no number, as in Moodle.

    >>> percent("33,33333 %"), percent("-50.00000"), percent("")
    (33.33333, -50.0, 0.0)
    """
    plain = text.strip().removesuffix("%").strip().replace(",", ".")
    return float(plain) if _NUMBER.fullmatch(plain) else 0.0


def are_fractions(shares: Sequence[float]) -> bool:
    """Whether they are written from 0 to 1, as some tools do, and not in percent."""
    return any(share > 0 for share in shares) and all(abs(share) <= 1 for share in shares)
