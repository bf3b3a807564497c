"""QTI 2.x and 3.0: what other systems write comes in with an honest account, and ours comes back as declared."""

import io
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.model import ASPECTS, BadFile, Exchanged, ReadItem
from quizzes.formats.exchange.qti import QTI2, QTI3, Qti, identifiers
from quizzes.formats.exchange.source import Source
from tests.formats.exchange.generated import PICTURE_NAMES, PICTURES, exchanged_questions, tiny_picture

CORPUS = Path(__file__).parents[1] / "corpus"
BOTH = pytest.mark.parametrize("version", [QTI2, QTI3], ids=["qti2", "qti3"])
FILES = sorted(path for name in ("qti2", "qti3") for path in (CORPUS / name).iterdir())

# Each question as “kind key”, with the aspects of its notes behind it; or words of its problem.
OUTCOMES: dict[str, list[str]] = {
    "qti2/choice.xml": ["multiple_choice b: order"],
    "qti2/feedback-inline.xml": ["true_false true: kind rationales"],
    "qti2/folder-apip.zip": ["multiple_choice a: extra", "multiple_choice a:"],
    "qti2/inline-choice.xml": ["multiple_choice b:"],
    "qti2/match.xml": ["matching abc: scoring"],
    "qti2/members.xml": ["multiple_response ac:"],
    "qti2/no-manifest.zip": ["short_text NACL|network ACL:", "multiple_choice b: order"],
    "qti2/not-taken.zip": [
        "“hotspot”",
        "“extendedText”",
        "asks 2 things at once (inlineChoice)",
        "Unsupported scoring: it is scored by “mapResponsePoint”",
        "Unsupported scoring: it is scored by “patternMatch”",
        "drawn anew",
        "step by step",
        "which of its options are right",
        "Any one of several options",
        "learners choose 1, but its key has 2",
        "asks nothing",
        "no well-formed XML (line 1",
        "“custom”",
        "Not every one of its sources has a target",
        "several targets",
        "not in the zip",
    ],
    "qti2/number-range.xml": ["numeric 5.5±1.5:"],
    "qti2/number-tolerance.xml": ["numeric 8760±1%:"],
    "qti2/onyx-item.zip": ["multiple_response ac: choose rationales"],
    "qti2/order.xml": ["ordering abc:"],
    "qti2/tao-item.zip": ["multiple_choice b:"],
    "qti2/test-package.zip": [
        "multiple_choice a: scoring scoring",
        "multiple_response ac: scoring",
        "multiple_response ab: scoring choose",
    ],
    "qti2/text-entry.xml": ["short_text Route 53|Amazon Route 53|Route53: scoring"],
    "qti3/choice-multiple.xml": ["multiple_response ab:"],
    "qti3/choice.xml": ["multiple_choice b:"],
    "qti3/inline-choice.xml": ["multiple_choice b: scoring"],
    "qti3/match.xml": ["matching abc:"],
    "qti3/no-manifest.zip": ["ordering abc: order", "numeric 99.9:"],
    "qti3/not-taken.zip": [
        "“gapMatch”",
        "“portableCustom”",
        "several rules that give a score",
        "the template “school_rule”",
        "multiple_choice a: scenario pictures text",
    ],
    "qti3/number.xml": ["numeric 99.9:"],
    "qti3/old-namespace.xml": ["multiple_choice a:"],
    "qti3/order.xml": ["ordering abc: order"],
    "qti3/plain-namespace.zip": ["multiple_choice b:"],
    "qti3/stimulus-package.zip": ["multiple_response ac: scoring choose", "multiple_choice a:"],
    "qti3/text-entry.xml": ["short_text IAM:"],
    "qti3/wrong-types.zip": ["multiple_choice b:", "matching abc:"],
}


def source_of(path: Path) -> Source:
    return Source(path, path.name)


def version_of(path: Path) -> Qti:
    return QTI2 if path.parent.name == "qti2" else QTI3


def key_of(question: Exchanged) -> str:
    extra = question.content.extra
    if "answer" in extra:
        tolerance = f"±{extra['tolerance']}" if "tolerance" in extra else ""
        return f"{extra['answer']}{tolerance}{'%' if extra.get('percent') else ''}"
    if "accepted" in extra:
        return "|".join(extra["accepted"])
    return "".join(one.id for one in question.content.options if one.correct)


