"""How a file of each format comes out of the other system, and how one goes in: a few steps for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Guide:
    """``about`` says what the format is for. ``bring``: steps from there to here; ``take``: from here to there."""

    about: str
    bring: tuple[str, ...] = ()
    take: tuple[str, ...] = ()


_TABLE_BRING = (
    "Download the sample of this page and open it with your spreadsheet program: its first row names the columns.",
    "Write one question a row. Columns that you do not need may stay empty or be taken out.",
    "Save it in the same format, and upload it here.",
)
_TABLE_TAKE = (
    "Download the file here.",
    "Open it with your spreadsheet program. In texts, the encoding is UTF-8.",
    "Change what is to change, and bring it in again: what has a code can replace the question of this code.",
)
_CARTRIDGE_TAKE = (
    "Download the package here; leave it packed.",
    "In Canvas, open the course, then “Settings”, then “Import Course Content”.",
    "Choose the content type “QTI .zip file” and this file, and start the import.",
    "Read the quiz it makes before learners do: look at the points, and at every question that the account names.",
)
_ITEMS_BRING = (
    "In the other system, choose the items or the test, then its export, as a QTI package (a zip).",
    "Upload the zip here as it is, without unpacking it.",
    "Read the account: questions with scoring that is not recognized are named one by one.",
)
_ITEMS_TAKE = (
    "Download the package here; leave it packed.",
    "In the other system, open the library of items or tests, then its import, and choose “QTI package” or “QTI”.",
    "Choose this file. Each question is an item of its own, and a test holds all of them.",
)
_ANKI_BRING_PACKAGE = (
    "In Anki, choose “File”, then “Export”, then the deck and the format “Anki Deck Package (.apkg)”.",
    "Leave scheduling out and media in.",
    "Upload the file here. Cards that are no questions with options come with a note that says what was made of them.",
)
_ANKI_BRING_TEXT = (
    "In Anki, choose “File”, then “Export”, then the deck and the format “Notes in Plain Text (.txt)”.",
    "Tick the boxes that keep HTML, tags and the note type.",
    "Upload the file here. Pictures are not in such a file: to have them, export a deck package.",
)
_ANKI_TAKE = (
    "Download the deck here.",
    "In Anki, choose “File”, then “Import”, and this file; double-clicking it does the same.",
    "Import it again after questions have changed: notes are recognized and updated, and their schedule stays.",
)
_PAPER_TAKE = (
    "Download the paper here and open it with a browser.",
    "Print it. Questions are not torn apart at the ends of pages.",
)

GUIDES: Mapping[str, Guide] = MappingProxyType(
    {
        "sapro": Guide(
            "The format of this site: a zip of YAML files and pictures, with everything that is known of a question."
            " For moving a bank to another site of this kind, for keeping it under version control, and as a backup.",
            (
                "On the other site, export the questions in this format.",
                "Upload the zip here. Nothing is lost on the way.",
                "Of questions that are here already, choose for each: skip it, or replace it as a new version.",
            ),
            (
                "Download the zip here.",
                "Unpack it to read or change the YAML files with any editor; docs/authoring.md describes their fields.",
                "Pack it again and bring it in here or on another site.",
            ),
        ),
        "csv": Guide(
            "A table, one question a row, for spreadsheet programs. CSV: commas between cells.",
            _TABLE_BRING,
            _TABLE_TAKE,
        ),
        "tsv": Guide(
            "A table, one question a row, for spreadsheet programs. TSV: tabs between cells.", _TABLE_BRING, _TABLE_TAKE
        ),
        "xlsx": Guide(
            "A table, one question a row, as a workbook of Excel or another spreadsheet program.",
            _TABLE_BRING,
            _TABLE_TAKE,
        ),
        "moodle_xml": Guide(
            "The format in which Moodle keeps most of a question: feedback, tags, categories and pictures.",
            (
                "In Moodle, open the course, then its question bank.",
                "Choose “Export” in the menu of the question bank, then “Moodle XML format”.",
                "Choose the category to export, and export the questions to a file.",
                "Upload the .xml file here.",
            ),
            (
                "Download the file here.",
                "In Moodle, open the question bank, then “Import” in its menu, and choose “Moodle XML format”.",
                "Under “General”, set “Match grades” to “Nearest grade if not listed”.",
                "Choose the file, import it, and read what Moodle says of it.",
            ),
        ),
        "gift": Guide(
            "A plain text format of Moodle that can be written by hand. It has no pictures.",
            (
                "In Moodle, open the question bank and choose “Export”, then “GIFT format”.",
                "Or write the file with any editor, in UTF-8, with a blank line between two questions.",
                "Upload the file here.",
            ),
            (
                "Download the file here.",
                "In Moodle, open the question bank, then “Import” in its menu, and choose “GIFT format”.",
                "Under “General”, set “Match grades” to “Nearest grade if not listed”.",
                "Choose the file and import it.",
            ),
        ),
        "aiken": Guide(
            "Plain text for multiple choice and nothing else: a line for the question, one for each option,"
            " and “ANSWER:” with a letter.",
            (
                "Write the question on one line, each option on a line that begins with “A.” or “A)”.",
                "End each question with a line such as “ANSWER: B”.",
                "Save it as plain text in UTF-8, not as a Word document, and upload it here.",
            ),
            (
                "Download the file here.",
                "In Moodle, open the question bank, then “Import” in its menu, and choose “Aiken format”.",
                "Choose the file and import it.",
            ),
        ),
        "markdown": Guide(
            "Lists with boxes, as many people write quizzes in notes: “- [x]” before what is right,"
            " “- [ ]” before what is not.",
            (
                "Write the question, then a list with boxes below it; leave a blank line between two questions.",
                "Save it as plain text in UTF-8.",
                "Upload the file here.",
            ),
            (
                "Download the file here.",
                "Open it with any editor; programs for notes show the boxes.",
            ),
        ),
        "qti12": Guide(
            "The package in which Canvas, and others that read Common Cartridge, keep quizzes.",
            (
                "In Canvas, open the course, then “Settings”, then “Export Course Content”.",
                "Choose “Quiz” and tick the quizzes, or export the whole course.",
                "When it is ready, download the file (.zip or .imscc), and upload it here as it is.",
            ),
            _CARTRIDGE_TAKE,
        ),
        "qti2": Guide("Packages of assessment systems such as TAO and of item banks.", _ITEMS_BRING, _ITEMS_TAKE),
        "qti3": Guide("The newest form of QTI, for systems that say that they read QTI 3.", _ITEMS_BRING, _ITEMS_TAKE),
        "anki": Guide("Decks of Anki, the program for spaced repetition.", _ANKI_BRING_PACKAGE, _ANKI_TAKE),
        "anki_text": Guide("Notes of Anki as plain text.", _ANKI_BRING_TEXT),
        "paper": Guide(
            "A paper to print, with a sheet for the answers; the key with its rationales stands at the end.",
            take=_PAPER_TAKE,
        ),
        "paper_without_key": Guide(
            "The same paper without the key, for handing out as a file.",
            take=_PAPER_TAKE,
        ),
    }
)
"""By the names of ``registry.FORMATS``."""
