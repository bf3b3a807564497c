"""A copy of the small course that a test may change, and what stands in the database."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as site
from django.core.management import CommandError, call_command

from quizzes.services.course import CourseFolders, Loaded, load_course
from tests.courses import SMALL, provide

MODULE = "02-designing-aws-networking-services"


@dataclass
class Files:
    """The files of a course, and how to change and load them."""

    folders: CourseFolders
    now: datetime

    def path(self, name: str) -> Path:
        """A file by its name."""
        folder = self.folders.notes / MODULE if name.endswith(".md") else self.folders.bank
        return folder / name

    def edit(self, name: str, old: str, new: str) -> int:
        """Change what stands exactly once in a file; the line in which it stood."""
        text = self.path(name).read_text()
        assert text.count(old) == 1, (name, old, text.count(old))
        self.path(name).write_text(text.replace(old, new))
        return text[: text.index(old)].count("\n") + 1

    def load(self) -> Loaded:
        """Load them."""
        return load_course(self.folders, now=self.now)


@pytest.fixture
def files(tmp_path: Path, now: datetime, settings: Any) -> Files:
    """A copy of the small course, where the settings point as well. Nothing is loaded."""
    for name in ("notes", "bank", "diagrams"):
        shutil.copytree(SMALL / name, tmp_path / name)
    settings.COURSE_NOTES, settings.COURSE_BANK = tmp_path / "notes", tmp_path / "bank"
    settings.COURSE_DIAGRAMS = tmp_path / "diagrams"
    settings.COURSE_REGISTER = Path(shutil.copy(SMALL / "lifecycle.yaml", tmp_path))
    folders = CourseFolders(
        notes=tmp_path / "notes",
        diagrams=tmp_path / "diagrams",
        outline=site.COURSE_OUTLINE,
        register=tmp_path / "lifecycle.yaml",
        bank=tmp_path / "bank",
    )
    return Files(folders, now)


@pytest.fixture
def loaded(db: None, files: Files) -> Files:
    """The same, and it stands in the database."""
    provide("small")
    return files


def rows() -> dict[str, list[dict[str, Any]]]:
    """Everything that stands in the tables of the notes and the quizzes."""
    models = [model for label in ("reference", "quizzes") for model in apps.get_app_config(label).get_models(True)]
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}


def command(*arguments: str) -> str:
    """What ``load_course`` prints."""
    out = StringIO()
    call_command("load_course", *arguments, stdout=out)
    return out.getvalue()


def refusal() -> str:
    """What ``load_course`` says when it refuses."""
    with pytest.raises(CommandError) as caught:
        command()
    return str(caught.value)


def question_text(text: str, code: str) -> str:
    """One question's entry in the text of a bank file."""
    start = text.index(f"  - id: {code}\n")
    end = text.find("\n  - id: ", start)
    return text[start : end + 1 if end > 0 else len(text)]


def writes(queries: list[dict[str, str]]) -> Iterator[str]:
    """The statements that write."""
    yield from (one["sql"] for one in queries if one["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE", "BEGIN"))
