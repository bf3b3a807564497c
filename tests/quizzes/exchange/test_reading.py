"""A file becomes a list to choose from: every question with its account; nothing of the bank changes."""

from dataclasses import replace

import pytest

from quizzes.engine.content import Option
from quizzes.formats.exchange.model import BadFile
from quizzes.formats.exchange.source import MOST_BYTES
from quizzes.models import Draft, Import, ImportItem, Question
from quizzes.queries.exchange import account_of_import, items_of
from quizzes.services import import_reading
from quizzes.services.exchange import begin_import
from tests.clock import START
from tests.formats.exchange.lines import line_of
from tests.quizzes.exchange.conftest import Desk, question_of


def test_a_file_is_read_and_nothing_else_is_written(desk: Desk) -> None:
    source = desk.brought(question_of(number) for number in range(120))
    assert (source.state, source.format, source.done, source.total) == ("choosing", "lines", 120, 120)
    items = list(items_of(source))
    assert [one.position for one in items] == list(range(1, 121))
    assert {one.choice for one in items} == {"take"}
    assert items[3].stem.startswith("A company numbered 3 has")
    assert (items[3].code, items[3].place, items[3].kind) == ("f-3", "line 5", "multiple_choice")
    assert not Question.objects.exists()
    assert not Draft.objects.exists()


def test_what_is_no_question_is_told_and_skipped(desk: Desk) -> None:
    lines = [line_of(question_of(1)), '{"problem": "It has no key: mark one.", "raw": "Which\\u0000?"}']
    source = desk.read(desk.begin(lines))
    item = items_of(source, "problems").get()
    assert (item.position, item.problem, item.choice) == (2, "It has no key: mark one.", "skip")
    assert ImportItem.objects.get(pk=item.pk).raw == "Which?"
    account = account_of_import(source)
    assert (account.total, account.problems, account.take, account.skip) == (2, 1, 1, 1)


def test_the_account_is_counted_by_aspect(desk: Desk) -> None:
    lost = {"aspect": "tables", "severity": "lost", "words": "A table is lost."}
    changed = {"aspect": "order", "severity": "changed", "words": 'It said "severity": "lost".'}
    lines = [
        line_of(question_of(1), notes=[lost, lost, changed]),
        line_of(question_of(2), notes=[changed]),
        line_of(question_of(3)),
    ]
    source = desk.read(desk.begin(lines))
    account = account_of_import(source)
    assert [(one.aspect, one.lost, one.changed) for one in account.aspects] == [("tables", 1, 0), ("order", 0, 2)]
    assert account.losses == 1
    assert [one.position for one in items_of(source, "losses")] == [1]


def test_checks_that_hold_back_are_told(desk: Desk) -> None:
    question = question_of(1)
    bare = tuple(replace(one, rationale="") for one in question.content.options)
    source = desk.brought([replace(question, content=replace(question.content, options=bare)), question_of(2)])
    item = items_of(source, "blocking").get()
    assert item.position == 1
    assert any(one["check"] == "C10" and one["blocks"] for one in item.findings)
    assert account_of_import(source).blocking == 1


def test_duplicates_within_the_file_and_with_the_bank(desk: Desk) -> None:
    desk.taken(desk.brought([question_of(1)]))
    own = Question.objects.get()
    near = question_of(1)
    near = replace(near, code="n", content=replace(near.content, stem=f"{near.content.stem} Really?"))
    other_key = question_of(1)
    options = tuple(replace(one, correct=one.id == "b") for one in other_key.content.options)
    other_key = replace(other_key, code="k", content=replace(other_key.content, options=options))
    source = desk.brought([question_of(1), near, other_key, question_of(2), question_of(2), question_of(3)])
    items = list(items_of(source))
    assert [one.choice for one in items] == ["skip", "take", "take", "take", "skip", "take"]
    assert [one.target_id for one in items] == [own.pk, own.pk, own.pk, None, None, None]
    assert items[0].alike[0] == {"code": own.code, "position": None, "share": 1.0}
    assert 0.5 < items[1].alike[0]["share"] < 1
    assert items[4].alike[0] == {"code": "", "position": 4, "share": 1.0}
    assert account_of_import(source).alike == 4


