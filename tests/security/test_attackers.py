"""Candidates who know nothing and try every trick: on the course's own bank each of them stays at chance.

Five whole mocks without a question in common are sat from what a candidate gets: the page, the replies to saves with
their lengths and times, and the file of one's own data. Each strategy answers every question with one right option.
"""

import random
import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client

from quizzes.models import QuestionVersion, Quiz, Response
from quizzes.services.attempts import start_attempt
from sapro.accounts.models import User
from tests import factories
from tests.my_data import data_of
from tests.quizzes.attempts import leaks
from tests.quizzes.attempts.conftest import BACKEND, HTMX

pytestmark = pytest.mark.once

SITTINGS = 5
ANSWERED = 2
"""In how many of them every option is sent and the reply measured."""
STEPS = 3.5
"""How many standard deviations from chance are still chance: one in two thousand goes beyond."""
STEPS_BY_WORDS = 4.0
"""The same for what an author’s pen may give away: the bank’s own checks hold that more closely (check_bank)."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option as a candidate has it: what it says, its markup, its name in the file of one's own data, the reply."""

    place: int
    text: str
    html: str
    name: str
    reply: bytes = b""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Item:
    """One question with what is right, which only the referee looks at."""

    stem: str
    options: tuple[Option, ...]
    right: int


def questions_of(html: str) -> list[tuple[str, list[str]]]:
    """The stem and the markup of the options of each question of a booklet."""
    found = []
    for part in re.split(r'<section data-question="', html)[1:]:
        stem = re.search(r'<div class="stem">(.*?)</div>\s*<fieldset', part, re.DOTALL)
        assert stem
        options = re.findall(r'<div class="opt">.*?<div class="t">(.*?)</div></label></div>', part, re.DOTALL)
        found.append((words(stem[1]), options))
    return found


def words(html: str) -> str:
    """The text of some markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def sat(person: User, quiz: Quiz, now: datetime, *, answered: bool) -> list[Item]:
    """One sitting, as far as a strategy sees it; then it is handed in, and the next one asks other questions."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    attempt = start_attempt(person_id=person.pk, quiz=quiz, time_option="standard", grace=2, now=now)
    shown = questions_of(client.get(f"/attempts/{attempt.code}/").content.decode())
    sittings = data_of(client)["attempts"]
    [data] = [one["responses"] for one in sittings if one["code"] == attempt.code]
    rows = list(attempt.responses.select_related("version", "attempt").order_by("position"))
    assert len(shown) == len(data) == len(rows) == attempt.size
    items = [
        _item(client, row, question, names(told), answered)
        for row, question, told in zip(rows, shown, data, strict=True)
        if row.version.choose == 1
    ]
    client.post(f"/attempts/{attempt.code}/submit/")
    return items


def names(told: dict[str, Any]) -> list[str]:
    """The options by their author's names, if the file of one's own data tells them."""
    order = told["shown_order"]
    return order if isinstance(order, list) else []


def _item(client: Client, row: Response, shown: tuple[str, list[str]], order: Sequence[str], answered: bool) -> Item:
    options = []
    assert len(shown[1]) == len(row.shown_order)
    for place, html in enumerate(shown[1], 1):
        reply, begun = b"", time.perf_counter()
        if answered:
            fields = {"choice": str(place), "at": str(place), "tab": "1"}
            url = f"/attempts/{row.attempt.code}/responses/{row.position}/"
            sent = client.post(url, fields, headers=HTMX)
            reply = str(sent.status_code).encode() + re.sub(rb'"saved_at": "[^"]*"', b"", sent.content)
        name = order[place - 1] if order else ""
        options.append(Option(place, words(html), html, name, reply, time.perf_counter() - begun))
    [right] = row.version.key["correct"]
    return Item(shown[0], tuple(options), row.shown_order.index(right) + 1)


# Strategies: of a question, the option that scores highest. Equal ones are a toss.

Score = Callable[[Item, Option], Any]


def _shared(item: Item, option: Option) -> float:
    """How much of the option stands in the stem."""
    known, said = set(item.stem.lower().split()), set(option.text.lower().split())
    return len(known & said) / max(1, len(said))


def _near(item: Item, option: Option) -> int:
    """How many words it shares with the other options."""
    own = set(option.text.lower().split())
    return sum(len(own & set(other.text.lower().split())) for other in item.options if other is not option)


BY_THE_PAGE: dict[str, Score] = {
    "first": lambda item, option: -option.place,
    "last": lambda item, option: option.place,
    "second": lambda item, option: option.place == 2,
    "middle": lambda item, option: -abs(option.place - (len(item.options) + 1) / 2),
    "lowest name": lambda item, option: [-ord(letter) for letter in option.name],
    "highest name": lambda item, option: option.name,
    "most markup": lambda item, option: len(option.html) - len(option.text),
    "least markup": lambda item, option: len(option.text) - len(option.html),
    "most tags": lambda item, option: option.html.count("<"),
}
BY_THE_WORDS: dict[str, Score] = {
    "longest": lambda item, option: len(option.text),
    "shortest": lambda item, option: -len(option.text),
    "most like the stem": _shared,
    "least like the stem": lambda item, option: -_shared(item, option),
    "most like the others": _near,
    "least like the others": lambda item, option: -_near(item, option),
    "most commas": lambda item, option: option.text.count(","),
    "first in the alphabet": lambda item, option: [-ord(letter) for letter in option.text],
    "lowest hash": lambda item, option: -hash_of(option.text),
    "most digits": lambda item, option: sum(letter.isdigit() for letter in option.text),
}
BY_THE_REPLY: dict[str, Score] = {
    "slowest reply": lambda item, option: option.seconds,
    "fastest reply": lambda item, option: -option.seconds,
    "longest reply": lambda item, option: len(option.reply),
    "shortest reply": lambda item, option: -len(option.reply),
    "greatest reply": lambda item, option: option.reply.replace(str(option.place).encode(), b""),
}


