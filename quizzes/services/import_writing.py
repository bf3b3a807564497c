"""Writing what was chosen of a file: staged in small pieces that nobody sees, made visible by one short transaction.

A staged question has nobody as its author, so that it is in no list and at no address. Codes of questions, pictures
and shared texts follow from the import: whoever goes on after a crash makes the same ones, and none twice.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from quizzes.formats.exchange import registry
from quizzes.formats.exchange.model import Pictures
from quizzes.formats.exchange.source import Source
from quizzes.models import Import, ImportItem, Question, Scenario
from quizzes.services.audit import record
from quizzes.services.exchange import Overtaken, beat, claim, remove_staged, scenario_prefix
from quizzes.services.import_staging import Staging
from quizzes.services.replacing import replace_all

Clock = Callable[[], datetime]
CHUNK = 50
"""Questions of one transaction."""


def write_import(import_id: int, *, folder: Path, images: Path, clock: Clock, seen: datetime | None = None) -> Import:
    """Take in what was chosen of a confirmed import. WRITING becomes DONE.

    Goes on where another writer was stopped. ``folder``: of files that are imported; ``images``: of pictures;
    ``seen``: the last sign of life of the import; does nothing where there was one since.
    """
    if not claim(import_id, seen=seen, now=clock()):
        return Import.objects.get(pk=import_id)
    source = Import.objects.select_related("person").get(pk=import_id)
    if source.state != Import.State.WRITING:
        return source
    if not (folder / source.code).is_file():
        _fail(source, images, clock())
        return source
    try:
        _stage(source, folder, images, clock)
        _show(source, clock())
    except Overtaken:
        pass
    else:
        (folder / source.code).unlink(missing_ok=True)
    source.refresh_from_db()
    return source


def _fail(source: Import, images: Path, now: datetime) -> None:
    """Without the file there are no pictures; questions without theirs would be lost in silence."""
    words = _("The file is not here any more. Nothing of it is in your bank: import it again.")
    writing = Import.objects.filter(pk=source.pk, state=Import.State.WRITING)
    if writing.update(state=Import.State.FAILED, problem=words, finished_at=now, beat_at=None):
        remove_staged(source, images=images)
    source.refresh_from_db()


def _stage(source: Import, folder: Path, images: Path, clock: Clock) -> None:
    """Chunk by chunk; each is thought out before its transaction begins."""
    staging = Staging(source, _pictures(source, folder), images)
    waiting = ImportItem.objects.filter(source=source, question=None).exclude(choice=ImportItem.Choice.SKIP)
    wanted = ImportItem.objects.filter(source=source).exclude(choice=ImportItem.Choice.SKIP).count()
    while chunk := list(waiting.order_by("position").select_related("target")[:CHUNK]):
        now = clock()
        piece = staging.prepared(chunk, now)
        with transaction.atomic():
            beat(source, now=now, done=min(wanted, source.done + len(chunk)))
            staging.write(piece, now)


def _pictures(source: Import, folder: Path) -> Pictures:
    form = registry.FORMATS[source.format]
    return form.pictures(Source(folder / source.code, source.file_name))


@transaction.atomic
def _show(source: Import, now: datetime) -> None:
    """The one step after which all of it is there: statements of a constant number, and a few for what is replaced."""
    beat(source, now=now, done=source.total)
    items = ImportItem.objects.filter(source=source)
    taken = items.filter(choice=ImportItem.Choice.TAKE)
    fresh = Question.objects.filter(pk__in=taken.values("question"), status=Question.Status.STAGED, author=None)
    made = fresh.update(status=Question.Status.DRAFT, author=source.person, updated_at=now)
    shared = Scenario.objects.filter(code__startswith=scenario_prefix(source), author=None)
    shared.update(author=source.person)
    replaced = replace_all(source, actor=source.person, now=now)
    Import.objects.filter(pk=source.pk).update(
        state=Import.State.DONE, done=source.total, beat_at=None, finished_at=now
    )
    left = items.filter(choice=ImportItem.Choice.SKIP).count()
    data = {"file": source.file_name, "format": source.format, "taken": made, "replaced": replaced, "skipped": left}
    record(source.person, "questions.imported", now=now, data=data)
