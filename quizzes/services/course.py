"""Loading the course: notes and bank together, all or nothing.

Everything is read, checked and rendered before anything is written; rows are staged in small pieces and one short
transaction makes them visible, so that exams under way never wait.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from quizzes.formats.exams import parse_exams
from quizzes.formats.native import BankQuestion, FormatErrors, Problem, parse_bank
from quizzes.models import Question
from quizzes.services.bank import StagedBank, publish_bank, stage_bank
from quizzes.services.stale import stale_questions
from reference.files import ContentError, ContentErrors, NotesTree, read_notes, scan
from reference.lifecycle import Register, RegisterError, parse_register
from reference.models import Edition
from reference.outline import Outline, OutlineError, read_outline
from reference.services import (
    publish_notes,
    publish_register,
    publish_search,
    record_edition,
    stage_notes,
    stage_search,
    sweep_bodies,
    sweep_search,
    treating_topics,
)

EXAMS_FILE = "exams.yaml"
LOADER_VERSION = 2
"""Raise it when the same files make other rows than before: the digest of the course contains it."""


@dataclass(frozen=True, slots=True)
class CourseFolders:
    """Where the course lies."""

    notes: Path
    diagrams: Path
    outline: Path
    register: Path
    bank: Path


@dataclass(frozen=True)
class Course:
    """The whole course, read and checked."""

    outline: Outline
    notes: NotesTree
    register: Register
    bank: tuple[BankQuestion, ...]
    exams: tuple[Mapping[str, Any], ...]
    presets: tuple[Mapping[str, Any], ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: ``changed`` is False where the same course stood there already.

    ``promoted``: what counts since it was promoted, though its file still says that it is a pilot.
    """

    changed: bool
    topics: int
    questions: int
    updated: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    promoted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Staged:
    """What is written and waits to be made visible. ``topics`` and ``asked`` are keyed by names of the register."""

    bodies: dict[str, int]
    found: set[int]
    topics: Mapping[str, Sequence[str]]
    asked: Mapping[str, int]
    bank: StagedBank
    stale: frozenset[str]


@dataclass(frozen=True)
class Survey:
    """The course as far as it could be read, with everything that is wrong. ``places`` are the bank's files, in step.

    ``notes`` is None where a mistake keeps the notes from being read, and a register with mistakes is empty.
    """

    outline: Outline
    notes: NotesTree | None
    register: Register
    bank: tuple[BankQuestion, ...]
    places: tuple[Path, ...]
    exams: tuple[Mapping[str, Any], ...]
    presets: tuple[Mapping[str, Any], ...]
    errors: tuple[ContentError, ...]
    digest: str


def course_digest(folders: CourseFolders, day: date) -> str:
    """What names the state of the files on a day: SHA-256 over notes, pictures, outline, register and bank.

    The day counts by what the register calls closed on it, for that decides which questions are drawn.

    Raises ContentErrors, or OSError where a file is missing.
    """
    digest = hashlib.sha256(f"{LOADER_VERSION}\n".encode())
    for source in scan(folders.notes, folders.diagrams):
        digest.update(f"{source.slug} {source.digest}\n".encode())
    for path in [folders.outline, folders.register, *sorted(folders.bank.glob("*.yaml"))]:
        digest.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    for entry in parse_register(_text(folders.register)).closed(day):
        digest.update(f"closed {entry.name}\n".encode())
    return digest.hexdigest()


def _digest_or_none(folders: CourseFolders, day: date) -> str:
    """The digest, or nothing where the files cannot be read: reading them tells why."""
    try:
        return course_digest(folders, day)
    except (ContentErrors, FormatErrors, RegisterError, OSError):
        return ""


def read_course(folders: CourseFolders, day: date) -> Course:
    """The course from its files, as it holds on ``day``.

    Raises ContentErrors with everything that is wrong in any of them.
    References stand in it under the present names of topics and statements, and enemies on both sides.
    """
    found = survey_course(folders, day)
    if found.errors or found.notes is None:
        raise ContentErrors(found.errors)
    bank = _both_sides([_present(one, found.notes) for one in found.bank])
    return Course(found.outline, found.notes, found.register, tuple(bank), found.exams, found.presets, found.digest)


