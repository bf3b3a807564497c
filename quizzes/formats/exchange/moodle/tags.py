"""Categories and tags of Moodle -> tags."""

import re
from collections.abc import Iterable
from itertools import takewhile
from xml.etree.ElementTree import Element

from quizzes.formats.exchange.moodle.texts import line_in, words, words_in, written_in
from quizzes.formats.exchange.moodle.tree import child, children

LONGEST = 40
MOST = 20
EXPORTED = "Questions exported from SA Pro"
"""What is said of a category that an export makes: its name is that of the export and says nothing of a question."""
_SLASH = re.compile(r"(?<!/)/(?!/)")


def tidy(names: Iterable[str]) -> tuple[str, ...]:
    """Tags as the site keeps them: in one line, not too long, none twice, not too many."""
    found = (words(one, LONGEST) for one in names)
    return tuple(dict.fromkeys(one for one in found if one))[:MOST]


def of_category(question: Element) -> tuple[str, ...]:
    """The names on the way to a category, but for the roots that every course has."""
    if line_in(child(question, "info")) == EXPORTED:
        return ()
    holder = child(question, "category")
    path = written_in(holder) if holder is not None else ""
    names = [one.strip().replace("//", "/") for one in _SLASH.split(path)]
    roots = takewhile(lambda name: name == "top" or (name.startswith("$") and name.endswith("$")), names)
    names = names[len(list(roots)) :]
    return tidy(words(one, LONGEST) for one in names[:MOST])


def of_question(question: Element) -> Iterable[str]:
    """Its own tags, and those of its course."""
    for group in children(question, "tags", "coursetags"):
        for tag in list(children(group, "tag"))[:MOST]:
            yield words_in(tag, LONGEST)


def category_path(title: str) -> str:
    """Where Moodle puts the questions of an export with this title."""
    name = words(title, 200).replace("/", "//")
    start, end = (" " if name.startswith("/") else ""), (" " if name.endswith("/") else "")
    return f"$course$/top/{start}{name}{end}"
