"""Migrations that exams do not notice: while a release comes in, the one before it is still serving, on the new tables.

Everything after the first migration of an app is read here. What locks a table that people use, or takes away or asks
for something of which the code before knows nothing, is a fault, unless EXCUSED says why nobody will notice.
How it is done instead stands in docs/operating.md, “Upgrades while exams run”.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED

OURS = ("accounts", "quizzes", "reference")
EXCUSED = {
    "reference.0002 AddField topic.unverified": "only load_course writes topics, and an upgrade runs the new one",
    "reference.0003 RunPython": "makes the index of a table that this very migration creates",
    "quizzes.0005 RunPython": "makes the index of a table that this very migration creates",
    "quizzes.0002 AddField question.stale": "only load_course writes questions, and an upgrade runs the new one",
}

GONE = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.DeleteModel,
    migrations.RenameModel,
    migrations.AlterModelTable,
)
LOCKS = (
    migrations.AddIndex,
    migrations.AddConstraint,
    migrations.AlterUniqueTogether,
    migrations.AlterIndexTogether,
    migrations.AlterOrderWithRespectTo,
)
SCRIPTS = (migrations.RunPython, migrations.RunSQL)
HARMLESS = set(models.Field.non_db_attrs) - {"db_column"}


def fault(operation: Operation, state: ProjectState, app: str, made: set[str]) -> str:
    """What an operation would do to a site that is serving, in words. ``made``: models new in the same migration."""
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return "; ".join(words for one in operation.database_operations if (words := fault(one, state, app, made)))
    model = (getattr(operation, "model_name", "") or getattr(operation, "name", "")).lower()
    if isinstance(operation, GONE):
        return "the code before still asks for it"
    if isinstance(operation, SCRIPTS):
        kind = "goes over rows while people wait" if operation.reversible else "has no way back"
        return f"{kind}: do it in a command, in small transactions"
    if model in made:
        return ""
    if isinstance(operation, AddIndexConcurrently):
        return ""
    if isinstance(operation, LOCKS):
        return "locks a table with rows in it: build it concurrently"
    if isinstance(operation, migrations.AddField):
        return _added(operation.field)
    if isinstance(operation, migrations.AlterField):
        old = state.models[app, model].fields[operation.name]
        return "" if _same(old, operation.field) else "rewrites or checks every row under a lock: add a field instead"
    return ""


def _added(field: Any) -> str:
    if field.many_to_many:
        return ""
    if not field.null and field.db_default is NOT_PROVIDED:
        return "the code before does not fill it: null=True or db_default"
    if field.unique or field.db_index:
        return "builds an index under a lock: add it without, then the index concurrently"
    return ""


def _same(old: Any, new: Any) -> bool:
    """Whether a field is the same to the database."""
    sides = []
    for field in (old, new):
        _, path, positional, named = field.deconstruct()
        sides.append((path, positional, {name: value for name, value in named.items() if name not in HARMLESS}))
    return sides[0] == sides[1]


def name_of(app: str, migration: str, operation: Operation) -> str:
    """How EXCUSED calls an operation."""
    about = ".".join(part for part in (getattr(operation, "model_name", ""), getattr(operation, "name", "")) if part)
    return f"{app}.{migration[:4]} {type(operation).__name__} {about}".strip()


def faults() -> Iterator[tuple[str, str]]:
    """Every fault of our migrations: the operation’s name, and what is wrong with it."""
    loader = MigrationLoader(None)
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app not in OURS or migration.initial or name.startswith("0001"):
            continue
        state = loader.project_state((app, name), at_end=False)
        made = {one.name_lower for one in migration.operations if isinstance(one, migrations.CreateModel)}
        for operation in migration.operations:
            if words := fault(operation, state, app, made):
                yield name_of(app, name, operation), words
            operation.state_forwards(app, state)


def test_no_migration_is_noticed_by_people_at_an_exam() -> None:
    assert [f"{name}: {words}" for name, words in faults() if name not in EXCUSED] == []


def test_no_excuse_outlives_its_migration() -> None:
    assert set(EXCUSED) - {name for name, _ in faults()} == set()


# Each rule bites


def nothing(apps: Any, schema_editor: Any) -> None:
    """A script."""


TEXT = models.CharField(max_length=10)
LONGER = models.CharField(max_length=20)
WORDS = models.CharField(max_length=10, help_text="other words", choices=[("a", "A")])


def judged(operation: Operation, *, made: set[str] | None = None) -> str:
    """What is said of an operation on a table with one text field."""
    state = ProjectState()
    state.add_model(migrations.state.ModelState("quizzes", "Thing", [("id", models.AutoField()), ("text", TEXT)]))
    return fault(operation, state, "quizzes", made or set())


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (migrations.RemoveField("thing", "text"), "still asks"),
        (migrations.RenameField("thing", "text", "words"), "still asks"),
        (migrations.DeleteModel("Thing"), "still asks"),
        (migrations.RenameModel("Thing", "Object"), "still asks"),
        (migrations.AlterModelTable("thing", "other"), "still asks"),
        (migrations.AddField("thing", "more", models.IntegerField(default=0)), "does not fill it"),
        (migrations.AddField("thing", "more", models.IntegerField(null=True, unique=True)), "builds an index"),
        (
            migrations.AddField("thing", "more", models.ForeignKey("self", models.CASCADE, null=True)),
            "builds an index",
        ),
        (migrations.AlterField("thing", "text", LONGER), "rewrites or checks"),
        (migrations.AlterField("thing", "text", models.CharField(max_length=10, null=True)), "rewrites or checks"),
        (migrations.AddIndex("thing", models.Index(fields=["text"], name="by_text")), "locks a table"),
        (migrations.AddConstraint("thing", models.UniqueConstraint(fields=["text"], name="once")), "locks a table"),
        (migrations.RunPython(nothing), "has no way back"),
        (migrations.RunPython(nothing, nothing), "goes over rows"),
        (migrations.RunSQL("SELECT 1"), "has no way back"),
        (migrations.SeparateDatabaseAndState([migrations.RemoveField("thing", "text")]), "still asks"),
    ],
)
def test_what_people_would_notice_is_seen(operation: Operation, words: str) -> None:
    assert words in judged(operation)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.CreateModel("Other", [("id", models.AutoField(primary_key=True))]),
        migrations.AddField("thing", "more", models.IntegerField(null=True)),
        migrations.AddField("thing", "more", models.IntegerField(db_default=0)),
        migrations.AddField("thing", "more", models.ManyToManyField("self")),
        migrations.AlterField("thing", "text", WORDS),
        migrations.AlterModelOptions("thing", {"ordering": ["text"]}),
        migrations.RemoveConstraint("thing", "once"),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("thing", "text")]),
    ],
)
def test_what_nobody_notices_is_let_be(operation: Operation) -> None:
    assert judged(operation) == ""


def test_a_table_that_is_new_may_be_locked() -> None:
    assert judged(migrations.AddIndex("thing", models.Index(fields=["text"], name="by_text")), made={"thing"}) == ""
