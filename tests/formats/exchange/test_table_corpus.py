"""Tables and files of the own format as people send them: what each is taken for, and what comes of every row."""

from pathlib import Path

import pytest

from quizzes.formats.exchange import BadFile, Source, registry
from tests.formats.exchange.briefly import brief

CORPUS = Path(__file__).parents[1] / "corpus"

ONE = "multiple_choice a of 2"
COMES_OF: dict[str, list[str]] = {
    "csv/01-plain.csv": ["multiple_choice a of 3", "row 3: no option is marked correct: the key is missing"],
    "csv/02-bom-crlf.csv": [ONE],
    "csv/03-windows-semicolons.csv": [
        "row 2: the cell “opt1_correct” has “ja”: write yes or no",
        f"{ONE} assumed:text assumed:extra",
    ],
    "csv/04-any-order.csv": [f"{ONE} lost:extra lost:extra"] * 2,
    "csv/05-quotes-and-lines.csv": [ONE],
    "csv/06-lone-cr.csv": [ONE, "row 3: no option is marked correct: the key is missing"],
    "csv/07-every-kind.csv": [
        "multiple_choice a of 3",
        "multiple_response ab of 3",
        "true_false f of 2",
        "ordering abc of 3",
        "matching files=Amazon EFS, blocks=Amazon EBS of 3",
        "numeric 12.5±0.5",
        "short_text NAT gateway/nat gw",
    ],
    "csv/08-wrong-rows.csv": [
        "row 2: the cell “stem” is empty: write the question",
        "row 3: the type “essay” is not known: one of multiple_choice, multiple_response,",
        "row 4: the cell “opt1_correct” has “perhaps”: write yes or no",
        "row 5: no option is marked correct: the key is missing",
        "row 6: a question has 2 to 12 options, this one has 1",
        "row 7: the cell “domain” has “9”: a whole number from 1 to 5",
        "row 8: the cell “task” has “7.1”: one of 1.1, 1.2, 1.3, 1.4, 1.5, 2.1, 2.2, 2.3,",
        ONE,
    ],
    "csv/09-begins-as-a-formula.csv": [ONE] * 3,
    "csv/10-choose.csv": [
        "multiple_response ab of 3",
        "row 3: choose is 3, but 2 options are marked correct: make the two agree; every ",
        "multiple_response ab of 3",
    ],
    "csv/13-told-to-excel.csv": [f"{ONE} assumed:extra"],
    "csv/14-empty-lines-first.csv": ["true_false t of 2"],
    "csv/15-commas-without-quotes.csv": [
        "row 2: the row has more cells than the first one names: put texts in which the s",
        ONE,
    ],
    "tsv/01-plain.tsv": [ONE],
    "tsv/02-bom.tsv": [ONE],
    "tsv/03-utf16-excel.txt": [ONE],
    "tsv/04-windows.txt": [f"{ONE} assumed:text"],
    "tsv/05-commas-in-cells.tsv": [ONE],
    "tsv/06-quoted-lines.tsv": [ONE],
    "tsv/07-short-rows.tsv": [ONE, "row 3: the row has more cells than the first one names: put texts in which the s"],
    "tsv/08-answers.tsv": [
        "numeric 7±0",
        "row 3: answer is no number: write digits with a decimal point, such as 12.5",
        "short_text Route 53",
        "row 5: no accepted answer: write at least one",
    ],
    "tsv/09-known.tsv": [ONE],
    "tsv/11-empty-rows.tsv": [ONE],
    "xlsx/01-plain.xlsx": [ONE],
    "xlsx/02-cells-of-other-kinds.xlsx": [ONE] * 2,
    "xlsx/03-dates.xlsx": [ONE],
    "xlsx/04-several-sheets.xlsx": [f"{ONE} lost:extra"],
    "xlsx/05-formulas.xlsx": [f"{ONE} changed:extra", ONE],
    "xlsx/06-styles-and-hidden-rows.xlsx": [
        ONE,
        ONE,
        "row 4: a question has 2 to 12 options, this one has 0; no option is marked corre",
    ],
    "xlsx/07-empty-rows-and-columns.xlsx": [ONE] * 2,
    "xlsx/08-wrong-rows.xlsx": [
        "row 2: the cell “opt1_correct” has “maybe”: write yes or no",
        "row 3: the cell “stem” is empty: write the question",
        ONE,
    ],
    "xlsx/09-lines-in-cells.xlsx": [ONE],
    "xlsx/11-template-names-in-capitals.xlsx": [f"{ONE} lost:extra"],
    "xlsx/12-inline-strings.xlsx": [ONE],
    "xlsx/13-as-one-sees-them.xlsx": [ONE, f"{ONE} changed:extra", f"{ONE} changed:extra"],
    "sapro/01-short.yaml": [ONE],
    "sapro/02-bom-crlf.yaml": [ONE],
    "sapro/03-every-kind.yaml": [
        "multiple_response ab of 3",
        "true_false f of 2",
        "ordering abc of 3",
        "matching files=Amazon EFS, blocks=Amazon EBS of 3",
        "numeric 12.50±0.5",
        "short_text NAT gateway/nat gw",
    ],
    "sapro/04-whole.yaml": [ONE],
    "sapro/05-mistakes.yaml": [
        ONE,
        "line 9: kind: one of multiple_choice, multiple_response, true_false, ordering, m",
        "line 11: write the question: “stem” is missing",
        "line 17: no option is marked correct: the key is missing",
        "question 5: a question is a mapping with stem and options",
        f"{ONE} lost:extra",
    ],
    "sapro/06-code-and-policies.yaml": [ONE],
    "sapro/10-with-picture.zip": [ONE],
    "sapro/12-by-hand.zip": [ONE],
    "sapro/13-numbers-without-quotes.yaml": [
        ONE,
        "line 11: text: write a text; put it in quotes",
        "line 14: accepted: a list of texts; put numbers in quotes",
    ],
}
REFUSED = {
    "csv/11-no-table.csv": ("csv", "row 1: the first row names no column “stem”: begin with the template"),
    "csv/12-never-closed.csv": ("csv", "row 3 (line 3): this is no table that can be read (unexpected end of data)"),
    "tsv/10-doubled-column.tsv": ("tsv", "row 1: two columns are called “stem”: rename one"),
    "xlsx/10-no-stem.xlsx": ("xlsx", "row 1: the first row names no column “stem”: begin with the template"),
    "sapro/07-no-list.yaml": ("sapro", "a file of questions holds “questions:” and a list"),
    "sapro/08-broken.yaml": ("sapro", "line 3: not valid YAML"),
    "sapro/09-aliases.yaml": ("sapro", "line 3: aliases (*name) are not read: write the value out"),
    "sapro/11-of-a-later-version.zip": ("sapro", "sapro.yaml: it is of version 99 of the format; this site reads 1"),
}