def survey_course(folders: CourseFolders, day: date) -> Survey:
    """Read what can be read, and gather what is wrong. Raises ContentErrors where there is no outline."""
    digest = _digest_or_none(folders, day)  # before anything is read, so that it never names a later state
    try:
        outline = read_outline(folders.outline)
    except (OutlineError, OSError, UnicodeDecodeError) as error:
        raise ContentErrors([ContentError(str(folders.outline), 1, str(error))]) from error
    errors: list[ContentError] = []
    register = _read_register(folders.register, errors)
    bank, places = _read_bank(folders.bank, errors)
    exams, presets = _read_exams(folders.bank / EXAMS_FILE, errors)
    errors += _doubled(bank, places)
    if not errors:
        errors += _strangers(bank, places)
    notes: NotesTree | None = None
    try:
        notes = read_notes(folders.notes, folders.diagrams, outline)
        errors += _astray(bank, places, notes)
    except ContentErrors as error:
        errors += error.errors
    return Survey(
        outline=outline,
        notes=notes,
        register=register,
        bank=tuple(bank),
        places=tuple(places),
        exams=tuple(exams),
        presets=tuple(presets),
        errors=tuple(sorted(set(errors))),
        digest=digest,
    )


def _read_register(path: Path, errors: list[ContentError]) -> Register:
    try:
        return parse_register(_text(path))
    except FormatErrors as error:
        errors += _located(path, error)
    except RegisterError as error:
        errors += [ContentError(str(path), line, message) for line, message in error.problems]
    return Register(())


def _read_bank(folder: Path, errors: list[ContentError]) -> tuple[list[BankQuestion], list[Path]]:
    bank, places = [], []
    for path in sorted(folder.glob("*.yaml")):
        if path.name == EXAMS_FILE:
            continue
        try:
            questions = parse_bank(_text(path))
        except FormatErrors as error:
            errors += _located(path, error)
            continue
        bank += questions
        places += [path] * len(questions)
    return bank, places


def _read_exams(path: Path, errors: list[ContentError]) -> tuple[Sequence[Any], Sequence[Any]]:
    try:
        return parse_exams(_text(path))
    except FormatErrors as error:
        errors += _located(path, error)
        return (), ()


def _text(path: Path) -> str:
    """What a file says. Raises FormatErrors where it is not there or not UTF-8."""
    try:
        data = path.read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise FormatErrors([Problem(1, "", f"this file cannot be read ({error.strerror}): put it there")]) from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FormatErrors([Problem(line, "", "save this file as UTF-8")]) from error


def _located(path: Path, error: FormatErrors) -> list[ContentError]:
    return [
        ContentError(str(path), one.line, f"{one.code}: {one.message}" if one.code else one.message)
        for one in error.problems
    ]


def _doubled(bank: Sequence[BankQuestion], places: Sequence[Path]) -> Iterable[ContentError]:
    first: dict[str, Path] = {}
    for one, path in zip(bank, places, strict=True):
        if one.code in first:
            message = f"{one.code}: this id is used in {first[one.code].name} already: give the question its own"
            yield ContentError(str(path), one.line, message)
        first.setdefault(one.code, path)


def _astray(bank: Sequence[BankQuestion], places: Sequence[Path], notes: NotesTree) -> Iterable[ContentError]:
    """Where a question points at nothing in the notes."""
    for one, path in zip(bank, places, strict=True):
        if one.topics[0] != path.stem:
            message = f"its first topic is “{one.topics[0]}”, but the file is {path.name}: make the two agree"
            yield _about(one, path, "topics", message)
        for topic in one.topics:
            if not notes.resolve(topic):
                message = f"there is no topic “{topic}”: correct the name or write the note"
                yield _about(one, path, "topics", message)
        for topic, anchor in one.references:
            if not notes.resolve(topic, anchor):
                message = f"the reference {topic}^{anchor} leads nowhere: correct it or mark the statement in the note"
                yield _about(one, path, "references", message)
            elif one.status == "published" and _unverified(notes, topic):
                message = f"“{topic}” is not verified yet: verify the page first, or make the question a draft"
                yield _about(one, path, "references", message)


def _unverified(notes: NotesTree, topic: str) -> bool:
    page = notes.topic(topic)
    return page is not None and page.unverified


