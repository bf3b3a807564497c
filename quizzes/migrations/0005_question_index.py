"""A table of the words of questions, with the full-text index of the database. As in reference.0003."""

import django.db.models.deletion
from django.db import migrations, models

SQLITE = """
CREATE VIRTUAL TABLE quizzes_questionindex USING fts5(
    stem, options, rest, content='quizzes_questiontext', content_rowid='question_id',
    tokenize='porter unicode61 remove_diacritics 2', prefix='2 3 4 5'
);
CREATE TRIGGER quizzes_questiontext_insert AFTER INSERT ON quizzes_questiontext BEGIN
    INSERT INTO quizzes_questionindex(rowid, stem, options, rest)
    VALUES (new.question_id, new.stem, new.options, new.rest);
END;
CREATE TRIGGER quizzes_questiontext_delete AFTER DELETE ON quizzes_questiontext BEGIN
    INSERT INTO quizzes_questionindex(quizzes_questionindex, rowid, stem, options, rest)
    VALUES ('delete', old.question_id, old.stem, old.options, old.rest);
END;
CREATE TRIGGER quizzes_questiontext_update AFTER UPDATE OF stem, options, rest ON quizzes_questiontext BEGIN
    INSERT INTO quizzes_questionindex(quizzes_questionindex, rowid, stem, options, rest)
    VALUES ('delete', old.question_id, old.stem, old.options, old.rest);
    INSERT INTO quizzes_questionindex(rowid, stem, options, rest)
    VALUES (new.question_id, new.stem, new.options, new.rest);
END;
INSERT INTO quizzes_questionindex(quizzes_questionindex, rank) VALUES ('rank', 'bm25(4.0, 2.0, 1.0)');
"""
POSTGRES = """
ALTER TABLE quizzes_questiontext ADD COLUMN vector tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', stem), 'A') || setweight(to_tsvector('english', options), 'B')
    || setweight(to_tsvector('english', rest), 'D')
) STORED;
CREATE INDEX quizzes_questiontext_vector ON quizzes_questiontext USING gin (vector);
"""


def make_index(apps, schema_editor):
    """The full-text index of the database in use."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES)
        return
    for statement in _statements(SQLITE):
        schema_editor.execute(statement)


def _statements(script):
    """SQLite takes one statement at a time; a trigger's own statements end in the middle of it."""
    statement = ""
    for line in script.strip().splitlines():
        statement += line + "\n"
        if line in (");", "END;") or line.startswith("INSERT"):
            yield statement
            statement = ""


def drop_index(apps, schema_editor):
    """Only what would outlive the table."""
    if schema_editor.connection.vendor != "postgresql":
        schema_editor.execute("DROP TABLE quizzes_questionindex")


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0004_scenario")]

    operations = [
        migrations.CreateModel(
            name="QuestionText",
            fields=[
                (
                    "question",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="quizzes.question",
                    ),
                ),
                ("stem", models.TextField(help_text="with the text that it shares with other questions")),
                ("options", models.TextField()),
                ("rest", models.TextField(help_text="rationales, tags, code")),
                (
                    "blocking",
                    models.PositiveSmallIntegerField(default=0, help_text="findings that hold back publishing"),
                ),
                (
                    "alike",
                    models.PositiveSmallIntegerField(default=0, help_text="questions that are nearly the same"),
                ),
            ],
            options={"verbose_name_plural": "texts of questions"},
        ),
        migrations.RunPython(make_index, drop_index),
    ]
