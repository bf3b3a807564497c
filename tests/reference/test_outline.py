"""The outline of the course: its structure, its numbers and what is refused."""

from collections import Counter
from pathlib import Path

import pytest

from reference.outline import Fact, ImpliedTopic, Lesson, OutlineError, System, parse_outline, read_outline

SMALL = """
course: {title: Course}
modules:
- slug: one
  title: One
  lessons:
  - slug: first
    title: First
    id_prefix: fst
    headings: [Start, End]
    facts:
    - {id: fst-01, said: A., heading: Start, status: current}
    - {id: fst-02, said: B., heading: End, status: changed, now: C.}
    topics_implied:
    - {heading: End, why: picture, must_cover: All., status: changed, now: D.}
- slug: two
  title: Two
  lessons:
  - {slug: second, title: Second, id_prefix: snd, headings: [], facts: [], topics_implied: []}
systems:
- {slug: s, name: S, kind: service, lessons: [first], status_today: renamed, present_name: T, note: N.}
"""


def test_a_small_outline() -> None:
    outline = parse_outline(SMALL)
    facts = (
        Fact("fst-01", "A.", "Start", "current", "", "first"),
        Fact("fst-02", "B.", "End", "changed", "C.", "first"),
    )
    implied = (ImpliedTopic("End", "picture", "All.", "changed", "D."),)
    first = Lesson("first", "First", "one", "One", 1, "fst", ("Start", "End"), facts, implied)
    second = Lesson("second", "Second", "two", "Two", 2, "snd", (), (), ())
    assert outline.title == "Course"
    assert outline.lessons == (first, second)
    assert [(module.slug, module.position, module.lessons) for module in outline.modules] == [
        ("one", 1, (first,)),
        ("two", 2, (second,)),
    ]
    assert outline.lesson == {"first": first, "second": second}
    assert outline.facts == {"fst-01": facts[0], "fst-02": facts[1]}
    assert outline.systems == (System("s", "S", "service", "T", "renamed", ("first",), "N."),)


def test_the_course_has_the_numbers_its_outline_states() -> None:
    outline = read_outline(Path(__file__).parents[2] / "reference" / "outline.yaml")
    assert (len(outline.modules), len(outline.lessons), len(outline.facts), len(outline.systems)) == (10, 18, 425, 217)
    assert sum(len(lesson.implied) for lesson in outline.lessons) == 94
    assert sum(len(lesson.headings) for lesson in outline.lessons) == 175
    assert Counter(fact.status for fact in outline.facts.values()) == {
        "current": 303,
        "changed": 62,
        "retired": 53,
        "unclear": 7,
    }
    assert [lesson.position for lesson in outline.lessons] == list(range(1, 19))
    assert outline.facts["elb-15"].lesson == "elastic-load-balancing"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("course: {title: Course}", "the outline lacks 'modules'"),
        (SMALL.replace("id_prefix: snd, ", ""), "the outline lacks 'id_prefix'"),
        (SMALL.replace("slug: second", "slug: first"), "two lessons have the same slug"),
        (SMALL.replace("fst-02", "fst-01"), "two facts have the same id"),
    ],
)
def test_what_is_no_outline_is_refused(text: str, message: str) -> None:
    with pytest.raises(OutlineError) as caught:
        parse_outline(text)
    assert str(caught.value) == message


@pytest.mark.parametrize("text", ["[", "", "a"])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(OutlineError):
        parse_outline(text)
