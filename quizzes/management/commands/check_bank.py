"""Hold the bank of the course against the standard for questions."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from quizzes.management.commands.load_course import course_folders
from quizzes.management.reports import Report, ReportCommand, error_lines, figure_lines, finding_lines
from quizzes.services.bank_check import check_course_bank


class Command(ReportCommand):
    """``check_bank`` tells every figure with its threshold."""

    help = "Measure the question bank: every check with its figure and threshold, blind readings, baselines."

    def measure(self, today: date, options: dict[str, Any]) -> Report:
        """The bank against its standard."""
        return check_course_bank(course_folders(), today=today)

    def summary(self, report: Report) -> Iterator[str]:
        """The report for a reader, line by line."""
        yield f"The bank as of {report['as_of']}: {report['questions']['total']} questions"
        yield from error_lines(report["errors"])
        yield from figure_lines(report["figures"])
        yield f"Stale, and not drawn: {', '.join(report['stale']) or 'none'}"
        yield from finding_lines(report["findings"])
        yield "Passed." if report["passed"] else "Failed."
