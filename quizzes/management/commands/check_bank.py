"""Hold the bank of the course against the standard for questions."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quizzes import clock
from quizzes.management.commands.check_course import day_of, figure_lines, finding_lines
from quizzes.management.commands.load_course import course_folders
from quizzes.services.bank_check import check_course_bank
from reference.files import ContentErrors


class Command(BaseCommand):
    """``check_bank`` reads the files and no database; it exits with 1 where a gate fails."""

    help = "Measure the question bank: every check with its figure and threshold, blind readings, baselines."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to answer, and for which day."""
        parser.add_argument("--json", action="store_true", help="everything, as JSON")
        parser.add_argument(
            "--as-of", type=day_of, default=None, metavar="DATE", help="the day that dates are judged by"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report; fail where a gate does."""
        try:
            report = check_course_bank(course_folders(), today=options["as_of"] or clock.read().date())
        except ContentErrors as error:
            raise CommandError(str(error)) from error
        lines = [json.dumps(report, ensure_ascii=False, indent=1)] if options["json"] else summary(report)
        for line in lines:
            self.stdout.write(line)
        if not report["passed"]:
            raise SystemExit(1)


def summary(report: dict[str, Any]) -> Iterator[str]:
    """The report for a reader, line by line."""
    yield f"The bank as of {report['as_of']}: {report['questions']['total']} questions"
    for one in report["errors"]:
        yield f"  ERROR {one['path']}:{one['line']}: {one['message']}"
    yield from figure_lines(report["figures"])
    yield f"Stale, and not drawn: {', '.join(report['stale']) or 'none'}"
    yield from finding_lines(report["findings"])
    yield "Passed." if report["passed"] else "Failed."
