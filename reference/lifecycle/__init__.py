"""The lifecycle register: what each service is called today, and whether it can still be begun with. Pure."""

from .model import CLOSED_STATUSES, KINDS, STATUSES, Entry, Register, RegisterError
from .parse import parse_register
from .prose import Remark, stale_statements, strange_names, unexplained_names

__all__ = [
    "CLOSED_STATUSES",
    "KINDS",
    "STATUSES",
    "Entry",
    "Register",
    "RegisterError",
    "Remark",
    "parse_register",
    "stale_statements",
    "strange_names",
    "unexplained_names",
]
