"""Feedback of QTI 1.2: which of it belongs to an option, and what is said of the whole question."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from quizzes.engine.content import Option
from quizzes.formats.exchange.qti12.conditions import Node, Rule, Scoring
from quizzes.formats.exchange.qti12.taking import Account
from quizzes.formats.exchange.qti12.texts import Texts
from quizzes.formats.exchange.xml import children

GENERAL = "general_fb"
"""What Canvas calls feedback that everybody sees."""
ENDING = "_fb"
"""Behind the identifier of an option: what its feedback is called."""
_WHOLE = (GENERAL, "correct_fb", "general_incorrect_fb")


@dataclass(frozen=True)
class Feedback:
    """The feedback of an item: by the identifiers of options, and on the whole."""

    of_options: Mapping[str, str]
    general: Sequence[str]

    def given_to(self, options: Sequence[Option], idents: Sequence[str], account: Account) -> tuple[Option, ...]:
        """The options, named so in the file, with their rationales; the first of the key has what is general."""
        rows = [
            replace(option, rationale=self.of_options.get(ident, ""))
            for option, ident in zip(options, idents, strict=True)
        ]
        if self.general:
            place = next((number for number, one in enumerate(rows) if one.correct), 0)
            whole = "\n\n".join(one for one in [rows[place].rationale, *self.general] if one)
            rows[place] = replace(rows[place], rationale=whole)
            account.changed("rationales", "Feedback on the whole question stands in the rationale of the key.")
        return tuple(rows)

    def as_one(self) -> str:
        """All of it in one text, for questions without options."""
        return "\n\n".join(dict.fromkeys([*self.of_options.values(), *self.general]))


def feedback_of(item: Element, scoring: Scoring, texts: Texts, owners: Sequence[str]) -> Feedback:
    """All feedback of an item. ``owners``: the identifiers of what may have some of its own."""
    linked = _links(scoring)
    known = set(owners)
    of_options: dict[str, str] = {}
    general: list[str] = []
    for element in children(item, "itemfeedback"):
        text = texts.of(element)
        owner = _owner(element.get("ident", ""), linked, known)
        if not text:
            continue
        if owner is None:
            general += [text] if text not in general else []
        else:
            of_options[owner] = f"{of_options[owner]}\n\n{text}" if owner in of_options else text
    return Feedback(of_options, general)


def _owner(ident: str, linked: Mapping[str, set[str]], known: set[str]) -> str | None:
    if ident in _WHOLE:
        return None
    name = ident.removesuffix(ENDING)
    for one in (name, f"response_{name}"):
        if ident.endswith(ENDING) and one in known:
            return one
    by_rule = linked.get(ident, set()) & known
    return next(iter(by_rule)) if len(by_rule) == 1 else None


def _links(scoring: Scoring) -> Mapping[str, set[str]]:
    """Feedback → the options and responses that its condition is about, where that is one."""
    found: dict[str, set[str]] = {}
    for rule in scoring.rules:
        for name in rule.feedback:
            found.setdefault(name, set()).update(_subject(rule))
    return found


def _subject(rule: Rule) -> Iterator[str]:
    node: Node = rule.condition
    while len(node.parts) == 1 and node.op in ("list", "and", "or"):
        node = node.parts[0]
    if node.op == "equal":
        yield node.value
