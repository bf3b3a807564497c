"""Remove files that belong to nothing any more: pictures, and files that nobody said yes to. It may never run."""

from typing import Any

from django.core.management.base import BaseCommand

from quizzes import clock
from quizzes.services.exchange import sweep_imports
from quizzes.services.images import sweep_images
from quizzes.services.rosters import SUFFIX
from quizzes.services.waiting import sweep
from quizzes.tasks import images_folder, imports_folder, rosters_folder


class Command(BaseCommand):
    """For a timer, once a day."""

    help = "Remove pictures that belong to no question any more, imports of thirty days ago, rosters of an hour ago."

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove, and say how many."""
        now = clock.read()
        imports = sweep_imports(folder=imports_folder(), images=images_folder(), now=now)
        self.stdout.write(f"{imports} imports and their files removed.")
        self.stdout.write(f"{sweep_images(folder=images_folder(), now=now)} picture files removed.")
        sweep(suffix=SUFFIX, folder=rosters_folder(), now=now)
