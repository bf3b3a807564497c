"""What the bank of the course must hold beside the checks that any bank stands: enough, everywhere, and read blind."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from quizzes.engine.writing.baselines import MARGIN, baselines
from quizzes.engine.writing.ledger import Bounds, Ledger, named
from quizzes.engine.writing.model import BankReport, Item

LEAST_QUESTIONS: Final = 400
LEAST_BY_TOPIC: Final = 4
LEAST_BY_LESSON: Final = 8
LEAST_NEW: Final = 45
LEAST_THEN_NOW: Final = 40
LEAST_CONTRASTS: Final = 20
LEAST_AGREEMENT: Final = 0.95
READERS: Final = 2
"""Blind readers of each question."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which topics and lessons want questions: slugs of topics, and the lesson of each."""

    lessons: Mapping[str, str]


def check_standard(items: Sequence[Item], coverage: Coverage, reviews: Mapping[str, Mapping[str, Any]]) -> BankReport:
    """The bank against the standard of the course: figures, and a gate for each that is outside.

    Args: coverage, the topics that want questions; reviews, by an item's id, what its blind reading gave:
    ``readers`` and ``agree``, how many read it and how many gave the key.
    """
    ledger = Ledger(applies=True)
    ledger.judge("questions", len(items), Bounds(low=LEAST_QUESTIONS), "Write more questions.")
    _spread(items, coverage, ledger)
    for flag, least in (("new-in-c03", LEAST_NEW), ("then-now", LEAST_THEN_NOW)):
        count = sum(flag in item.flags for item in items)
        ledger.judge(f"flag {flag}", count, Bounds(low=least), f"Write questions that carry the flag {flag}.")
    ids = {item.id for item in items}
    pairs = {frozenset((item.id, other)) for item in items for other in item.contrast if other in ids}
    ledger.judge("contrast pairs", len(pairs), Bounds(low=LEAST_CONTRASTS), "Write contrast pairs.")
    _reviews(items, reviews, ledger)
    for one in baselines(items):
        name = f"baseline {one.name}"
        advice = f"A candidate who takes the {one.name} does better than chance: rewrite options."
        ledger.judge(name, one.rate, Bounds(high=one.chance + MARGIN), advice)
    return ledger.report()


def _spread(items: Sequence[Item], coverage: Coverage, ledger: Ledger) -> None:
    topics: Counter[str] = Counter(topic for item in items for topic in item.topics)
    lessons: Counter[str] = Counter(coverage.lessons.get(item.topics[0], "") for item in items)
    _least("questions of a topic", {slug: topics[slug] for slug in coverage.lessons}, LEAST_BY_TOPIC, ledger)
    wanted = dict.fromkeys(coverage.lessons.values())
    _least("questions of a lesson", {slug: lessons[slug] for slug in wanted}, LEAST_BY_LESSON, ledger)


def _least(name: str, counts: Mapping[str, int], least: int, ledger: Ledger) -> None:
    short = named(f"{slug} ({count})" for slug, count in counts.items() if count < least)
    ledger.judge(f"fewest {name}", min(counts.values(), default=0), Bounds(low=least), f"Write questions on {short}.")


def _reviews(items: Sequence[Item], reviews: Mapping[str, Mapping[str, Any]], ledger: Ledger) -> None:
    read = [reviews.get(item.id, {}) for item in items]
    unread = named(item.id for item, one in zip(items, read, strict=True) if _readers(one) < READERS)
    fewest = min(map(_readers, read), default=0)
    ledger.judge("fewest blind readers of a question", fewest, Bounds(low=READERS), f"Have read blind: {unread}.")
    readings = sum(map(_readers, read))
    agreed = sum(map(_agreed, read))
    share = agreed / readings if readings else None
    advice = "Rewrite or drop what blind readers answer otherwise, and have it read again."
    ledger.judge("agreement of blind readings with the key", share, Bounds(low=LEAST_AGREEMENT), advice)
    doubted = named(_disputed(zip(items, read, strict=True)))
    apart = sum(1 for one in read if _readers(one) and not _agreed(one))
    ledger.judge("questions no reader agreed with", apart, Bounds(high=0), f"Rewrite or drop {doubted}.")


def _readers(review: Mapping[str, Any]) -> int:
    return int(review.get("readers", 0))


def _agreed(review: Mapping[str, Any]) -> int:
    return int(review.get("agree", 0))


def _disputed(read: Iterable[tuple[Item, Mapping[str, Any]]]) -> Iterable[str]:
    return (item.id for item, one in read if _readers(one) and not _agreed(one))
