"""The files of a deck: which member of the zip is which picture."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Protocol
from urllib.parse import unquote

import zstandard

from quizzes.formats.exchange.archive import Archive
from quizzes.formats.exchange.model import BadFile

MAP = "media"
MOST_MAP = 8 * 1024 * 1024
MOST_FILES = 20_000
MOST_FILE = 16 * 1024 * 1024
WINDOW = 1 << 25
"""Bytes that unpacking may keep; Anki itself packs with a sixteenth of it."""
_ZSTD = b"\x28\xb5\x2f\xfd"
_OURS = re.compile(r"([a-z0-9x-]{1,40})\.(?:png|jpe?g|webp)", re.I)


class Media:
    """Pictures by the name that texts use: ours have their own again, others are called p1, p2 …"""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._members = dict(_listed(_map_of(archive)))
        self._names = _names(self._members)
        self._files = {name: file for file, name in self._names.items()}

    def name_of(self, address: str) -> str | None:
        """For the address in a text."""
        return self._names.get(address) or self._names.get(unquote(address))

    def read(self, name: str) -> bytes | None:
        """The bytes; None where there is no such picture."""
        member = self._members.get(self._files.get(name, ""))
        if member is None or member not in self._archive:
            return None
        with self._archive.open(member) as stream:
            return unpacked(stream, MOST_FILE, member)


def unpacked(stream: BinaryIO, most: int, name: str) -> bytes:
    """All of a stream that may be packed by zstd, or not. Raises BadFile for more than so many bytes."""
    return b"".join(pieces(stream, most, name))


def pieces(stream: BinaryIO, most: int, name: str) -> Iterator[bytes]:
    """The same piece by piece."""
    head = stream.read(len(_ZSTD))
    source = _Joined(head, stream)
    reader: _Readable = source
    if head == _ZSTD:
        reader = zstandard.ZstdDecompressor(max_window_size=WINDOW).stream_reader(source)  # type: ignore[arg-type]
    size = 0
    try:
        while piece := reader.read(1 << 16):
            size += len(piece)
            if size > most:
                raise BadFile(f"unpacked, it has more than {most:,} bytes: export the deck in parts", name)
            yield piece
    except (zstandard.ZstdError, MemoryError) as error:
        raise BadFile("it is broken or was cut short: export the deck once more", name) from error


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _Joined:
    """A stream whose beginning has been read already."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        if self._head:
            head, self._head = self._head, b""
            return head
        return self._rest.read(size)


def _map_of(archive: Archive) -> bytes:
    if MAP not in archive:
        return b""
    with archive.open(MAP) as stream:
        return unpacked(stream, MOST_MAP, MAP)


def _listed(data: bytes) -> Iterator[tuple[str, str]]:
    """The name of each file and of its member. A map that nobody can read is one without files."""
    if data.lstrip()[:1] == b"{":
        try:
            found = json.loads(data)
        except (ValueError, RecursionError):
            return
        for member, name in list(found.items())[:MOST_FILES]:
            if isinstance(name, str):
                yield name, str(member)
        return
    for place, (_, entry) in enumerate(_messages(data)):
        if place >= MOST_FILES:
            return
        name, member = "", str(place)
        for number, value in _messages(entry):
            if number == 1 and isinstance(value, bytes):
                name = value.decode("utf-8", "replace")
            if number == 255 and isinstance(value, int):
                member = str(value)
        if name:
            yield name, member


def _messages(data: bytes | int) -> Iterator[tuple[int, bytes | int]]:
    """The numbers and values of the fields in a protobuf message; it ends where the bytes make no sense."""
    if isinstance(data, int):
        return
    place = 0
    while place < len(data):
        tag, place = _varint(data, place)
        value: bytes | int
        if tag & 7 == 0:
            value, place = _varint(data, place)
        elif tag & 7 == 2:
            size, place = _varint(data, place)
            value, place = data[place : place + size], place + size
        elif tag & 7 in (1, 5):
            size = 8 if tag & 7 == 1 else 4
            value, place = data[place : place + size], place + size
        else:
            return
        if place > len(data):
            return
        yield tag >> 3, value


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """A number of at most ten bytes, and where the next thing stands: beyond the end where it is broken."""
    value = 0
    for shift in range(0, 70, 7):
        if place >= len(data):
            break
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
    return 0, len(data) + 1


def _names(members: Mapping[str, str]) -> dict[str, str]:
    """The name in texts of each file."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for file in members:
        match = _OURS.fullmatch(file)
        if match and match[1] == match[1].lower() and match[1] not in taken:
            found[file] = match[1]
            taken.add(match[1])
    number = 0
    for file in members:
        if file not in found:
            number += 1
            while f"p{number}" in taken:
                number += 1
            found[file] = f"p{number}"
    return found
