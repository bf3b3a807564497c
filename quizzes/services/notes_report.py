"""What the notes hold of the course, the exams and the register, and what contradicts the register."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from quizzes.formats.native import BankQuestion
from reference.files import NotesTree, Page
from reference.files.repeats import repeats
from reference.lifecycle import Register, stale_statements, strange_names, unexplained_names
from reference.markup import plain_text
from reference.outline import Outline

LEAST_PAGES = 2
"""Pages that serve each task and each domain, at least."""

FEWEST_WORDS, MOST_WORDS = 900, 2500

DIAGRAMS_ASKED = (
    "vpc-fundamentals", "site-to-site-vpn", "direct-connect", "vpc-peering-and-transit", "nat-gateways", "hybrid-dns",
    "placement-groups-and-networking", "s3-storage-classes-and-lifecycle", "storage-gateway",
    "database-high-availability", "dynamodb", "sts-and-roles", "log-centralization", "ddos-mitigation",
    "reserved-instances-and-savings-plans", "organizations-and-consolidated-billing", "cloudformation-stacks",
    "kinesis-data-streams", "disaster-recovery-strategies", "data-pipelines", "vmware-migration",
)  # fmt: skip
"""Pages about what is easier seen than read."""

_BLOCK_END = re.compile(r"</(?:p|li|td|th|h[2-6]|text|figcaption|summary|dt|dd|pre)>")

Report = dict[str, Any]
Remarks = Iterator[tuple[str, str, str]]
"""(name of the check, place, message)"""


def coverage(notes: NotesTree, outline: Outline, register: Register) -> Report:
    """How many of the outline's systems stand in the register, and how many pages serve each task and domain."""
    known = {slug for entry in register.entries for slug in entry.systems}
    missing = [system.slug for system in outline.systems if system.slug not in known]
    tasks = Counter(task for page in notes.pages for task in page.tasks)
    domains = Counter(str(number) for page in notes.pages for number in page.domains)
    total = len(outline.systems)
    return {
        "systems": {"covered": total - len(missing), "total": total, "missing": missing},
        "tasks": dict(sorted(tasks.items())),
        "domains": dict(sorted(domains.items())),
        "register": dict(Counter(entry.status for entry in register.entries)),
    }


def remarks(notes: NotesTree, register: Register, today: date, asked: Sequence[str] = DIAGRAMS_ASKED) -> Remarks:
    """What is to be mended in the notes: names, stale advice, repeats, missing diagrams."""
    paragraphs: list[tuple[str, str]] = []
    for page in notes.pages:
        blocks = _blocks(page)
        paragraphs += [(page.path, block) for block in blocks]
        yield from _names(page, "\n".join([page.title, page.lede, *blocks]), register)
        statements = [(f"{page.path}:{anchor.line}", anchor.text) for anchor in page.rendered.anchors]
        for found in stale_statements(statements, register, today):
            yield "stale", found.place, found.message
        if page.slug in asked and not page.rendered.diagrams:
            yield "diagram", page.path, "a picture is asked for here: draw one"
    for pair in repeats(paragraphs):
        yield "repeat", pair.second, f"“{pair.begins} …” stands in {pair.first} too: say it once and link"


def wordy(notes: NotesTree) -> Remarks:
    """Pages that are shorter or longer than a page should be. Worth a thought, nothing more."""
    for page in notes.pages:
        if not FEWEST_WORDS <= page.rendered.words <= MOST_WORDS:
            yield "length", page.path, f"{page.rendered.words} words: {FEWEST_WORDS} to {MOST_WORDS} read best"


def question_remarks(one: BankQuestion, register: Register) -> Iterator[tuple[str, str]]:
    """(check, message): names in a question that stand in no entry, and former names alone."""
    content = one.content
    text = "\n".join([content.stem, *(f"{option.text}\n{option.rationale}" for option in content.options)])
    for name in strange_names(text, register):
        yield "name", f"“{name}” stands in no entry of the register: correct it or add it"
    for former, present in unexplained_names(text, register):
        yield "former-name", f"“{former}” is called {present} today: name it so once"


def _names(page: Page, text: str, register: Register) -> Remarks:
    for name in strange_names(text, register):
        yield "name", page.path, f"“{name}” stands in no entry of the register: correct it or add it"
    for former, present in unexplained_names(text, register):
        yield "former-name", page.path, f"“{former}” is called {present} today: name it so once"
    for index, name in enumerate(page.services):
        if register.find(name) is None:
            place = f"{page.path}:{page.line('services', index)}"
            yield "name", place, f"services: “{name}” stands in no entry of the register"


def _blocks(page: Page) -> list[str]:
    """The paragraphs, list items, cells and headings of a page, as text."""
    html = "".join(section.html for section in page.rendered.sections)
    return [text for piece in _BLOCK_END.split(html) if (text := plain_text(piece).strip())]
