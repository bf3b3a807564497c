"""Reading simple Markdown without parsing gives what parsing gives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.markup import plain_text, quick_words, render_text

PARTS = st.sampled_from(
    [
        *("A company runs", "EC2", "`s3:GetObject`", "**MOST**", "\n", "\n\n", " ", "  ", "- one", "1. two", "**", "`"),
        *("*em*", "arn:aws:s3:::b", "a_b", "_x_", "$5,000", "10 %", "don't", "“quoted”", "{", "}", "[a](https://b.c)"),
        *("\n    four", "\t", "|a|b|", "|-|-|", "<b>", "&amp;", "\\", "~~", "#", "===", "---", "!", "(x)", "`` ` ``"),
        *("https://example.org/a-b", "/24", "…", "é", "x**y**", "**a** b", "`a`b", "+", "+ c", ":", ": d", "12", "12."),
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(PARTS, max_size=9).map("".join) | st.lists(PARTS, max_size=7).map(" ".join))
def test_it_is_the_same_or_not_tried(text: str) -> None:
    quick = quick_words(text)
    assert quick is None or quick == plain_text(render_text(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("One.\nTwo **LEAST** cost.\n\nThree `ec2:Run*` four.", "One. Two LEAST cost.\nThree ec2:Run* four."),
        ("- a list", None),
        ("| a | b |", None),
        ("![alt](image:abc-1x1)", None),
        ("a\0b", None),
    ],
)
def test_what_is_simple(text: str, words: str | None) -> None:
    assert quick_words(text) == words
