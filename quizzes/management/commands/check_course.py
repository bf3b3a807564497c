"""Say what the files of the course hold, what they lack, and what is wrong with them."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quizzes import clock
from quizzes.management.commands.load_course import course_folders
from quizzes.services.course_check import check_course
from reference.files import ContentErrors


def day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is no date: write it as 2026-11-23") from error


class Command(BaseCommand):
    """``check_course`` reads the files and no database; it exits with 1 where a gate fails."""

    help = "Count and check the course: coverage, references, links, ages, and every question against the standard."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to answer, and for which day."""
        parser.add_argument("--json", action="store_true", help="everything, as JSON")
        parser.add_argument(
            "--as-of", type=day_of, default=None, metavar="DATE", help="the day that ages are counted to"
        )
        parser.add_argument("--release", action="store_true", help="fail too where a page was verified too long ago")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report; fail where a gate does."""
        try:
            today = options["as_of"] or clock.read().date()
            report = check_course(course_folders(), today=today, release=options["release"])
        except ContentErrors as error:
            raise CommandError(str(error)) from error
        lines = [json.dumps(report, ensure_ascii=False, indent=1)] if options["json"] else summary(report)
        for line in lines:
            self.stdout.write(line)
        if not report["passed"]:
            raise SystemExit(1)


def summary(report: dict[str, Any]) -> Iterator[str]:
    """The report for a reader, line by line."""
    yield f"The course as of {report['as_of']}"
    for one in report["errors"]:
        yield f"  ERROR {one['path']}:{one['line']}: {one['message']}"
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


def figure_lines(figures: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Each figure beside its threshold."""
    for figure in figures:
        value = "–" if figure["value"] is None else f"{figure['value']:.3g}"
        state = {None: "not judged", True: "ok", False: "FAILS" if figure["gate"] else "outside"}[figure["passed"]]
        yield f"  {figure['name']:<42} {value:>8}  {figure['threshold']:<24} {state}"


def finding_lines(findings: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Each finding with its place."""
    for one in findings:
        place = f" {one['path']}{':' + str(one['line']) if one['line'] else ''}" if one["path"] else ""
        word = "GATE" if one["fails"] else one["severity"]
        about = one["question"] or ("notes" if one["path"] else "bank")
        yield f"  {word} {one['check']} {about}: {one['message']}{place}"


def _notes(report: dict[str, Any]) -> Iterator[str]:
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


def _lessons(share: dict[str, Any]) -> Iterator[str]:
    """The lessons that have been begun, and what they still lack."""
    for lesson, one in share["lessons"].items():
        if one["covered"]:
            missing = f", missing {', '.join(one['missing'])}" if one["missing"] else ""
            yield f"  {lesson:<52} {one['covered']} of {one['total']}{missing}"


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "none"
