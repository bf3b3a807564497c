"""Print a link with which a member sets a new password: for sites without a mail server."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sapro.accounts.links import password_url
from sapro.accounts.models import User


class Command(BaseCommand):
    """Make a password link."""

    help = "Print a link with which this person sets a new password. Make sure that it is they who ask."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose password."""
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the link, and on the error stream how long it works."""
        name = options["username"].lower()
        member = User.objects.filter(username=name, is_guest=False, is_active=True).first()
        if member is None:
            raise CommandError(f"There is no active account with the user name “{name}”.")
        self.stdout.write(password_url(member))
        self.stderr.write(f"It works once, for {settings.PASSWORD_RESET_TIMEOUT // 60} minutes.")
