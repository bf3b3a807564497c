"""Two texts of a question beside each other, word by word."""

from dataclasses import replace
from time import process_time

from quizzes.engine.content import Option
from quizzes.engine.differences import MOST_WORDS, compared, differences
from tests.factories import content_of


def words(pieces: tuple[object, ...]) -> list[tuple[str, bool]]:
    return [(piece.text, piece.changed) for piece in pieces]  # type: ignore[attr-defined]


def test_words_and_not_letters() -> None:
    old, new = compared("A fast gateway, please.", "A cheap gateway, please.")
    assert words(old) == [("A ", False), ("fast", True), (" gateway, please.", False)]
    assert words(new) == [("A ", False), ("cheap", True), (" gateway, please.", False)]
    assert compared("", "") == ((), ())
    assert words(compared("", "all of it")[1]) == [("all of it", True)]


def test_both_sides_are_whole_whatever_they_say() -> None:
    for old, new in (("a  b\n\nc", "c b"), ("“x” & <y>", "<y>"), ("ä" * 50, "é" * 50)):
        left, right = compared(old, new)
        assert ("".join(p.text for p in left), "".join(p.text for p in right)) == (old, new)


def test_a_long_text_takes_no_time() -> None:
    begun = process_time()
    left, right = compared("word " * MOST_WORDS, "other " * MOST_WORDS)
    assert (len(left), left[0].changed, len(right)) == (1, True, 1)
    many = " ".join(f"w{n % 90}" for n in range(MOST_WORDS // 2 - 1))
    compared(many, many[::-1])
    assert process_time() - begun < 5


def test_every_part_of_a_question() -> None:
    old = content_of("x", 1)
    last = Option("z", "A new one", True, "Because")
    new = replace(old, stem=f"{old.stem} Really?", options=(*old.options[:-1], last), extra={"unit": "ms"})
    rows = {(one.part, one.about): one.changed for one in differences(old, new)}
    assert rows[("stem", "")]
    assert rows[("key", "")]
    assert rows[("extra", "unit")]
    assert (rows[("option", "z")], rows[("rationale", "z")]) == (True, True)
    assert rows[("option", old.options[-1].id)]
    assert not rows[("option", old.options[0].id)]
    assert ("scenario", "") not in rows
    assert not any(one.changed for one in differences(old, old))
