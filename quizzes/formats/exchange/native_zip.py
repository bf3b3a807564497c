"""The site’s own format: a zip of questions.yaml and pictures. Nothing is lost. A bare file of the bank is read too."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, BinaryIO

import yaml

from quizzes.formats.exchange.archive import Archive, opened
from quizzes.formats.exchange.model import (
    ASPECTS,
    BadFile,
    Exchanged,
    Fate,
    Note,
    Pictures,
    ReadItem,
    Severity,
)
from quizzes.formats.exchange.native_entry import KEYS, Scenarios, Wrong, entry_of, question_of
from quizzes.formats.exchange.source import Source
from quizzes.formats.located import Located, LocatedError, load
from quizzes.formats.native_text import dumped

VERSION = 1
QUESTIONS, ABOUT = "questions.yaml", "sapro.yaml"
MOST_BYTES = 48 * 1024 * 1024
"""Of the YAML."""
MOST_DEPTH = 20
MOST_NODES = 3_000_000
ENDINGS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"RIFF": "webp"}
_PICTURE = re.compile(r"!\[[^\[\]]+\]\(image:([a-z0-9x-]{1,40})\)")
_TOP = re.compile(r"^(?:questions|scenarios)\s*:", re.MULTILINE)
_DAY = (1980, 1, 1, 0, 0, 0)
"""Of every member: the same questions make the same file."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class SaPro:
    """See the module. A question with a mistake comes as a problem with its line; the others are read."""

    name = "sapro"
    title = "SA Pro"
    suffixes = (".zip", ".yaml", ".yml")
    media_type = "application/zip"
    reads = True
    writes = True
    fates: Mapping[str, Fate] = {
        **{aspect: Fate(True, f"Carried: {words}.") for aspect, words in ASPECTS.items()},
        "scoring": Fate(True, "A quiz has the rule for marking, here as there."),
        "extra": Fate(False, "Keys that this format does not know are left out, and named."),
    }

    def recognises(self, source: Source) -> bool:
        """A zip with questions.yaml, or YAML with “questions:” at its left."""
        if not source.is_zip:
            return bool(_TOP.search(source.head_text)) and not source.head_text.lstrip().startswith(("<", "{"))
        with opened(source) as archive:
            return QUESTIONS in archive

    def read(self, source: Source) -> Iterator[ReadItem]:
        """See Format. The YAML stands in memory; it is bounded, and aliases are refused."""
        text, archive_place = self._text(source), QUESTIONS if source.is_zip else ""
        _bounded(text, archive_place)
        try:
            document = load(text)
        except LocatedError as error:
            raise BadFile(error.message, f"{archive_place} line {error.line}".strip()) from error
        if not isinstance(document, Located) or not isinstance(document.get("questions"), list):
            raise BadFile("a file of questions holds “questions:” and a list", archive_place)
        scenarios = _scenarios(document, archive_place)
        for number, entry in enumerate(document["questions"], 1):
            yield _item(entry, number, scenarios)

    def _text(self, source: Source) -> str:
        if not source.is_zip:
            if source.size > MOST_BYTES:
                raise BadFile(f"it has more than {MOST_BYTES:,} bytes: import it in parts")
            with source.text() as file:
                return file.read().removeprefix("\ufeff")
        with opened(source) as archive:
            if ABOUT in archive:
                _check_version(archive.read(ABOUT, 10_000))
            try:
                return archive.read(QUESTIONS, MOST_BYTES).decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise BadFile("it is no UTF-8: save it as UTF-8", QUESTIONS) from error

    def pictures(self, source: Source) -> Pictures:
        """See Format: the members of images/ by the name before the point."""
        if not source.is_zip:
            return lambda name: None
        with opened(source) as archive:
            members = _picture_members(archive)

        def picture(name: str) -> bytes | None:
            if name not in members:
                return None
            with opened(source) as again:
                return again.read(members[name])

        return picture

    def project(self, question: Exchanged) -> tuple[Exchanged, tuple[Note, ...]]:
        """The question itself."""
        return question, ()

    def write(self, questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str) -> None:
        """See Format. Pictures that are not there are left out."""
        scenarios: Scenarios = {}
        names: dict[str, None] = {}
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr(_member(ABOUT), dumped({"format": "sapro", "version": VERSION, "title": title}))
            with file.open(_member(QUESTIONS), "w", force_zip64=True) as target:
                target.write(b"questions:\n")
                empty = True
                for one in questions:
                    empty = False
                    target.write(dumped({"q": [entry_of(one, scenarios)]}).partition("\n")[2].encode())
                    names |= dict.fromkeys(_pictures_in(one))
                if empty:
                    target.write(b"  []\n")
                if scenarios:
                    listed = [{"id": code, "text": text} for code, text in scenarios.items()]
                    target.write(dumped({"scenarios": listed}).encode())
            for name in names:
                if (data := pictures(name)) is not None:
                    ending = next((one for sign, one in ENDINGS.items() if data.startswith(sign)), "png")
                    file.writestr(_member(f"images/{name}.{ending}"), data)


