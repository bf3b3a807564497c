"""An answer that is graded at once, in practice and in repetition: what was sent is read, or refused in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from quizzes.engine.kinds import KINDS, Kind, Shape

CONFIDENCES = ("guess", "fairly", "sure")
MARKING = "all_or_nothing"


class Withheld(Exception):
    """The question stands in an exam that this person has open: its feedback waits for the end of that exam."""


class Incomplete(ValueError):
    """Less than was asked for was given; what is graded at once is final, so it is not taken."""


def read_choice(kind_name: str, choose: int, shown_order: Sequence[str], sent: Sequence[str]) -> tuple[str, ...]:
    """The choice behind the posted values. Raises WrongChoice and Incomplete."""
    kind, shape = KINDS[kind_name], Shape(choose, tuple(shown_order))
    choice = kind.read(shape, sent)
    if not kind.is_complete(shape, choice):
        raise Incomplete(_lacking(kind, shape, len(choice)))
    return choice


def read_confidence(sent: str) -> str:
    """One of the three, else nothing: it is optional."""
    return sent if sent in CONFIDENCES else ""


def _lacking(kind: Kind, shape: Shape, given: int) -> str:
    """What is still to be given, in words."""
    words = {
        "ordering": _("Give each step a place of its own."),
        "matching": _("Choose a match for each."),
        "typed": _("Write a number.") if kind.widget == "number" else _("Write an answer."),
    }
    chosen = _("Choose %(wanted)d; %(chosen)d chosen so far.") % {"wanted": shape.choose, "chosen": given}
    return words.get(kind.control, chosen)