def source_of(name: str) -> Source:
    """A file of the corpus, under a name that tells nothing."""
    return Source(CORPUS / name, "bank")


def test_every_file_has_a_row() -> None:
    there = {f"{one}/{path.name}" for one in ("csv", "tsv", "xlsx", "sapro") for path in (CORPUS / one).iterdir()}
    assert there == COMES_OF.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", COMES_OF)
def test_a_file_of_others_is_recognised_and_read(name: str) -> None:
    found = registry.detect(source_of(name))
    assert found.name == name.partition("/")[0]
    assert [brief(item) for item in found.read(source_of(name))] == COMES_OF[name]


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_not_read_says_why(name: str) -> None:
    form, words = REFUSED[name]
    with pytest.raises(BadFile) as caught:
        list(registry.FORMATS[form].read(source_of(name)))
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("csv/03-windows-semicolons.csv", "Über wie viele Zonen?"),
        (
            "csv/05-quotes-and-lines.csv",
            'A policy says:\n\n```json\n{"Effect": "Deny", "Resource": "arn:aws:s3:::logs/${aws:username}/*"}\n```'
            "\n\nWhat holds?",
        ),
        ("csv/09-begins-as-a-formula.csv", "'quoted' words?"),
        ("tsv/03-utf16-excel.txt", "Größe – which?"),
        ("tsv/04-windows.txt", "It’s “this”?"),
        ("tsv/06-quoted-lines.tsv", "Two\n\nparagraphs with a\ttab"),
        ("xlsx/03-dates.xlsx", "When did it open?"),
        ("xlsx/09-lines-in-cells.xlsx", "Line one\n\nLine two\n\n- a\n- b"),
        ("xlsx/12-inline-strings.xlsx", "Which <b> & why?"),
        (
            "sapro/06-code-and-policies.yaml",
            'A policy says:\n\n```json\n{"Effect": "Deny", "Resource": "arn:aws:s3:::logs/${aws:username}/*"}\n```'
            "\n\nWhat holds?",
        ),
    ],
)
def test_the_last_stem_says_what_was_written(name: str, stem: str) -> None:
    *_others, last = registry.detect(source_of(name)).read(source_of(name))
    assert last.question is not None
    assert last.question.content.stem == stem


def test_cells_of_any_kind_are_texts() -> None:
    first, _second = registry.FORMATS["xlsx"].read(source_of("xlsx/02-cells-of-other-kinds.xlsx"))
    assert first.question is not None
    assert [one.text for one in first.question.content.options] == ["2", "3.5"]
    assert first.question.known.difficulty == 3


def test_a_workbook_is_read_as_one_sees_it() -> None:
    first, error, formula = registry.FORMATS["xlsx"].read(source_of("xlsx/13-as-one-sees-them.xlsx"))
    texts = [[one.text for one in item.question.content.options] for item in (first, formula) if item.question]
    assert texts == [["99.99%", "2026-05-03"], ["=SUM(1,2)", "two"]]
    assert error.question is not None
    assert error.question.content.stem == "#NAME?"


def test_where_excel_was_told_what_divides_cells() -> None:
    (item,) = registry.FORMATS["csv"].read(source_of("csv/13-told-to-excel.csv"))
    assert item.question is not None
    assert (item.question.content.order, item.question.licence) == ("shuffle", "CC0")
