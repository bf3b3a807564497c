"""The trace of a sitting: whatever is posted becomes a clean one, and hearing it twice adds nothing."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.engine.traces import MAX_MS, Trace, gather, read_trace

quick = settings(deadline=None, max_examples=60)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("", {}),
        ("{}", {}),
        ("nonsense", {}),
        ("[1, 2]", {}),
        ("null", {}),
        ('"1"', {}),
        ("[" * 8000, {}),
        ('{"1":' * 1500, {}),
        ("9" * 7000, {}),
        ('{"1": {"ms": 1500}}', {"1": {"ms": 1500}}),
        ('{"1": {"ms": -5}, "2": {"ms": 1e99}, "3": {"ms": NaN}}', {"1": {"ms": 0}, "2": {"ms": 0}, "3": {"ms": 0}}),
        ('{"1": {"ms": true}}', {"1": {"ms": 0}}),
        (f'{{"1": {{"ms": 1{"0" * 400}}}}}', {"1": {"ms": MAX_MS}}),
        ('{"1": {"ms": "<b>"}}', {"1": {"ms": 0}}),
        ('{"0": {"ms": 1}, "76": {"ms": 1}, "-1": {"ms": 1}, "x": {"ms": 1}, "": {"ms": 1}}', {}),
        ('{"10001": {"ms": 1}, "00017": {"ms": 1}, "\u0663": {"ms": 1}}', {}),
        ('{"1": 5, "2": [], "3": null}', {}),
        (
            '{"1": {"ms": 5, "strikes": [3, 1, 3, 99, 0, "2", null, 2.0], "more": 1}}',
            {"1": {"ms": 5, "strikes": [1, 3]}},
        ),
        ('{"1": {"strikes": []}}', {"1": {"ms": 0, "strikes": []}}),
        ('{"1": {"ms": 5, "strikes": "13"}}', {"1": {"ms": 5}}),
        ('{"1": {"ms": 5, "strikes": [true, 2]}}', {"1": {"ms": 5, "strikes": [2]}}),
    ],
)
def test_what_is_posted_is_cleaned_and_never_refused(text: str, clean: Trace) -> None:
    assert read_trace(text, 75) == clean


@quick
@given(
    st.text(max_size=200) | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists).map(json.dumps)
)
def test_anything_at_all_reads_as_a_trace(text: str) -> None:
    assert set(read_trace(text, 75)) <= {str(position) for position in range(1, 76)}


entries = st.fixed_dictionaries(
    {"ms": st.integers(0, 10_000)}, optional={"strikes": st.lists(st.integers(1, 5), unique=True).map(sorted)}
)
traces = st.dictionaries(st.integers(1, 4).map(str), entries, max_size=4)
told = st.lists(st.tuples(st.integers(0, 2), traces), max_size=8)


def times(gathered: Trace) -> dict[str, Any]:
    """Only the times of a trace."""
    return {position: entry["ms"] for position, entry in gathered.items()}


@quick
@given(traces)
def test_a_clean_trace_reads_as_itself(trace: Trace) -> None:
    assert read_trace(json.dumps(trace), 4) == trace


@quick
@given(told)
def test_hearing_everything_twice_adds_nothing(heard: list[tuple[int, Trace]]) -> None:
    doubled = [one for one in heard for _ in range(2)]
    assert gather(doubled) == gather(heard)
    assert times(gather(heard + heard)) == times(gather(heard))


@quick
@given(told, st.randoms())
def test_the_times_do_not_depend_on_the_order_of_arrival(heard: list[tuple[int, Trace]], random) -> None:
    shuffled = list(heard)
    random.shuffle(shuffled)
    assert times(gather(shuffled)) == times(gather(heard))


@quick
@given(told)
def test_time_adds_up_over_page_loads_by_the_greatest_reading_of_each(heard: list[tuple[int, Trace]]) -> None:
    readings: dict[str, dict[int, int]] = {}
    for tab, trace in heard:
        for position, entry in trace.items():
            readings.setdefault(position, {}).setdefault(tab, 0)
            readings[position][tab] = max(readings[position][tab], entry["ms"])
    assert times(gather(heard)) == {position: sum(by_tab.values()) for position, by_tab in readings.items()}


def test_of_the_strikes_the_last_word_stands() -> None:
    heard: list[tuple[int, Trace]] = [
        (1, {"1": {"ms": 10, "strikes": [1, 2]}, "2": {"ms": 5, "strikes": [4]}}),
        (2, {"1": {"ms": 7, "strikes": []}}),
        (1, {"1": {"ms": 12}}),
    ]
    assert gather(heard) == {"1": {"ms": 19, "strikes": []}, "2": {"ms": 5, "strikes": [4]}}
    assert gather([]) == {}
