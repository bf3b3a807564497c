"""All formats by name, and which one a file is of."""

from collections.abc import Mapping
from types import MappingProxyType

from quizzes.formats.exchange.aiken import AIKEN
from quizzes.formats.exchange.anki.package import ANKI
from quizzes.formats.exchange.anki.text import ANKI_TEXT
from quizzes.formats.exchange.gift.format import GIFT
from quizzes.formats.exchange.markdown_list import MARKDOWN_LIST
from quizzes.formats.exchange.model import BadFile, Format
from quizzes.formats.exchange.moodle import MOODLE_XML
from quizzes.formats.exchange.native_zip import SAPRO
from quizzes.formats.exchange.paper import PAPER, PAPER_WITHOUT_KEY
from quizzes.formats.exchange.qti import QTI2, QTI3
from quizzes.formats.exchange.qti12.format import QTI12
from quizzes.formats.exchange.sheet import CSV, TSV, XLSX
from quizzes.formats.exchange.source import MOST_BYTES, Source

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "sapro": SAPRO,
        "anki": ANKI,
        "qti12": QTI12,
        "qti3": QTI3,
        "qti2": QTI2,
        "xlsx": XLSX,
        "moodle_xml": MOODLE_XML,
        "anki_text": ANKI_TEXT,
        "csv": CSV,
        "tsv": TSV,
        "aiken": AIKEN,
        "markdown": MARKDOWN_LIST,
        # Last of all that are read: braces stand in many other texts.
        "gift": GIFT,
        "paper": PAPER,
        "paper_without_key": PAPER_WITHOUT_KEY,
    }
)
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
