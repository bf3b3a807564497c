"""Zip files of strangers: names, count, sizes and ratio are checked before anything is unpacked, and while it is."""

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from quizzes.formats.exchange.model import BadFile
from quizzes.formats.exchange.source import Source

MOST_MEMBERS = 20_000
MOST_UNPACKED = 256 * 1024 * 1024
"""Of all members together, in bytes."""
MOST_OF_ONE = 64 * 1024 * 1024
MOST_RATIO = 200
"""How many times larger a member of more than a megabyte may become."""
_LIBRARY = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, OSError,
    OverflowError, RuntimeError, ValueError,
)  # fmt: skip
"""What reading a broken zip raises, beside the one exception that is made for it."""
_ABSOLUTE = re.compile(r"^[A-Za-z]:|^[/\\]")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")
_LINK = 0o12
"""The kind of file in the upper four bits of what Unix notes of a member."""


class Archive:
    """The members of a zip by name. Reading counts the bytes that come, whatever the directory claims."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self._members = {one.filename: one for one in file.infolist() if not one.is_dir()}
        self._budget = MOST_UNPACKED

    @property
    def names(self) -> list[str]:
        """As they stand in the file."""
        return list(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def size(self, name: str) -> int:
        """In bytes, unpacked, as the directory claims."""
        return self._members[name].file_size

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """The bytes of a member, as a stream. Raises BadFile, also while it is read."""
        if name not in self._members:
            raise BadFile("it is named, but is not in the zip: pack the files anew", name)
        with _broken(name):
            inner = self._file.open(self._members[name])
        with inner:
            yield _Counted(inner, self, name)  # type: ignore[misc]

    def read(self, name: str, most: int = MOST_OF_ONE) -> bytes:
        """A member whole. Raises BadFile."""
        with self.open(name) as stream:
            data = stream.read(most + 1)
        if len(data) > most:
            raise BadFile(f"it has more than {most:,} bytes: make it smaller", name)
        return data

    def spend(self, size: int, name: str) -> None:
        """Count unpacked bytes. Raises BadFile where they are too many."""
        self._budget -= size
        if self._budget < 0:
            raise BadFile(f"unpacked, the zip has more than {MOST_UNPACKED:,} bytes: import it in parts", name)


class _Counted:
    """A stream that counts what is read from it."""

    def __init__(self, inner: IO[bytes], archive: Archive, name: str) -> None:
        self._inner, self._archive, self._name, self._so_far = inner, archive, name, 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes; never more than a member may have."""
        with _broken(self._name):
            data = self._inner.read(min(size, MOST_OF_ONE) if size >= 0 else MOST_OF_ONE + 1)
        self._so_far += len(data)
        if self._so_far > MOST_OF_ONE:
            raise BadFile(f"unpacked, it has more than {MOST_OF_ONE:,} bytes: import it in parts", self._name)
        self._archive.spend(len(data), self._name)
        return data


@contextmanager
def opened(source: Source) -> Iterator[Archive]:
    """The archive in a file. Raises BadFile for what is no zip, and for one that is made to harm."""
    with source.open() as raw:
        with _broken(""):
            file = zipfile.ZipFile(raw)
            _check(file.infolist())
        with file:
            yield Archive(file)


def _check(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise BadFile(f"the zip has {len(members):,} members; at most {MOST_MEMBERS:,} are taken")
    seen: set[str] = set()
    places: set[int] = set()
    for number, one in enumerate(members, 1):
        if not one.filename:
            raise BadFile("it has no name: pack the files anew", f"member {number}")
        parts = one.filename.replace("\\", "/").split("/")
        if _ABSOLUTE.match(one.filename) or ".." in parts:
            raise BadFile("this name leads out of the zip: pack the files anew", one.filename[:200])
        if _UNSEEN.search(one.orig_filename):
            raise BadFile("a name in the zip has signs that nobody sees: pack the files anew", repr(one.filename[:200]))
        if one.external_attr >> 28 == _LINK:
            raise BadFile("it is a link, not a file: pack the file itself", one.filename[:200])
        if one.flag_bits & 1:
            raise BadFile("it is encrypted: pack it without a password", one.filename[:200])
        if one.filename in seen:
            raise BadFile("two members have this name: pack the files anew", one.filename[:200])
        if one.header_offset in places:
            # The way to a small zip of endless size: all members are the same bytes.
            raise BadFile("two members share their bytes: pack the files anew", one.filename[:200])
        seen.add(one.filename)
        places.add(one.header_offset)
        if one.file_size > MOST_OF_ONE:
            raise BadFile(f"unpacked, it has more than {MOST_OF_ONE:,} bytes: import it in parts", one.filename[:200])
        if one.file_size > 1 << 20 and one.file_size > MOST_RATIO * max(1, one.compress_size):
            raise BadFile(
                "it becomes suspiciously large when it is unpacked: nothing of it is read", one.filename[:200]
            )
    if sum(one.file_size for one in members) > MOST_UNPACKED:
        raise BadFile(f"unpacked, the zip has more than {MOST_UNPACKED:,} bytes: import it in parts")


# What the library says of files that are broken or made to break it.


@contextmanager
def _broken(name: str) -> Iterator[None]:
    """What the library says of broken zips, in our words."""
    try:
        yield
    except BadFile:
        raise
    except _LIBRARY as error:
        words = (
            "the zip is broken or was cut short: send it again" if not name else "it cannot be unpacked: pack it anew"
        )
        raise BadFile(words, name) from error
