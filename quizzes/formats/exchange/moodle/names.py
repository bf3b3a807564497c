"""The name of a question: Moodle wants one of every question, this site does not."""

import re

from quizzes.formats.exchange.moodle.texts import words

LONGEST = 200
LONGEST_CODE = 100
_FIRST = 80
_MARKS = re.compile(r"!\[([^\[\]]{0,200})\]\([^()\s]{0,200}\)|[*_`|#\\]+")


def code_of(text: str) -> str:
    """The code of a question as an ``idnumber`` holds it."""
    return words(text, LONGEST_CODE)


def title_of(name: str, code: str, stem: str) -> str:
    """The title that a name is; none where it only repeats the code or the beginning of the stem."""
    title = words(name, LONGEST)
    return "" if title in (code, first_words(stem)) else title


def name_of(title: str, code: str, stem: str) -> str:
    """What is written as the name: the title, else the code, else the first words of the stem."""
    return title or code or first_words(stem)


def first_words(stem: str) -> str:
    """The beginning of a stem without its markup."""
    plain = _MARKS.sub(lambda match: match[1] or "", stem[: 5 * _FIRST])
    return words(plain, _FIRST) or "Question"
