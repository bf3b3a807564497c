"""Write down attempts whose time is over. Nothing is wrong if it never runs."""

from typing import Any

from django.core.management.base import BaseCommand

from quizzes import clock
from quizzes.services.results import close_attempts


class Command(BaseCommand):
    """For a timer, once a minute or once a day."""

    help = "Close every attempt whose grace is over, and mark it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Close, and say how many."""
        self.stdout.write(f"{close_attempts(now=clock.read())} attempts closed.")
