"""What of a sitting its learner is shown, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class When(StrEnum):
    """Right after each answer, after the end, after the quiz has closed for everybody, or never."""

    DURING = "during"
    SUBMITTED = "submitted"
    CLOSED = "closed"
    NEVER = "never"


ORDER = (When.DURING, When.SUBMITTED, When.CLOSED, When.NEVER)
"""From early to late."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown now. The reasons tell the key, so they are never shown before it."""

    score: bool
    key: bool
    rationale: bool


def is_later(one: str, other: str) -> bool:
    """Whether the first is shown later than the second."""
    return ORDER.index(When(one)) > ORDER.index(When(other))


def shown(policy: Mapping[str, str], *, answered: bool, finished: bool, closed: bool) -> Shown:
    """What the policy (of score, key, rationale) shows of something answered, in a sitting finished or not.

    An empty policy is that of the course: everything as soon as there is something to show.
    """

    def may(name: str) -> bool:
        when = When(policy.get(name, When.DURING))
        if when is When.NEVER:
            return False
        if when is When.CLOSED:
            return finished and closed
        return finished or (when is When.DURING and answered)

    key = may("key")
    return Shown(score=may("score"), key=key, rationale=key and may("rationale"))
