"""Numeric: a number within bounds. Decimals throughout; nothing is evaluated."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from types import MappingProxyType
from typing import Any

from quizzes.engine.content import Content
from quizzes.engine.kinds.base import Render, Shape
from quizzes.engine.kinds.extras import FLAG, TEXT, Rule, shape_flaws
from quizzes.engine.kinds.typed import Typed, typed_flaws

_PLAIN = re.compile(r"[+-]?(?:\d{1,30}|\d{1,3}(?:,\d{3}){1,9})(?:\.\d{1,30})?(?:[eE][+-]?\d{1,2})?")
_SPACE = re.compile(r"\s+")
_DIGITS = 400
"""More than any number of the pattern needs, so that no bound is ever rounded."""
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})


class Numeric(Typed):
    """``extra`` has ``answer``, and may have ``tolerance``, ``percent``, ``unit`` and ``rationale``.

    The numbers are texts, so that 0.1 stays 0.1. The tolerance is in the unit of the answer, or in hundredths of it
    where ``percent`` is set; both bounds belong to what is right.
    """

    widget = "number"
    extras: Mapping[str, Rule] = MappingProxyType(
        {"answer": TEXT, "tolerance": TEXT, "percent": FLAG, "unit": TEXT, "rationale": TEXT}
    )

    def flaws(self, content: Content) -> list[str]:
        """The answer is a number, the tolerance is one that is not negative."""
        found = typed_flaws(content)
        if misshapen := shape_flaws(content.extra, self.extras):
            return [*found, *misshapen]
        answer, tolerance = (number_in(str(content.extra.get(one, "0"))) for one in ("answer", "tolerance"))
        if "answer" not in content.extra or answer is None:
            found.append("answer is no number: write digits with a decimal point, such as 12.5")
        if tolerance is None or tolerance < 0:
            found.append("tolerance is no number from 0 up: write digits with a decimal point, or leave it out")
        unit = content.extra.get("unit", "")
        if len(unit) > 20:
            found.append("the unit is longer than 20 characters: shorten it")
        if unicodedata.normalize("NFKC", unit).strip()[:1].isdigit():
            found.append("the unit begins with a digit, which would be taken for one of the number: reword it")
        return found

    def is_right(self, content: Content, text: str) -> bool:
        """Within the bounds, these included. A unit may stand behind the number if it is the question's own."""
        number = number_in(text, unit=str(content.extra.get("unit", "")))
        low, high = bounds(content)
        return number is not None and low <= number <= high

    def is_complete(self, shape: Shape, choice: Sequence[str]) -> bool:
        """A text with a digit: which unit belongs to it is not known here."""
        return bool(choice) and any(letter.isdigit() for letter in choice[0])

    def accepted(self, content: Content) -> list[str]:
        """The number with its unit, or from where to where."""
        low, high = bounds(content)
        unit = f" {content.extra['unit']}" if content.extra.get("unit") else ""
        return [f"{low:f}{unit}" if low == high else f"{low:f} – {high:f}{unit}"]

    def shown(self, content: Content, render: Render) -> dict[str, Any]:
        """The stem, and the unit that stands behind the field."""
        unit = {"unit": str(content.extra["unit"])} if content.extra.get("unit") else {}
        return super().shown(content, render) | unit


def number_in(text: str, *, unit: str = "") -> Decimal | None:
    """The number that a text is, with spaces or commas between thousands and a point before decimals, else None.

    >>> number_in("1,234.50 ms", unit="ms"), number_in("1,5"), number_in("1 000")
    (Decimal('1234.50'), None, Decimal('1000'))
    """
    plain = _SPACE.sub("", unicodedata.normalize("NFKC", text)).translate(_MINUS)
    ending = _SPACE.sub("", unicodedata.normalize("NFKC", unit))
    if ending and plain.casefold().endswith(ending.casefold()):
        plain = plain[: len(plain) - len(ending)]
    return Decimal(plain.replace(",", "")) if plain.isascii() and _PLAIN.fullmatch(plain) else None


def bounds(content: Content) -> tuple[Decimal, Decimal]:
    """The least and the greatest number that is right."""
    answer = number_in(str(content.extra["answer"])) or Decimal(0)
    tolerance = number_in(str(content.extra.get("tolerance", "0"))) or Decimal(0)
    with localcontext(prec=_DIGITS):
        if content.extra.get("percent"):
            tolerance = abs(answer) * tolerance / 100
        return answer - tolerance, answer + tolerance
