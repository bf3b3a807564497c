"""Take the questions of a file into somebody’s bank, or only say what would come of it."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from quizzes import clock, tasks
from quizzes.formats.exchange.model import BadFile
from quizzes.management.exchange import aspect_lines, aspects_told, person_named
from quizzes.models import Import, ImportItem
from quizzes.queries.exchange import AspectCount, account_of_import, items_of
from quizzes.services.exchange import CannotChoose, begin_import, choose_all, confirm, discard
from quizzes.services.import_reading import read_file
from quizzes.services.import_writing import write_import

PIECE = 1 << 20


class Command(BaseCommand):
    """The same steps and the same account as on the pages. Fails where the file is not read or nothing is left."""

    help = "Import questions from a file, or look with --dry-run at what would come of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, whose bank, and what to choose."""
        parser.add_argument("file", help="the file; - for what comes in")
        parser.add_argument("--format", default="auto", help="what it is, if it is not to be found out by its content")
        parser.add_argument("--author", required=True, metavar="NAME", help="whose questions they become")
        parser.add_argument("--tag", default="", help="a tag for all of them")
        parser.add_argument("--replace", action="store_true", help="replace own questions that are matched")
        parser.add_argument("--duplicates", action="store_true", help="take also what is there already, word for word")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, only tell the account")
        parser.add_argument("--json", action="store_true", help="the account for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, tell, and write if that was asked for."""
        person = person_named(options["author"])
        source = self._read(options, person.pk)
        try:
            if source.state == Import.State.FAILED:
                raise CommandError(f"{source.file_name} is not read: {source.problem}")
            self._choose(source, options)
            told = _told(source)
            if not options["dry_run"]:
                self._write(source, options["tag"])
                told |= {"state": source.state}
                if source.state != Import.State.DONE:
                    raise CommandError(
                        "The import was stopped half-way. Nothing of it is in the bank: import it again."
                    )
        finally:
            _clear(source)
        aspects = told.pop("_aspects")
        in_words = _lines(told, aspects, dry=options["dry_run"])
        for line in [json.dumps(told, ensure_ascii=False, indent=1)] if options["json"] else in_words:
            self.stdout.write(line)

    def _read(self, options: dict[str, Any], person_id: int) -> Import:
        asked = "" if options["format"] == "auto" else options["format"]
        try:
            with _opened(options["file"]) as file:
                pieces = iter(lambda: file.read(PIECE), b"")
                source = begin_import(
                    pieces,
                    Path(options["file"]).name,
                    person_id=person_id,
                    asked_format=asked,
                    folder=tasks.imports_folder(),
                    now=clock.read(),
                )
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be opened: {error.strerror}") from error
        except BadFile as error:
            raise CommandError(f"{options['file']}: {error}") from error
        return read_file(source.pk, folder=tasks.imports_folder(), clock=clock.read)

    def _choose(self, source: Import, options: dict[str, Any]) -> None:
        if options["duplicates"]:
            choose_all(source, "take")
        if options["replace"]:
            choose_all(source, "replace_matched")

    def _write(self, source: Import, tag: str) -> None:
        try:
            confirm(source, tag=tag, now=clock.read())
        except CannotChoose as error:
            raise CommandError(str(error)) from error
        done = write_import(source.pk, folder=tasks.imports_folder(), images=tasks.images_folder(), clock=clock.read)
        source.state = done.state


def _opened(name: str) -> BinaryIO:
    return sys.stdin.buffer if name == "-" else Path(name).open("rb")


def _clear(source: Import) -> None:
    """An import that is not finished is of no use to anybody else: there is no page on which it was begun."""
    source.refresh_from_db()
    if source.state != Import.State.DONE:
        discard(source, folder=tasks.imports_folder(), images=tasks.images_folder(), now=clock.read())
        source.delete()


def _told(source: Import) -> dict[str, Any]:
    account = account_of_import(source)
    counts = {name: getattr(account, name) for name in account.__slots__ if name != "aspects"}
    return {
        "file": source.file_name,
        "format": source.format,
        "encoding": source.encoding,
        "state": source.state,
        **counts,
        "aspects": aspects_told(account.aspects),
        "notes": source.notes,
        "questions": [_item(one) for one in items_of(source).iterator(chunk_size=200)],
        "_aspects": account.aspects,
    }


def _item(one: ImportItem) -> dict[str, Any]:
    return {
        "position": one.position,
        "place": one.place,
        "code": one.code,
        "kind": one.kind,
        "stem": one.stem,
        "problem": one.problem,
        "choice": one.choice,
        "target": one.target.code if one.target else "",
        "notes": one.notes,
        "blocking": [found["words"] for found in one.findings if found["blocks"]],
        "alike": one.alike,
    }


def _lines(told: dict[str, Any], aspects: Iterable[AspectCount], *, dry: bool) -> Iterator[str]:
    yield f"{told['file']}: {told['format']}, {told['total']} questions"
    for one in told["notes"]:
        yield f"  {one['words']}"
    yield f"  {told['take']} are new, {told['replace']} replace a question, {told['skip']} are skipped"
    if told["problems"]:
        yield f"{told['problems']} cannot be taken:"
        yield from (f"  {one['place']}: {one['problem']}" for one in told["questions"] if one["problem"])
    if told["aspects"]:
        yield "Not carried as it was:"
        yield from aspect_lines(aspects)
    if told["blocking"]:
        yield f"{told['blocking']} are to be mended before they can be published."
    yield "Nothing was written." if dry else "Done."
