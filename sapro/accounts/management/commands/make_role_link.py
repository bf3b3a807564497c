"""Print a link that makes somebody an instructor or the operator, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quizzes import clock
from sapro.accounts.links import role_url
from sapro.accounts.services.roles import ADMIN, INSTRUCTOR, make_role_link


class Command(BaseCommand):
    """Make a role link."""

    help = "Print a link that gives a role once. Whoever opens it first, signed in, has the role."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which role, and for how long the link works."""
        parser.add_argument("--role", choices=[ADMIN, INSTRUCTOR], required=True)
        parser.add_argument("--hours", type=int, default=24, help="how long the link works (default 24)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the link alone, so that it can be piped."""
        if options["hours"] < 1:
            raise CommandError("--hours must be at least 1.")
        token = make_role_link(role=options["role"], hours=options["hours"], now=clock.read())
        self.stdout.write(role_url(token))
