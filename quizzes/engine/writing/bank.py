"""The checks on a whole bank (docs/writing-checks.md)."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence, Sized
from datetime import date
from statistics import fmean, median
from typing import Final

from quizzes.engine.kinds import KINDS
from quizzes.engine.writing.cues import (
    absolute_words,
    convergence,
    key_positions,
    length_cues,
    service_giveaway,
    single_key,
    stem_overlap,
)
from quizzes.engine.writing.ledger import CHI_SQUARE_95, ENOUGH_ITEMS, Bounds, Ledger, named
from quizzes.engine.writing.likeness import pair_cosines, pair_jaccards, tf_idf
from quizzes.engine.writing.model import BankReport, Blueprint, Figure, Finding, Item, Severity
from quizzes.engine.writing.single import length_spread
from quizzes.engine.writing.text import (
    content_words,
    item_text,
    negatives,
    qualifiers,
    reading_minutes,
    shingles,
    squash,
    word_count,
)

SAP_C02: Final = Blueprint(
    weights={"1": 0.26, "2": 0.29, "3": 0.25, "4": 0.20},
    tasks=tuple(f"{domain}.{task}" for domain, last in ((1, 5), (2, 6), (3, 5), (4, 4)) for task in range(1, last + 1)),
)
SAP_C03_DOMAINS: Final = (1, 2, 3, 4, 5)

_ALIKE: Final = 0.85
_NEAR: Final = 0.70
_SHINGLES: Final = 0.30


def _share(items: Sized, chosen: Sized) -> float | None:
    return len(chosen) / len(items) if items else None


def _lengths(items: Sequence[Item], ledger: Ledger) -> None:
    """C5 and C6: option lengths, stem lengths and reading time on the whole."""
    spreads = {item.id: length_spread(item) for item in items}
    widest = named(sorted(spreads, key=lambda key: -spreads[key])[:5])
    mean = fmean(spreads.values()) if spreads else None
    ledger.judge("C5 mean option-length CV", mean, Bounds(high=0.20), f"Even out option lengths, first of {widest}.")
    words = {item.id: word_count(item.stem) for item in items}
    outside = [item for item in items if not 60 <= words[item.id] <= 150]
    inside = None if not items else 1 - len(outside) / len(items)
    advice = f"Bring stems to 60-150 words: {named(f'{item.id} ({words[item.id]})' for item in outside)}."
    ledger.judge("C6 share of stems of 60-150 words", inside, Bounds(low=0.80), advice)
    middle = median(words.values()) if words else None
    ledger.judge("C6 median stem words", middle, Bounds(80, 120), "Bring the median stem to 80-120 words.")
    minutes = fmean(map(reading_minutes, items)) if items else None
    ledger.judge("C6 mean reading minutes", minutes, Bounds(high=2.2), "Shorten stems and options on the whole.")


def _negative_share(items: Sequence[Item], ledger: Ledger) -> None:
    """C8: few negative stems."""
    hit = [item for item in items if negatives(item)]
    advice = f"Ask positively: {named(item.id for item in hit)}."
    ledger.judge("C8 share of negative stems", _share(items, hit), Bounds(high=0.03), advice)


def _contrast_flaws(one: Item, other: Item) -> list[str]:
    flaws = []
    if other.id not in one.enemies and one.id not in other.enemies:
        flaws.append("declare them enemies")
    if {squash(text) for text in one.constraints.values()} == {squash(text) for text in other.constraints.values()}:
        flaws.append("let a constraint differ")
    if {squash(key.text) for key in one.keys} == {squash(key.text) for key in other.keys}:
        flaws.append("let the key differ")
    return flaws


def _contrast_pairs(items: Sequence[Item], ledger: Ledger) -> frozenset[tuple[int, int]]:
    places = {item.id: place for place, item in enumerate(items)}
    pairs = set()
    for place, item in enumerate(items):
        for other in (places[name] for name in item.contrast if name in places and name != item.id):
            pairs.add((min(place, other), max(place, other)))
    for i, j in sorted(pairs):
        flaws = _contrast_flaws(items[i], items[j])
        if flaws:
            message = f"Contrast pair {items[i].id} / {items[j].id}: {', '.join(flaws)}."
            threshold = "contrast pairs are enemies and differ in constraint and key"
            ledger.findings.append(Finding("C9", Severity.GATE, items[i].id, message, None, threshold))
    return frozenset(pairs)


def _duplicates(items: Sequence[Item], ledger: Ledger) -> None:
    """C9: no two items say the same; items that come near must be enemies. Judged in a bank of any size."""
    exempt = _contrast_pairs(items, ledger)
    vectors = tf_idf([content_words(item_text(item)) for item in items])
    texts = [[item.stem, *(option.text for option in item.options)] for item in items]
    cosines = {pair: value for pair, value in pair_cosines(vectors).items() if pair not in exempt}
    jaccards = {pair: value for pair, value in pair_jaccards([*map(shingles, texts)]).items() if pair not in exempt}
    for name, values, limit in (("cosine", cosines, _ALIKE), ("5-word Jaccard", jaccards, _SHINGLES)):
        top = max(values.values(), default=0.0) if len(items) > 1 else None
        passed = None if top is None else top < limit
        ledger.figures.append(Figure(f"C9 largest {name} of a pair", top, f"< {limit:.2f}", passed, True))
        for i, j in sorted(pair for pair, value in values.items() if value >= limit):
            message = f"Rewrite or retire {items[i].id} or {items[j].id}: they say the same ({name})."
            finding = Finding("C9", Severity.GATE, items[i].id, message, values[i, j], f"{name} < {limit:.2f}")
            ledger.findings.append(finding)
    near = [
        (i, j)
        for (i, j), value in sorted(cosines.items())
        if _NEAR <= value < _ALIKE and items[j].id not in items[i].enemies and items[i].id not in items[j].enemies
    ]
    ledger.figures.append(Figure("C9 near pairs that are not enemies", len(near), "0", not near, False))
    for i, j in near:
        message = f"Declare {items[i].id} and {items[j].id} enemies: they are much alike."
        threshold = f"cosine {_NEAR:.2f}-{_ALIKE:.2f} only between enemies"
        ledger.findings.append(Finding("C9", Severity.WARN, items[i].id, message, cosines[i, j], threshold))


def _evidence_age(items: Sequence[Item], today: date, ledger: Ledger) -> None:
    """C11 on the whole: when the item read longest ago was read."""
    ages = {item.id: (today - item.verified_on).days for item in items}
    oldest = max(ages.values(), default=None)
    advice = f"Read sources again, first of {named(sorted(ages, key=lambda key: -ages[key])[:5])}."
    ledger.judge("C11 age of the oldest check, days", oldest, Bounds(high=365), advice, gate=False)


def _levels(items: Sequence[Item], ledger: Ledger) -> None:
    """C12: most items ask for analysis, few for memory."""
    low = [item for item in items if item.level in {"remember", "understand"}]
    high = [item for item in items if item.level in {"analyze", "evaluate"}]
    advice = f"Turn items of remember and understand into decisions: {named(item.id for item in low)}."
    ledger.judge("C12 share remember and understand", _share(items, low), Bounds(high=0.10), advice, gate=False)
    advice = "Write more items that weigh constraints (analyze, evaluate)."
    ledger.judge("C12 share analyze and evaluate", _share(items, high), Bounds(low=0.60), advice, gate=False)


def _domain_match(items: Sequence[Item], blueprint: Blueprint, ledger: Ledger) -> None:
    n = len(items)
    counts = Counter(item.task.split(".")[0] for item in items)
    largest = square = None
    if n:
        largest = max(abs(counts[domain] / n - weight) for domain, weight in blueprint.weights.items())
        expected = {domain: n * weight for domain, weight in blueprint.weights.items()}
        square = math.fsum((counts[domain] - value) ** 2 / value for domain, value in expected.items())
    shown = ", ".join(f"{domain}: {counts[domain]}" for domain in blueprint.weights)
    advice = f"Write for the domains that are short of their weight ({shown})."
    ledger.judge("C13 largest distance from a domain's weight", largest, Bounds(high=0.04), advice)
    limit = Bounds(high=CHI_SQUARE_95.get(len(blueprint.weights) - 1))
    ledger.judge("C13 domain chi-square", square, limit, advice)


def _blueprint(items: Sequence[Item], blueprint: Blueprint, ledger: Ledger) -> None:
    """C13: the bank holds what the exams ask for."""
    _domain_match(items, blueprint, ledger)
    n = len(items)
    tasks = Counter(item.task for item in items)
    few = min((tasks[task] / n for task in blueprint.tasks), default=None) if n else None
    many = max((tasks[task] / n for task in blueprint.tasks), default=None) if n else None
    short = named(f"{task} ({tasks[task]})" for task in blueprint.tasks if tasks[task] < 0.025 * n)
    ledger.judge("C13 smallest share of a task", few, Bounds(low=0.025), f"Write items for tasks {short}.")
    over = named(f"{task} ({tasks[task]})" for task in blueprint.tasks if tasks[task] > 0.09 * n)
    ledger.judge("C13 largest share of a task", many, Bounds(high=0.09), f"Move or retire items of tasks {over}.")
    domains = Counter(item.domain for item in items)
    for domain in SAP_C03_DOMAINS:
        share = domains[domain] / n if n else None
        advice = f"Bring SAP-C03 domain {domain} to 15-25 % of the bank; it has {domains[domain]} of {n}."
        ledger.judge(f"C13 share of SAP-C03 domain {domain}", share, Bounds(0.15, 0.25), advice)


def _formats(items: Sequence[Item], ledger: Ledger) -> None:
    """C14: how many multiple responses, and how varied the qualifiers are."""
    several = [item for item in items if item.choose > 1]
    advice = f"Bring multiple response to 15-30 % of the bank; it is {len(several)} of {len(items)}."
    ledger.judge("C14 share of multiple response", _share(items, several), Bounds(0.15, 0.30), advice)
    types = {item.id: qualifiers(item) for item in items}
    qualified = [item for item in items if types[item.id]]
    ledger.judge("C14 share of qualified items", _share(items, qualified), Bounds(0, 1), "", gate=False)
    counts = Counter(types[item.id][0] for item in qualified)
    top = counts.most_common(1)[0] if counts else ("", 0)
    value = top[1] / len(qualified) if qualified else None
    advice = f"Vary the qualifiers: {top[0]} stands in {top[1]} of {len(qualified)} qualified items."
    ledger.judge("C14 share of the commonest qualifier", value, Bounds(high=0.40), advice)


def check_bank(
    items: Sequence[Item], *, today: date, services: Iterable[str] = (), blueprint: Blueprint = SAP_C02
) -> BankReport:
    """Measurements of a bank and the findings that follow; single items are `check_item`'s affair.

    Covers C1, C2 (fixed order only), C4, C5, C6, C7, C8, C9, C11 (age), C12, C13, C14 and the extra warnings
    `convergence` and `giveaway`. Bounds: docs/writing-checks.md. Under 100 items nothing but C9 is judged
    (passed None), and C1's and C7's rates that reach the exact binomial 5 % point are warnings.

    Kinds for which nobody writes wrong options are left out.

    Args: today, the day ages are counted to; services, names for the give-away check; blueprint, for C13.
    Raises: ValueError if two items have the same id.
    """
    if len({item.id for item in items}) != len(items):
        raise ValueError("two items have the same id")
    items = [one for one in items if KINDS[one.kind].has_distractors]
    ledger = Ledger(applies=len(items) >= ENOUGH_ITEMS)
    singles = single_key(items)
    length_cues(singles, ledger)
    key_positions(items, ledger)
    absolute_words(singles, ledger)
    _lengths(items, ledger)
    stem_overlap(singles, ledger)
    _negative_share(items, ledger)
    _duplicates(items, ledger)
    _evidence_age(items, today, ledger)
    _levels(items, ledger)
    _blueprint(items, blueprint, ledger)
    _formats(items, ledger)
    convergence(singles, ledger)
    service_giveaway(items, services, ledger)
    return ledger.report()
