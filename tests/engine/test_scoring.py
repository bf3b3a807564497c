"""Scoring: the design's table, golden numbers and what must hold for every result."""

import math
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine.scoring import (
    DEFAULT_CUT,
    MARKING,
    PRACTICE_LINE,
    Band,
    Interval,
    ScoredItem,
    Summary,
    Verdict,
    all_or_nothing,
    band,
    band_of,
    chance_above,
    domain_verdict,
    guess_floor,
    incomplete_beta,
    mark,
    negative,
    partial,
    practice_scale,
    summarize,
    wilson,
)

# At a cut of .7222: 47 of 65 reads 751, for the line itself lies between 46 and 47.
TABLE = [
    (39, 640, (531, 739), 0.02, None),
    (42, 682, (572, 776), 0.09, (0.28, 0.02)),
    (44, 709, (601, 800), 0.21, (0.47, 0.06)),
    (46, 737, (629, 824), 0.39, (0.68, 0.16)),
    (47, 751, (644, 835), 0.50, (0.77, 0.24)),
    (50, 792, (688, 869), 0.80, (0.94, 0.56)),
    (52, 820, (719, 891), 0.92, (0.98, 0.77)),
    (54, 848, None, 0.98, (1.0, 0.91)),
    (56, 875, None, 1.0, (1.0, 0.98)),
]
TABLE_CUT = 0.7222

counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
cuts = st.floats(0.05, 0.95)


def scored(
    right: int, n: int, *, start: int = 1, domain: int | None = 1, topics: tuple[str, ...] = ("elb",), new: bool = True
) -> list[ScoredItem]:
    return [
        ScoredItem(
            position=start + place,
            domain=domain,
            topics=topics,
            scored=True,
            fraction=1.0 if place < right else 0.0,
            answered=True,
            first_exposure=new,
            options=4,
            choose=1,
        )
        for place in range(n)
    ]


@pytest.mark.parametrize(("right", "scale", "ends", "chance", "others"), TABLE)
def test_the_table_of_the_design(
    right: int, scale: int, ends: tuple[int, int] | None, chance: float, others: tuple[float, float] | None
) -> None:
    assert round(practice_scale(right, 65, TABLE_CUT)) == scale
    assert round(chance_above(right, 65, TABLE_CUT), 2) == chance
    found = wilson(right, 65)
    if ends is not None:
        assert tuple(round(practice_scale(end * 65, 65, TABLE_CUT)) for end in (found.low, found.high)) == ends
    if others is not None:
        assert (round(chance_above(right, 65, 0.68), 2), round(chance_above(right, 65, 0.76), 2)) == others


def test_the_default_cut_puts_47_of_65_on_the_line() -> None:
    # Above and below the line the default cut gives one straight line: 100 + 900 · right/n.
    assert math.isclose(practice_scale(13, 18, DEFAULT_CUT), PRACTICE_LINE)
    assert math.isclose(practice_scale(48, 65, DEFAULT_CUT), 100 + 900 * 48 / 65)
    assert math.isclose(practice_scale(40, 65, DEFAULT_CUT), 100 + 900 * 40 / 65)
    assert practice_scale(0, 65, DEFAULT_CUT) == 100
    assert practice_scale(65, 65, DEFAULT_CUT) == 1000


def test_golden_numbers() -> None:
    twelve = wilson(12, 16)
    assert (round(twelve.low, 2), round(twelve.high, 2)) == (0.51, 0.90)
    pooled = chance_above(150, 195, TABLE_CUT)
    assert round(pooled, 2) == 0.93
    # scipy.stats.beta.sf, 1.17
    assert math.isclose(chance_above(47, 65, 47 / 65), 0.4917069544830446, abs_tol=1e-12)
    assert math.isclose(chance_above(0, 0, 0.7222), 0.3534169037249687, abs_tol=1e-12)
    assert math.isclose(pooled, 0.9307783875934215, abs_tol=1e-12)


def test_incomplete_beta_in_closed_form() -> None:
    assert incomplete_beta(0.0, 2, 3) == 0.0
    assert incomplete_beta(1.0, 2, 3) == 1.0
    for x in (0.01, 0.3, 0.5, 0.77, 0.999):
        assert math.isclose(incomplete_beta(x, 1, 1), x, abs_tol=1e-13)
        assert math.isclose(incomplete_beta(x, 3, 1), x**3, abs_tol=1e-13)
        assert math.isclose(incomplete_beta(x, 0.5, 0.5), 2 / math.pi * math.asin(math.sqrt(x)), abs_tol=1e-13)


