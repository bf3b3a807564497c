"""The life of a question: which moves there are, and where each leads. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS

DRAFT, REVIEW, PUBLISHED, RETIRED = "draft", "review", "published", "retired"

MOVES: Mapping[str, Mapping[str, str]] = {
    # A question in use stays in use while somebody reads its next version.
    "propose": {DRAFT: REVIEW, PUBLISHED: PUBLISHED},
    "withdraw": {REVIEW: DRAFT, PUBLISHED: PUBLISHED},
    "send_back": {REVIEW: DRAFT, PUBLISHED: PUBLISHED},
    "approve": {REVIEW: PUBLISHED, PUBLISHED: PUBLISHED},
    "publish": {DRAFT: PUBLISHED, PUBLISHED: PUBLISHED},
    "retire": {DRAFT: RETIRED, PUBLISHED: RETIRED},
    # Not straight back into use: what was put away is looked at before it is asked again.
    "restore": {RETIRED: DRAFT},
    "correct_key": {DRAFT: DRAFT, REVIEW: REVIEW, PUBLISHED: PUBLISHED, RETIRED: RETIRED},
}
"""For each move the states from which it is made, and the state to which it leads. What is not here is refused."""

AWAITING = frozenset({"withdraw", "send_back", "approve"})
"""Moves of a question that has a proposed version; the others are for those that have none."""


def target(move: str, status: str, *, proposed: bool) -> str | None:
    """The state after a move, or None where it cannot be made."""
    if move != "correct_key" and (move in AWAITING) != proposed:
        return None
    return MOVES[move].get(status)


def moves(status: str, *, proposed: bool) -> tuple[str, ...]:
    """The moves that can be made."""
    return tuple(move for move in MOVES if target(move, status, proposed=proposed))


def is_asked_alike(old: Content, new: Content) -> bool:
    """Whether who sat the old text has sat the new one: only the key may differ, and what is said of it."""
    if (old.kind, old.choose, old.order) != (new.kind, new.choose, new.order):
        return False
    kind = KINDS[old.kind]
    return kind.parts(old) == kind.parts(new) and kind.shown(old, str) == kind.shown(new, str)


def has_other_key(old: Content, new: Content) -> bool:
    """Whether what is right differs, in the words of the kind."""
    kind = KINDS[old.kind]
    return bool(kind.key(old, str)["correct"] != kind.key(new, str)["correct"]) or _rule(old) != _rule(new)


def _rule(content: Content) -> dict[str, object]:
    """What of the kind’s own fields may decide whether a response is right; a rationale does not."""
    return {name: value for name, value in content.extra.items() if name != "rationale"}


def with_key(content: Content, correct: Collection[str]) -> Content:
    """The content with another key: the ids of the options that are right. Raises ValueError."""
    if unknown := set(correct) - set(content.option_ids):
        raise ValueError(f"There is no option {min(unknown)!r}.")
    return replace(content, options=tuple(replace(one, correct=one.id in correct) for one in content.options))
