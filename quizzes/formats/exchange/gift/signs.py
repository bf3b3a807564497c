"""The signs of GIFT and how they are escaped. While a text is read, an escaped sign stands as a private letter."""

import re

from quizzes.formats.exchange.plain import UNSEEN

_SIGNS = "\\:#={}~n"
_HIDDEN = {sign: chr(0xE100 + place) for place, sign in enumerate(_SIGNS)}
_SHOWN = str.maketrans({private: "\n" if sign == "n" else sign for sign, private in _HIDDEN.items()})
_ESCAPE = re.compile(r"\\([\\:#={}~n])")
_SPECIAL = re.compile(r"[\\:#={}~]")
_FORMAT = re.compile(r"\s*\[(html|markdown|plain|moodle)\]")
_CLASHES = re.compile(r"[\[%]")


def hidden(text: str) -> str:
    """The text with its escaped signs as private letters: what still looks like a sign is one."""
    return _ESCAPE.sub(lambda match: _HIDDEN[match[1]], UNSEEN.sub("", text))


def shown(text: str) -> str:
    """The text as a reader sees it: the reverse of :func:`hidden`, without the backslashes."""
    return text.translate(_SHOWN)


def as_typed(text: str) -> str:
    """What :func:`hidden` was given, so that it can be shown in a message."""
    return "".join(f"\\{_SIGNS[ord(one) - 0xE100]}" if "\ue100" <= one <= "\ue107" else one for one in text)


def split_format(text: str) -> tuple[str, str]:
    """The format that a text names at its beginning, empty where it names none, and the rest. Other words stay."""
    match = _FORMAT.match(text)
    return (match[1], text[match.end() :]) if match else ("", text)


def escaped(text: str) -> str:
    """One line that :func:`shown` turns into this text again."""
    return _SPECIAL.sub(lambda match: f"\\{match[0]}", text).replace("\n", "\\n")


def escaped_part(text: str) -> str:
    """As :func:`escaped`, for an option or a feedback: what begins like a weight or a format is kept from being one."""
    return f"[markdown]{escaped(text)}" if _CLASHES.match(text) else escaped(text)


def tidy(text: str) -> str:
    """The text as it comes back: one sign for line ends, nothing that nobody sees, no blanks around it."""
    return UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
