"""What the files of the course hold, what they lack, and what is wrong with them. Reads files only, no rows."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from quizzes.engine.writing import Severity
from quizzes.formats.native import BankQuestion
from quizzes.services.bank_check import DELIVERED, bank_checks, question_counts
from quizzes.services.course import CourseFolders, Survey, survey_course
from quizzes.services.notes_report import LEAST_PAGES, coverage, question_remarks, remarks, wordy
from reference.files import NotesTree, Page
from reference.lifecycle import Register
from reference.outline import Outline

Report = dict[str, Any]


def check_course(folders: CourseFolders, *, today: date, release: bool = False) -> Report:
    """Everything that can be counted and checked, as plain data. ``passed`` is False where a gate fails.

    What rests on the notes is None while a mistake keeps them from being read. With ``release`` a page that was
    verified more than OLDEST days ago fails as well. Raises ContentErrors where there is no outline.
    """
    found = survey_course(folders, today)
    report: Report = {"as_of": today.isoformat()}
    report |= _notes_report(found.notes, found, today) if found.notes else dict.fromkeys(NOTES_KEYS)
    report["references"] = _references(found.bank, found.notes) if found.notes else None
    report["questions"] = question_counts(found.bank)
    report |= bank_checks(found, today)
    report["findings"] = [*_notes_findings(found, today, release), *report["findings"]]
    report["stale"] = sum(one["check"] == "stale" for one in report["findings"])
    report["errors"] = [{"path": one.path, "line": one.line, "message": one.message} for one in found.errors]
    bare = [page["topic"] for page in report["pages"] or () if not page["sources"]]
    report["pages_without_sources"] = bare
    gates = [one for one in report["findings"] if one["fails"]]
    report["passed"] = not (found.errors or bare or gates)
    return report


OLDEST = 180
"""Days after which what was verified is to be read again."""

NOTES_KEYS = (
    "facts", "implied", "links", "pages", "unverified", "words", "sources", "diagrams",
    "systems", "tasks", "domains", "register",
)  # fmt: skip


def _notes_report(notes: NotesTree, found: Survey, today: date) -> Report:
    pages = [_page(page, today) for page in notes.pages]
    return coverage(notes, found.outline, found.register) | {
        "facts": _facts(notes, found.outline),
        "implied": _implied(notes, found.outline),
        "links": _links(notes),
        "pages": pages,
        "unverified": sum(page["unverified"] for page in pages),
        "words": sum(page["words"] for page in pages),
        "sources": len({source.url for page in notes.pages for source in page.sources}),
        "diagrams": sum(page["diagrams"] for page in pages),
    }


def _page(page: Page, today: date) -> Report:
    note = page.rendered
    return {
        "topic": page.slug,
        "path": page.path,
        "lesson": page.lesson,
        "words": note.words,
        "anchors": len(note.anchors),
        "changes": len(note.changes),
        "diagrams": len(note.diagrams),
        "sources": len(page.sources),
        "verified_on": page.verified_on.isoformat(),
        "unverified": page.unverified,
        "age_days": (today - page.verified_on).days,
    }


def _facts(notes: NotesTree, outline: Outline) -> Report:
    """Which statements of the course of 2016 have their place in the notes."""
    lessons = {}
    for lesson in outline.lessons:
        missing = [fact.id for fact in lesson.facts if fact.id not in notes.homes]
        lessons[lesson.slug] = _share(len(lesson.facts), missing)
    return _sum(lessons) | {"lessons": lessons}


def _implied(notes: NotesTree, outline: Outline) -> Report:
    """Which topics that the course only named are written out."""
    covered = {pair for page in notes.pages for pair in page.covers}
    lessons = {}
    for lesson in outline.lessons:
        missing = [topic.heading for topic in lesson.implied if (lesson.slug, topic.heading) not in covered]
        lessons[lesson.slug] = _share(len(lesson.implied), missing)
    return _sum(lessons) | {"lessons": lessons}


def _share(total: int, missing: Sequence[str]) -> Report:
    return {"covered": total - len(missing), "total": total, "missing": list(missing)}


def _sum(lessons: Mapping[str, Report]) -> Report:
    return {key: sum(one[key] for one in lessons.values()) for key in ("covered", "total")}


def _links(notes: NotesTree) -> Report:
    """Links between pages and statements, and to the web."""
    links = [(page.slug, link) for page in notes.pages for link in page.rendered.links]
    resolved = sum(notes.resolve(link.target or slug, link.anchor) for slug, link in links)
    return {
        "resolved": resolved,
        "total": len(links),
        "external": sum(len(page.rendered.external) for page in notes.pages),
    }


def _references(bank: Sequence[BankQuestion], notes: NotesTree) -> Report:
    cited = [(one.code, topic, anchor) for one in bank for topic, anchor in one.references]
    broken = [
        {"question": code, "reference": f"{topic}^{anchor}"}
        for code, topic, anchor in cited
        if not notes.resolve(topic, anchor)
    ]
    return {"resolved": len(cited) - len(broken), "total": len(cited), "broken": broken}


def _notes_findings(found: Survey, today: date, release: bool) -> list[Report]:
    """What the register, the exams and the calendar say of notes and questions."""
    if found.notes is None:
        return []
    gates = remarks(found.notes, found.register, today)
    thin = [*_thin(found.notes, found.outline, found.register), *wordy(found.notes)]
    ages = [
        ("age", page.path, f"verified {(today - page.verified_on).days} days ago: read its sources again")
        for page in found.notes.pages
        if (today - page.verified_on).days > OLDEST
    ]
    findings = [_remark(*one, fails=True) for one in gates]
    findings += [_remark(*one, fails=release) for one in ages]
    findings += [_remark(*one, fails=False) for one in thin]
    for one, path in zip(found.bank, found.places, strict=True):
        for check, message in question_remarks(one, found.register):
            place = f"{path}:{one.line}"
            findings.append(_remark(check, place, message, fails=one.status in DELIVERED, question=one.code))
    return findings


def _thin(notes: NotesTree, outline: Outline, register: Register) -> Iterator[tuple[str, str, str]]:
    """Where fewer pages than are wanted serve a task or domain, and systems of the course without an entry."""
    report = coverage(notes, outline, register)
    for name, count in [*report["tasks"].items(), *report["domains"].items()]:
        if count < LEAST_PAGES:
            yield "coverage", "", f"{count} page serves {name}: {LEAST_PAGES} are wanted"
    for slug in report["systems"]["missing"]:
        yield "coverage", "", f"the system {slug} of the outline stands in no entry of the register"


def _remark(check: str, place: str, message: str, *, fails: bool, question: str | None = None) -> Report:
    path, _, line = place.partition(":")
    return {
        "check": check,
        "severity": str(Severity.GATE if fails else Severity.WARN),
        "question": question,
        "message": message,
        "figure": None,
        "threshold": None,
        "path": path or None,
        "line": int(line) if line else None,
        "fails": fails,
    }
