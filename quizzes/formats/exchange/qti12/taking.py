"""Why a question is not taken, and what is said of one that is."""

from typing import Self

from quizzes.formats.exchange.model import Note, Severity


class NotTaken(Exception):
    """A question of a file that this site has no place for: a whole sentence on why, and what to do."""

    @classmethod
    def scoring(cls, what: str) -> Self:
        """For rules of scoring that are not understood, or that no kind of question here follows."""
        return cls(f"Unsupported scoring: {what}. Write the question anew here, or simplify its scoring there.")


class Account:
    """The notes on one question, each once, in the order in which they came up."""

    def __init__(self) -> None:
        self._notes: dict[Note, None] = {}

    def lost(self, aspect: str, words: str) -> None:
        """Something is not here any more."""
        self._notes[Note(aspect, Severity.LOST, words)] = None

    def changed(self, aspect: str, words: str) -> None:
        """Something is another thing now."""
        self._notes[Note(aspect, Severity.CHANGED, words)] = None

    def assumed(self, aspect: str, words: str) -> None:
        """The file does not say it."""
        self._notes[Note(aspect, Severity.ASSUMED, words)] = None

    @property
    def notes(self) -> tuple[Note, ...]:
        """All of them."""
        return tuple(self._notes)
