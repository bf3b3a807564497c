"""Indexes on tables that exams write to while they are built."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class AddIndexBeside(AddIndexConcurrently):
    """Concurrently where the database can; SQLite has one writer at a time whatever is asked of it."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Build the index."""
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        else:
            migrations.AddIndex.database_forwards(self, app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take it away."""
        if schema_editor.connection.vendor == "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
        else:
            migrations.AddIndex.database_backwards(self, app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("quizzes", "0009_classes")]

    operations = [
        AddIndexBeside(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(("assignment__isnull", False)),
                fields=["assignment", "person"],
                name="attempt_of_assignment",
            ),
        ),
        AddIndexBeside(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(("classroom__isnull", False)), fields=["classroom"], name="audit_of_classroom"
            ),
        ),
    ]
