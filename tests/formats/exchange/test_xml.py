"""XML that is made to harm, and XML of any shape: read element by element, or refused with its place."""

import contextlib
import io
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.formats.exchange.model import BadFile
from quizzes.formats.exchange.xml import MOST_DEPTH, child, elements, local, namespace, root_of, text_in

QUESTION = frozenset({"question"})


def texts(data: bytes | str) -> list[str]:
    raw = data.encode() if isinstance(data, str) else data
    return [text_in(element) for element, _ in elements(io.BytesIO(raw), QUESTION, "a.xml")]


def refusal(data: bytes | str) -> str:
    with pytest.raises(BadFile) as error:
        texts(data)
    return str(error.value)


def test_elements_come_with_their_numbers_and_without_namespaces() -> None:
    data = b'<quiz xmlns="urn:x"><question>a</question><other>b</other><question><text> c\n</text></question></quiz>'
    found = [(local(one), namespace(one), number, text_in(one)) for one, number in elements(io.BytesIO(data), QUESTION)]
    assert found == [("question", "urn:x", 1, "a"), ("question", "urn:x", 2, "c")]


def test_an_element_within_another_comes_as_its_part() -> None:
    data = b"<quiz><question>a<question>b</question></question></quiz>"
    assert texts(data) == ["ab"]
    assert [text_in(child(one, "question")) for one, _ in elements(io.BytesIO(data), QUESTION)] == ["b"]


BOMB = '<!DOCTYPE q [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><q><question>&b;</question></q>'


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        BOMB.encode("utf-16"),
        '<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><q><question>&x;</question></q>',
        '<!DOCTYPE q [<!ENTITY x PUBLIC "a" "https://x.org/a">]><q><question>&x;</question></q>',
        '<!DOCTYPE q [<!ENTITY % p SYSTEM "https://x.org/p.dtd"> %p;]><q><question>x</question></q>',
        "<!DOCTYPE q [<!ENTITY % p \"<!ENTITY x 'y'>\"> %p;]><q><question>&x;</question></q>",
        '<!DOCTYPE q [<!ENTITY x "y">]><q><question a="&x;"/></q>',
    ],
)
def test_entities_are_refused(data: bytes | str) -> None:
    assert refusal(data) == "a.xml: it defines entities, which could be made to harm: export it without them"


def test_a_document_type_outside_is_never_fetched() -> None:
    data = '<!DOCTYPE q SYSTEM "https://127.0.0.1:1/x.dtd"><q><question>a</question></q>'
    assert texts(data) == ["a"]


def test_a_name_that_only_the_document_type_knows_is_broken_xml() -> None:
    assert "line 1" in refusal("<q><question>&nbsp;</question></q>")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "iso-8859-1", "windows-1252"])
def test_encodings_are_read(encoding: str) -> None:
    name = encoding.removesuffix("-sig").removesuffix("-le")
    text = f'<?xml version="1.0" encoding="{name}"?><q><question>Größe</question></q>'
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    assert texts(mark + text.encode(encoding)) == ["Größe"]


@pytest.mark.parametrize("encoding", ["utf-7", "klingon", "rot13", "base64", "idna", "\x00", "utf-32"])
def test_encodings_that_are_not_known_are_refused(encoding: str) -> None:
    assert refusal(f'<?xml version="1.0" encoding="{encoding}"?><q><question>a</question></q>')


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ("", "line 1"),
        ("<q><question>", "line 1"),
        ("<q>\n<question></q>", "line 2"),
        ("<q>\n\n<question>\x00</question></q>", "line 3"),
        ("<q><question>\x01</question></q>", "line 1"),
        (b"<q><question>\xff\xfe</question></q>", "line 1"),
        ("<q/><q/>", "line 1"),
        ("no xml", "line 1"),
        ("<q a='1' a='2'/>", "line 1"),
    ],
)
def test_broken_xml_is_refused_with_its_line(data: bytes | str, place: str) -> None:
    assert place in refusal(data)


def test_nesting_has_an_end() -> None:
    assert texts("<q>" * (MOST_DEPTH - 1) + "<question>a</question>" + "</q>" * (MOST_DEPTH - 1)) == ["a"]
    assert f"more than {MOST_DEPTH} deep" in refusal("<q>" * 300_000)
    assert f"more than {MOST_DEPTH} deep" in refusal("<question>" * 300_000)


class Endless(io.RawIOBase):
    """A file of so many questions, made while it is read."""

    def __init__(self, count: int, between: bytes = b"", within: bytes = b"x" * 3000) -> None:
        self._parts = self._made(count, between, within)
        self._rest = b""

    def _made(self, count: int, between: bytes, within: bytes) -> Iterator[bytes]:
        yield b"<quiz>"
        for _ in range(count):
            yield b"<question><text>" + within + b"</text></question>" + between
        yield b"</quiz>"

    def read(self, size: int = -1) -> bytes:
        data = self._rest
        while len(data) < size and (part := next(self._parts, None)):
            data += part
        self._rest = data[size:]
        return data[:size]


@pytest.mark.parametrize("between", [b"", b"\n<other><a>b</a></other>\n", b"<!-- note --><?php x ?>"])
def test_thirty_megabytes_are_read_in_little_memory(between: bytes) -> None:
    tracemalloc.start()
    try:
        count = sum(1 for _ in elements(Endless(10_000, between), QUESTION))  # type: ignore[arg-type]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 10_000
    assert peak < 2_000_000


def test_one_endless_element_is_refused_not_kept() -> None:
    many = b"<a>bcd</a>" * 1_000
    with pytest.raises(BadFile, match="too large"):
        list(elements(Endless(3_000, within=many), frozenset({"quiz"})))  # type: ignore[arg-type]


def test_the_root_is_told_without_reading_on() -> None:
    assert root_of(io.BytesIO(b'<a:quiz xmlns:a="urn:x">')) == ("quiz", "urn:x")
    assert root_of(io.BytesIO(b"%PDF")) == ("", "")
    assert root_of(io.BytesIO(b"")) == ("", "")
    assert root_of(io.BytesIO(BOMB.encode())) == ("", "")


GOOD = b'<?xml version="1.0"?><quiz><question type="x"><name>a &amp; b</name></question><question/></quiz>'


@given(st.binary(max_size=60) | st.tuples(st.integers(0, len(GOOD)), st.binary(max_size=6), st.integers(0, 9)))
@settings(max_examples=200, deadline=None)
def test_any_bytes_raise_bad_file_or_nothing(given_data: bytes | tuple[int, bytes, int]) -> None:
    if isinstance(given_data, tuple):
        place, inserted, gone = given_data
        data = GOOD[:place] + inserted + GOOD[place + gone :]
    else:
        data = given_data
    root_of(io.BytesIO(data))
    with contextlib.suppress(BadFile):
        texts(data)
