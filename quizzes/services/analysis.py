"""Computing what the answers say about the questions of a quiz, and keeping it until answers, results or keys change.

A report is one row for each quiz and filter. Its sign of life decides who computes: one conditional update, as with
imports (decision 30). Whose quiz it is, the caller has asked (``queries.rights.own_quizzes``).
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import Error as DatabaseError
from django.db.models import Q
from django.utils.translation import gettext as _

from quizzes.engine.analysis import Analysis, analyse, from_json, to_json
from quizzes.models import Quiz, Report
from quizzes.queries.answer_sheets import AnswerSheet, Text, answer_sheet
from quizzes.queries.finished_attempts import Standing, Wanted, standing

Clock = Callable[[], datetime]
STALLED = timedelta(seconds=90)
"""Without a sign of life for so long, whoever computed a report is taken to be gone."""
SMALL = 20_000
"""Responses that are read and analysed while a page waits: below half a second."""
KEPT = 30
"""Reports of one quiz: the filters that were looked at last."""
BUSY = (Report.State.WAITING, Report.State.WORKING)
_log = logging.getLogger(__name__)


class Overtaken(Exception):
    """Somebody else computes this report now: whoever did stops, and writes nothing."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a report has found: the analysis, the text behind each of its items in order, and whose attempts they were.

    ``later``: finished attempts that were left out as not the learner’s first. ``traced``: attempts with a trace,
    without which neither time nor “not reached” is known.
    """

    analysis: Analysis
    texts: tuple[Text, ...]
    later: int
    traced: int
    drawn: bool
    as_of: datetime


def figures_of(report: Report) -> Figures | None:
    """The figures that a report holds, be they of yesterday’s answers; None where there are none yet."""
    stored: Mapping[str, Any] = report.figures
    if not stored:
        return None
    texts = tuple(Text(**{**one, "numbers": tuple(one["numbers"])}) for one in stored["texts"])
    as_of = datetime.fromisoformat(stored["as_of"])
    return Figures(from_json(stored), texts, stored["later"], stored["traced"], stored["drawn"], as_of)


def figures_for(quiz: Quiz | None, wanted: Wanted, now: datetime) -> Analysis | None:
    """The figures as the data stand, computed now where they have changed, however long it takes.

    For commands and background work. None while somebody else computes them, or where it failed.
    """
    found = found_for(quiz, wanted, now)
    return found.analysis if found else None


def found_for(quiz: Quiz | None, wanted: Wanted, now: datetime) -> Figures | None:
    """The same with the text behind each item, by which a figure is known to belong to a version."""
    report, begun = begin(quiz, wanted, now=now)
    if begun:
        compute(report.pk, seen=now, clock=lambda: now)
        report.refresh_from_db()
    return figures_of(report) if report.state == Report.State.DONE else None


def begin(quiz: Quiz | None, wanted: Wanted, *, now: datetime) -> tuple[Report, bool]:
    """The report of this quiz and filter, and whether it has to be computed by whoever asked: :func:`compute`.

    It has not where it is as the data stand, or where somebody is at work on it and has given a sign of life. One that
    failed is tried again after a while.
    """
    given = {"wanted": wanted.plain(), "created_at": now}
    report, _made = Report.objects.get_or_create(quiz=quiz, scope=wanted.scope, defaults=given)
    silent = report.beat_at is None or report.beat_at < now - STALLED
    if report.state in BUSY and not silent:
        return report, False
    data = standing(quiz, wanted)
    if report.mark == data.mark and (report.state == Report.State.DONE or (report.state not in BUSY and not silent)):
        return report, False
    return report, _queue(report, data, now)


def _queue(report: Report, data: Standing, now: datetime) -> bool:
    """Note that it is to be computed; true for one caller alone."""
    as_read = Report.objects.filter(pk=report.pk, state=report.state, beat_at=report.beat_at, mark=report.mark)
    said = {"state": Report.State.WAITING, "mark": data.mark, "beat_at": now, "done": 0, "total": data.responses}
    begun = bool(as_read.update(**said, problem=""))
    report.refresh_from_db()
    return begun


def compute(report_id: int, *, seen: datetime, clock: Clock) -> None:
    """Read the answers and keep the figures, or say why there are none; nothing where there was a sign of life since.

    Raises DatabaseError alone: then nobody is at work any more, and whoever looks next begins anew.
    """
    waiting = Report.objects.filter(pk=report_id, state=Report.State.WAITING, beat_at=seen)
    if not waiting.update(state=Report.State.WORKING):
        return
    report = Report.objects.select_related("quiz").get(pk=report_id)
    try:
        as_of = clock()
        found = answer_sheet(
            report.quiz, Wanted.from_plain(report.wanted), tell=lambda done: beat(report, now=clock(), done=done)
        )
        _finish(report, _stored(found, as_of), now=clock())
    except Overtaken:
        pass
    except DatabaseError:
        raise
    except Exception:
        _log.exception("report %s was not computed", report)
        words = _("This site made a mistake while it computed these figures, and has noted it. The results are safe.")
        mine = _mine(report)
        mine.update(state=Report.State.FAILED, problem=words, finished_at=clock(), beat_at=clock())


def _stored(found: AnswerSheet, as_of: datetime) -> dict[str, Any]:
    about = {"later": found.chosen.later, "traced": found.traced, "drawn": found.sheet.drawn}
    texts = [asdict(text) for text in found.texts]
    return {**to_json(analyse(found.sheet)), **about, "texts": texts, "as_of": as_of.isoformat()}


def beat(report: Report, *, now: datetime, done: int) -> None:
    """A sign of life of whoever computes. Raises Overtaken."""
    if not _mine(report).update(beat_at=now, done=done):
        raise Overtaken
    report.beat_at, report.done = now, done


def _mine(report: Report) -> Any:
    return Report.objects.filter(pk=report.pk, state=Report.State.WORKING, beat_at=report.beat_at)


def _finish(report: Report, figures: dict[str, Any], *, now: datetime) -> None:
    said = {"figures": figures, "finished_at": now, "beat_at": now, "problem": ""}
    if not _mine(report).update(state=Report.State.DONE, **said):
        raise Overtaken
    idle = Report.objects.filter(~Q(state__in=BUSY), quiz=report.quiz).exclude(pk=report.pk)
    old = list(idle.order_by("-finished_at").values_list("pk", flat=True)[KEPT:])
    Report.objects.filter(pk__in=old).delete()
