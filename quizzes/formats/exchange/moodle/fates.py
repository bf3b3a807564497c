"""What Moodle XML carries of a question, aspect by aspect."""

from collections.abc import Mapping
from types import MappingProxyType

from quizzes.formats.exchange.model import Fate

FATES: Mapping[str, Fate] = MappingProxyType(
    {
        "kind": Fate(
            True,
            "All seven kinds have a question type in Moodle; ordering needs Moodle 4.4, or its plugin before. Essays, "
            "texts with gaps, calculated questions, descriptions and other types are named and not taken.",
        ),
        "text": Fate(
            True,
            "Texts are written as Markdown, which Moodle shows; HTML, plain text and Moodle’s automatic format are "
            "read as well.",
        ),
        "code": Fate(True, "Code blocks and code spans are kept as they are."),
        "tables": Fate(True, "Tables are kept."),
        "pictures": Fate(True, "PNG, JPEG, WebP and GIF are embedded in the file; other files are left out."),
        "rationales": Fate(
            True,
            "The rationale of an option is its feedback; those of matching, ordering and typed answers stand "
            "together in the general feedback.",
        ),
        "choose": Fate(True, "As many options are chosen as are right; Moodle itself stops nobody from ticking more."),
        "scoring": Fate(
            False,
            "Moodle’s core cannot mark several answers all or nothing: each right one scores its share, and wrong ones "
            "take theirs off. Single answers and ordering are marked all or nothing there, too.",
        ),
        "order": Fate(True, "Whether options are shuffled is kept; where a file says nothing, they are not."),
        "ids": Fate(False, "Options have no ids in Moodle: read again, they are called a, b, c."),
        "id": Fate(True, "The code is the ID number of the question."),
        "title": Fate(True, "The title is the question name; without one, the code or the beginning of the stem is."),
        "scenario": Fate(False, "Moodle knows no text that questions share: it stands at the head of each stem."),
        "tags": Fate(True, "Tags are kept; the categories of a file become tags."),
        "topics": Fate(False, "Topics have no place in the file."),
        "exam": Fate(False, "Task, domain, level and difficulty have no place in the file."),
        "constraints": Fate(False, "Requirements, and which of them a wrong option breaks, have no place in the file."),
        "references": Fate(False, "Statements of the notes have no place in the file."),
        "sources": Fate(False, "Sources and the date of the check have no place in the file."),
        "relations": Fate(False, "Enemies and contrast pairs have no place in the file."),
        "status": Fate(False, "Status, flags and reviews have no place in the file: read again, it is a draft."),
        "extra": Fate(
            False,
            "Hints, penalties, feedback for a whole answer and the numbering of options are not taken from Moodle.",
        ),
    }
)