@given(st.integers(1, 60), st.integers(1, 60), st.floats(0.01, 0.99))
def test_incomplete_beta_is_a_binomial_tail(a: int, b: int, x: float) -> None:
    n = a + b - 1
    tail = math.fsum(math.comb(n, j) * x**j * (1 - x) ** (n - j) for j in range(a, n + 1))
    assert math.isclose(incomplete_beta(x, a, b), tail, abs_tol=1e-11)


@given(st.floats(0.01, 80), st.floats(0.01, 80), st.floats(0, 1))
def test_incomplete_beta_mirrors(a: float, b: float, x: float) -> None:
    assert math.isclose(incomplete_beta(1 - x, b, a), 1 - incomplete_beta(1 - (1 - x), a, b), abs_tol=1e-11)


@pytest.mark.parametrize(("x", "a", "b"), [(-0.1, 1, 1), (1.1, 1, 1), (0.5, 0, 1), (0.5, 1, -1)])
def test_incomplete_beta_refuses(x: float, a: float, b: float) -> None:
    with pytest.raises(ValueError, match="I_x"):
        incomplete_beta(x, a, b)


@given(counts)
def test_wilson_holds_the_rate_and_stays_within_bounds(count: tuple[int, int]) -> None:
    right, n = count
    found = wilson(right, n)
    assert 0 <= found.low <= right / n <= found.high <= 1
    mirrored = wilson(n - right, n)
    assert math.isclose(found.low, 1 - mirrored.high, abs_tol=1e-12)


def test_wilson_at_the_ends() -> None:
    assert wilson(0, 0) == Interval(0, 1)
    assert wilson(0, 10).low == 0
    assert wilson(10, 10).high == 1
    assert math.isclose(wilson(10, 10).low, 10 / (10 + 1.96**2), abs_tol=1e-12)


@given(counts, cuts)
def test_more_right_is_never_worth_less(count: tuple[int, int], cut: float) -> None:
    right, n = count
    assert 100 <= practice_scale(right, n, cut) <= 1000
    assert 0 <= chance_above(right, n, cut) <= 1
    if right < n:
        assert practice_scale(right, n, cut) < practice_scale(right + 1, n, cut)
        assert chance_above(right, n, cut) <= chance_above(right + 1, n, cut) + 1e-12
        assert wilson(right, n).low < wilson(right + 1, n).low
        assert wilson(right, n).high < wilson(right + 1, n).high


@given(counts, cuts, cuts)
def test_a_higher_line_is_never_easier(count: tuple[int, int], one: float, other: float) -> None:
    right, n = count
    low, high = min(one, other), max(one, other)
    assert chance_above(right, n, high) <= chance_above(right, n, low) + 1e-12
    assert practice_scale(right, n, high) <= practice_scale(right, n, low) + 1e-9


def test_impossible_counts_and_cuts_are_refused() -> None:
    for right, n in ((-1, 5), (6, 5), (1, 0)):
        with pytest.raises(ValueError, match="right"):
            wilson(right, n)
        with pytest.raises(ValueError, match="right"):
            chance_above(right, n, 0.7)
    for cut in (0.0, 1.0, -0.2, 47.0):
        with pytest.raises(ValueError, match="cut"):
            practice_scale(1, 2, cut)
        with pytest.raises(ValueError, match="cut"):
            summarize([], cut)
    with pytest.raises(ValueError, match="at least one"):
        practice_scale(0, 0, 0.7)


def test_bands() -> None:
    assert [band_of(p) for p in (0.90, 0.8999, 0.1001, 0.10)] == [
        Band.ABOVE,
        Band.TOO_CLOSE,
        Band.TOO_CLOSE,
        Band.BELOW,
    ]
    assert [band(right, 65, TABLE_CUT) for right in (42, 43, 51, 52)] == [
        Band.BELOW,
        Band.TOO_CLOSE,
        Band.TOO_CLOSE,
        Band.ABOVE,
    ]


def test_domain_verdicts() -> None:
    assert domain_verdict(12, 16, DEFAULT_CUT) == Verdict.NOT_ENOUGH
    assert domain_verdict(14, 16, DEFAULT_CUT) == Verdict.MEETS
    assert domain_verdict(9, 16, DEFAULT_CUT) == Verdict.NEEDS_WORK
    # A chance of .197 although the upper end, .796, is above the cut.
    assert domain_verdict(21, 32, DEFAULT_CUT) == Verdict.NEEDS_WORK
    assert domain_verdict(0, 0, DEFAULT_CUT) == Verdict.NOT_ENOUGH
    assert domain_verdict(0, 3, DEFAULT_CUT) == Verdict.NEEDS_WORK
    assert domain_verdict(0, 3, DEFAULT_CUT, least=4) == Verdict.NOT_ENOUGH