def _strangers(bank: Sequence[BankQuestion], places: Sequence[Path]) -> Iterable[ContentError]:
    """Where a question names another that is not there. To be asked of a whole bank only."""
    codes = {one.code for one in bank}
    for one, path in zip(bank, places, strict=True):
        for key, others in (("enemies", one.enemies), ("contrast", one.contrast)):
            for other in others:
                if other not in codes:
                    yield _about(one, path, key, f"there is no question “{other}”: correct the id")
        if alone := set(one.contrast) - set(one.enemies):
            message = f"the contrast “{min(alone)}” must be an enemy too: add it to enemies"
            yield _about(one, path, "contrast", message)


def _about(one: BankQuestion, path: Path, key: str, message: str) -> ContentError:
    return ContentError(str(path), one.line_of(key), f"{one.code}: {message}")


def _present(one: BankQuestion, notes: NotesTree) -> BankQuestion:
    """The question with the present names of the topics and statements that it cites."""
    topics = [page.slug for name in one.topics if (page := notes.topic(name))]
    located = [notes.locate(topic, anchor) for topic, anchor in one.references]
    references = [(place[0], place[1] or "") for place in located if place]
    return replace(one, topics=tuple(dict.fromkeys(topics)), references=tuple(dict.fromkeys(references)))


def _both_sides(bank: Sequence[BankQuestion]) -> Iterable[BankQuestion]:
    """Enemies are enemies of each other, whichever of the two says so."""
    enemies = {one.code: list(one.enemies) for one in bank}
    for one in bank:
        for other in one.enemies:
            enemies[other].append(one.code)
    return [replace(one, enemies=tuple(dict.fromkeys(enemies[one.code]))) for one in bank]


def _silent(_: str) -> None:
    """Tell nobody."""


def load_course(folders: CourseFolders, *, now: datetime, say: Callable[[str], None] = _silent) -> Loaded:
    """Bring the rows up to the files; an unchanged course writes nothing. Raises ContentErrors: nothing changed.

    ``say`` is told what is being done, step by step.
    """
    standing = Edition.objects.first()
    if standing is not None and standing.digest == _digest_or_none(folders, now.date()):
        return Loaded(False, standing.summary["topics"], standing.summary["questions"])
    say("Reading and checking the files")
    course, promoted = keep_promotions(read_course(folders, now.date()))
    say(f"Staging {len(course.notes.pages)} pages")
    sweep_bodies()  # what the last load replaced: until now a reader may have been in the middle of it
    sweep_search()
    topics = treating_topics(course.notes, course.register)
    bodies = stage_notes(course.notes)
    say("Staging the search")
    found = stage_search(course.notes, course.register, topics)
    say(f"Staging {len(course.bank)} questions")
    staged = Staged(
        bodies=bodies,
        found=found,
        topics=topics,
        asked=_naming_questions(course),
        bank=stage_bank(course.bank, now=now),
        stale=stale_questions(course.bank, course.register, now.date()),
    )
    say("Making it visible")
    _publish(course, staged, now)
    return Loaded(
        changed=True,
        topics=len(course.notes.pages),
        questions=len(course.bank),
        updated=staged.bank.changed,
        stale=tuple(sorted(staged.stale)),
        promoted=promoted,
    )


def keep_promotions(course: Course) -> tuple[Course, tuple[str, ...]]:
    """The course with what was promoted on the site published, and the codes whose files still say “pilot”."""
    counting = set(Question.objects.course().filter(promoted_at__isnull=False).values_list("code", flat=True))
    kept = sorted(one.code for one in course.bank if one.status == "pilot" and one.code in counting)
    bank = tuple(replace(one, status="published") if one.code in kept else one for one in course.bank)
    return replace(course, bank=bank), tuple(kept)


def _naming_questions(course: Course) -> Counter[str]:
    """How many published questions name each entry of the register."""
    named: Counter[str] = Counter()
    for one in course.bank:
        if one.status == "published":
            texts = [one.content.stem, *(option.text for option in one.content.options)]
            named.update(course.register.mentions("\n".join(texts)).keys())
    return named


def _publish(course: Course, staged: Staged, now: datetime) -> None:
    summary = {"topics": len(course.notes.pages), "questions": len(course.bank)}
    with transaction.atomic():
        # Once more: a pilot may have been promoted since the rows were staged.
        course, _ = keep_promotions(course)
        publish_notes(course.notes, course.outline, staged.bodies)
        publish_register(course.register, staged.topics, staged.asked)
        publish_search(staged.found)
        publish_bank(course.bank, staged.bank, course.exams, course.presets, stale=staged.stale)
        record_edition(course.digest, summary, now=now)
