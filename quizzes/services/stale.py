"""Which questions the lifecycle register has overtaken."""

from collections.abc import Iterable
from datetime import date

from quizzes.engine.writing import Severity
from quizzes.engine.writing.currency import currency
from quizzes.formats.native import BankQuestion
from quizzes.formats.written import written_item
from reference.lifecycle import Register

KINDS_BEGUN = ("service", "feature", "software", "hardware")
"""Sorts of entries that somebody begins to use."""


def closed_services(register: Register, day: date) -> dict[str, str]:
    """Every spelling of what nobody can begin with on a day, and what to say instead, separated by commas."""
    return {
        spelling: ", ".join(entry.successors)
        for entry in register.closed(day)
        for spelling in entry.spellings
        if entry.kind in KINDS_BEGUN
    }


def stale_questions(bank: Iterable[BankQuestion], register: Register, day: date) -> frozenset[str]:
    """The codes of questions whose key begins with what is closed on ``day``: they are not drawn."""
    closed = closed_services(register, day)
    return frozenset(
        one.code
        for one in bank
        if any(finding.severity is Severity.GATE for finding in currency(written_item(one), closed))
    )
