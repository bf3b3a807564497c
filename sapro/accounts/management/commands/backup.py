"""Take a backup while the site runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from quizzes import clock
from sapro.backups import BackupError, write_backup


class Command(BaseCommand):
    """``backup FILE``: database, secret key and pictures in one tar file that only its owner can read."""

    help = "Write the database, the secret key and the pictures to one file. Exams under way are not disturbed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file to write."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, and say how large it is."""
        target: Path = options["file"]
        try:
            write_backup(
                target, secret_key=settings.DATA / "secret_key", images=settings.DATA / "images", now=clock.read()
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{target}: {target.stat().st_size / 1e6:.1f} MB. It holds the secret key: keep it safe.")