@given(counts, cuts)
def test_a_verdict_follows_the_chance(count: tuple[int, int], cut: float) -> None:
    chance, upper = chance_above(*count, cut), wilson(*count).high
    verdict = domain_verdict(*count, cut)
    assert (verdict == Verdict.NEEDS_WORK) == (upper < cut or chance <= 0.20)
    assert (verdict == Verdict.MEETS) == (chance >= 0.80)


def test_guess_floor() -> None:
    assert guess_floor([]) == 0
    assert guess_floor([(4, 1)]) == 1 / 4
    assert guess_floor([(5, 2)]) == 1 / 10
    assert guess_floor([(6, 3)]) == 1 / 20
    mix = guess_floor([(4, 1)] * 75 + [(5, 2)] * 17 + [(6, 3)] * 8)
    assert round(mix, 2) == 0.21
    assert round(practice_scale(mix * 65, 65, TABLE_CUT), -1) == 290
    for shape in ((4, 0), (4, 5)):
        with pytest.raises(ValueError, match="cannot choose"):
            guess_floor([shape])


KEYS = frozenset("ac")


@pytest.mark.parametrize(
    ("chosen", "whole", "part", "minus"),
    [
        ("ac", 1, 1, 1),
        ("", 0, 0, 0),
        ("a", 0, 0.5, -1 / 9),
        ("ab", 0, 0, -1 / 9),
        ("bd", 0, 0, -1 / 9),
        ("abc", 0, 0.5, -1 / 9),
    ],
)
def test_marking_rules(chosen: str, whole: float, part: float, minus: float) -> None:
    given_options = frozenset(chosen)
    assert all_or_nothing(given_options, KEYS, 5) == whole
    assert partial(given_options, KEYS, 5) == part
    assert negative(given_options, KEYS, 5) == minus


def test_rules_by_name() -> None:
    assert dict(MARKING) == {"all_or_nothing": all_or_nothing, "partial": partial, "negative": negative}
    assert negative(frozenset("b"), frozenset("a"), 4) == -1 / 3
    assert negative(frozenset("a"), frozenset("ab"), 2) == -1
    assert mark(0.5, 3) == 1.5
    for rule in MARKING.values():
        for keys, options in ((frozenset(""), 4), (frozenset("abc"), 2)):
            with pytest.raises(ValueError, match="keys among"):
                rule(frozenset("a"), keys, options)


@given(st.integers(2, 7), st.data())
def test_a_blind_guess_is_worth_nothing_under_negative_marking(options: int, data: st.DataObject) -> None:
    names = "abcdefg"[:options]
    choose = data.draw(st.integers(1, options - 1))
    keys = frozenset(names[:choose])
    worth = math.fsum(negative(frozenset(guess), keys, options) for guess in combinations(names, choose))
    assert math.isclose(worth, 0, abs_tol=1e-12)


@given(st.frozensets(st.sampled_from("abcdef")), st.frozensets(st.sampled_from("abcdef"), min_size=1))
def test_only_the_key_is_worth_everything(chosen: frozenset[str], keys: frozenset[str]) -> None:
    for name, rule in MARKING.items():
        worth = rule(chosen, keys, 6)
        assert (worth == 1) == (chosen == keys)
        assert worth >= (-1 if name == "negative" else 0)


def mock() -> list[ScoredItem]:
    """48 of 65 right, domains of 17, 19, 16, 13 items, then ten pilots."""
    items: list[ScoredItem] = []
    for domain, (right, n) in enumerate(((12, 17), (15, 19), (12, 16), (9, 13)), 1):
        items += scored(right, n, start=len(items) + 1, domain=domain, topics=(f"topic-{domain}",))
    pilots = [replace(item, scored=False) for item in scored(10, 10, start=66, domain=1, topics=("topic-1",))]
    return items + pilots


