"""GIFT: what others write loads, what we write comes back."""

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings

from quizzes.engine.content import Content, Option
from quizzes.formats.exchange.gift import GIFT
from quizzes.formats.exchange.gift.weights import FRACTIONS, nth_part, weight_of
from quizzes.formats.exchange.gift.weights import written as share
from quizzes.formats.exchange.model import ASPECTS, BadFile, Exchanged, ReadItem
from quizzes.formats.exchange.source import Source
from tests.formats.exchange.briefly import brief
from tests.formats.exchange.generated import exchanged_questions
from tests.formats.exchange.mangled import mangled, read_to_the_end, source_of

CORPUS = Path(__file__).parents[1] / "corpus" / "gift"

COMES_OF: dict[str, list[str]] = {
    "01-every-kind.txt": [
        "multiple_choice c of 3",
        "multiple_choice b of 3 changed:text",
        "true_false f of 2",
        "true_false t of 2",
        "short_text Amazon EFS/EFS",
        "numeric 2006±1",
        "matching Amazon S3=objects, Amazon EBS=blocks, Amazon EFS=files of 3 changed:scoring",
        "numeric 11±1 changed:text",
        "line 23: this is an essay, a kind that has no place here: add answers, or leave ",
        "line 25: there are no answers in braces, so Moodle takes this for a text without",
    ],
    "02-names-and-feedback.gift": [
        "multiple_choice b of 3 changed:rationales",
        "true_false t of 2 changed:rationales",
        "true_false f of 2",
        "numeric 3±0 lost:rationales changed:scoring changed:rationales",
    ],
    "03-moodle-export.txt": [
        "multiple_choice a of 3 changed:rationales changed:tags",
        "multiple_response ab of 4 changed:scoring changed:tags",
        "numeric 443±0 changed:tags",
        "short_text Route 53 changed:scoring changed:kind changed:tags",
    ],
    "04-policies-escaped.gift": [
        "multiple_choice a of 3",
        "multiple_choice a of 2 assumed:code",
    ],
    "05-policies-not-escaped.gift": [
        "multiple_choice a of 2 assumed:text",
        "multiple_choice a of 2 assumed:text",
        "multiple_choice a of 2 assumed:text",
        "line 15: line 15: Moodle takes the braces of “${aws:username}” for the answers: ",
        "line 17: line 17: this “}” closes nothing: write \\} where a brace is text",
        "line 19: line 19: the question has several pairs of braces, and which of them ho",
        "line 21: line 21: this “{” is never closed: add “}”, or write \\{ where a brace i",
    ],
    "06-equals-in-options.gift": [
        "multiple_choice a of 2 assumed:text",
        "multiple_response ab of 3 assumed:text changed:scoring",
        "line 12: line 14: 2 options are marked with “=”, so that any of them would do: w",
        "line 18: line 18: “y” has no “->”: pair it, or write \\= where the sign is text",
    ],
    "07-multiple-response.gift": [
        "multiple_response ab of 4 changed:scoring",
        "multiple_response ab of 4 changed:scoring",
        "multiple_response abc of 4 changed:scoring",
        "multiple_response ab of 3 changed:scoring changed:scoring",
        "multiple_response ab of 3 changed:scoring changed:scoring assumed:scoring",
        "multiple_choice a of 3 assumed:kind",
        "line 23: every option is asked for: add a wrong one or lower choose",
        "line 25: no option is marked as right: put “=” before it, or shares such as ~%50",
        "multiple_choice a of 3 changed:scoring",
    ],
    "08-blank-lines.gift": [
        "multiple_choice a of 2 assumed:text",
        "multiple_choice a of 2 assumed:text",
        "line 17: line 17: this “{” is never closed: add “}”, or write \\{ where a brace i",
        "multiple_choice a of 2",
        "line 23: there are no answers in braces, so Moodle takes this for a text without",
        "multiple_choice a of 2",
    ],
    "09-bom-and-crlf.gift": [
        "multiple_choice a of 3",
        "true_false f of 2 assumed:kind",
    ],
    "10-cp1252.txt": [
        "multiple_choice a of 2",
        "true_false t of 2",
    ],
    "11-old-mac.txt": [
        "multiple_choice a of 2",
        "true_false f of 2",
    ],
    "12-formats.gift": [
        "multiple_choice a of 4 lost:pictures lost:text",
        "true_false t of 2",
        "true_false t of 2",
        "true_false t of 2",
    ],
    "13-numbers.gift": [
        "numeric 3±0",
        "numeric 3±0.5",
        "numeric 3±2",
        "numeric -0.5±0.25",
        "line 9: “3,5” is no number: write digits with a decimal point, such as 12.5:0.5 ",
        "line 11: several numbers are right, and here only one is: leave one, or give a r",
        "line 13: “5..1” is no range: write the smaller number first, and no margin below",
        "line 15: there is no number that is fully right: write one behind “#”, such as {",
        "line 17: there is no number that is fully right: write one behind “#”, such as {",
        "numeric 1000±1",
    ],
    "14-short-answers.gift": [
        "short_text S3/Amazon S3 changed:scoring",
        "short_text Amazon S3 assumed:kind",
        "line 5: there is no answer left that can be compared letter by letter: write one",
        "line 7: there is no answer left that can be compared letter by letter: write one",
        "short_text *",
        "short_text 100% of it",
        "short_text two changed:text",
        "line 15: the stem is missing: write the question before the answers",
        "short_text a -\\> b",
    ],
    "15-matching.gift": [
        "matching one=1, two=2, uno=1 of 3 changed:scoring",
        "line 3: line 3: “two” has no “->”: pair it, or write \\= where the sign is text",
        "line 5: there are 2 to 12 prompts, here are 1; there are 2 to 12 targets, here a",
        "matching `s3`=s3:\\*, **b**=snake_case of 2 changed:scoring changed:rationales",
    ],
}


