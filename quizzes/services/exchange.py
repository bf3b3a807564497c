"""What writes imports: a file is taken in, looked at, chosen from, confirmed; or given up, and swept in the end.

The reading itself stands in ``import_reading``, the writing in ``import_writing``. Whose import it is, the caller has
asked (``queries.exchange.own_imports``).
"""

import contextlib
import os
import secrets
import string
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import ProtectedError, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from quizzes.formats.exchange import registry
from quizzes.formats.exchange.model import BadFile
from quizzes.formats.exchange.source import MOST_BYTES
from quizzes.models import Image, Import, ImportItem, Question, QuestionVersion, Scenario
from quizzes.queries.rights import own_questions

ALPHABET = string.ascii_lowercase + string.digits
LETTERS = 16
LONGEST_NAME = 200
LONGEST_TAG = 40

STALLED = timedelta(seconds=90)
"""Without a sign of life for so long, whoever worked on an import is taken to be gone."""
KEPT = timedelta(days=30)
"""How long an import that nobody finished waits, and how long the account of one that is done can be read."""
YOUNG = timedelta(days=1)
"""A file of this age without a row may belong to an upload that is under way."""
PIECE = 500
"""Staged questions that are removed in one transaction."""

BUSY = (Import.State.READING, Import.State.WRITING)
"""States in which there is work to do."""
BULK = ("take", "skip_alike", "skip_blocking", "skip_all", "replace_matched")
"""What can be chosen for all questions of an import at once."""


class CannotChoose(Exception):
    """This cannot be done with this question, or not any more; its text says why and what to do."""


class Overtaken(Exception):
    """Somebody else works on this import now, or it was given up: whoever worked on it stops, and writes nothing."""


