"""The bank as its files have it: counts, the checks on written items, and the standard of the course."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from quizzes.engine.writing import BankReport, Finding, Severity, check_bank, check_item
from quizzes.engine.writing.standard import Coverage, check_standard
from quizzes.formats.native import STATUSES, BankQuestion
from quizzes.formats.written import written_item
from quizzes.services.course import CourseFolders, Survey, survey_course
from quizzes.services.stale import closed_services, stale_questions

DELIVERED = ("pilot", "published")
"""A question that nobody is given may still be unfinished: its findings are reported and fail nothing."""

CHECKED = ("draft", *DELIVERED)
INTRODUCTION = "course-introduction"
"""The lesson that no question is asked about."""

Report = dict[str, Any]


def check_course_bank(folders: CourseFolders, *, today: date) -> Report:
    """Everything that is measured of the bank, as plain data. ``passed`` is False where a gate fails.

    Raises ContentErrors where there is no outline.
    """
    found = survey_course(folders, today)
    delivered = [one for one in found.bank if one.status in DELIVERED]
    checked = bank_checks(found, today)
    reviews = {one.code: dict(one.reviewed) for one in delivered}
    coverage = Coverage(_wanted(found))
    standard = check_standard([written_item(one) for one in delivered], coverage, reviews)
    findings = [*checked["findings"], *_of_standard(standard)]
    errors = [{"path": one.path, "line": one.line, "message": one.message} for one in found.errors]
    return {
        "as_of": today.isoformat(),
        "questions": question_counts(found.bank),
        "figures": [*(asdict(figure) for figure in standard.figures), *checked["figures"]],
        "findings": findings,
        "stale": sorted(stale_questions(delivered, found.register, today)),
        "errors": errors,
        "passed": not errors and not any(one["fails"] for one in findings),
    }


def _wanted(found: Survey) -> dict[str, str]:
    """The topics of the notes that want questions, with their lessons."""
    pages = found.notes.pages if found.notes else ()
    return {page.slug: page.lesson for page in pages if page.lesson != INTRODUCTION}


def _of_standard(report: BankReport) -> list[Report]:
    return [_finding(one, None, None, fails=True) for one in report.findings]


def question_counts(bank: Sequence[BankQuestion]) -> Report:
    return {
        "total": len(bank),
        "by_status": _counted((one.status for one in bank), STATUSES),
        "by_kind": _counted(one.content.kind for one in bank),
        "by_domain": _counted(str(one.domain) for one in bank),
        "by_task": _counted(one.task for one in bank),
        "by_topic": _counted(one.topics[0] for one in bank),
        "by_level": _counted(one.level for one in bank),
    }


def _counted(values: Iterable[str], always: Sequence[str] = ()) -> dict[str, int]:
    counts = Counter(values)
    return {key: counts[key] for key in [*always, *sorted(set(counts) - set(always))]}


def bank_checks(found: Survey, today: date) -> Report:
    """The checks on written items: on each, and on all that are delivered."""
    closed = closed_services(found.register, today)
    services = {name for page in found.notes.pages for name in page.services} if found.notes else set()
    findings = []
    for one, path in zip(found.bank, found.places, strict=True):
        if one.status in CHECKED:
            item = written_item(one)
            fails = one.status in DELIVERED
            findings += [_finding(it, one, path, fails=fails) for it in check_item(item, today=today, closed=closed)]
    places: dict[str, tuple[BankQuestion | None, Path | None]] = {
        one.code: (one, path) for one, path in zip(found.bank, found.places, strict=True)
    }
    delivered = {one.code: written_item(one) for one in found.bank if one.status in DELIVERED}
    bank = check_bank(list(delivered.values()), today=today, services=sorted(services))
    for it in bank.findings:
        about, place = places.get(it.item or "", (None, None))
        findings.append(_finding(it, about, place, fails=True))
    return {"figures": [asdict(figure) for figure in bank.figures], "findings": findings}


def _finding(found: Finding, one: BankQuestion | None, path: Path | None, *, fails: bool) -> Report:
    return {
        "check": found.check,
        "severity": str(found.severity),
        "question": found.item,
        "message": found.message,
        "figure": found.figure,
        "threshold": found.threshold,
        "path": str(path) if path else None,
        "line": one.line if one else None,
        "fails": fails and found.severity is Severity.GATE,
    }
