"""Marks and requirements: the normal form, the overlap against fixtures made by hand, and html that keeps its text."""

import json
from html import escape
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.engine.marks import MOST, Span, find, layered, normal, read, read_marks, text_of
from quizzes.engine.traces import gather, read_trace

quick = settings(deadline=None, max_examples=80)

spans = st.lists(st.tuples(st.integers(-5, 90), st.integers(-5, 90)), max_size=60)


def covered(some: Any, size: int = 10**6) -> set[int]:
    """The code points in spans."""
    return {place for start, end in some for place in range(max(0, start), min(end, size))}


@quick
@given(spans, st.integers(0, 100))
def test_the_normal_form_covers_the_same_sorted_apart_and_only_once(some: list[Span], size: int) -> None:
    found = normal(some, size)
    assert normal(found, size) == found
    assert all(0 <= start < end <= size for start, end in found)
    assert all(one[1] < other[0] for one, other in pairwise(found))
    assert len(found) <= MOST
    if len(found) < MOST:
        assert covered(found) == covered(some, size)


@quick
@given(spans, st.randoms())
def test_the_order_in_which_marks_were_made_does_not_matter(some: list[Span], random: Any) -> None:
    shuffled = list(some)
    random.shuffle(shuffled)
    assert normal(shuffled) == normal(some)


def test_more_marks_than_are_kept_lose_their_end() -> None:
    many = [(place, place + 1) for place in range(0, 200, 2)]
    assert normal(many) == many[:MOST]


@pytest.mark.parametrize(
    ("sent", "clean"),
    [
        (None, None),
        ("12", None),
        ({"0": [1, 2]}, None),
        ([], []),
        ([[3, 9], [1, 4]], [[1, 9]]),
        ([[3, 9], [9, 12]], [[3, 12]]),
        ([[9, 3], [4, 4], [-5, 2]], [[0, 2]]),
        ([[1, 2, 3], [1], "ab", None, {}, [True, 5], [1.0, 5], ["1", 2], [[0, 1], 4]], []),
        ([[0, 10**400]], [[0, 100_000]]),
        ([[10**400, 10**401]], []),
    ],
)
def test_posted_marks_are_cleaned(sent: object, clean: Any) -> None:
    assert read_marks(sent) == clean
    trace = read_trace(json.dumps({"3": {"ms": 4, "marks": sent}}), 75)
    assert trace == {"3": {"ms": 4} if clean is None else {"ms": 4, "marks": clean}}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@quick
@given(anything)
def test_whatever_is_posted_as_marks_reads(sent: Any) -> None:
    text = json.dumps({"1": {"ms": 1, "marks": sent}})
    once = read_trace(text, 1)
    assert read_trace(json.dumps(once), 1) == once


def test_of_the_marks_the_last_word_stands_and_other_news_leave_them() -> None:
    heard: Any = [
        (1, {"1": {"ms": 10, "marks": [[0, 4]]}, "2": {"ms": 5}}),
        (2, {"1": {"ms": 7, "marks": []}, "2": {"ms": 1, "marks": [[2, 3]]}}),
        (1, {"1": {"ms": 12, "strikes": [2]}}),
    ]
    assert gather(heard) == {"1": {"ms": 19, "marks": [], "strikes": [2]}, "2": {"ms": 6, "marks": [[2, 3]]}}


# The overlap, by hand:  0123456789012345678901234567
STEM = "Keep it cheap. No downtime. Which one?"
CHEAP, DOWN = (5, 13), (15, 26)


