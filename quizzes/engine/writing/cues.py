"""Bank checks for what gives the key away without knowledge: C1, C2, C4, C7 and two extra warnings."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from statistics import fmean, median
from typing import Final

from quizzes.engine.writing.ledger import CHI_SQUARE_95, ENOUGH_ITEMS, Bounds, Ledger, named
from quizzes.engine.writing.likeness import leaders, most_alike
from quizzes.engine.writing.model import Item, ItemOption
from quizzes.engine.writing.text import content_words, option_lengths, plain

POSITION_SHARE_ITEMS: Final = 200
SERVICE_OPTIONS: Final = 10

_ABSOLUTE: Final = re.compile(
    r"\b(?:always|never|(?<!read-)(?<!read‑)only|every|all|none|completely|guarantee[sd]?)\b", re.IGNORECASE
)


def single_key(items: Iterable[Item]) -> list[Item]:
    """Items with exactly one key among at least two options."""
    return [item for item in items if len(item.keys) == 1 and len(item.options) > 1]


def _key_place(item: Item) -> int:
    return next(place for place, option in enumerate(item.options) if option.correct)


def _chances(items: Sequence[Item]) -> list[float]:
    return [1 / len(item.options) for item in items]


def key_share(item: Item, values: Sequence[float]) -> float:
    """1/ties if the key is among the options of the largest value, else 0.0. values: one an option, as ordered."""
    top = leaders(values)
    return 1 / len(top) if _key_place(item) in top else 0.0


def length_cues(singles: Sequence[Item], ledger: Ledger) -> None:
    """C1: the key is neither the longest nor the shortest option more often than chance."""
    lengths = {item.id: option_lengths(item) for item in singles}
    longest = {item.id: key_share(item, lengths[item.id]) for item in singles}
    shortest = {item.id: key_share(item, [-words for words in lengths[item.id]]) for item in singles}
    for name, shares, verb in (("longest", longest, "Shorten"), ("shortest", shortest, "Lengthen")):
        hit = named(key for key, share in shares.items() if share > 0)
        advice = f"{verb} the key of some of the items in which it is the {name} option: {hit}."
        ledger.judge_rate(f"C1 key is {name} option", math.fsum(shares.values()), _chances(singles), advice)
    ratios = []
    for item in singles:
        place, words = _key_place(item), lengths[item.id]
        others = fmean([*words[:place], *words[place + 1 :]])
        ratios += [words[place] / others] if others else []
    advice = "Make keys as long as distractors on the whole."
    value = median(ratios) if ratios else None
    enough = len(singles) >= ENOUGH_ITEMS
    ledger.judge("C1 key length / mean distractor length (median)", value, Bounds(0.90, 1.10), advice, applies=enough)


def key_positions(items: Sequence[Item], ledger: Ledger) -> None:
    """C2: keys are spread over the positions; only items in fixed order, shuffled ones have no position."""
    shapes: defaultdict[tuple[int, int], list[Item]] = defaultdict(list)
    for item in items:
        if item.order == "fixed" and item.keys:
            shapes[len(item.options), len(item.keys)].append(item)
    for (k, m), group in sorted(shapes.items()):
        expected = len(group) * m / k
        counts = [sum(item.options[place].correct for item in group) for place in range(k)]
        value = math.fsum((count - expected) ** 2 for count in counts) / expected
        shape = f"{k} options, {m} right"
        advice = f"Move keys of items in fixed order ({shape}): they stand at positions {counts}."
        enough = len(group) >= ENOUGH_ITEMS and k - 1 in CHI_SQUARE_95
        limit = Bounds(high=CHI_SQUARE_95.get(k - 1))
        ledger.judge(f"C2 key position chi-square ({shape})", value, limit, advice, applies=enough)
        if m == 1 and len(group) >= POSITION_SHARE_ITEMS:
            for end, share in (("smallest", min(counts) / len(group)), ("largest", max(counts) / len(group))):
                ledger.judge(f"C2 {end} share of a position ({shape})", share, Bounds(0.8 / k, 1.2 / k), advice)
    places = [_key_place(item) for group in shapes.values() for item in group if len(item.keys) == 1]
    run = max((len(list(run)) for _, run in groupby(places)), default=None)
    advice = "Break up the longest run of keys at the same position."
    ledger.judge("C2 longest run of a position", run, Bounds(high=5), advice, applies=len(places) >= ENOUGH_ITEMS)


def absolute_words(singles: Sequence[Item], ledger: Ledger) -> None:
    """C4: absolute words are no more common in distractors than in keys, or the other way round."""
    enough = len(singles) >= ENOUGH_ITEMS
    options = [option for item in singles for option in item.options]
    hit = [option for option in options if _ABSOLUTE.search(plain(option.text))]
    n_key = len(singles)
    n_dist = len(options) - n_key
    z = difference = overall = None
    if n_key and n_dist:
        right = sum(option.correct for option in hit)
        overall = len(hit) / len(options)
        difference = (len(hit) - right) / n_dist - right / n_key
        error = math.sqrt(overall * (1 - overall) * (1 / n_dist + 1 / n_key))
        z = abs(difference) / error if error else 0.0
    where = named(item.id for item in singles if any(_ABSOLUTE.search(plain(option.text)) for option in item.options))
    advice = f"Spread or drop always, never, only, every, all, none, completely, guarantee in options: {where}."
    ledger.judge("C4 absolute words, |z|", z, Bounds(high=1.96), advice, applies=enough)
    size = None if difference is None else abs(difference)
    ledger.judge("C4 absolute words, |distractors - keys|", size, Bounds(high=0.05), advice, applies=enough)
    ledger.judge("C4 absolute words, share of options", overall, Bounds(high=0.15), advice, applies=enough)


def has_absolute_word(option: ItemOption) -> bool:
    """Whether an option says always, never, only and the like (C4)."""
    return bool(_ABSOLUTE.search(plain(option.text)))


def overlaps(item: Item) -> list[float]:
    """C7's o_j for each option: the share of its distinct content words that also stand in the stem."""
    stem = content_words(item.stem).keys()
    found = []
    for option in item.options:
        words = content_words(option.text).keys()
        found.append(len(words & stem) / len(words) if words else 0.0)
    return found


