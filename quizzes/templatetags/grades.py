"""The words of a gradebook: its orders and filters, and what stands in a cell.

Cells are put together here: a page has two thousand of them, and a template takes many times as long.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quizzes.engine.grading import Standing, State
from quizzes.models import Assignment, Membership
from quizzes.queries.gradebook import BY_NAME, Column, Row, Wanted
from quizzes.queries.grades import Cell
from quizzes.templatetags.results import hundredths

register = template.Library()


@register.simple_tag
def asked_with(wanted: Wanted, **other: Any) -> str:
    """The query of this list with something else in it."""
    return f"?{urlencode(replace(wanted, **other).words())}"


@register.simple_tag
def grades_by(wanted: Wanted, name: str) -> str:
    """The query that sorts by this column; a second time the other way round. Figures begin with the highest."""
    first, second = (name, f"-{name}") if name == BY_NAME else (f"-{name}", name)
    return asked_with(wanted, sort=second if wanted.sort == first else first)


@register.simple_tag
def grades_order(wanted: Wanted, name: str) -> str:
    """What aria-sort says of this column."""
    return {name: "ascending", f"-{name}": "descending"}.get(wanted.sort, "none")


@register.simple_tag
def grade_cells(row: Row, columns: Sequence[Column]) -> SafeString:
    """The cells of one learner: what counts, with a way to it where the viewer may go there; else how far they are."""
    cells = zip(columns, row.cells, strict=True)
    return format_html_join(
        "", '<td class="num">{}</td>', ((_shown(cell, one.assignment, row.seat),) for one, cell in cells)
    )


def _shown(cell: Cell | None, assignment: Assignment, seat: Membership) -> SafeString:
    if cell is None:
        return format_html('<span class="visually-hidden">{}</span>', _("not given to them"))
    stands = cell.standing
    if stands.percent is None:
        return _without_result(stands)
    words = hundredths(stands.percent)
    address = _address(cell, assignment, seat)
    shown = format_html('<a href="{}">{}</a>', address, words) if address else words
    tags = list(_tags(cell))
    if not tags:
        return format_html("{}", shown)
    return format_html("{} <small>{}</small>", shown, format_html_join(", ", '<span class="{}">{}</span>', tags))


def _without_result(stands: Standing) -> SafeString:
    if stands.state is State.DONE:
        return format_html('<span class="so">{}</span>', _("not marked yet"))
    if stands.state is State.WORKING:
        return format_html('<span class="so">{}</span>', _("working"))
    if stands.missing:
        return format_html('<span class="wrong">{}</span>', _("missing"))
    return format_html('<span aria-hidden="true">–</span><span class="visually-hidden">{}</span>', _("not begun"))


def _address(cell: Cell, assignment: Any, seat: Membership) -> str:
    """The sitting, for whom the quiz belongs to; of an average all that make it up, on the learner’s page."""
    if cell.counted is None:
        learner = reverse("teach:class_learner", args=[assignment.classroom.code, seat.pk])
        return f"{learner}#{assignment.code}"
    return reverse("teach:quiz_result", args=[assignment.quiz.slug, cell.counted.code]) if assignment.owned else ""


def _tags(cell: Cell) -> list[tuple[str, str]]:
    stands = cell.standing
    found = [
        (stands.passed is False, "wrong", _("not passed")),
        (stands.late, "then", _("late")),
        (cell.was_marked_again, "then", _("marked again")),
        (any(not one.is_over for one in cell.attempts), "", _("working")),
    ]
    return [(kind, words) for holds, kind, words in found if holds]


@register.simple_tag
def standing_words(cell: Cell) -> SafeString:
    """The same on the page of one learner, without a way: percent, and what else is to be said."""
    stands = cell.standing
    if stands.percent is None:
        return _without_result(stands)
    return format_html(
        "{} {}", hundredths(stands.percent), format_html_join(" ", '<span class="tag {}">{}</span>', _tags(cell))
    )
