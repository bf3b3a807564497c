"""What becomes of each aspect of a question in Anki."""

from collections.abc import Mapping
from types import MappingProxyType

from quizzes.formats.exchange.model import Fate

DECK: Mapping[str, Fate] = MappingProxyType(
    {
        "kind": Fate(
            True, "Options are ticked on the card; of other kinds it shows the parts and, behind, the answer."
        ),
        "text": Fate(True, "Formatted text is HTML on the card."),
        "code": Fate(True, "Code stays code."),
        "tables": Fate(True, "Tables stay tables."),
        "pictures": Fate(True, "Pictures are in the deck."),
        "rationales": Fate(True, "Each option has its rationale on the back."),
        "choose": Fate(True, "The card says how many to choose."),
        "scoring": Fate(True, "The card calls a choice right only as a whole; the rating is the learner’s own."),
        "order": Fate(True, "Options stand in another order each time, unless their order is fixed."),
        "ids": Fate(True, "The ids of options are in the field “Data”."),
        "id": Fate(True, "The code is the first field; importing the deck again updates the note."),
        "title": Fate(True, "The title is a field."),
        "scenario": Fate(True, "The shared text stands above the stem of each of its questions."),
        "tags": Fate(True, "Tags are tags; a blank in one is “_” in Anki."),
        "topics": Fate(True, "Topics are tags that begin with “sapro::topic”."),
        "exam": Fate(True, "Task and domain are tags that begin with “sapro”; level and difficulty are in “Data”."),
        "constraints": Fate(True, "Requirements are in the field “Data”; the card does not show them."),
        "references": Fate(True, "Statements of the notes are in the field “Data”; the card does not show them."),
        "sources": Fate(True, "Sources are links on the back."),
        "relations": Fate(True, "Enemies and contrast pairs are in the field “Data”."),
        "status": Fate(False, "Status, flags, reviews and licence stay on this site."),
        "extra": Fate(False, "Scheduling, media other than pictures, and settings of decks are not read."),
    }
)

TEXT: Mapping[str, Fate] = MappingProxyType(
    {
        "kind": Fate(
            True,
            "Columns of options and a key are multiple choice or multiple response; a short back and a single "
            "cloze deletion are short text; “true” and “false” are true or false.",
        ),
        "text": Fate(True, "HTML becomes formatted text; colors and fonts go."),
        "code": Fate(True, "Code stays code."),
        "tables": Fate(True, "Tables stay tables."),
        "pictures": Fate(False, "The file has no pictures in it: export a deck (.apkg) to bring them along."),
        "rationales": Fate(True, "A column “Rationale 1”, “Explanation B” … is the rationale of that option."),
        "choose": Fate(True, "As many as the key has."),
        "scoring": Fate(False, "Nothing is said of it: all or nothing is assumed."),
        "order": Fate(True, "Options are shuffled, unless a column “Order” says fixed."),
        "ids": Fate(False, "Options are called a, b, c … in their order."),
        "id": Fate(True, "The column of GUIDs, where there is one, tells a note again."),
        "title": Fate(True, "The column “Title”."),
        "scenario": Fate(True, "A column “Scenario” stands at the head of the stem."),
        "tags": Fate(True, "Tags are tags, and so are the names of decks."),
        "topics": Fate(False, "There is no place for topics."),
        "exam": Fate(False, "There is no place for task, domain, level and difficulty."),
        "constraints": Fate(False, "There is no place for requirements."),
        "references": Fate(False, "There is no place for statements of the notes."),
        "sources": Fate(False, "Sources are not read."),
        "relations": Fate(False, "There is no place for enemies and contrast pairs."),
        "status": Fate(False, "There is no place for status, flags and reviews."),
        "extra": Fate(False, "Other columns are not read."),
    }
)
