"""Write docs/formats.md from the code of the formats."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from quizzes.formats.exchange.described import document
from quizzes.formats.exchange.registry import FORMATS
from quizzes.forms_bank import KIND_LABELS


class Command(BaseCommand):
    """After a format has changed. A test says when it was forgotten."""

    help = "Write docs/formats.md from the code of the formats; --check only says whether it is current."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Check only."""
        parser.add_argument("--check", action="store_true", help="write nothing; fail where the page is not current")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, or compare."""
        path = Path(settings.ROOT) / "docs" / "formats.md"
        text = document(FORMATS.values(), {kind: str(label) for kind, label in KIND_LABELS.items()}) + "\n"
        if path.exists() and path.read_text(encoding="utf-8") == text:
            self.stdout.write("docs/formats.md is current.")
        elif options["check"]:
            raise CommandError("docs/formats.md is not current: run manage.py document_formats")
        else:
            path.write_text(text, encoding="utf-8")
            self.stdout.write("docs/formats.md is written.")
