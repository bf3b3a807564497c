"""All formats by name, and which one a file is of."""

from collections.abc import Mapping
from types import MappingProxyType

from quizzes.formats.exchange.model import BadFile, Format
from quizzes.formats.exchange.source import MOST_BYTES, Source

FORMATS: Mapping[str, Format] = MappingProxyType({})
"""In the order in which a file is tried: the most telling first."""


def detect(source: Source) -> Format:
    """The format that the content is of, whatever the name of the file says. Raises BadFile where it is none."""
    if source.size == 0:
        raise BadFile("the file is empty: choose another one")
    if source.size > MOST_BYTES:
        raise BadFile(f"the file has {source.size:,} bytes; at most {MOST_BYTES:,} are taken: import it in parts")
    for one in FORMATS.values():
        if one.reads and one.recognises(source):
            return one
    known = ", ".join(one.title for one in FORMATS.values() if one.reads)
    raise BadFile(f"this is none of the formats that are read here: {known}")
