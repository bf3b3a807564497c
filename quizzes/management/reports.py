"""What commands have in common that measure the files: how they are asked, how they answer, when they fail."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quizzes import clock
from reference.files import ContentErrors

Report = dict[str, Any]


def day_of(text: str) -> date:
    """A date as it is typed. Raises ArgumentTypeError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"“{text}” is no date: write it as 2026-11-23") from error


class ReportCommand(BaseCommand):
    """Reads the files and no database; exits with 1 where a gate fails. ``measure`` and ``summary`` are its own."""

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to answer, and for which day."""
        parser.add_argument("--json", action="store_true", help="everything, as JSON")
        parser.add_argument("--as-of", type=day_of, default=None, metavar="DATE", help="the day to judge by")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report; fail where a gate does."""
        try:
            report = self.measure(options["as_of"] or clock.read().date(), options)
        except ContentErrors as error:
            raise CommandError(str(error)) from error
        lines = [json.dumps(report, ensure_ascii=False, indent=1)] if options["json"] else self.summary(report)
        for line in lines:
            self.stdout.write(line)
        if not report["passed"]:
            raise SystemExit(1)

    def measure(self, today: date, options: dict[str, Any]) -> Report:
        """The report as plain data, with ``passed``."""
        raise NotImplementedError

    def summary(self, report: Report) -> Iterator[str]:
        """The report for a reader, line by line."""
        raise NotImplementedError


def figure_lines(figures: Iterable[Report]) -> Iterator[str]:
    """Each figure beside its threshold."""
    for figure in figures:
        value = "–" if figure["value"] is None else f"{figure['value']:.3g}"
        state = {None: "not judged", True: "ok", False: "FAILS" if figure["gate"] else "outside"}[figure["passed"]]
        yield f"  {figure['name']:<42} {value:>8}  {figure['threshold']:<24} {state}"


def finding_lines(findings: Iterable[Report]) -> Iterator[str]:
    """Each finding with its place."""
    for one in findings:
        place = f" {one['path']}{':' + str(one['line']) if one['line'] else ''}" if one["path"] else ""
        word = "GATE" if one["fails"] else one["severity"]
        about = one["question"] or ("notes" if one["path"] else "bank")
        yield f"  {word} {one['check']} {about}: {one['message']}{place}"


def error_lines(errors: Iterable[Report]) -> Iterator[str]:
    """Each mistake that keeps the files from being loaded."""
    for one in errors:
        yield f"  ERROR {one['path']}:{one['line']}: {one['message']}"
