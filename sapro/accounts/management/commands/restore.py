"""Bring a backup back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from sapro.accounts.models import User
from sapro.backups import BackupError, restore_backup


class Command(BaseCommand):
    """``restore FILE``: refuses where people are in the database, unless ``--replace`` is said."""

    help = "Put a backup in the place of the database and the secret key. Stop the site first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and whether what stands may be lost."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="what the database holds now is lost")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, replace, and say what to do next."""
        if not options["replace"] and self._people():
            raise CommandError("There are people in this database. Say --replace if all it holds may be lost.")
        try:
            manifest = restore_backup(
                options["file"], secret_key=settings.DATA / "secret_key", images=settings.DATA / "images"
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored what was written at {manifest['written_at']}. Run migrate, then start the site.")

    def _people(self) -> bool:
        try:
            return bool(User.objects.exists())
        except DatabaseError:
            return False