SAPRO = SaPro()


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _DAY)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _check_version(data: bytes) -> None:
    match = re.search(rb"^version:\s*(\d{1,9})\s*$", data, re.MULTILINE)
    if match and int(match[1]) > VERSION:
        raise BadFile(f"it is of version {int(match[1])} of the format; this site reads {VERSION}", ABOUT)


def _bounded(text: str, place: str) -> None:
    """Raises BadFile for aliases, which could stand for more than any memory holds, and for nesting without end."""
    depth = 0

    def where(event: Any) -> str:
        return f"{place} line {event.start_mark.line + 1}".strip()

    try:
        for number, event in enumerate(yaml.parse(text, Loader=_LOADER)):
            if isinstance(event, yaml.AliasEvent):
                raise BadFile("aliases (*name) are not read: write the value out", where(event))
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MOST_DEPTH:
                raise BadFile(f"values are nested more than {MOST_DEPTH} deep", where(event))
            if number > MOST_NODES:
                raise BadFile("it has too many values: import it in parts", place)
    except (yaml.YAMLError, RecursionError):
        return  # load says where


def _scenarios(document: Located, place: str) -> Scenarios:
    found: Scenarios = {}
    listed = document.get("scenarios") or []
    for one in listed if isinstance(listed, list) else [None]:
        if not isinstance(one, Located) or not all(isinstance(one.get(key), str) for key in ("id", "text")):
            line = document.line_of("scenarios")
            raise BadFile("scenarios: a list of id and text", f"{place} line {line}".strip())
        found[one["id"]] = one["text"].strip()
    return found


def _item(entry: Any, number: int, scenarios: Scenarios) -> ReadItem:
    line = entry.line if isinstance(entry, Located) else 0
    place = f"line {line}" if line else f"question {number}"
    try:
        question = question_of(entry, scenarios)
    except Wrong as error:
        return ReadItem(f"line {error.line}" if error.line else place, None, (), str(error), str(entry)[:500])
    return ReadItem(place, question, tuple(_unknown(entry)))


def _unknown(entry: Located) -> Iterator[Note]:
    for key in entry:
        if key not in KEYS:
            near = get_close_matches(key, KEYS, 1)
            hint = f" Is “{near[0]}” meant?" if near else ""
            words = f"The key “{key[:60]}” (line {entry.line_of(key)}) is not known and was left out.{hint}"
            yield Note("extra", Severity.LOST, words)


def _picture_members(archive: Archive) -> dict[str, str]:
    found = {}
    for name in archive.names:
        match = re.fullmatch(r"images/([a-z0-9x-]{1,40})\.(?:png|jpe?g|webp)", name)
        if match:
            found[match[1]] = name
    return found


def _pictures_in(one: Exchanged) -> Iterator[str]:
    content = one.content
    yield from _PICTURE.findall(content.stem)
    yield from _PICTURE.findall(content.scenario)
    for option in content.options:
        yield from _PICTURE.findall(f"{option.text}\n\n{option.rationale}")
    yield from _PICTURE.findall(str(content.extra))
