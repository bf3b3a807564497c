"""Passages are found again after edits, or said to be lost: by hand, by property, and at a bounded cost."""

import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import quotes
from reference.quotes import AROUND, Page, Place, Quote

PAGE = """What it is for
A load balancer spreads requests over targets in several zones.
It faces the internet or only the inside of a network.
It ends TLS connections on behalf of its targets.
A balancer in one zone does not survive the loss of that zone."""


def marked(words: str, text: str = PAGE) -> Quote:
    """The passage with these words, cut out of the text."""
    start = text.index(words)
    return Page(text).cut(start, start + len(words))


def found(quote: Quote, text: str) -> str | None:
    """The words that are found for it."""
    place = Page(text).find(quote)
    return None if place is None else text[place.start : place.end]


SENTENCE = "It ends TLS connections on behalf of its targets."


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("What it is for", "What it is for, and a longer heading", SENTENCE),
        ("A load balancer spreads requests over targets in several zones.\n", "", SENTENCE),
        ("It faces", "A new sentence stands here.\nIt faces", SENTENCE),
        ("the loss of that zone.", "it.", SENTENCE),
        ("TLS connections", "TLS and QUIC connections", "It ends TLS and QUIC connections on behalf of its targets."),
        ("on behalf of its", "for its", "It ends TLS connections for its targets."),
        ("It ends TLS", "A balancer terminates TLS", "A balancer terminates TLS connections on behalf of its targets."),
        ("its targets.\n", "its servers.\n", "It ends TLS connections on behalf of its servers."),
        ("connections on", "connections\non", "It ends TLS connections\non behalf of its targets."),
        (SENTENCE, "Encryption is no longer its task.", None),
        (f"{SENTENCE}\n", "", None),
    ],
)
def test_a_sentence_is_found_after_an_edit(old: str, new: str, expected: str | None) -> None:
    assert PAGE.count(old) == 1
    assert found(marked(SENTENCE), PAGE.replace(old, new)) == expected


def test_the_same_words_are_told_apart_by_what_stands_around_them() -> None:
    text = "One zone may fail. Two zones may fail. Three zones may fail."
    start = text.index("may fail. Three")
    quote = Page(text).cut(start, start + len("may fail."))
    edited = "A new first sentence that is long. " + text
    place = Page(edited).find(quote)
    assert place is not None
    assert edited[: place.start].endswith("Two zones ")


def test_a_short_quote_is_not_found_just_anywhere() -> None:
    quote = marked("of a network")
    elsewhere = "Nothing here is as it was, but the words of a network occur."
    assert found(quote, elsewhere) is None
    assert (
        found(marked("network"), PAGE.replace("It faces the internet or only the inside of a network.\n", "")) is None
    )


def test_moved_as_a_whole_it_is_found() -> None:
    lines = PAGE.split("\n")
    turned = "\n".join(reversed(lines))
    for line in lines[1:]:
        assert found(marked(line), turned) == line


def test_surroundings_are_short_and_passages_real() -> None:
    quote = Page("x" * 500).cut(200, 210)
    assert (len(quote.before), len(quote.after)) == (AROUND, AROUND)
    for start, end in ((-1, 3), (3, 3), (5, 2), (0, 501)):
        with pytest.raises(ValueError, match="no such passage"):
            Page("x" * 500).cut(start, end)
    assert Page("words").find(Quote("  ")) is None
    assert Page("").find(Quote("words")) is None


# By property

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
texts = st.lists(words, min_size=1, max_size=60).map(" ".join)


@st.composite
def passages(draw: st.DrawFn) -> tuple[str, int, int]:
    """A text and a passage of it that is not only space."""
    text = draw(texts.filter(str.strip))
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    return (text, start, end) if text[start:end].strip() else (text, 0, len(text))


@given(passages())
def test_unchanged_it_stands_where_it_stood(passage: tuple[str, int, int]) -> None:
    text, start, end = passage
    assert Page(text).find(Page(text).cut(start, end)) == Place(start, end)


