"""QTI 1.2: files that are damaged, made to take long or made to harm."""

import contextlib
import io
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.engine.kinds import KINDS
from quizzes.formats.exchange.model import BadFile
from quizzes.formats.exchange.qti12 import QTI12
from quizzes.formats.exchange.source import Source
from tests.formats.exchange.qti12_files import CORPUS, FILES, source_of

BARE = [one for one in FILES if one.endswith(".xml")]
HEADS = (b"", b"<questestinterop>", b"PK\x03\x04", b"<?xml version='1.0'?>")


def _fuzzed(data: bytes, path: Path) -> None:
    path.write_bytes(data)
    source = Source(path, path.name)
    try:
        if QTI12.recognises(source):
            for item in QTI12.read(source):
                assert item.question is None or not KINDS[item.question.content.kind].flaws(item.question.content)
            QTI12.pictures(source)("p1")
    except BadFile:
        pass


@given(name=st.sampled_from(FILES), dice=st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_files_raise_nothing_but_bad_file(name: str, dice: random.Random, tmp_path: Path) -> None:
    data = bytearray(source_of(name, tmp_path).path.read_bytes())
    for _ in range(dice.randint(1, 12)):
        place = dice.randrange(len(data))
        change = dice.randrange(4)
        if change == 0:
            data[place] ^= 1 << dice.randrange(8)
        elif change == 1:
            del data[place : place + dice.randrange(1, 60)]
        elif change == 2:
            data[place:place] = data[dice.randrange(len(data)) :][: dice.randrange(1, 200)]
        else:
            data[place:place] = dice.choice((b"<not>", b"</and>", b"&x;", b"\x00", b'ident="', b"<![CDATA[", b"1e99"))
    _fuzzed(bytes(data), tmp_path / "damaged")


@given(name=st.sampled_from(BARE), dice=st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_shuffled_elements_raise_nothing_but_bad_file(name: str, dice: random.Random, tmp_path: Path) -> None:
    """Well-formed files whose parts stand where they do not belong."""
    lines = (CORPUS / name).read_text("latin-1").splitlines()
    whole = [number for number, line in enumerate(lines) if "</respcondition>" in line or "<mattext" in line]
    for _ in range(5):
        first, second = dice.choice(whole), dice.choice(whole)
        lines[first], lines[second] = lines[second], lines[first]
    _fuzzed("\n".join(lines).encode("latin-1"), tmp_path / "shuffled")


@given(data=st.binary(max_size=400), head=st.sampled_from(HEADS))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_raise_nothing_but_bad_file(data: bytes, head: bytes, tmp_path: Path) -> None:
    _fuzzed(head + data, tmp_path / "any")


_ITEM = (
    "<item ident='q'><presentation><material><mattext>What?</mattext></material><response_lid ident='R'"
    " rcardinality='Multiple'><render_choice>{labels}</render_choice></response_lid></presentation>"
    "<resprocessing><outcomes><decvar/></outcomes>{rules}</resprocessing></item>"
)
_LABELS = "".join(
    f"<response_label ident='{n}'><material><mattext>{n}</mattext></material></response_label>" for n in range(12)
)
_TEST = "<varequal respident='R'>{}</varequal>"


def _added(number: int) -> str:
    return (
        f"<respcondition continue='Yes'><conditionvar>{_TEST.format(number % 12)}</conditionvar>"
        f"<setvar action='Add'>{number}.{number}</setvar></respcondition>"
    )


@pytest.mark.parametrize(
    "body",
    [
        _ITEM.format(labels=_LABELS, rules="".join(_added(number) for number in range(6_000))),
        _ITEM.format(labels=_LABELS, rules="".join(_added(number) for number in range(150))) * 30,
        _ITEM.format(labels="<response_label ident='x'/>" * 30_000, rules=""),
        _ITEM.format(labels=_LABELS, rules="<respcondition><conditionvar>" + "<not>" * 180 + _TEST.format(1)
                     + "</not>" * 180 + "</conditionvar><setvar>1</setvar></respcondition>"),
        "<item/>" * 140_000,
        "<section>" * 190 + "<itemref linkrefid='x'/>" * 30_000 + "</section>" * 190,
        "<item>" * 150 + "</item>" * 150,
        "<section><selection_ordering>" + "<sourcebank_ref>b</sourcebank_ref>" * 25_000
        + "</selection_ordering></section>",
        "<item><itemmetadata>" + "<qtimetadatafield><fieldlabel>a</fieldlabel></qtimetadatafield>" * 15_000
        + "</itemmetadata></item>",
        "<item><presentation>" + "<material><mattext>&lt;b&gt;x</mattext></material>" * 20_000
        + "</presentation></item>",
    ],
    ids=range(10),
)  # fmt: skip
def test_a_megabyte_made_to_take_long_ends(body: str, tmp_path: Path) -> None:
    path = tmp_path / "long.xml"
    path.write_text(f"<questestinterop>{body}</questestinterop>")
    with contextlib.suppress(BadFile):
        assert list(QTI12.read(Source(path, "long.xml")))


def _zip(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return target.getvalue()


_QUIZ = b"<questestinterop>" + _ITEM.format(labels=_LABELS, rules=_added(1)).encode() + b"</questestinterop>"
_LAUGHS = b'<!DOCTYPE q [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><questestinterop><item>&b;</item></questestinterop>'


@pytest.mark.parametrize(
    "data",
    [
        _LAUGHS,
        b'<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><questestinterop>&x;</questestinterop>',
        _zip(quiz_dot_xml=_QUIZ, **{".." + "__evil_dot_png": b"x"}),
        _zip(imsmanifest_dot_xml=_LAUGHS.replace(b"questestinterop", b"manifest")),
        _zip(quiz_dot_xml=b"<questestinterop>" + b" " * 3_000_000 + b"</questestinterop>"),
        _zip(quiz_dot_xml=_QUIZ)[:-30],
        b"<questestinterop></questestinterop>",
        b"<questestinterop>" + b"<section>" * 300,
    ],
    ids=["laughs", "external", "slip", "laughs in the manifest", "bomb", "cut", "empty", "deep"],
)
def test_attacks_are_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "attack"
    path.write_bytes(data)
    with pytest.raises(BadFile):
        list(QTI12.read(Source(path, "attack")))


def test_other_files_are_not_taken_for_it(tmp_path: Path) -> None:
    for number, data in enumerate(
        (b"<quiz><question/></quiz>", b"::a:: b {=c}", _zip(a_dot_xml=b"<quiz/>", mimetype=b"x"), b"\x00" * 50)
    ):
        path = tmp_path / str(number)
        path.write_bytes(data)
        assert not QTI12.recognises(Source(path, path.name))
