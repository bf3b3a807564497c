"""Reading a file that was brought: every question with its account, its checks and what it is like, for choosing."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from quizzes.engine.writing.text import plain
from quizzes.formats.exchange import registry
from quizzes.formats.exchange.model import BadFile, Exchanged, Format, Note, ReadItem, Severity
from quizzes.formats.exchange.source import Source
from quizzes.formats.exchange.stored import from_plain, to_plain
from quizzes.models import Import, ImportItem
from quizzes.services.exchange import Overtaken, beat, claim
from quizzes.services.import_checks import Likes, Neighbors, as_draft, findings_on
from quizzes.services.import_pictures import with_codes

Clock = Callable[[], datetime]
CHUNK = 50
"""Questions of one transaction."""
MOST_QUESTIONS = 20_000
"""Of one file."""
SKIPPED = 1_000
"""Questions that are passed over, where another reader was stopped, between two signs of life."""
RAW, SHORT = 5_000, 200
"""Characters that are kept of what could not be read, and of texts for the list."""
_log = logging.getLogger(__name__)


def read_file(import_id: int, *, folder: Path, clock: Clock, seen: datetime | None = None) -> Import:
    """Read the file of an import to its end, or say why it is not read. Never raises for what stands in the file.

    READING becomes CHOOSING or FAILED. Goes on where another reader was stopped. ``seen``: the last sign of life of the
    import; does nothing where there was one since.
    """
    if not claim(import_id, seen=seen, now=clock()):
        return Import.objects.get(pk=import_id)
    source = Import.objects.get(pk=import_id)
    if source.state != Import.State.READING:
        return source
    try:
        _Reading(source, folder, clock).run()
    except Overtaken:
        pass
    except BadFile as error:
        _fail(source, str(error), clock())
    except (DatabaseError, OSError):
        # Nothing that the file can be blamed for: whoever looks at the import next takes it up again.
        raise
    except Exception:
        _log.exception("import %s was not read", source.code)
        words = _(
            "This site made a mistake while it read the file, and has noted it. Try another format, or ask for help."
        )
        _fail(source, words, clock())
    source.refresh_from_db()
    return source


class _Followed(Source):
    """A source that tells how far it was read."""

    def open(self) -> BinaryIO:
        """Its bytes from the beginning."""
        file = super().open()
        self.__dict__["last"] = file
        return file

    @property
    def position(self) -> int:
        """Of whoever opened it last."""
        file = self.__dict__.get("last")
        return file.tell() if file is not None and not file.closed else 0


class _Reading:
    """One reader at work on one file."""

    def __init__(self, source: Import, folder: Path, clock: Clock) -> None:
        self.source, self.clock = source, clock
        self.path = folder / source.code
        if not self.path.is_file():
            raise BadFile(_("the file is not here any more: choose it again"))
        self.file = _Followed(self.path, source.file_name)
        self.form, notes = _format_of(self.file, source.asked_format)
        self.notes = [*notes, *self._note_encoding()]

    def run(self) -> None:
        """To the end of the file."""
        Import.objects.filter(pk=self.source.pk).update(format=self.form.name, encoding=self.encoding[:20])
        there = ImportItem.objects.filter(source=self.source).aggregate(last=Max("position"))["last"] or 0
        self.neighbors = Neighbors(self.source.person_id, self.form.name)
        self.pictures = self.form.pictures(self.file)
        items = enumerate(self.form.read(self.file), 1)
        for position, item in islice(items, there):
            if item.question is not None:
                self.neighbors.remember(position, _clean(item.question))
            if position % SKIPPED == 0:
                beat(self.source, now=self.clock(), done=self.source.done)
        last = there
        while chunk := list(islice(items, CHUNK)):
            last = chunk[-1][0]
            if last > MOST_QUESTIONS:
                most = f"{MOST_QUESTIONS:,}"
                raise BadFile(_("the file has more than %(most)s questions: import it in parts") % {"most": most})
            self._write(chunk)
        if not last:
            raise BadFile(_("there is no question in it"))
        self._finish(last)

    @property
    def encoding(self) -> str:
        """Of the text that it is; nothing for other files."""
        is_text = self.form.media_type.startswith("text/") and "xml" not in self.form.media_type
        return self.file.encoding if is_text and not self.file.is_zip else ""

    def _note_encoding(self) -> Iterator[Note]:
        if self.encoding == "cp1252":
            words = _("The file is not UTF-8; it was read as Windows text (cp1252). Look at letters such as é and “ ”.")
            yield Note("text", Severity.ASSUMED, words)

    def _write(self, chunk: Sequence[tuple[int, ReadItem]]) -> None:
        """One transaction: a sign of life, and what was found. All thinking is done before."""
        now = self.clock()
        rows = list(self._rows(chunk, now))
        done = max(self.source.done, min(self.file.position, self.source.size))
        with transaction.atomic():
            beat(self.source, now=now, done=done)
            ImportItem.objects.bulk_create(rows)

    def _rows(self, chunk: Sequence[tuple[int, ReadItem]], now: datetime) -> Iterator[ImportItem]:
        taken: dict[int, tuple[Exchanged, dict[str, str], list[Note]]] = {}
        for position, item in chunk:
            if item.question is not None:
                seed = f"{self.source.code}/{position}"
                taken[position] = with_codes(_clean(item.question), self.pictures, seed)
        likes = self.neighbors.found([(position, question) for position, (question, *_rest) in taken.items()])
        for position, item in chunk:
            row = ImportItem(source=self.source, position=position, place=_scrubbed(item.place)[:SHORT])
            notes = list(item.notes)
            if position in taken:
                question, shown, lost = taken[position]
                notes += [*lost, *_notes_of_this_site(question)]
                _fill(row, question, shown, likes[position], now)
            else:
                row.problem, row.raw = _scrubbed(item.problem), _scrubbed(item.raw)[:RAW]
                row.choice = ImportItem.Choice.SKIP
            row.notes = [{**asdict(one), "words": _scrubbed(one.words)} for one in notes]
            yield row

    def _finish(self, total: int) -> None:
        notes = [asdict(one) for one in self.notes]
        with transaction.atomic():
            beat(self.source, now=self.clock(), done=total)
            Import.objects.filter(pk=self.source.pk).update(
                state=Import.State.CHOOSING, total=total, notes=notes, beat_at=None
            )


def _fill(row: ImportItem, question: Exchanged, shown: dict[str, str], likes: Likes, now: datetime) -> None:
    row.body, row.known = to_plain(question)
    if shown:
        row.body["pictures"] = shown
    row.code, row.title = question.code[:SHORT], question.title[:SHORT]
    row.kind, row.stem = question.content.kind, plain(question.content.stem[:2000])[:SHORT]
    row.findings = findings_on(question, as_draft(question), now.date())
    row.alike, row.target_id = likes.alike, likes.target
    row.choice = ImportItem.Choice.SKIP if likes.is_same else ImportItem.Choice.TAKE


def _notes_of_this_site(question: Exchanged) -> Iterator[Note]:
    """What the file holds and this site has no place for, or does otherwise with every file."""
    if question.title:
        yield Note(
            "title", Severity.LOST, _("Questions have no titles here: those of the file stand in this list alone.")
        )
    if question.status != "draft" or question.reviewed:
        words = _("It comes in as a draft of yours, whatever it was where it comes from, and without its reviews.")
        yield Note("status", Severity.CHANGED, words)


def _format_of(file: Source, asked: str) -> tuple[Format, list[Note]]:
    """The format that the content is of, and what is to be said where somebody or the name said otherwise."""
    said = registry.FORMATS.get(asked)
    if said is not None and said.recognises(file):
        return said, []
    try:
        found = registry.detect(file)
    except BadFile:
        if said is None or not file.size:
            raise
        return said, []
    if said is not None:
        words = _("You said that this is %(said)s. By what stands in it, it is %(found)s, and was read as that.")
        return found, [Note("extra", Severity.ASSUMED, words % {"said": said.title, "found": found.title})]
    suffix = file.name.lower().rpartition(".")
    named = [one for one in registry.FORMATS.values() if f".{suffix[2]}" in one.suffixes] if suffix[1] else []
    if named and found not in named:
        words = _("The name ends in “.%(end)s”. By what stands in it, the file is %(found)s, and was read as that.")
        return found, [Note("extra", Severity.ASSUMED, words % {"end": suffix[2], "found": found.title})]
    return found, []


def _fail(source: Import, words: str, now: datetime) -> None:
    """The file stays for a day (``sweep_imports``): it can be read again as another format."""
    reading = Import.objects.filter(pk=source.pk, state=Import.State.READING)
    with transaction.atomic():
        said = {"problem": _scrubbed(words), "finished_at": now, "beat_at": None}
        if reading.update(state=Import.State.FAILED, **said):
            ImportItem.objects.filter(source=source).delete()


def _scrubbed(text: str) -> str:
    """Without what a database does not take: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _clean(question: Exchanged) -> Exchanged:
    """The same for every text of a question; nearly always the question itself."""
    shown = repr(question)
    if "\\x00" not in shown and "\\ud" not in shown:
        return question
    body, known = to_plain(question)
    return from_plain(_each(body), _each(known))


def _each(value: Any) -> Any:
    if isinstance(value, str):
        return _scrubbed(value)
    if isinstance(value, dict):
        return {_scrubbed(name): _each(one) for name, one in value.items()}
    return [_each(one) for one in value] if isinstance(value, list) else value