def told(item: ReadItem) -> str:
    if item.question is None:
        return item.problem
    aspects = "".join(f" {note.aspect}" for note in item.notes)
    return f"{item.question.content.kind} {key_of(item.question)}:{aspects}"


def test_every_file_of_the_corpus_has_its_outcome() -> None:
    assert [f"{path.parent.name}/{path.name}" for path in FILES] == sorted(OUTCOMES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_files_of_others(path: Path) -> None:
    items = list(version_of(path).read(source_of(path)))
    wanted = OUTCOMES[f"{path.parent.name}/{path.name}"]
    assert len(items) == len(wanted)
    for item, words in zip(items, wanted, strict=True):
        assert told(item) == words if item.question else words in told(item)
        assert all(note.aspect in ASPECTS and note.words.endswith(".") for note in item.notes)
        if item.question:
            assert KINDS[item.question.content.kind].flaws(item.question.content) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_each_version_knows_its_own_files(path: Path) -> None:
    other = QTI3 if version_of(path) is QTI2 else QTI2
    assert version_of(path).recognises(source_of(path))
    assert not other.recognises(source_of(path))


def the(path: str, place: int = 0) -> Exchanged:
    found = list(QTI2.read(source_of(CORPUS / path)))[place].question
    assert found is not None
    return found


def test_pictures_tags_and_feedback_of_a_package() -> None:
    path = CORPUS / "qti2" / "tao-item.zip"
    question = the("qti2/tao-item.zip")
    assert "![Plan](image:p1)" in question.content.stem
    assert question.content.stem.endswith("Which service holds **objects**?")
    assert question.content.options[0].rationale == "Volumes hold blocks."
    assert question.known.tags == ("storage",)
    pictures = QTI2.pictures(source_of(path))
    assert (pictures("p1") or b"").startswith(b"\x89PNG")
    assert pictures("p2") is None


def test_shared_texts_are_scenarios() -> None:
    second, first = the("qti3/stimulus-package.zip"), the("qti3/stimulus-package.zip", 1)
    assert first.content.scenario == second.content.scenario == "A bank runs in **two** zones. ![Map](image:p1)"
    assert first.known.scenario == second.known.scenario == "case-7"
    assert the("qti2/folder-apip.zip", 1).known.scenario == "case-one"


def test_a_rubric_for_learners_is_part_of_the_stem() -> None:
    assert the("qti2/folder-apip.zip").content.stem == "Read the *case* first.\n\nIs it resilient?"


def test_a_blank_in_a_sentence_stays_one_and_a_field_alone_is_no_text() -> None:
    assert the("qti2/text-entry.xml").content.stem.replace("\\", "") == "Names are resolved by _____ at the edge."
    assert the("qti2/number-tolerance.xml").content.stem == "How many hours has a year?"


def test_ticking_all_is_named() -> None:
    *_, last = QTI2.read(source_of(CORPUS / "qti2" / "test-package.zip"))
    assert any("ticking all of them scores in full" in note.words for note in last.notes)


def packed(version: Qti, questions: list[Exchanged], folder: Path) -> Source:
    path = folder / "package.zip"
    with path.open("wb") as out:
        version.write(questions, out, PICTURES, "Bank <1> & “more”")
    return Source(path, path.name)


@BOTH
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=exchanged_questions())
def test_what_comes_back_is_what_is_declared(version: Qti, question: Exchanged, tmp_path: Path) -> None:
    source = packed(version, [question], tmp_path)
    declared, notes = version.project(question)
    items = list(version.read(source))
    assert [one.question for one in items] == [declared]
    assert items[0].notes == ()
    assert declared is not None
    assert version.project(declared)[0] == declared
    assert all(note.aspect in ASPECTS for note in notes)
    assert version.recognises(source)