class WrongState(Exception):
    """The import is not at the point where this can be done; somebody may have moved it a moment ago."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


def begin_import(
    chunks: Iterable[bytes], name: str, *, person_id: int, asked_format: str = "", folder: Path, now: datetime
) -> Import:
    """Keep a file that somebody brought and note that it is to be read; nothing of it is looked at yet.

    ``asked_format``: the name of the format that they say it is, or nothing. ``folder``: where such files are kept.
    Raises BadFile where it is too large (what came so far is removed) or empty, or where the format is none.
    """
    form = registry.FORMATS.get(asked_format)
    if asked_format and (form is None or not form.reads):
        raise BadFile(_("there is no such format to read: choose one from the list"))
    code = "".join(secrets.choice(ALPHABET) for _letter in range(LETTERS))
    size = _keep(chunks, folder, code)
    return Import.objects.create(
        code=code,
        person_id=person_id,
        file_name=(os.path.basename(name.replace("\\", "/")).replace("\0", "") or _("unnamed"))[:LONGEST_NAME],
        size=size,
        asked_format=asked_format,
        total=size,
        created_at=now,
    )


def _keep(chunks: Iterable[bytes], folder: Path, code: str) -> int:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, size = folder / code, 0
    try:
        with path.open("xb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > MOST_BYTES:
                    words = _("the file has more than %(most)s bytes: import it in parts") % {"most": f"{MOST_BYTES:,}"}
                    raise BadFile(words)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if not size:
            raise BadFile(_("the file is empty: choose another one"))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return size


@transaction.atomic
def choose(source: Import, position: int, choice: str, *, target: str = "") -> ImportItem:
    """Say what is to be done with one question of a file. ``target``: the code of the own question to REPLACE; empty
    for the one that was matched. Raises CannotChoose, WrongState, ImportItem.DoesNotExist.
    """
    _locked(source, Import.State.CHOOSING)
    item: ImportItem = ImportItem.objects.select_related("target").get(source=source, position=position)
    if item.problem and choice != ImportItem.Choice.SKIP:
        raise CannotChoose(_("This is no question that can be taken: mend it in the file and import it again."))
    if choice not in ImportItem.Choice.values:
        raise CannotChoose(_("Choose to take it, to skip it, or to replace a question of yours."))
    if choice == ImportItem.Choice.REPLACE:
        item.target = _target(source, item, target)
    item.choice = choice
    item.save(update_fields=["choice", "target"])
    return item


def _target(source: Import, item: ImportItem, code: str) -> Question:
    own = own_questions(source.person_id)
    wanted = code or (item.target.code if item.target else "")
    found: Question | None = own.filter(code=wanted).first() if wanted else None
    if found is None:
        raise CannotChoose(_("Only a question of yours can be replaced: name it by its code."))
    others = ImportItem.objects.filter(source=source, target=found, choice=ImportItem.Choice.REPLACE)
    other = others.exclude(pk=item.pk).values_list("position", flat=True).first()
    if other is not None:
        words = _("Question %(n)d of this file replaces “%(code)s” already: only one can.")
        raise CannotChoose(words % {"n": other, "code": wanted})
    return found


@transaction.atomic
def choose_all(source: Import, what: str) -> int:
    """The same for all questions of a file, as ``BULK`` names it; how many it was. Raises CannotChoose, WrongState.

    “take”: every question that has no problem. “skip_alike”: those that are alike or in the bank already.
    “skip_blocking”: those that the checks hold back. “skip_all”. “replace_matched”: those that were matched with a
    question of one’s own, the first of each.
    """
    _locked(source, Import.State.CHOOSING)
    rows = ImportItem.objects.filter(source=source)
    taken, skipped, replaced = ImportItem.Choice.TAKE, ImportItem.Choice.SKIP, ImportItem.Choice.REPLACE
    if what == "take":
        return rows.filter(problem="").update(choice=taken)
    if what == "skip_alike":
        return rows.filter(~Q(alike=[]) | Q(target__isnull=False)).update(choice=skipped)
    if what == "skip_blocking":
        # A list in a JSON column, asked as text; what is looked for is written by this site alone.
        told = rows.annotate(findings_text=Cast("findings", TextField()))
        held = told.filter(findings_text__contains='"blocks": true').values("pk")
        return rows.filter(pk__in=held).update(choice=skipped)
    if what == "skip_all":
        return rows.update(choice=skipped)
    if what == "replace_matched":
        already = rows.filter(choice=replaced, target__isnull=False)
        first: dict[int, int] = dict(already.values_list("target", "pk"))
        own = own_questions(source.person_id).values("pk")
        matched = rows.filter(problem="", target__in=own).order_by("position")
        for pk, target in matched.values_list("pk", "target"):
            first.setdefault(target, pk)
        chosen = list(first.values())
        for start in range(0, len(chosen), PIECE):
            rows.filter(pk__in=chosen[start : start + PIECE]).update(choice=replaced)
        return len(chosen)
    raise CannotChoose(_("Choose one of the buttons."))


def confirm(source: Import, *, tag: str = "", now: datetime) -> None:
    """From here on the chosen questions are written; ``tag`` is given to all of them. Raises WrongState, CannotChoose.

    The caller starts the work (``tasks.start``).
    """
    wanted = ImportItem.objects.filter(source=source).exclude(choice=ImportItem.Choice.SKIP)
    total = wanted.count()
    if not total:
        raise CannotChoose(_("No question is chosen: take at least one, or discard the import."))
    waiting = Import.objects.filter(pk=source.pk, state=Import.State.CHOOSING)
    said = {"tag": tag.strip()[:LONGEST_TAG], "done": 0, "total": total, "beat_at": None}
    if not waiting.update(state=Import.State.WRITING, **said):
        raise WrongState(_state(source))
    source.refresh_from_db()


def discard(source: Import, *, folder: Path, images: Path, now: datetime) -> None:
    """Give an import up: what is staged of it and its file are removed. Raises WrongState where it is done.

    Whoever is at work on it notices at the next sign of life, and stops.
    """
    open_ones = (Import.State.READING, Import.State.CHOOSING, Import.State.WRITING, Import.State.FAILED)
    moved = Import.objects.filter(pk=source.pk, state__in=open_ones)
    if not moved.update(state=Import.State.DISCARDED, finished_at=now, beat_at=None):
        raise WrongState(_state(source))
    source.refresh_from_db()
    remove_staged(source, images=images)
    (folder / source.code).unlink(missing_ok=True)


def remove_staged(source: Import, *, images: Path) -> int:
    """Remove the questions, pictures and shared texts that nobody has seen yet; how many questions."""
    staged = Question.objects.filter(
        pk__in=ImportItem.objects.filter(source=source, choice=ImportItem.Choice.TAKE).values("question"),
        status=Question.Status.STAGED,
        author=None,
    )
    count = 0
    while piece := list(staged.values_list("pk", flat=True)[:PIECE]):
        with transaction.atomic():
            codes = list(Image.objects.filter(question__in=piece).values_list("code", flat=True))
            Question.objects.filter(pk__in=piece).delete()
        _unlink(images, codes)
        count += len(piece)
    _remove_prepared(source, images)
    Scenario.objects.filter(code__startswith=scenario_prefix(source), author=None).delete()
    return count


def _remove_prepared(source: Import, images: Path) -> None:
    """What was made ready for questions that were to be replaced: versions nobody was asked, pictures of nobody."""
    rows = ImportItem.objects.filter(source=source, choice=ImportItem.Choice.REPLACE, question__isnull=False)
    bodies = list(rows.values_list("body", flat=True))
    made = [body["prepared"]["version"] for body in bodies if body.get("prepared", {}).get("made")]
    used = Question.objects.filter(Q(current__in=made) | Q(proposed__in=made)).values_list("current", "proposed")
    kept = {pk for pair in used for pk in pair}
    for pk in (one for one in made if one not in kept):
        with contextlib.suppress(ProtectedError):
            QuestionVersion.objects.filter(pk=pk).delete()
    codes = [code for body in bodies for code in body.get("pictures", {})]
    for start in range(0, len(codes), PIECE):
        lost = Image.objects.filter(code__in=codes[start : start + PIECE], question=None, scenario=None)
        gone = list(lost.values_list("code", flat=True))
        lost.delete()
        _unlink(images, gone)


def _unlink(folder: Path, codes: Iterable[str]) -> None:
    for code in codes:
        (folder / code).unlink(missing_ok=True)


def scenario_prefix(source: Import) -> str:
    """How the codes of the shared texts begin that come with an import."""
    return f"i-{source.code}-"


def queue(source: Import, *, now: datetime) -> bool:
    """Note that an import waits for somebody to begin with it since ``now``: whoever :func:`claim` s that may.

    False where somebody has begun, or queued it, since it was loaded.
    """
    waiting = Import.objects.filter(pk=source.pk, state__in=BUSY, beat_at=source.beat_at)
    return bool(waiting.update(beat_at=now))


def requeue(source: Import, *, now: datetime) -> bool:
    """The same for an import that nobody has worked on for a while. True for one caller alone."""
    silent = Q(beat_at__lt=now - STALLED) | Q(beat_at=None, created_at__lt=now - STALLED)
    return bool(Import.objects.filter(silent, pk=source.pk, state__in=BUSY).update(beat_at=now))


def claim(import_id: int, *, seen: datetime | None, now: datetime) -> bool:
    """Begin to work on an import whose last sign of life is ``seen``; true for one caller alone."""
    waiting = Import.objects.filter(pk=import_id, state__in=BUSY, beat_at=seen)
    return bool(waiting.update(beat_at=now))


def beat(source: Import, *, now: datetime, done: int) -> None:
    """A sign of life of whoever claimed an import, in the transaction of what they write. Raises Overtaken."""
    mine = Import.objects.filter(pk=source.pk, state=source.state, beat_at=source.beat_at)
    if not mine.update(beat_at=now, done=done):
        raise Overtaken
    source.beat_at, source.done = now, done


def sweep_imports(*, folder: Path, images: Path, now: datetime) -> int:
    """Remove imports that are older than thirty days, what is staged of them, and files that no row knows; how many.

    An import that somebody works on is left to them.
    """
    idle = Q(beat_at=None) | Q(beat_at__lt=now - YOUNG)
    old = list(Import.objects.filter(idle, created_at__lt=now - KEPT))
    for one in old:
        if one.state != Import.State.DONE:
            Import.objects.filter(pk=one.pk).update(state=Import.State.DISCARDED, beat_at=None)
            remove_staged(one, images=images)
        one.delete()
        (folder / one.code).unlink(missing_ok=True)
    _remove_orphans()
    finished = (Import.State.DONE, Import.State.FAILED, Import.State.DISCARDED)
    known = set(Import.objects.exclude(state__in=finished).values_list("code", flat=True))
    lost = [path for path in _files(folder) if path.name not in known and _is_old(path, now)]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(old) + len(lost)


def _remove_orphans() -> None:
    """Staged questions whose import is gone, with the account of whoever brought it. Their pictures are swept later."""
    chosen = ImportItem.objects.filter(question__isnull=False).values("question")
    lost = Question.objects.authored().filter(status=Question.Status.STAGED, author=None).exclude(pk__in=chosen)
    while piece := list(lost.values_list("pk", flat=True)[:PIECE]):
        Question.objects.filter(pk__in=piece).delete()


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []


def _is_old(path: Path, now: datetime) -> bool:
    return now.timestamp() - path.stat().st_mtime > YOUNG.total_seconds()


def _locked(source: Import, state: str) -> Import:
    """The import, nobody else choosing in it at the same time. Raises WrongState."""
    row = Import.objects.select_for_update(no_key=True).get(pk=source.pk)
    if row.state != state:
        raise WrongState(row.state)
    return row


def _state(source: Import) -> str:
    return Import.objects.filter(pk=source.pk).values_list("state", flat=True).first() or Import.State.DISCARDED
