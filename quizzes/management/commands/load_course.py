"""Load notes, questions and exams from their files."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from quizzes import clock
from quizzes.services.course import CourseFolders, load_course, read_course
from reference.files import ContentErrors


def course_folders() -> CourseFolders:
    """Where the settings say the course lies."""
    return CourseFolders(
        notes=settings.COURSE_NOTES,
        diagrams=settings.COURSE_DIAGRAMS,
        outline=settings.COURSE_OUTLINE,
        register=settings.COURSE_REGISTER,
        bank=settings.COURSE_BANK,
    )


class Command(BaseCommand):
    """``load_course`` brings the database up to the files; ``--check`` only reads them."""

    help = "Load the course. With --check, read everything, name every mistake, write nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One switch."""
        parser.add_argument("--check", action="store_true", help="read and check only")

    def _say(self, step: str) -> None:
        self.stdout.write(f"{step} …")
        self.stdout.flush()

    def handle(self, *args: Any, **options: Any) -> None:
        """Load or check; a mistake is named with file and line, and nothing is changed."""
        try:
            if options["check"]:
                course = read_course(course_folders(), clock.read().date())
                self.stdout.write(f"{len(course.notes.pages)} topics and {len(course.bank)} questions: no mistake.")
                return
            loaded = load_course(course_folders(), now=clock.read(), say=self._say)
        except ContentErrors as error:
            raise CommandError(f"{error}\n\n{len(error.errors)} to mend. Nothing was changed.") from error
        if not loaded.changed:
            self.stdout.write(f"Unchanged: {loaded.topics} topics, {loaded.questions} questions.")
            return
        self.stdout.write(
            f"Loaded {loaded.topics} topics and {loaded.questions} questions; "
            f"{len(loaded.updated)} questions new or changed."
        )
        if loaded.stale:
            self.stdout.write(f"Stale by the lifecycle register, and not drawn: {', '.join(loaded.stale)}.")
        if loaded.promoted:
            codes = ", ".join(loaded.promoted)
            self.stdout.write(f"Promoted on the site, so that their files may now say “published”: {codes}.")
