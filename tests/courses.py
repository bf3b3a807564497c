"""Courses for tests: loaded once by the real command, then put back as rows, which takes milliseconds."""

from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction

SMALL = Path(__file__).parent / "course"
SMALL_SETTINGS = {
    "COURSE_NOTES": SMALL / "notes",
    "COURSE_DIAGRAMS": SMALL / "diagrams",
    "COURSE_BANK": SMALL / "bank",
    "COURSE_REGISTER": SMALL / "lifecycle.yaml",
}
APPS = ("reference", "quizzes")

_snapshots: dict[str, dict[type[models.Model], list[dict[str, Any]]]] = {}


def provide(name: str) -> None:
    """Make the course called ``name``, whose files the settings point at, stand in the empty database."""
    if name in _snapshots:
        _restore(_snapshots[name])
        return
    call_command("load_course", stdout=StringIO())
    _snapshots[name] = {model: list(model._base_manager.order_by("pk").values()) for model in _models()}


def _models() -> list[type[models.Model]]:
    return [
        model
        for label in APPS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


def _restore(snapshot: dict[type[models.Model], list[dict[str, Any]]]) -> None:
    # Foreign keys are checked at the end of the transaction, so the order of the tables does not matter.
    with transaction.atomic():
        for model, rows in snapshot.items():
            model._base_manager.bulk_create([model(**row) for row in rows])
    statements = connection.ops.sequence_reset_sql(no_style(), [model for model, rows in snapshot.items() if rows])
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
