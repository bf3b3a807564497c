"""Say what the files of the course hold, what they lack, and what is wrong with them."""

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from quizzes.management.commands.load_course import course_folders
from quizzes.management.reports import Report, ReportCommand, error_lines, figure_lines, finding_lines
from quizzes.services.course_check import check_course


class Command(ReportCommand):
    """``check_course`` counts what is covered and names what is to be mended."""

    help = "Count and check the course: coverage, references, links, ages, and every question against the standard."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether a release is meant."""
        super().add_arguments(parser)
        parser.add_argument("--release", action="store_true", help="fail too where a page was verified too long ago")

    def measure(self, today: date, options: dict[str, Any]) -> Report:
        """The whole course."""
        return check_course(course_folders(), today=today, release=options["release"])

    def summary(self, report: Report) -> Iterator[str]:
        """The report for a reader, line by line."""
        yield f"The course as of {report['as_of']}"
        yield from error_lines(report["errors"])
        if report["pages"] is not None:
            yield from _notes(report)
        questions = report["questions"]
        yield f"Questions     {questions['total']}: {_listed(questions['by_status'])}"
        for name in ("kind", "domain", "task", "level", "topic"):
            yield f"  by {name:<9} {_listed(questions[f'by_{name}'])}"
        yield "Figures of the bank"
        yield from figure_lines(report["figures"])
        yield from finding_lines(report["findings"])
        yield "Passed." if report["passed"] else "Failed."


def _notes(report: Report) -> Iterator[str]:
    facts, implied, links = report["facts"], report["implied"], report["links"]
    yield f"Facts         {facts['covered']} of {facts['total']}"
    yield from _lessons(facts)
    yield f"Implied       {implied['covered']} of {implied['total']}"
    yield from _lessons(implied)
    systems = report["systems"]
    yield f"Systems       {systems['covered']} of {systems['total']}"
    yield f"Tasks         {len(report['tasks'])}, the least with {min(report['tasks'].values(), default=0)} pages"
    yield f"Domains       {len(report['domains'])}, the least with {min(report['domains'].values(), default=0)} pages"
    yield f"Register      {_listed(report['register'])}"
    yield f"References    {report['references']['resolved']} of {report['references']['total']}"
    yield f"Links         {links['resolved']} of {links['total']}, and {links['external']} to the web"
    yield (
        f"Pages         {len(report['pages'])}, {report['words']} words,"
        f" {report['sources']} sources, {report['diagrams']} diagrams"
    )
    for page in report["pages"]:
        yield (
            f"  {page['topic']:<32} {page['words']:>5} words, {page['sources']} sources,"
            f" verified {page['verified_on']} ({page['age_days']} days)"
        )


def _lessons(share: Report) -> Iterator[str]:
    """The lessons that have been begun, and what they still lack."""
    for lesson, one in share["lessons"].items():
        if one["covered"]:
            missing = f", missing {', '.join(one['missing'])}" if one["missing"] else ""
            yield f"  {lesson:<52} {one['covered']} of {one['total']}{missing}"


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "none"