def test_a_broken_file_is_told_and_can_be_read_again(desk: Desk) -> None:
    source = desk.read(desk.begin([*(line_of(question_of(one)) for one in range(60)), "broken"]))
    assert (source.state, source.problem) == ("failed", "line 62: this line is broken: mend it")
    assert not ImportItem.objects.exists()
    assert [path.name for path in desk.folder.iterdir()] == [source.code]


def test_a_file_of_no_format(desk: Desk) -> None:
    source = begin_import(
        [b"nothing ", b"that is known"], "x/y\\z.txt", person_id=desk.person.pk, folder=desk.folder, now=START
    )
    assert source.file_name == "z.txt"
    assert "none of the formats" in desk.read(source).problem


def test_a_mistake_of_the_site_is_said_and_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    source = desk.read(desk.begin(["{}"]))
    assert source.state == Import.State.FAILED
    assert "This site made a mistake" in source.problem
    assert "KeyError" in caplog.text


def test_what_is_too_large_or_empty_is_not_kept(desk: Desk) -> None:
    piece = b"x" * (MOST_BYTES // 4 + 1)
    for chunks, words in ((iter([piece] * 4), "import it in parts"), (iter([]), "is empty")):
        with pytest.raises(BadFile, match=words):
            begin_import(chunks, "a", person_id=desk.person.pk, folder=desk.folder, now=START)
    assert list(desk.folder.iterdir()) == []
    assert not Import.objects.exists()


def test_the_name_says_otherwise(desk: Desk) -> None:
    source = desk.read(desk.begin([line_of(question_of(1))], name="bank.unheard"))
    assert source.notes == []
    with pytest.raises(BadFile, match="no such format"):
        desk.begin([], asked="unheard")


def test_another_encoding_is_said(desk: Desk) -> None:
    text = line_of(question_of(1)).replace("company", "caf\xe9")
    data = f"lines of a test\n{text}".encode("cp1252")
    source = desk.read(begin_import([data], "a.lines", person_id=desk.person.pk, folder=desk.folder, now=desk.clock()))
    assert source.encoding == "cp1252"
    assert "cp1252" in source.notes[0]["words"]
    assert "café" in items_of(source).get().stem


class Crash(BaseException):
    """As if somebody had pulled the plug."""


@pytest.mark.parametrize("at", range(4))
def test_a_reader_that_was_stopped_is_gone_on_from(desk: Desk, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    source = desk.begin(line_of(question_of(one % 150)) for one in range(160))
    calls = iter(range(100))

    def crash(*_args: object, **_more: object) -> None:
        if next(calls) == at:
            raise Crash
        real(*_args, **_more)  # type: ignore[arg-type]

    real = import_reading.beat
    monkeypatch.setattr(import_reading, "beat", crash)
    with pytest.raises(Crash):
        desk.read(source)
    assert ImportItem.objects.count() == at * 50 if at < 4 else True
    source = desk.read(source)
    assert (source.state, source.total) == ("choosing", 160)
    assert [one.position for one in items_of(source)] == list(range(1, 161))
    assert [one.position for one in items_of(source).filter(choice="skip")] == list(range(151, 161))


def test_nul_and_half_letters_do_no_harm(desk: Desk) -> None:
    question = question_of(1)
    odd = Option("a", "Nul \0 and half \ud83d", True, "Because.")
    content = replace(question.content, options=(odd, *question.content.options[1:]))
    source = desk.brought([replace(question, content=content, title="t\0")])
    assert items_of(source).get().body["content"]["options"][0]["text"] == "Nul  and half ?"
