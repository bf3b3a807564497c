"""The commands go the same way as the pages and tell the same account."""

import json
from io import StringIO
from pathlib import Path
from types import MappingProxyType

import pytest
from django.core.management import CommandError, call_command

from quizzes.formats.exchange import registry
from quizzes.models import Import, Question
from quizzes.tasks import imports_folder
from tests.factories import make_authored, make_instructor, make_teachers_quiz
from tests.formats.exchange.lines import FIRST, LINES, line_of
from tests.quizzes.exchange.conftest import question_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_lines")]


def file_of(folder: Path, *lines: str) -> str:
    """A file of these lines."""
    path = folder / "bank.lines"
    path.write_text("\n".join([FIRST, *lines]))
    return str(path)


def run(name: str, *arguments: str) -> tuple[str, str]:
    """What a command says, and what it says beside that."""
    out, err = StringIO(), StringIO()
    call_command(name, *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_a_dry_run_tells_and_writes_nothing(tmp_path: Path) -> None:
    make_instructor()
    path = file_of(tmp_path, line_of(question_of(1)), '{"problem": "It has no key: mark one."}')
    said, _err = run("import_questions", path, "--author", "teacher", "--dry-run")
    assert "bank.lines: lines, 2 questions" in said
    assert "1 are new, 0 replace a question, 1 are skipped" in said
    assert "line 3: It has no key: mark one." in said
    assert said.endswith("Nothing was written.\n")
    assert not Question.objects.exists()
    assert not Import.objects.exists()
    assert list(imports_folder().iterdir()) == []


def test_in_and_out_again(tmp_path: Path) -> None:
    make_instructor()
    path = file_of(tmp_path, *(line_of(question_of(number)) for number in range(3)))
    said, _err = run("import_questions", path, "--author", "teacher", "--tag", "new", "--json")
    told = json.loads(said)
    assert (told["state"], told["take"], len(told["questions"])) == ("done", 3, 3)
    out = tmp_path / "out.lines"
    _out, account = run("export_questions", "--format", "lines", "--author", "teacher", "-o", str(out), "--json")
    assert json.loads(account)["written"] == 3
    again = json.loads(run("import_questions", str(out), "--author", "teacher", "--dry-run", "--json")[0])
    assert (again["take"], again["skip"], again["matched"]) == (0, 3, 3)
    with pytest.raises(CommandError, match="No question is chosen"):
        run("import_questions", str(out), "--author", "teacher")
    said, _err = run("import_questions", str(out), "--author", "teacher", "--replace")
    assert "3 replace a question" in said
    assert Question.objects.count() == 3


def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    make_instructor()
    make_instructor("other")
    broken = file_of(tmp_path, "broken")
    for words, arguments in (
        ("nobody of the name", ("import_questions", broken, "--author", "nobody")),
        ("line 2: this line is broken", ("import_questions", broken, "--author", "teacher")),
        ("cannot be opened", ("import_questions", "/nowhere", "--author", "teacher")),
        ("no such format", ("import_questions", broken, "--author", "teacher", "--format", "x")),
        ("no format “x” to write", ("export_questions", "--format", "x", "--author", "teacher", "-o", "-")),
        ("no complete question", ("export_questions", "--format", "lines", "--author", "teacher", "-o", "-")),
        (
            "not among the questions",
            ("export_questions", "--format", "lines", "--author", "teacher", "-o", "-", "--codes", "a"),
        ),
        ("has no quiz", ("export_questions", "--format", "lines", "--author", "teacher", "-o", "-", "--quiz", "a")),
    ):
        with pytest.raises(CommandError, match=words):
            run(*arguments)
    assert not Import.objects.exists()


def test_a_quiz_goes_out_in_its_order(tmp_path: Path) -> None:
    teacher = make_instructor()
    questions = make_authored(teacher, 4)
    quiz = make_teachers_quiz(teacher, [questions[2], questions[0]])
    out = tmp_path / "out.lines"
    run("export_questions", "--format", "lines", "--author", "teacher", "--quiz", quiz.slug, "-o", str(out))
    codes = [json.loads(line)["body"]["code"] for line in out.read_text().splitlines()[1:]]
    assert codes == [questions[2].code, questions[0].code]


def test_every_format_that_is_there_goes_through(tmp_path: Path) -> None:
    make_instructor()
    path = file_of(tmp_path, *(line_of(question_of(number)) for number in range(3)))
    run("import_questions", path, "--author", "teacher")
    for form in MappingProxyType({LINES.name: LINES, **registry.FORMATS}).values():
        if not form.writes:
            continue
        out = tmp_path / f"out{form.suffixes[0]}"
        run("export_questions", "--format", form.name, "--author", "teacher", "-o", str(out))
        if form.reads:
            said = json.loads(run("import_questions", str(out), "--author", "teacher", "--dry-run", "--json")[0])
            assert (said["format"], said["total"], said["problems"]) == (form.name, 3, 0)
