"""Write questions into a file of any format, with the account of what that format cannot say."""

import json
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from shutil import copyfileobj
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from quizzes import clock, tasks
from quizzes.formats.exchange import registry
from quizzes.management.exchange import aspect_lines, aspects_told, person_named
from quizzes.models import Question
from quizzes.queries.exchanged import exportable_questions
from quizzes.queries.rights import own_questions, own_quizzes
from quizzes.services.exporting import NothingToWrite, Written, write_export


class Command(BaseCommand):
    """The same file and the same account as on the pages."""

    help = "Export questions: those that NAME may take out, all of their own unless something else is named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The format, which questions, and where to."""
        parser.add_argument("--format", required=True, help="the name of the format")
        parser.add_argument("--author", required=True, metavar="NAME", help="who takes them out")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--codes", nargs="+", metavar="CODE", help="these questions, in this order")
        which.add_argument("--quiz", metavar="SLUG", help="the questions that stand in this quiz")
        which.add_argument("--course", action="store_true", help="the questions of the course that are published")
        parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the file; - for the output")
        parser.add_argument("--title", default="Questions", help="what the file says of itself")
        parser.add_argument("--json", action="store_true", help="the account for programs, in the error output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, then tell what it lacks."""
        person = person_named(options["author"])
        name = options["format"]
        if name not in registry.FORMATS or not registry.FORMATS[name].writes:
            known = ", ".join(one.name for one in registry.FORMATS.values() if one.writes)
            raise CommandError(f"There is no format “{name}” to write. There are: {known}")
        ids = self._ids(person.pk, options)
        with tempfile.TemporaryFile() as file:
            try:
                written = write_export(
                    name,
                    ids,
                    file,
                    person_id=person.pk,
                    title=options["title"],
                    images=tasks.images_folder(),
                    now=clock.read(),
                )
            except NothingToWrite as error:
                raise CommandError(str(error)) from error
            file.seek(0)
            _keep(file, options["output"])
        self._tell(written, as_json=options["json"])

    def _tell(self, written: Written, *, as_json: bool) -> None:
        # The account never stands among the bytes of a file that is piped on.
        lines = [json.dumps(_told(written), ensure_ascii=False, indent=1)] if as_json else _lines(written)
        for line in lines:
            self.stderr.write(line, style_func=str)

    def _ids(self, person_id: int, options: dict[str, Any]) -> list[int]:
        rows: QuerySet[Question] = exportable_questions(person_id)
        if options["codes"]:
            found = dict(rows.filter(code__in=options["codes"]).values_list("code", "pk"))
            missing = [code for code in options["codes"] if code not in found]
            if missing:
                raise CommandError(f"These are not among the questions of “{options['author']}”: {', '.join(missing)}")
            return [found[code] for code in options["codes"]]
        if options["quiz"]:
            quiz = own_quizzes(person_id).filter(slug=options["quiz"]).first()
            if quiz is None:
                raise CommandError(f"“{options['author']}” has no quiz “{options['quiz']}”.")
            fixed = quiz.sections.order_by("position", "fixed__position").values_list("fixed__question", flat=True)
            return [one for one in dict.fromkeys(fixed) if one is not None]
        if options["course"]:
            course = rows.filter(origin=Question.Origin.COURSE, status=Question.Status.PUBLISHED)
            return list(course.order_by("code").values_list("pk", flat=True))
        return list(own_questions(person_id).order_by("code").values_list("pk", flat=True))


def _keep(file: Any, name: str) -> None:
    if name == "-":
        copyfileobj(file, sys.stdout.buffer)
        return
    try:
        with Path(name).open("wb") as out:
            copyfileobj(file, out)
    except OSError as error:
        raise CommandError(f"{name} cannot be written: {error.strerror}") from error


def _told(written: Written) -> dict[str, Any]:
    account = written.account
    return {
        "format": account.format,
        "asked": written.asked,
        "written": account.written,
        "left_out": written.asked - account.written,
        "aspects": aspects_told(account.aspects),
        "questions": [
            {"code": one.code, "written": one.written, "notes": [asdict(note) for note in one.notes]}
            for one in account.lines
        ],
    }


def _lines(written: Written) -> Iterator[str]:
    account = written.account
    yield f"{account.written} of {written.asked} questions written as {account.format}"
    for one in account.lines:
        if not one.written:
            yield f"  left out: {one.code}: {' '.join(note.words for note in one.notes)}"
    if missing := written.asked - account.total:
        yield f"  left out: {missing} that are not complete"
    if account.aspects:
        yield "Not carried as it is here:"
        yield from aspect_lines(account.aspects)