@given(passages(), texts)
def test_what_is_put_before_or_behind_moves_it_along(passage: tuple[str, int, int], more: str) -> None:
    text, start, end = passage
    quote = Page(text).cut(start, end)
    for edited, shift in ((f"{more}\n{text}", len(more) + 1), (f"{text}\n{more}", 0)):
        place = Page(edited).find(quote)
        assert place is not None
        assert place.exact
        assert edited[place.start : place.end] == quote.text
        if edited.count(quote.before + quote.text + quote.after) == 1:
            assert (place.start, place.end) == (start + shift, end + shift)


@given(passages(), texts)
def test_what_is_found_is_a_passage_of_the_text(passage: tuple[str, int, int], other: str) -> None:
    text, start, end = passage
    page = Page(other)
    place = page.find(Page(text).cut(start, end))
    if place is not None:
        assert 0 <= place.start < place.end <= len(other)
        assert not place.exact or other[place.start : place.end] == text[start:end]


@given(st.integers(0, 10_000), st.integers(0, 3), st.integers(0, 3))
def test_a_sentence_survives_small_edits_of_its_inside(seed: int, dropped: int, added: int) -> None:
    dice = Random(seed)
    vocabulary = [f"w{number}" for number in range(400)]
    sentences = [" ".join(dice.sample(vocabulary, 14)) + "." for _ in range(12)]
    chosen = dice.randrange(12)
    quote = marked(sentences[chosen], "\n".join(sentences))
    inner = sentences[chosen].split(" ")
    for _ in range(dropped):
        del inner[dice.randrange(1, len(inner) - 1)]
    for number in range(added):
        inner.insert(dice.randrange(1, len(inner)), f"new{number}")
    edited = [*sentences]
    edited[chosen] = " ".join(inner)
    edited.insert(dice.randrange(13), "A sentence that is new on this page.")
    assert found(quote, "\n".join(edited)) == " ".join(inner)


@given(texts)
def test_letters_and_offsets_are_each_others_way_back(text: str) -> None:
    page = Page(text)
    for offset, one in enumerate(text):
        if not one.isspace():
            assert page.offset_of(page.letters_before(offset)) == offset
    assert page.letters_before(len(text)) == len("".join(text.split()))


# Shared with the script

ROOT = Path(quotes.__file__).parent.parent


def test_the_script_knows_the_same_spaces() -> None:
    script = (ROOT / "static" / "js" / "marks.js").read_text()
    [pattern] = re.findall(r"SPACE = /(\[.+?\])/u", script)
    spaces = {chr(code) for code in range(0x110000) if chr(code).isspace()}
    assert {chr(code) for code in range(0x110000) if re.fullmatch(pattern, chr(code))} == spaces


# Cost


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 1000))
def test_a_rewritten_page_is_searched_at_a_bounded_cost(seed: int) -> None:
    """200 passages in 2,500 words that were rewritten: counted are the words that are compared."""
    dice = Random(seed)
    vocabulary = [f"word{number}" for number in range(900)]
    text = " ".join(dice.choices(vocabulary, k=2_500))
    edited = " ".join(one for one in text.split(" ") if dice.random() > 0.2)
    compared = 0

    class Counted(quotes.SequenceMatcher):  # type: ignore[name-defined,misc]
        def __init__(self, junk: None, one: list[str], other: list[str], autojunk: bool) -> None:
            nonlocal compared
            compared += len(one) + len(other)
            super().__init__(junk, one, other, autojunk)

    page, original = Page(edited), Page(text)
    found_again = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quotes, "SequenceMatcher", Counted)
        for _ in range(200):
            start = dice.randrange(len(text) - 400)
            found_again += page.find(original.cut(start, start + dice.randrange(80, 400))) is not None
    # At most three windows each, none longer than twice the words sought and a little more.
    longest = (400 + 2 * AROUND) // len("word1 ") + 1
    assert compared <= 200 * quotes.WINDOWS * (3 * longest + 16)
    assert found_again >= 180
