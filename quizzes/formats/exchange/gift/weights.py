"""The shares of the mark that Moodle knows, in percent."""

import re

FRACTIONS = (
    *(100.0, 90.0, 83.33333, 80.0, 75.0, 70.0, 66.66667, 60.0, 50.0, 40.0, 33.33333, 30.0, 25.0, 20.0, 16.66667),
    *(14.28571, 12.5, 11.11111, 10.0, 5.0, 0.0),
)
WEIGHT = re.compile(r"\s*%(-*)(\d{1,2}[.,]?\d*)%")
_TOLERANCE = 0.01


def weight_of(text: str) -> tuple[float | None, str]:
    """The share that stands at the beginning, None where none does, and the rest. Never more than 100 either way."""
    match = WEIGHT.match(text)
    if match is None:
        return None, text
    weight = min(100.0, float(match[2][:20].replace(",", ".")))
    return nearest_if_close(-weight if match[1] else weight), text[match.end() :].strip()


def nearest(weight: float) -> float:
    """The share of Moodle’s list that is nearest."""
    found = min(FRACTIONS, key=lambda one: abs(one - abs(weight)))
    return -found if weight < 0 else found


def nearest_if_close(weight: float) -> float:
    """The share of the list where this is one but for its last digits: 33.333 is a third."""
    found = nearest(weight)
    return found if abs(found - weight) <= _TOLERANCE else weight


def nth_part(count: int) -> float | None:
    """The share that each of so many right options has; None where Moodle has none that fits."""
    return next((one for one in FRACTIONS if abs(one * count - 100) < _TOLERANCE), None) if count else None


def written(weight: float) -> str:
    """As in a file: “%50%”, “%33.33333%”, “%-100%”."""
    return f"%{weight:.5f}".rstrip("0").rstrip(".") + "%"