def area_under_curve(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """P(a positive > a negative) + P(equal)/2; None if either is empty.

    Source: the Mann-Whitney statistic U/(n₁·n₂) by mean ranks (H. B. Mann, D. R. Whitney, Ann. Math. Stat. 18, 1947).
    """
    if not positives or not negatives:
        return None
    pooled = Counter(positives) + Counter(negatives)
    ranks, before = {}, 0
    for value in sorted(pooled):
        ranks[value] = before + (pooled[value] + 1) / 2
        before += pooled[value]
    n = len(positives)
    rank_sum = math.fsum(ranks[value] for value in positives)
    return (rank_sum - n * (n + 1) / 2) / (n * len(negatives))


def stem_overlap(singles: Sequence[Item], ledger: Ledger) -> None:
    """C7: the key repeats no more words of the stem than the distractors do."""
    values = {item.id: overlaps(item) for item in singles}
    shares = {item.id: key_share(item, values[item.id]) for item in singles}
    hit = named(key for key, share in shares.items() if share == 1)
    advice = f"Use words of the stem in distractors as often as in the key: {hit}."
    ledger.judge_rate("C7 key overlaps most with stem", math.fsum(shares.values()), _chances(singles), advice)
    keys = [round(values[item.id][_key_place(item)], 9) for item in singles]
    rest = [
        round(value, 9) for item in singles for place, value in enumerate(values[item.id]) if place != _key_place(item)
    ]
    area = area_under_curve(keys, rest)
    enough = len(singles) >= ENOUGH_ITEMS
    ledger.judge("C7 overlap with stem, AUC", area, Bounds(0.40, 0.60), advice, applies=enough)


def convergence(singles: Sequence[Item], ledger: Ledger) -> None:
    """Extra warning: the key is the option most like the others in at most .35 of the items."""
    hits = []
    for item in singles:
        top = most_alike([content_words(option.text) for option in item.options])
        hits.append(1 / len(top) if _key_place(item) in top else 0.0)
    value = fmean(hits) if hits else None
    where = named(item.id for item, hit in zip(singles, hits, strict=True) if hit == 1)
    advice = f"Let distractors share elements with each other, not only with the key: {where}."
    ledger.judge("convergence of options on the key", value, Bounds(high=0.35), advice, gate=False)


def service_giveaway(items: Sequence[Item], services: Iterable[str], ledger: Ledger) -> None:
    """Extra warning, for each service in at least 10 options: it is right in .10-.45 of them and in few keys."""
    options: list[ItemOption] = [option for item in items for option in item.options]
    texts = [plain(option.text) for option in options]
    keys = sum(option.correct for option in options)
    for service in services:
        name = re.compile(rf"(?<!\w){re.escape(service)}(?!\w)")
        marks = [option.correct for option, text in zip(options, texts, strict=True) if name.search(text)]
        if len(marks) < SERVICE_OPTIONS or not keys:
            continue
        advice = f"Use {service} in more {'distractors' if fmean(marks) > 0.45 else 'keys'}: its name tells the key."
        ledger.judge(f"giveaway {service}: right where named", fmean(marks), Bounds(0.10, 0.45), advice, gate=False)
        advice = f"Ask less for {service}: it stands in {sum(marks)} of {keys} keys."
        ledger.judge(f"giveaway {service}: share of keys", sum(marks) / keys, Bounds(high=0.10), advice, gate=False)
