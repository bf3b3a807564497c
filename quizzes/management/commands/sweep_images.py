"""Remove picture files that belong to no question any more. Nothing is wrong if it never runs."""

from typing import Any

from django.core.management.base import BaseCommand

from quizzes import clock
from quizzes.services.images import sweep_images
from quizzes.views.images import folder


class Command(BaseCommand):
    """For a timer, once a day."""

    help = "Remove picture files that belong to no question any more."

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove, and say how many."""
        self.stdout.write(f"{sweep_images(folder=folder(), now=clock.read())} picture files removed.")
