"""Plain text becomes Markdown that reads the same, and Markdown becomes its words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.formats.exchange.plain import flat, is_plain, literal, one_line
from reference.markup import plain_text, render_text

SIGNS = st.text(alphabet=" a1_*`[]()!\\&;<>#-+.~=|^{}:x/@$%\"'", max_size=14)


@given(text=SIGNS | st.text(max_size=20))
@settings(max_examples=150, deadline=None)
def test_literal_text_reads_as_it_was_typed(text: str) -> None:
    assert flat(literal(text)) == one_line(text)
    assert is_plain(literal(text))


@given(
    text=SIGNS.map(lambda signs: f"Words, {signs}")
    | st.from_regex(r"[A-Za-z][A-Za-z0-9 ,.;:?'()/%$@+-]{0,20}", fullmatch=True)
)
@settings(max_examples=150, deadline=None)
def test_the_words_are_those_of_the_page(text: str) -> None:
    assert flat(text) == one_line(plain_text(render_text(text)))


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("**a** `b`", "a b"),
        ("- a\n- b", "a b"),
        ("see ![the plan](image:abcdefghijkl-40x30)", "see (picture: the plan)"),
        ("![](image:abcdefghijkl-40x30)", "(picture)"),
        ("s3:\\*", "s3:*"),
    ],
)
def test_words_of_markdown(markdown: str, words: str) -> None:
    assert flat(markdown) == words
