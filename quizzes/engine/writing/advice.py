"""The checks on one question while it is written: what is wrong with it, why that matters, and what waits for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from quizzes.engine.kinds import KINDS
from quizzes.engine.writing.cues import has_absolute_word, key_share, overlaps, single_key
from quizzes.engine.writing.likeness import pair_jaccards
from quizzes.engine.writing.model import Finding, Item
from quizzes.engine.writing.single import check_item
from quizzes.engine.writing.text import option_lengths, shingles

ALIKE: Final = 0.30
"""Shared shingles from which two questions are nearly the same (C9)."""
LONGER: Final = 1.15
"""How much longer than the next one the key may be."""

WHY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "C1": "Whoever knows nothing learns to choose the longest option, and is right too often.",
        "C3": "Options are shuffled, so that a letter or “the above” points at another one.",
        "C4": "“Always” and “never” are wrong so often in tests that readers strike them out unread.",
        "C5": "An option that stands out by its length is taken or struck out for that alone.",
        "C6": "A stem that is too short asks for a fact; one that is too long tests reading.",
        "C7": "An option that repeats the stem’s words looks right to somebody who only compares words.",
        "C8": "A “not” is overlooked, and then the question measures attention.",
        "C9": "Two questions that are nearly the same count one piece of knowledge twice.",
        "C10": "Who chose wrongly learns only from the reason why that option fails.",
        "C11": "Services change. A question without a source and a date cannot be checked again.",
        "C12": "A question that is to be analyzed needs requirements to weigh against each other.",
        "C14": "The real exam has this form, and a count in the stem that is wrong misleads.",
        "C15": "A service that nobody can begin with any more is no answer for something new.",
        "families": "Wrong options of one sort are seen through together.",
        "numeric": "Numbers out of order cost time and test nothing.",
    }
)
BLOCKING: Final = frozenset({"C3", "C10 empty", "C10 letter", "C15 key"})
"""What holds a question back from being published; everything else is advice."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to think about. ``blocks``: the question cannot be published with it."""

    check: str
    message: str
    why: str
    blocks: bool


def advise(item: Item, *, today: date, closed: Mapping[str, str] = MappingProxyType({})) -> list[Advice]:
    """What the checks find in one question, the blocking ones first. ``closed``: as for :func:`check_item`."""
    found = [_advice(one) for one in check_item(item, today=today, closed=closed)]
    if KINDS[item.kind].has_distractors:
        found += _cues(item)
    empty = [option.id for option in item.options if not option.rationale.strip()]
    if empty:
        found = [one for one in found if not _is_about_empty(one, empty)]
        message = f"Write why each option is right or wrong; missing: {', '.join(empty)}."
        found.append(Advice("C10", message, WHY["C10"], blocks=True))
    return sorted(found, key=lambda one: not one.blocks)


def _is_about_empty(one: Advice, empty: list[str]) -> bool:
    return one.check == "C10" and any(one.message.startswith(f"Option {option}:") for option in empty)


def _advice(found: Finding) -> Advice:
    is_letter = found.check == "C10" and "shuffled" in found.message
    is_key = found.check == "C15" and "is right and builds on" in found.message
    mark = f"{found.check} letter" if is_letter else f"{found.check} key" if is_key else found.check
    return Advice(found.check, found.message, WHY.get(found.check, ""), mark in BLOCKING)


def _cues(item: Item) -> list[Advice]:
    """C1, C4 and C7 for a single question: what a whole bank is measured by, said while there is one."""
    found = []
    lengths = option_lengths(item)
    if single_key([item]) and min(lengths) > 0:
        key = next(length for length, option in zip(lengths, item.options, strict=True) if option.correct)
        others = [length for length, option in zip(lengths, item.options, strict=True) if not option.correct]
        if key > LONGER * max(others):
            message = f"The right option is the longest ({key} words, the next has {max(others)}): shorten it."
            found.append(Advice("C1", message, WHY["C1"], blocks=False))
        words = overlaps(item)
        if max(words) >= 0.5 and key_share(item, words) == 1:
            message = "The right option shares most words with the stem: use them in wrong options too, or other words."
            found.append(Advice("C7", message, WHY["C7"], blocks=False))
    absolute = [option for option in item.options if has_absolute_word(option)]
    if absolute and len({option.correct for option in item.options if option in absolute}) == 1:
        message = (
            f"Only {'right' if absolute[0].correct else 'wrong'} options have words such as always, never or only."
        )
        found.append(Advice("C4", message, WHY["C4"], blocks=False))
    return found


def near_duplicates(text: str, others: Mapping[str, str]) -> dict[str, float]:
    """Which of the other texts, by name, share so many runs of five words with this one; and how many (0-1)."""
    names = list(others)
    sets = [shingles([text]), *(shingles([others[name]]) for name in names)]
    shares = pair_jaccards(sets)
    return {name: shares[0, place] for place, name in enumerate(names, 1) if shares.get((0, place), 0.0) >= ALIKE}
