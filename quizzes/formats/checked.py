"""Plain data from a stranger, checked part by part: each mistake is named by its path, and at most twenty of them."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

MOST_FAULTS = 20
YEARS = (2000, 2100)
"""The first and the last year of a date that is taken."""
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""Characters that a database refuses: the NUL, and halves of a pair."""


class Enough(Exception):
    """As many mistakes as anybody wants to read have been found."""


class Faults:
    """The mistakes so far, as lines “path: what is wrong”. Raises Enough when there are twenty."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, path: str, words: str) -> None:
        """One more."""
        self.lines.append(f"{path}: {words}")
        if len(self.lines) >= MOST_FAULTS:
            raise Enough


Check = Callable[[Any, str, Faults], Any]
"""Takes a value, its path and the mistakes; gives the value as it is to be used, or None with a mistake added."""


def text(most: int, *, least: int = 0, pattern: str = "", among: Sequence[str] = ()) -> Check:
    """A string of ``least`` to ``most`` characters, that fits a pattern or is one of some words."""
    fits = re.compile(pattern or r"(?s:.*)")

    def check(value: Any, path: str, faults: Faults) -> Any:
        if not isinstance(value, str):
            return faults.add(path, "must be text")
        if not least <= len(value) <= most:
            return faults.add(path, f"must have {least} to {most} characters, it has {len(value)}")
        if UNSTORABLE.search(value) or not fits.fullmatch(value):
            return faults.add(path, "has characters that cannot stand there")
        if among and value not in among:
            return faults.add(path, f"must be one of {', '.join(one or '“”' for one in among)}")
        return value

    return check


def whole(low: int, high: int) -> Check:
    """A whole number from ``low`` to ``high``."""

    def check(value: Any, path: str, faults: Faults) -> Any:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            return faults.add(path, f"must be a whole number from {low} to {high}")
        return value

    return check


def real(low: float, high: float) -> Check:
    """A finite number from ``low`` to ``high``."""

    def check(value: Any, path: str, faults: Faults) -> Any:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        # Compared first: a whole number may be too large for a float.
        if not is_number or not low <= value <= high or not math.isfinite(value):
            return faults.add(path, f"must be a number from {low:g} to {high:g}")
        return float(value)

    return check


def flag(value: Any, path: str, faults: Faults) -> Any:
    """True or false."""
    return value if isinstance(value, bool) else faults.add(path, "must be true or false")


def moment(value: Any, path: str, faults: Faults) -> Any:
    """An ISO date with time and offset, given back in UTC."""
    try:
        read = datetime.fromisoformat(value)
        if read.tzinfo is not None and YEARS[0] <= read.year < YEARS[1]:
            return read.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        pass
    return faults.add(path, "must be a date with time and offset, such as 2026-11-23T09:00:00+00:00")


def day(value: Any, path: str, faults: Faults) -> Any:
    """An ISO date."""
    try:
        read = date.fromisoformat(value)
        if YEARS[0] <= read.year < YEARS[1]:
            return read
    except (TypeError, ValueError):
        pass
    return faults.add(path, "must be a date, such as 2026-11-23")


def maybe(inner: Check, default: Any = None) -> Check:
    """What ``inner`` checks, or nothing: then the default."""

    def check(value: Any, path: str, faults: Faults) -> Any:
        return default if value is None else inner(value, path, faults)

    return check


def listed(inner: Check, most: int, words: str = "") -> Check:
    """A list of at most so many; ``words`` say it when there are more."""

    def check(value: Any, path: str, faults: Faults) -> Any:
        if not isinstance(value, list):
            return faults.add(path, "must be a list")
        if len(value) > most:
            return faults.add(path, words or f"has {len(value)} entries; at most {most} are taken")
        return [inner(one, f"{path}[{number}]", faults) for number, one in enumerate(value)]

    return check


def table(fields: Mapping[str, Check], *, sparse: bool = False) -> Check:
    """An object with these fields; others are left out. ``sparse``: a field that is not there stays out."""

    def check(value: Any, path: str, faults: Faults) -> Any:
        if not isinstance(value, dict):
            return faults.add(path, "must be an object")
        names = [name for name in fields if not sparse or name in value]
        return {name: fields[name](value.get(name), f"{path}.{name}".lstrip("."), faults) for name in names}

    return check


def flat(most: int) -> Check:
    """An object of at most so many plain values (text, number, true, false, null) under short names."""
    word = text(200)

    def check(value: Any, path: str, faults: Faults) -> Any:
        if not isinstance(value, dict) or len(value) > most:
            return faults.add(path, f"must be an object of at most {most} plain values")
        for name, one in value.items():
            inside = f"{path}.{name[:40]}"
            word(name, inside, faults)
            if isinstance(one, str):
                word(one, inside, faults)
            elif isinstance(one, int | float) and not isinstance(one, bool):
                real(-(2**53), 2**53)(one, inside, faults)
            elif one is not None and not isinstance(one, bool):
                faults.add(inside, "must be a plain value")
        return value

    return check
