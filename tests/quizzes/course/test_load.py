"""Loading: from nothing, again, and with mistakes. All or nothing, and nothing where nothing changed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quizzes.models import Placement, Question, QuestionVersion, Quiz, Reference
from reference.models import Edition, Section, Topic
from tests.quizzes.course.conftest import Files, command, question_text, refusal, rows, writes

pytestmark = pytest.mark.django_db
NOTE, BANK = "test-balancers.md", "test-balancers.yaml"


def count_in(folder: Path, pattern: str, mark: str) -> int:
    """How often a mark stands in the files of a folder."""
    return sum(path.read_text().count(mark) for path in folder.rglob(pattern) if path.name != "exams.yaml")


# The course as it is


def test_the_real_course_loads_from_nothing_and_a_second_time_writes_nothing() -> None:
    topics = len(list(site.COURSE_NOTES.rglob("*.md")))
    questions = count_in(site.COURSE_BANK, "*.yaml", "\n  - id: ")
    assert topics > 0
    assert questions > 0
    steps, told = command().rsplit("…\n", 1)
    assert told.startswith(f"Loaded {topics} topics and {questions} questions; {questions} questions new")
    assert steps.count("…") == 4
    assert (Topic.objects.live().count(), Question.objects.count()) == (topics, questions)
    published = count_in(site.COURSE_BANK, "*.yaml", "\n    status: published")
    assert Question.objects.course().published().count() == published
    assert QuestionVersion.objects.count() == questions
    assert Reference.objects.values("question").distinct().count() == questions
    assert Section.objects.exclude(html="").values("body").distinct().count() == topics
    assert Placement.objects.count() == 2 * questions
    assert set(Quiz.objects.presets().values_list("slug", flat=True)) == {"sap-c03", "sap-c02", "short-mock"}
    before = rows()
    with CaptureQueriesContext(connection) as captured:
        assert command() == f"Unchanged: {topics} topics, {questions} questions.\n"
    assert list(writes(captured.captured_queries)) == []
    assert rows() == before


def test_check_writes_nothing_and_counts(files: Files) -> None:
    before = rows()
    with CaptureQueriesContext(connection) as captured:
        assert command("--check") == "2 topics and 26 questions: no mistake.\n"
    assert captured.captured_queries == []
    assert rows() == before
    files.edit(NOTE, "title: Test balancers", "title: Test balancers\nnonsense: 1")
    with pytest.raises(Exception, match="there is no key “nonsense”"):
        command("--check")


def test_a_change_is_told(loaded: Files) -> None:
    loaded.edit(BANK, "Test data, tb02. A railway", "Test data, tb02. A big railway")
    assert command().endswith("…\nLoaded 2 topics and 26 questions; 1 questions new or changed.\n")
    assert command() == "Unchanged: 2 topics, 26 questions.\n"


# Mistakes: (what is done to the files, the file that is named, part of what is said)

Break = Callable[[Files], int]


def edit(name: str, old: str, new: str, below: int = 0) -> Break:
    """Change one place; the mistake is seen in its line, or so many below."""
    return lambda files: files.edit(name, old, new) + below


def in_question(code: str, old: str, new: str) -> Break:
    """Change one place in one question."""

    def change(files: Files) -> int:
        entry = question_text(files.path(BANK).read_text(), code)
        assert entry.count(old) == 1
        start = files.edit(BANK, entry, entry.replace(old, new))
        return start + entry[: entry.index(old)].count("\n")

    return change


def doubled_over_two_files(files: Files) -> int:
    """A question of one file stands in the other as well."""
    entry = question_text(files.path(BANK).read_text(), "test-tb02").replace("[test-balancers]", "[test-health-checks]")
    other = files.path("test-health-checks.yaml")
    line = other.read_text().count("\n") + 1
    other.write_text(other.read_text() + entry)
    return line


def not_utf8(files: Files) -> int:
    """A byte that is no text in the third line."""
    data = files.path(BANK).read_bytes()
    first, rest = data.split(b"\n", 2)[:2], data.split(b"\n", 2)[2]
    files.path(BANK).write_bytes(b"\n".join(first) + b"\n#\xff\n" + rest)
    return 3


def without_exams(files: Files) -> int:
    """The file of exams is gone."""
    files.path("exams.yaml").unlink()
    return 1


def note_in_the_wrong_place(files: Files) -> int:
    """A note lies above its folder."""
    files.path(NOTE).rename(files.folders.notes / NOTE)
    return 1


MISTAKES: dict[str, tuple[Break, str, str]] = {
    "front matter": (edit(NOTE, "order: 10", "ordre: 10"), NOTE, "there is no key “ordre”"),
    "anchor twice": (edit(NOTE, "^elb-02", "^th-limits"), "test-health-checks.md", "th-limits stands already in"),
    "link": (
        edit(NOTE, "test-health-checks^th-interval", "test-health-checks^th-never"),
        NOTE,
        "there is no ^th-never",
    ),
    "callout": (edit(NOTE, "/// tip | In", "/// hint | In"), NOTE, ""),
    "diagram": (edit(NOTE, "file: test-zones", "file: test-nothing", -1), NOTE, "test-nothing"),
    "note in the wrong place": (note_in_the_wrong_place, NOTE, "a note lies right in a folder"),
    "yaml": (in_question("test-tb02", "    level: analyze", "  level: analyze"), BANK, "not valid YAML"),
    "unknown key": (in_question("test-tb02", "    level:", "    levle:"), BANK, "test-tb02: unknown key “levle”"),
    "key": (in_question("test-tb02", "choose: 1", "choose: 2"), BANK, "choose is 2, but 1 options are marked correct"),
    "reference": (
        in_question("test-tb02", "references: [test-balancers^tb-static]", "references: [test-balancers^tb-no]"),
        BANK,
        "test-tb02: the reference test-balancers^tb-no leads nowhere",
    ),
    "statement of another topic": (
        in_question("test-tb02", "references: [test-balancers^tb-static]", "references: [test-balancers^th-limits]"),
        BANK,
        "the reference test-balancers^th-limits leads nowhere",
    ),
    "topic": (
        in_question("test-tb02", "topics: [test-balancers]", "topics: [test-balancers, test-no]"),
        BANK,
        "test-tb02: there is no topic “test-no”",
    ),
    "home": (
        in_question("test-tb02", "topics: [test-balancers]", "topics: [test-health-checks]"),
        BANK,
        "its first topic is “test-health-checks”, but the file is test-balancers.yaml",
    ),
    "enemy": (in_question("test-tb02", "enemies: []", "enemies: [test-no]"), BANK, "there is no question “test-no”"),
    "contrast": (
        in_question("test-tb02", "contrast: []", "contrast: [test-tb03]"),
        BANK,
        "the contrast “test-tb03” must be an enemy too",
    ),
    "id in two files": (doubled_over_two_files, "test-health-checks.yaml", "used in test-balancers.yaml already"),
    "not UTF-8": (not_utf8, BANK, "save this file as UTF-8"),
    "exam": (edit("exams.yaml", "minutes: 48", "minutes: long"), "exams.yaml", "minutes: 1 to 1000"),
    "no exams": (without_exams, "exams.yaml", "this file cannot be read"),
}
NOT_THERE = ("anchor twice", "key", "yaml")
"""Where the line is not that of the change: it is seen at the second anchor, at the options, or where YAML gives up."""


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_stops_the_load_and_changes_nothing(name: str, loaded: Files) -> None:
    before = rows()
    loaded.edit("test-health-checks.md", "A target that fails", "A target that often fails")
    loaded.edit("test-health-checks.yaml", "Test data, th02.", "Test data, th02, reworded.")
    change, place, part = MISTAKES[name]
    line = change(loaded)
    said = refusal()
    assert part in said
    first = next(one for one in said.splitlines() if part in one)
    assert Path(first.split(":")[0]).name == place
    assert name in NOT_THERE or int(first.split(":")[1]) == line
    assert said.endswith(" to mend. Nothing was changed.")
    assert rows() == before


def test_a_mistake_leaves_an_empty_database_empty(files: Files) -> None:
    files.edit(NOTE, "order: 10", "ordre: 10")
    refusal()
    assert {name: len(there) for name, there in rows().items() if there} == {}


def test_mistakes_in_notes_bank_and_exams_are_named_together(files: Files) -> None:
    files.edit(NOTE, "order: 10", "ordre: 10")
    files.edit(BANK, "Test data, tb02. A railway", "Test data, tb02 - A railway\n     . x")
    files.edit("exams.yaml", "minutes: 48", "minutes: long")
    files.edit("test-health-checks.yaml", "id: test-th02\n", "id: TH 02\n")
    said = refusal()
    for place in (NOTE, "exams.yaml", "test-health-checks.yaml"):
        assert f"{place}:" in said


def test_a_missing_outline_is_named(files: Files, settings: Any, tmp_path: Path) -> None:
    settings.COURSE_OUTLINE = tmp_path / "outline.yaml"
    assert f"{tmp_path / 'outline.yaml'}:1: " in refusal()
    settings.COURSE_OUTLINE.write_text("modules: []\n")
    assert "the outline lacks" in refusal()


def test_the_digest_names_the_state_of_every_file(loaded: Files) -> None:
    seen = {Edition.objects.get().digest}
    loaded.edit(NOTE, "It faces the internet", "A balancer faces the internet")
    loaded.load()
    seen.add(Edition.objects.get().digest)
    loaded.edit("exams.yaml", "minutes: 48", "minutes: 50")
    loaded.load()
    seen.add(Edition.objects.get().digest)
    picture = loaded.folders.diagrams / "test-zones.svg"
    picture.write_text(picture.read_text().replace("</svg>", "<!-- --></svg>"))
    loaded.load()
    seen.add(Edition.objects.get().digest)
    assert len(seen) == 4
    assert Edition.objects.count() == 1
