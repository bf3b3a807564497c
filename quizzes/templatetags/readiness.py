"""Readiness in words: a range and what it rests on, never one number."""

import math

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.engine.readiness import LEAST, Estimate, State
from quizzes.queries.readiness import Readiness

register = template.Library()


def low_percent(share: float) -> int:
    """The lower end in hundredths, rounded outwards: words must not claim more than the numbers."""
    return math.floor(100 * share + 1e-9)


def high_percent(share: float) -> int:
    """The upper end in hundredths, rounded outwards."""
    return math.ceil(100 * share - 1e-9)


def about(more: int) -> int:
    """A number of questions to be said with “about”: the next ten."""
    return 10 * math.ceil(more / 10)


@register.filter
def readiness_headline(found: Readiness) -> str:
    """The range, or why there is none."""
    if found.withheld:
        return _("Told again when your exam is finished")
    if found.estimate is None:
        return _("Nothing to go by yet")
    if found.estimate.state is State.NOT_ENOUGH:
        return _("Not enough to go by yet")
    return _("Between %(low)d and %(high)d %%") % _ends(found.estimate)


def _ends(estimate: Estimate) -> dict[str, int]:
    return {"low": low_percent(estimate.interval.low), "high": high_percent(estimate.interval.high)}


@register.filter
def readiness_sentence(found: Readiness) -> str:
    """What the range says about the practice line, and what would settle it."""
    if found.withheld:
        return _("Questions behind it stand in a mock exam that you have open.")
    if found.estimate is None:
        return _("Sit a mock exam with the official time: what you answer there for the first time is the evidence.")
    if found.estimate.state is State.NOT_ENOUGH:
        return _few(found.estimate)
    said = {
        State.BELOW: _("All of this range lies below the practice line of 72 %."),
        State.ABOVE: _("All of this range lies above the practice line of 72 %."),
        State.OPEN: _("The practice line of 72 % lies within this range, so it is open."),
    }[found.estimate.state]
    return f"{said} {_settling(found.estimate)}".strip()


def _few(estimate: Estimate) -> str:
    so_far = ngettext(
        "%(n)d unseen question under exam conditions so far.",
        "%(n)d unseen questions under exam conditions so far.",
        estimate.n,
    ) % {"n": estimate.n}
    return so_far + " " + _("A range is worth telling from %(least)d on: one short mock.") % {"least": LEAST}


def _settling(estimate: Estimate) -> str:
    if estimate.more:
        return _("About %(more)d more unseen questions would settle it, if you go on as so far.") % {
            "more": about(estimate.more)
        }
    if estimate.state is State.OPEN:
        return _("It is so near the line that many more questions would hardly tell.")
    return ""


@register.filter
def readiness_rests_on(found: Readiness) -> str:
    """What the range was computed from."""
    questions = ngettext("%(n)d unseen question", "%(n)d unseen questions", found.n) % {"n": found.n}
    mocks = ngettext("%(n)d mock exam", "%(n)d mock exams", found.sittings) % {"n": found.sittings}
    return _("It rests on %(questions)s in %(mocks)s.") % {"questions": questions, "mocks": mocks}