def written(*questions: Exchanged) -> bytes:
    out = BytesIO()
    GIFT.write(questions, out, lambda name: None, "Questions")
    return out.getvalue()


def read(data: bytes | str, folder: Path) -> list[ReadItem]:
    return list(GIFT.read(source_of(data if isinstance(data, bytes) else data.encode(), folder)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gift")


def test_every_aspect_has_a_fate() -> None:
    assert set(GIFT.fates) == set(ASPECTS)


def test_the_table_has_every_file() -> None:
    assert sorted(path.name for path in CORPUS.iterdir()) == sorted(COMES_OF)


@pytest.mark.parametrize("name", sorted(COMES_OF))
def test_what_comes_of_the_files_of_others(name: str) -> None:
    source = Source(CORPUS / name, name)
    assert GIFT.recognises(source)
    assert [brief(item) for item in GIFT.read(source)] == COMES_OF[name]


def test_texts_of_a_policy_are_the_texts(folder: Path) -> None:
    item = next(iter(GIFT.read(Source(CORPUS / "04-policies-escaped.gift", ""))))
    assert item.question is not None
    content = item.question.content
    assert '"arn:aws:s3:::logs/${aws:username}/*"}\n```\n\nWhat follows?' in content.stem
    assert [one.text for one in content.options] == [
        "Nobody reads `logs/${aws:username}`",
        "Users read their own folder",
        "C:\\data\\new is copied",
    ]
    assert content.options[0].rationale == "The deny wins: it always does."


def test_lines_that_are_named_are_those_of_the_file(folder: Path) -> None:
    text = "// a comment\n::name::\nA stem\nwith ${x} in it\n{\n~a\n=b\n}\n\n::next::What\n{\n=a\n=b\n~c}\n"
    first, second = read(text, folder)
    assert first.place == "line 1"
    assert "line 4" in first.notes[0].words
    assert second.problem.startswith("line 13: 2 options")


def test_ids_tags_and_categories(folder: Path) -> None:
    items = list(GIFT.read(Source(CORPUS / "03-moodle-export.txt", "")))
    found = [(one.question.code, one.question.title, one.question.known.tags) for one in items if one.question]
    assert found == [
        ("sec-01", "Least privilege", ("Security", "iam", "week 2]")),
        ("", "Two of them", ("Security",)),
        ("", "Port", ("Network/Edge",)),
        ("", "Resolver", ("Network/Edge",)),
    ]


@given(question=exchanged_questions())
@settings(max_examples=40, deadline=None)
def test_what_is_written_comes_back_as_projected(folder: Path, question: Exchanged) -> None:
    expected, notes = GIFT.project(question)
    items = read(written(question), folder)
    if expected is None:
        assert items == []
        assert notes
        return
    assert [one.question for one in items] == [expected]
    assert GIFT.project(expected)[0] == expected


def options(right: int, count: int) -> tuple[Option, ...]:
    return tuple(Option(one, f"Option {one}", place < right, "") for place, one in enumerate("abcdefghijkl"[:count]))


def test_all_or_nothing_is_said_to_be_lost_on_every_such_question() -> None:
    for question in (
        Exchanged("", Content("multiple_response", "Which?", 2, "shuffle", options(2, 4))),
        Exchanged("", Content("multiple_response", "Which?", 5, "shuffle", options(5, 6))),
    ):
        left, notes = GIFT.project(question)
        assert left is not None
        assert [one.words for one in notes if one.aspect == "scoring" and "All or nothing" in one.words]
    steps = Exchanged("", Content("ordering", "Order?", 3, "shuffle", options(3, 3)))
    left, notes = GIFT.project(steps)
    assert left is None
    assert "ordering" in notes[0].words


def test_eleven_right_options_have_no_share() -> None:
    question = Exchanged("", Content("multiple_response", "Which?", 11, "shuffle", options(11, 12)))
    assert GIFT.project(question)[0] is None
    assert written(question) == b""


def test_shares_are_those_of_moodle() -> None:
    assert [share(one) for one in (50.0, 33.33333, -100.0, 12.5)] == ["%50%", "%33.33333%", "%-100%", "%12.5%"]
    assert nth_part(11) is None
    assert all(nth_part(count) in FRACTIONS for count in range(2, 11))
    assert weight_of("%-33.3333%a") == (-33.33333, "a")
    assert weight_of("%half%a") == (None, "%half%a")


@pytest.mark.parametrize(
    ("text", "whether"),
    [
        ("Which?{=a ~b}", True),
        ("::name::\nWhich\n{}", True),
        ("// only\n\nIs it?{T}", True),
        ("[html]<p>x</p>{=a ~b}", True),
        ("Which?\nA. x\nB. y\nANSWER: A\n", False),
        ("a,b,c\n1,2,3\n", False),
        ('{"questions": [{"stem": "x"}]}', False),
        ("<quiz><question>{=a ~b}</question></quiz>", False),
        ("- [x] a\n- [ ] b\n", False),
        ("questions:\n  - id: x\n", False),
        ("A capital is {Paris}.\n", True),
        ("The variable ${name}\n", False),
        ("", False),
    ],
)
def test_it_is_known_by_its_content(text: str, whether: bool, folder: Path) -> None:
    assert GIFT.recognises(source_of(text.encode(), folder)) == whether


@given(data=mangled(CORPUS))
@settings(max_examples=40, deadline=None)
def test_nothing_but_bad_file_is_raised(folder: Path, data: bytes) -> None:
    read_to_the_end(GIFT, source_of(data, folder))


def test_a_nul_byte_is_named_with_its_line(folder: Path) -> None:
    with pytest.raises(BadFile, match="line 2: there is a NUL byte"):
        read("a {=b ~c}\n\0", folder)


MEGABYTE = 1_000_000


NASTY = (
    *("{", "}", "{}", "{\n\n", "```\n\n", "```\n\n```\n```\n\n", "~", "=", "{=a ~b}", "\\", "\\{", "#", "%", "a\n"),
    *("\n", "a {=b\n\n~c\n\n", "$CATEGORY: a/b\n\n", "//\n", "::", "<b", "[html]", "&", "a {#1=1\n\n", "*_`["),
)


@pytest.mark.parametrize("piece", NASTY)
def test_a_megabyte_of_it_ends(piece: str, folder: Path) -> None:
    text = piece * (MEGABYTE // len(piece))
    read_to_the_end(GIFT, source_of(f"[markdown]stem {{~{text}".encode(), folder))


def test_a_file_without_questions_is_given_up(folder: Path) -> None:
    with pytest.raises(BadFile, match="line 20001: 10,000 blocks"):
        read("{\n\n" * 10_100, folder)
