"""Numbers as Moodle and this site write them."""

import re
import unicodedata
from decimal import Decimal, localcontext

from quizzes.engine.kinds.numeric import number_in

_SPACE = re.compile(r"\s+")
_DASHES = str.maketrans({"\u2212": "-", "\u2013": "-"})
_COMMA = re.compile(r"[+-]?\d+,\d+")
_BARE = re.compile(r"([+-]?)(\d*)\.(\d*)((?:[eE][+-]?\d+)?)")
_DIGITS = 25
"""Of a tolerance that is calculated."""


def number_text(text: str) -> str:
    """A number as plain digits with a point: no spaces, no commas between thousands. Empty for what is no number.

    >>> number_text(" 1 234,5"), number_text("1,234.50"), number_text(".5"), number_text("five")
    ('1234.5', '1234.50', '0.5', '')
    """
    plain = _SPACE.sub("", unicodedata.normalize("NFKC", text)).translate(_DASHES)
    if number_in(plain) is None:
        if _COMMA.fullmatch(plain):
            plain = plain.replace(",", ".")
        elif bare := _BARE.fullmatch(plain):
            plain = f"{bare[1]}{bare[2] or '0'}.{bare[3] or '0'}{bare[4]}"
    plain = plain.replace(",", "")
    return plain if number_in(plain) is not None else ""


def hundredths(answer: str, percent: str) -> str:
    """So many hundredths of a number, as a number that Moodle reads. Empty where it has too many digits for that."""
    with localcontext(prec=400):
        part = abs(Decimal(answer)) * Decimal(percent) / 100
        forms = (f"{part.normalize():f}", f"{part:.{_DIGITS}e}")
    for text in forms:
        if number_in(text) is not None:
            return text
    return ""


def is_zero(text: str) -> bool:
    """Whether a number is 0, or none."""
    number = number_in(text) if text else None
    return not number
