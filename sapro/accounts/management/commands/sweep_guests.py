"""Delete guests who have not come for a long time, with their attempts."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quizzes import clock
from sapro.accounts.services.guests import sweep_guests

# A guest's session lasts 365 days from their last visit; after it nobody can come back as this guest.
SESSION_DAYS = 365


class Command(BaseCommand):
    """Sweep idle guests."""

    help = "Delete guests who have not come for so many days. Members are never touched."

    def add_arguments(self, parser: CommandParser) -> None:
        """How idle is idle."""
        parser.add_argument("--days", type=int, default=400, help="default 400, at least 1")

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep, and say how many went."""
        if options["days"] < 1:
            raise CommandError("--days must be at least 1.")
        swept = sweep_guests(days=options["days"], now=clock.read())
        if options["days"] < SESSION_DAYS:
            self.stderr.write(f"Guests can come back for {SESSION_DAYS} days; some of these could have.")
        self.stdout.write(f"{swept} guests deleted.")