def test_summary_of_a_mock() -> None:
    found = summarize(mock(), TABLE_CUT)
    assert (found.raw, found.n, found.answered, found.unscored) == (48, 65, 65, 10)
    assert round(found.percent) == 74
    assert (found.first_exposure_n, found.first_exposure_right, found.new_share) == (65, 48, 1)
    # The sentence of the report; its upper end, 847, is that of this cut.
    assert found.scale is not None
    assert found.scale_interval is not None
    assert round(found.scale) == 765
    assert (round(found.scale_interval.low), round(found.scale_interval.high)) == (658, 847)
    assert (found.band, found.few_items, found.guess_floor) == (Band.TOO_CLOSE, False, 0.25)
    assert found.chance == chance_above(48, 65, TABLE_CUT)
    assert [(row.cut, round(row.chance, 2)) for row in found.sensitivity] == [(0.68, 0.84), (0.72, 0.62), (0.76, 0.33)]
    assert all(row.band == band_of(row.chance) for row in found.sensitivity)
    assert {key: (tally.right, tally.n) for key, tally in found.domains.items()} == {
        1: (12, 17),
        2: (15, 19),
        3: (12, 16),
        4: (9, 13),
    }
    assert found.domains[3].interval == wilson(12, 16)
    assert found.domains[3].verdict == Verdict.NOT_ENOUGH
    assert found.topics["topic-1"].n == 17


def test_pilots_change_nothing() -> None:
    with_pilots = summarize(mock(), DEFAULT_CUT)
    without = summarize([item for item in mock() if item.scored], DEFAULT_CUT)
    assert without.unscored == 0
    assert replace(with_pilots, unscored=0) == without


def no_scale(found: Summary) -> bool:
    nothing = found.scale is None and found.scale_interval is None and found.chance is None and found.band is None
    assert nothing == (found.scale is None)
    assert nothing == (found.sensitivity == ())
    return nothing


def test_the_scale_needs_seventy_percent_new() -> None:
    enough = scored(30, 35) + scored(15, 15, new=False)
    assert not no_scale(summarize(enough, DEFAULT_CUT))
    assert no_scale(summarize(scored(30, 34) + scored(15, 16, new=False), DEFAULT_CUT))
    assert no_scale(summarize([], DEFAULT_CUT))
    found = summarize(enough, DEFAULT_CUT)
    assert (found.raw, found.n, found.new_share) == (45, 50, 0.7)
    assert found.scale == practice_scale(30, 35, DEFAULT_CUT)
    assert found.band == band(30, 35, DEFAULT_CUT)
    tally = found.domains[1]
    assert (tally.right, tally.n, tally.new_right, tally.new_n) == (45, 50, 30, 35)
    assert tally.interval == wilson(30, 35)
    assert found.few_items


def test_few_items_counts_what_the_range_rests_on() -> None:
    assert summarize(scored(20, 44), DEFAULT_CUT).few_items
    assert not summarize(scored(20, 45), DEFAULT_CUT).few_items
    assert summarize(scored(20, 44) + scored(1, 1, new=False), DEFAULT_CUT).few_items


def test_part_of_an_item_is_raw_score_and_not_right() -> None:
    items = [replace(item, fraction=fraction) for item, fraction in zip(scored(0, 3), (1.0, 0.5, -1 / 3), strict=True)]
    found = summarize(items, DEFAULT_CUT)
    assert math.isclose(found.raw, 1 + 0.5 - 1 / 3)
    assert math.isclose(found.percent, 100 * found.raw / 3)
    assert found.first_exposure_right == 1
    unanswered = summarize([replace(items[0], answered=False), items[1]], DEFAULT_CUT)
    assert unanswered.answered == 1


def test_topics_get_a_verdict_from_ten_items_on() -> None:
    items = scored(0, 9, topics=("few", "both")) + scored(0, 10, start=10, topics=("many", "both"), domain=None)
    found = summarize(items, DEFAULT_CUT)
    assert {name: (tally.n, tally.verdict) for name, tally in found.topics.items()} == {
        "both": (19, Verdict.NEEDS_WORK),
        "few": (9, Verdict.NOT_ENOUGH),
        "many": (10, Verdict.NEEDS_WORK),
    }
    assert {name: tally.n for name, tally in found.domains.items()} == {1: 9}


@given(counts, st.integers(0, 30), cuts)
def test_every_summary_is_consistent(count: tuple[int, int], seen: int, cut: float) -> None:
    right, n = count
    found = summarize(scored(right, n) + scored(seen, seen, new=False), cut)
    assert found.raw == right + seen
    assert found.first_exposure_right == right
    if no_scale(found):
        assert found.new_share < 0.70
    else:
        assert found.new_share >= 0.70
        assert found.scale is not None
        assert found.scale_interval is not None
        assert 100 <= found.scale_interval.low <= found.scale <= found.scale_interval.high <= 1000