@pytest.mark.parametrize(
    ("marks", "seen", "marked", "hit"),
    [
        ([], (False, False), 0, 0),
        ([(5, 13)], (True, False), 8, 8),
        ([(5, 9)], (True, False), 4, 4),
        ([(5, 8)], (False, False), 3, 3),
        ([(5, 7), (11, 13)], (True, False), 4, 4),
        ([(0, 14)], (True, False), 14, 8),
        ([(9, 20)], (True, False), 11, 9),
        ([(9, 21)], (True, True), 12, 10),
        ([(0, 38)], (True, True), 38, 19),
        ([(28, 38)], (False, False), 10, 0),
        ([(30, 999)], (False, False), 8, 0),
        ([(500, 999)], (False, False), 0, 0),
    ],
)
def test_a_requirement_is_seen_when_half_of_it_is_marked(
    marks: list[Span], seen: tuple[bool, ...], marked: int, hit: int
) -> None:
    found = read(STEM, [DOWN, CHEAP], marks)
    assert [one.text for one in found.requirements] == ["it cheap", "No downtime"]
    assert tuple(one.seen for one in found.requirements) == seen
    assert (found.marked, found.hit) == (marked, hit)
    assert found.recall == sum(seen) / 2
    assert found.precision == (hit / marked if marked else None)


def test_requirements_that_overlap_are_hit_once_and_those_beyond_the_text_are_none() -> None:
    found = read(STEM, [(0, 13), (5, 13), (30, 99)], [(0, 13)])
    assert (found.seen, found.total, found.hit, found.precision) == (2, 2, 13, 1.0)
    assert read(STEM, [], [(0, 4)]).recall is None


@pytest.mark.parametrize(
    ("text", "wanted", "span"),
    [
        ("no downtime at all", "no downtime", (0, 11)),
        ("no\n downtime at all", "no downtime", (0, 12)),
        ("no downtime, no downtime", "no downtime", None),
        ("𝕊😀 no downtime", "no downtime", (3, 14)),
        ("a (b) c", "(b)", (2, 5)),
        ("anything", "  ", None),
        ("anything", "nothing", None),
    ],
)
def test_a_requirement_is_found_where_it_stands_once(text: str, wanted: str, span: Span | None) -> None:
    assert find(text, wanted) == span


# Html

pieces = st.lists(
    st.tuples(
        st.sampled_from(["", "p", "strong", "code", "em", "li"]),
        st.text(st.sampled_from("ab <&>\n\u00a0é😀𝕊\"'"), min_size=1, max_size=8),
    ),
    max_size=6,
)


@quick
@given(pieces, st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=6), st.data())
def test_layers_change_no_word_and_no_tag_of_a_stem(some: Any, marks: list[Span], data: Any) -> None:
    html = "".join(
        f"<{tag}>{escape(text, quote=False)}</{tag}>" if tag else escape(text, quote=False) for tag, text in some
    )
    text = "".join(text for _, text in some)
    assert text_of(html) == text
    asked = data.draw(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=3))
    drawn = layered(html, read(text, asked, marks))
    bare = drawn.replace("<mark>", "").replace("</mark>", "").replace('<span class="req">', "").replace("</span>", "")
    for number in range(1, 4):
        bare = bare.replace(f'<sup class="reqno">{number}</sup>', "")
    assert bare == html


def test_layers_cross_tags_and_each_requirement_ends_in_its_number() -> None:
    html = "<p>Keep <strong>costs low</strong> &amp; fast 😀.</p>\n<p>Now</p>"
    text = text_of(html)
    assert text == "Keep costs low & fast 😀.\nNow"
    found = read(text, [(5, 21)], [(0, 10), (24, 28)])
    assert layered(html, found) == (
        '<p><mark>Keep </mark><strong><mark><span class="req">costs</span></mark><span class="req"> low</span></strong>'
        '<span class="req"> &amp; fast</span><sup class="reqno">1</sup> 😀.</p>\n<p><mark>Now</mark></p>'
    )


def test_the_line_break_that_a_browser_drops_is_not_counted() -> None:
    assert text_of("<pre>\nls\n</pre>") == "ls\n"
    assert layered("<pre>\nls\n</pre>", read("ls\n", [], [(0, 2)])) == "<pre>\n<mark>ls</mark>\n</pre>"
