"""A file that somebody sent: never trusted, never read whole where it may be large."""

import codecs
import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

MOST_BYTES = 64 * 1024 * 1024
"""Of a file. Ten thousand questions of Moodle XML with pictures are about half of it."""
HEAD = 64 * 1024
"""How much is looked at to tell what it is."""


def encoding_of(file: BinaryIO) -> str:
    """“utf-8-sig”, “utf-16” or “cp1252”: by the mark at its beginning, else by whether all of it is UTF-8."""
    decoder, first = codecs.getincrementaldecoder("utf-8")(), True
    try:
        while piece := file.read(1 << 20):
            if first and piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            first = False
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def text_of(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """Its text, line by line, with line ends made one. Bytes that the encoding does not know become U+FFFD."""
    return io.TextIOWrapper(file, encoding=encoding, errors="replace", newline=None)


@dataclass(frozen=True)
class Source:
    """A file on the disk, and the name under which it came (for messages only)."""

    path: Path
    name: str

    @property
    def size(self) -> int:
        """In bytes."""
        return self.path.stat().st_size

    def open(self) -> BinaryIO:
        """Its bytes from the beginning."""
        return self.path.open("rb")

    @cached_property
    def head(self) -> bytes:
        """The first bytes of it."""
        with self.open() as file:
            return file.read(HEAD)

    @property
    def is_zip(self) -> bool:
        """Whether it begins as a zip does."""
        return self.head.startswith((b"PK\x03\x04", b"PK\x05\x06"))

    @cached_property
    def encoding(self) -> str:
        """See :func:`encoding_of`."""
        with self.open() as file:
            return encoding_of(file)

    @cached_property
    def head_text(self) -> str:
        """The first bytes as text, whatever stands in them."""
        return self.head.decode(self.encoding, errors="replace").removeprefix("\ufeff")

    def text(self) -> io.TextIOWrapper:
        """See :func:`text_of`."""
        return text_of(self.open(), self.encoding)