@BOTH
@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_kind_has_a_place(version: Qti, kind: str, tmp_path: Path, data: st.DataObject) -> None:
    question = data.draw(exchanged_questions([kind]))
    (item,) = version.read(packed(version, [question], tmp_path))
    assert item.question is not None
    assert item.question.content.kind == kind
    assert item.question.content.option_ids == question.content.option_ids
    assert item.question.content.keys == question.content.keys
    assert item.question.content.order == question.content.order


def sample(code: str = "q-1", **changes: object) -> Exchanged:
    options = tuple(Option(one, f"Option {one}", one in "ac", f"Because of {one}.") for one in "abcd")
    content = Content("multiple_response", "Which two?", 2, "shuffle", options, {}, "The shared text.")
    return Exchanged(code, content, known=Attributes(scenario="case-1"), **changes)  # type: ignore[arg-type]


def members(source: Source) -> dict[str, bytes]:
    with zipfile.ZipFile(source.path) as file:
        return {one: file.read(one) for one in file.namelist()}


@BOTH
def test_a_package_is_the_same_every_time(version: Qti, tmp_path: Path) -> None:
    first = packed(version, [sample(), sample("q-2")], tmp_path).path.read_bytes()
    assert packed(version, [sample(), sample("q-2")], tmp_path).path.read_bytes() == first


@BOTH
def test_all_that_a_package_names_is_in_it(version: Qti, tmp_path: Path) -> None:
    picture = f"![Plan](image:{PICTURE_NAMES[0]})"
    content = Content(
        "numeric", f"How many? {picture} ![Gone](image:zzzzzzzzzzzz-1x1)", 1, "fixed", (), {"answer": "3", "unit": "GB"}
    )
    found = members(packed(version, [sample(), sample("q-2"), Exchanged("", content)], tmp_path))
    manifest = ElementTree.fromstring(found["imsmanifest.xml"])
    named = [one.get("href") for one in manifest.iter() if one.tag.endswith("}file")]
    assert set(named) == set(found) - {"imsmanifest.xml"}
    identifiers_of = {one.get("identifier") for one in manifest.iter() if one.tag.endswith("}resource")}
    assert {one.get("identifierref") for one in manifest.iter() if one.tag.endswith("}dependency")} <= identifiers_of
    assert found[f"images/{PICTURE_NAMES[0]}.png"] == tiny_picture(PICTURE_NAMES[0])


def test_a_shared_text_is_written_once_in_3_0(tmp_path: Path) -> None:
    found = members(packed(QTI3, [sample(), sample("q-2")], tmp_path))
    assert [one for one in found if one.startswith("stimuli/")] == ["stimuli/s00001.xml"]
    assert (
        b'<qti-assessment-stimulus-ref identifier="case-1" href="../stimuli/s00001.xml">' in found["items/q00002.xml"]
    )


@BOTH
def test_all_or_nothing_is_the_standard_template(version: Qti, tmp_path: Path) -> None:
    plain = [Option(one.id, one.text, one.correct, "") for one in sample().content.options]
    content = Content("multiple_response", "Which two?", 2, "shuffle", tuple(plain))
    item = members(packed(version, [Exchanged("q-1", content)], tmp_path))["items/q00001.xml"].decode()
    assert "rptemplates/match_correct" in item
    assert ('max-choices="2"' if version is QTI3 else 'maxChoices="2"') in item


def test_codes_and_ids_that_are_no_names_come_back(tmp_path: Path) -> None:
    options = tuple(Option(one, f"Text {one}", one == "7 b", "") for one in ("7 b", "-", "_.5", "é.x", "A"))
    question = Exchanged("1st question", Content("multiple_choice", "Which?", 1, "fixed", options))
    (item,) = QTI2.read(packed(QTI2, [question], tmp_path))
    assert item.question == QTI2.project(question)[0]
    assert item.question.content.option_ids == ("7 b", "-", "_.5", "é.x", "A")


@given(st.text())
def test_identifiers_can_be_turned_back(name: str) -> None:
    written = identifiers.identifier(name)
    assert written.isascii()
    assert written[0].isalpha() or written[0] == "_"
    assert identifiers.name_of(written) == identifiers.legal(name)


