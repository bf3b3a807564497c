"""Small words of the exam room."""

from collections.abc import Sequence, Set

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quizzes.queries.attempts import ShownQuestion
from quizzes.queries.feedback import LETTERS

register = template.Library()


@register.filter
def duration(milliseconds: int | None) -> str:
    """Milliseconds as hours, minutes and seconds: 2:59:59."""
    seconds = (milliseconds or 0) // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


@register.filter
def in_words(milliseconds: int | None) -> str:
    """Milliseconds in words, to the minute: 2 h 05 min."""
    minutes = (milliseconds or 0) // 60_000
    if minutes < 60:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(hours)d h %(minutes)02d min") % {"hours": minutes // 60, "minutes": minutes % 60}


@register.filter
def letter(position: int) -> str:
    """The letter of a shown position."""
    return LETTERS[position - 1] if position <= len(LETTERS) else str(position)


@register.simple_tag
def control(question: ShownQuestion, sent: Sequence[str] | None = None) -> SafeString:
    """What the learner operates; ``sent`` is what they sent when it was refused."""
    given = {str(one) for one in question.given} if sent is None else set(sent)
    if question.control == "options":
        return _options(question, given)
    places = range(1, len(question.options) + 1)
    context = {"question": question, "given": given, "typed": next(iter(given), ""), "places": places}
    return SafeString(render_to_string(f"quizzes/kinds/{question.control}.html", context))


def _options(question: ShownQuestion, given: Set[str]) -> SafeString:
    """Not by a template: three hundred of them took a third of a booklet's time.

    Nothing here comes from a reader: widget and positions are ours, the html was sanitized when it was loaded.
    """
    return SafeString(
        "\n".join(
            f'<div class="opt"><label><input type="{question.widget}" name="choice" value="{one.position}"'
            f'{" checked" if str(one.position) in given else ""}><span class="l">{letter(one.position)}</span>'
            f'<div class="t">{one.html}</div></label></div>'
            for one in question.options
        )
    )


@register.filter
def pair(part: int, place: int) -> str:
    """The value that gives a part a place."""
    return f"{part}-{place}"


@register.filter
def instruction(question: ShownQuestion) -> str:
    """What to do, in a few words."""
    words = {"ordering": _("Give each step its place"), "matching": _("Choose the match of each")}
    words["typed"] = _("Write a number") if question.widget == "number" else _("Write the answer")
    if question.control == "options" and question.choose > 1:
        return _("Choose %(choose)d") % {"choose": question.choose}
    return words.get(question.control, _("Choose one"))


@register.filter
def at_least_one(position: int) -> int:
    """A position that exists before the first is the first."""
    return max(1, position)


@register.filter
def cell(question: ShownQuestion) -> str:
    """The navigator's classes for a question."""
    state = {"answered": "done", "incomplete": "part", "open": ""}[question.state]
    return f"{state} flag".strip() if question.flagged else state


@register.filter
def cell_words(question: ShownQuestion) -> str:
    """The same for a screen reader."""
    words = {"answered": _(", answered"), "incomplete": _(", incomplete"), "open": _(", open")}[question.state]
    return words + (_(", flagged") if question.flagged else "")


@register.filter
def minutes(seconds: int) -> str:
    """Seconds as whole minutes."""
    return _("%(minutes)d minutes") % {"minutes": seconds // 60}


@register.filter
def mark_class(mark: str) -> str:
    """The class of a practice cell."""
    return {"right": "right", "wrong": "wrong"}.get(mark, "")


@register.filter
def mark_words(mark: str) -> str:
    """The same in words."""
    words = {"right": _(", right"), "wrong": _(", wrong"), "held": _(", withheld"), "given": _(", answered")}
    return words.get(mark, _(", open"))
