"""The checks on written items (docs/writing-checks.md): `check_item` for one, `check_bank` for all of them."""

from quizzes.engine.writing.advice import Advice, advise, near_duplicates
from quizzes.engine.writing.bank import SAP_C02, check_bank
from quizzes.engine.writing.model import (
    BankReport,
    Blueprint,
    Figure,
    Finding,
    Item,
    ItemOption,
    Severity,
    Source,
)
from quizzes.engine.writing.single import check_item

__all__ = [
    "SAP_C02",
    "Advice",
    "BankReport",
    "Blueprint",
    "Figure",
    "Finding",
    "Item",
    "ItemOption",
    "Severity",
    "Source",
    "advise",
    "check_bank",
    "check_item",
    "near_duplicates",
]
