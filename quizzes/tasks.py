"""Work that a page does not wait for. Where it runs, the setting TASKS says (docs/operating.md)."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django_tasks import task

from quizzes import clock
from quizzes.models import Import, Quiz, Report
from quizzes.queries.finished_attempts import Wanted
from quizzes.services import analysis, rosters
from quizzes.services.exchange import queue, requeue
from quizzes.services.flags import claim_due, refresh_if_changed
from quizzes.services.import_reading import read_file
from quizzes.services.import_writing import write_import
from quizzes.services.pilots import claim_pilots, refresh_pilots

SMALL = 200_000
"""Bytes of a file that is read and written while the page waits."""


def imports_folder() -> Path:
    """Where files of questions wait; within the folder of what learners bring, which all servers share."""
    return Path(settings.DATA) / "imports" / "questions"


def rosters_folder() -> Path:
    """Where rosters of classes wait."""
    return Path(settings.DATA) / "imports" / rosters.FOLDER


def images_folder() -> Path:
    """Where the pictures of questions are."""
    return Path(settings.DATA) / "images"


@task()
def work_on_import(import_id: int, seen: str) -> None:
    """Read an import, or write what was chosen of it; nothing where there was a sign of life since ``seen``."""
    _work(import_id, datetime.fromisoformat(seen))


def start(source: Import) -> None:
    """After ``begin_import`` and ``confirm``: small files at once, large ones in the background."""
    now = clock.read()
    if queue(source, now=now):
        _begin(source, now)


def resume_if_stalled(source: Import, *, now: datetime) -> bool:
    """Take an import up again that nobody has worked on for a while; whether it was this call that did.

    For the page of an import, each time that it is looked at. One conditional update decides between two that look.
    """
    if not requeue(source, now=now):
        return False
    _begin(source, now)
    return True


def _begin(source: Import, now: datetime) -> None:
    if source.size <= SMALL:
        _work(source.pk, now)
    else:
        work_on_import.enqueue(source.pk, now.isoformat())
    source.refresh_from_db()


def _work(import_id: int, seen: datetime) -> None:
    state = Import.objects.filter(pk=import_id).values_list("state", flat=True).first()
    if state == Import.State.READING:
        read_file(import_id, folder=imports_folder(), clock=clock.read, seen=seen)
    elif state == Import.State.WRITING:
        write_import(import_id, folder=imports_folder(), images=images_folder(), clock=clock.read, seen=seen)


@task()
def look_for_flags(quizzes: Sequence[int]) -> None:
    """Bring the flags of these quizzes up to their answers; nothing where none came."""
    for quiz in Quiz.objects.authored().filter(pk__in=list(quizzes)):
        refresh_if_changed(quiz, now=clock.read())


def begin_flags(quiz: Quiz) -> None:
    """Have the flags of one quiz brought up to date in the background."""
    look_for_flags.enqueue([quiz.pk])


def begin_flags_if_due(person_id: int, *, now: datetime) -> None:
    """The same for all quizzes of an instructor that nobody has looked at for a while."""
    if due := claim_due(person_id, now=now):
        look_for_flags.enqueue(due)


@task()
def look_at_pilots() -> None:
    """Compute the figures of the pilots, if mocks were finished since the last time."""
    refresh_pilots(now=clock.read())


def begin_pilots_if_due(*, now: datetime) -> None:
    """Have that done in the background, if nobody has looked for a while."""
    if claim_pilots(now=now):
        look_at_pilots.enqueue()


@task()
def work_on_report(report_id: int, seen: str) -> None:
    """Compute the figures of a quiz; nothing where there was a sign of life since ``seen``."""
    analysis.compute(report_id, seen=datetime.fromisoformat(seen), clock=clock.read)
    _flags_follow(report_id)


def current_report(quiz: Quiz, wanted: Wanted) -> Report:
    """The report of a quiz for a page: computed at once where it is small, else in the background.

    It may still hold the figures of before, or none: its state says so.
    """
    now = clock.read()
    report, begun = analysis.begin(quiz, wanted, now=now)
    if begun and report.total <= analysis.SMALL:
        analysis.compute(report.pk, seen=now, clock=clock.read)
        _flags_follow(report.pk)
    elif begun:
        work_on_report.enqueue(report.pk, now.isoformat())
    if begun:
        report.refresh_from_db()
    return report


def _flags_follow(report_id: int) -> None:
    """Flags rest on the figures of the whole quiz: where those were computed, they are brought up to date."""
    report = (
        Report.objects.filter(pk=report_id, scope=Wanted().scope, quiz__isnull=False).select_related("quiz").first()
    )
    if report is not None and report.quiz is not None and report.state == Report.State.DONE:
        refresh_if_changed(report.quiz, now=clock.read())
