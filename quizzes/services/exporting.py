"""Questions into a file of a format that somebody else reads."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.utils.text import slugify
from django.utils.translation import gettext as _

from quizzes.formats.exchange import registry
from quizzes.formats.exchange.model import Dated, Exchanged
from quizzes.queries.exchanged import ExportAccount, account_of_export, exchanged_questions, pictures_of


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written: its name for the reader, its media type, and the account of what it lacks.

    ``asked``: how many questions were asked for. Those that the account does not count may not be taken out, or were
    never complete.
    """

    file_name: str
    media_type: str
    asked: int
    account: ExportAccount


class NothingToWrite(Exception):
    """None of these questions can be said in this format; its text says why."""


def account_for(format_name: str, question_ids: Sequence[int], *, person_id: int) -> ExportAccount:
    """What would be written, and what would be lost, before anything is. Raises KeyError for a format that is none."""
    return account_of_export(registry.FORMATS[format_name], exchanged_questions(question_ids, person_id))


def write_export(
    format_name: str,
    question_ids: Iterable[int],
    out: BinaryIO,
    *,
    person_id: int,
    title: str,
    images: Path,
    now: datetime,
) -> Written:
    """Write those of these questions that this person may read and the format can say, in the order of the ids.

    ``out``: a temporary file, best with ``tempfile.TemporaryFile()``; what is written begins where it stands. Raises
    KeyError where there is no such format to write, NothingToWrite where no question is left; nothing is written then.
    The questions are read twice, so that they are never all in memory.
    """
    form = registry.FORMATS[format_name]
    if not form.writes:
        raise KeyError(format_name)
    ids = list(dict.fromkeys(question_ids))
    account = account_of_export(form, exchanged_questions(ids, person_id))
    if not account.written:
        raise NothingToWrite(_nothing(account))
    dated = form.at(now) if isinstance(form, Dated) else form
    dated.write(_sayable(format_name, ids, person_id), out, pictures_of(person_id, images), title)
    name = f"{slugify(title)[:80] or 'questions'}{form.suffixes[0]}"
    return Written(name, form.media_type, len(ids), account)


def _sayable(format_name: str, ids: Sequence[int], person_id: int) -> Iterator[Exchanged]:
    form = registry.FORMATS[format_name]
    return (one for one in exchanged_questions(ids, person_id) if form.project(one)[0] is not None)


def _nothing(account: ExportAccount) -> str:
    if not account.total:
        return _("There is no complete question among these that you may take out.")
    said = {note.words for line in account.lines for note in line.notes if not line.written}
    return " ".join([_("None of these questions can be said in this format."), *sorted(said)[:3]])