def mutated(data: bytes, dice: random.Random) -> bytes:
    """Some bits turned, a piece cut out, or a piece put in elsewhere."""
    found = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        start, end = sorted((dice.randrange(len(found) + 1), dice.randrange(len(found) + 1)))
        match dice.randrange(3):
            case 0 if start < len(found):
                found[start] ^= 1 << dice.randrange(8)
            case 1:
                del found[start : min(end, start + 40)]
            case _:
                found[start:start] = found[end : end + 60]
    return bytes(found)


def drained(version: Qti, data: bytes, folder: Path) -> list[ReadItem]:
    """What a reader makes of some bytes; nothing where it refuses them."""
    path = folder / "any"
    path.write_bytes(data)
    source = Source(path, "any")
    try:
        version.recognises(source)
        return list(version.read(source))
    except BadFile:
        return []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_mangled_files_raise_nothing_else(path: Path, tmp_path: Path) -> None:
    dice = random.Random(path.name)
    for _ in range(12):
        drained(version_of(path), mutated(path.read_bytes(), dice), tmp_path)


@pytest.mark.parametrize("path", [one for one in FILES if one.suffix == ".zip"], ids=lambda path: path.stem)
def test_mangled_members_raise_nothing_else(path: Path, tmp_path: Path) -> None:
    dice = random.Random(path.name)
    with zipfile.ZipFile(path) as file:
        found = {one: file.read(one) for one in file.namelist()}
    for _ in range(8):
        chosen = dice.choice(sorted(found))
        drained(version_of(path), zipped({**found, chosen: mutated(found[chosen], dice)}), tmp_path)


def zipped(found: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in found.items():
            file.writestr(name, data)
    return out.getvalue()


@BOTH
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_raise_nothing_else(version: Qti, data: bytes, tmp_path: Path) -> None:
    assert all(one.question is None for one in drained(version, data, tmp_path))


def nasty() -> Iterator[tuple[str, str]]:
    head = '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="x">'
    declared = '<responseDeclaration identifier="R" cardinality="multiple" baseType="identifier">'
    opened = f"{head}{declared}</responseDeclaration><itemBody>"
    yield "deep", opened + "<div>" * 200_000
    yield "open", opened + "<b>x" * 150_000
    yield "flat", opened + "<b/>" * 250_000 + "</itemBody></assessmentItem>"
    values = "<correctResponse>" + "<value>a</value>" * 60_000 + "</correctResponse>"
    yield "values", f"{head}{declared}{values}</responseDeclaration><itemBody/></assessmentItem>"
    choices = '<choiceInteraction responseIdentifier="R">' + '<simpleChoice identifier="a">_*[</simpleChoice>' * 20_000
    yield "choices", f"{opened}{choices}</choiceInteraction></itemBody></assessmentItem>"
    feedback = '<modalFeedback identifier="a" outcomeIdentifier="F">**_`[x](</modalFeedback>' * 12_000
    two = '<choiceInteraction responseIdentifier="R"><simpleChoice identifier="a">a</simpleChoice></choiceInteraction>'
    yield "feedback", f"{opened}{two}</itemBody>{feedback}</assessmentItem>"
    rule = "<responseCondition><responseIf>" * 90 + "</responseIf></responseCondition>" * 90
    rules = f"<responseProcessing>{rule * 120}</responseProcessing>"
    yield "rules", f"{opened}{two}</itemBody>{rules}</assessmentItem>"
    yield "entities", '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>' + opened + "&c;" * 200_000


@pytest.mark.parametrize(("name", "text"), list(nasty()), ids=[name for name, _ in nasty()])
def test_a_megabyte_of_malice_ends(name: str, text: str, tmp_path: Path) -> None:
    assert all(one.question is None for one in drained(QTI2, text.encode(), tmp_path))


def test_a_test_without_items_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "test.xml"
    path.write_text('<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t" title="t"/>')
    assert QTI2.recognises(source_of(path))
    with pytest.raises(BadFile, match="no item"):
        list(QTI2.read(source_of(path)))


def test_nesting_without_end_is_named(tmp_path: Path) -> None:
    path = tmp_path / "deep.xml"
    path.write_text(dict(nasty())["deep"])
    with pytest.raises(BadFile, match="nested more than 200 deep"):
        list(QTI2.read(source_of(path)))