STRATEGIES = BY_THE_PAGE | BY_THE_REPLY


def hash_of(text: str) -> int:
    """A number of a text that is the same in every run."""
    return sum((place + 1) * ord(letter) for place, letter in enumerate(text)) % 997


def above_chance(items: Sequence[Item], score: Score, dice: random.Random) -> float:
    """How many standard deviations above chance a strategy comes out."""
    right, expected, variance = 0.0, 0.0, 0.0
    for item in items:
        best = max(score(item, option) for option in item.options)
        choice = dice.choice([one for one in item.options if score(item, one) == best])
        right += choice.place == item.right
        chance = 1 / len(item.options)
        expected += chance
        variance += chance * (1 - chance)
    return float((right - expected) / variance**0.5)


@pytest.fixture
def dice(monkeypatch: pytest.MonkeyPatch) -> random.Random:
    """Fixed seeds for the forms and the orders of options, and for who guesses."""
    rolled = random.Random(20261128)
    monkeypatch.setattr(secrets, "randbits", rolled.getrandbits)
    return random.Random(7)


def many(quiz: Quiz, now: datetime, sittings: int, answered: int) -> list[list[Item]]:
    """So many sittings, one after the other."""
    person = User.objects.create_user("candidate", password=None)
    return [sat(person, quiz, now, answered=number < answered) for number in range(sittings)]


@pytest.mark.usefixtures("clock")
def test_whoever_knows_nothing_stays_at_chance(real_course: None, now: datetime, dice: random.Random) -> None:
    sittings = many(Quiz.objects.get(slug="sap-c03"), now, SITTINGS, ANSWERED)
    every = [item for items in sittings for item in items]
    answered = [item for items in sittings[:ANSWERED] for item in items]
    assert len(every) >= 200
    assert len(answered) >= 80
    assert {item.right for item in every} == {1, 2, 3, 4}
    figures = {name: above_chance(every, score, dice) for name, score in BY_THE_PAGE.items()}
    figures |= {name: above_chance(answered, score, dice) for name, score in BY_THE_REPLY.items()}
    # Being right too seldom would help as well: that option could be left out.
    assert {name: steps for name, steps in figures.items() if abs(steps) > STEPS} == {}
    figures = {name: above_chance(every, score, dice) for name, score in BY_THE_WORDS.items()}
    assert {name: steps for name, steps in figures.items() if steps > STEPS_BY_WORDS} == {}


# What would be noticed


def _made(now: datetime) -> list[Item]:
    quiz = factories.make_bank(120, scored=100)
    [items] = many(quiz, now, 1, 1)
    return items


@pytest.mark.usefixtures("db", "clock")
def test_made_questions_give_nothing_away(now: datetime, dice: random.Random) -> None:
    items = _made(now)
    assert len(items) >= 70
    figures = {name: above_chance(items, score, dice) for name, score in STRATEGIES.items()}
    assert {name: steps for name, steps in figures.items() if abs(steps) > STEPS} == {}


@pytest.mark.usefixtures("db", "clock")
@pytest.mark.parametrize(
    ("fault", "strategy"),
    [("oracle", "longest reply"), ("order", "first"), ("markup", "most markup")],
)
def test_what_gives_the_key_away_is_noticed(
    now: datetime, dice: random.Random, settings: Any, monkeypatch: pytest.MonkeyPatch, fault: str, strategy: str
) -> None:
    """A reply that is a byte longer, options left in the order of an author who begins with the key, more markup."""
    if fault == "oracle":
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{leaks.__name__}.{leaks.oracle.__name__}"]
    assert above_chance(_spoiled(now, monkeypatch, fault), STRATEGIES[strategy], dice) > 2 * STEPS


@pytest.mark.usefixtures("db", "clock")
def test_an_author_who_always_begins_with_the_key_is_not_found_out(
    now: datetime, dice: random.Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that a candidate gets while the exam runs names the options as their author did."""
    items = _spoiled(now, monkeypatch, "names")
    assert {option.name for item in items for option in item.options} == {""}
    figures = {name: above_chance(items, score, dice) for name, score in STRATEGIES.items()}
    assert {name: steps for name, steps in figures.items() if abs(steps) > STEPS} == {}


def _spoiled(now: datetime, monkeypatch: pytest.MonkeyPatch, fault: str) -> list[Item]:
    made = factories.make_bank

    def spoiled(size: int, **quiz: Any) -> Quiz:
        bank = made(size, **quiz)
        for version in QuestionVersion.objects.all():
            _spoil(version, fault)
        return bank

    monkeypatch.setattr(factories, "make_bank", spoiled)
    return _made(now)


def _spoil(version: QuestionVersion, fault: str) -> None:
    right = version.key["correct"][0]
    if fault in ("order", "names") and version.choose == 1:
        version.key["correct"] = [version.option_ids[0]]
    if fault == "order":
        version.order = "fixed"
    if fault == "markup":
        version.shown["options"][right] = f"<p><span></span>{version.shown['options'][right][3:]}"
    version.save()
