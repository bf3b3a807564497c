"""C15: names of services that are closed, ended or renamed."""

import re
from collections.abc import Mapping
from typing import Final

from quizzes.engine.writing.model import Finding, Item, Severity
from quizzes.engine.writing.text import plain

EXISTING_CUSTOMER: Final = "existing-customer"

# What stands right before a name that an option turns away from: «Replace the existing …», «Migrate from …».
_LEAVING: Final = re.compile(
    r"\b(?:(?:migrat|mov|switch|export|transition|away)\w*\b[^.;]*\bfrom|replac\w+|instead of|rather than|off|retir\w+"
    r"|decommission\w*|remov\w+|delet\w+|disabl\w+|stop using)"
    r"(?: (?:the|its|their|an?|all|any|existing|current|old|legacy|remaining|aws|amazon|company's))* $",
    re.IGNORECASE,
)


def _name(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")


def _successors(say_instead: str) -> list[str]:
    return [part for part in (text.strip() for text in re.split(r"[,;/]| or | and ", say_instead)) if len(part) > 1]


def _without(text: str, present: list[str], name: str) -> str:
    # «S3 Glacier» is an old name, «S3 Glacier Flexible Retrieval» a present one that holds it.
    for successor in present:
        if name in successor:
            text = _name(successor).sub(" ", text)
    return text


def _adopts(text: str, name: str) -> bool:
    return any(not _LEAVING.search(text[: found.start()]) for found in _name(name).finditer(text))


def currency(item: Item, closed: Mapping[str, str]) -> list[Finding]:
    """C15 on one item.

    Gate: a key adopts a closed service (names it other than to leave it) and the item has no flag existing-customer.
    Warning: a name stands somewhere and none of what to say instead does.

    Args: closed, name as written -> what to say instead, several separated by commas; may be empty.
    """
    texts = [plain(item.stem), *(plain(text) for option in item.options for text in (option.text, option.rationale))]
    everything = "\n".join(texts)
    found = []
    for name, say_instead in closed.items():
        if name not in everything:
            continue
        present = _successors(say_instead)
        advice = f": say {say_instead}" if say_instead else ""
        keys = [key.id for key in item.keys if _adopts(_without(plain(key.text), present, name), name)]
        if keys and EXISTING_CUSTOMER not in item.flags:
            message = f"Option {', '.join(keys)} is right and builds on {name}, closed or renamed{advice}."
            found.append(Finding("C15", Severity.GATE, item.id, message, len(keys), "0 closed services in a key"))
        named = any(_name(name).search(_without(text, present, name)) for text in texts)
        told = any(_name(successor).search(text) for successor in present for text in texts)
        if named and present and not told and not keys:
            message = f"{name} is closed or renamed: name {say_instead} once beside it."
            found.append(Finding("C15", Severity.WARN, item.id, message, None, "present name once per item"))
    return found
