"""The words and the figures of the page of progress."""

from collections.abc import Sequence
from datetime import date

from django import template
from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.engine.mastery import Mastery
from quizzes.engine.plots import Plot, Scale, Span, Table, Tick, thinned
from quizzes.engine.scoring import DEFAULT_CUT
from quizzes.engine.study_days import WEEKS, Calendar
from quizzes.queries.progress import Mock, TopicPart
from quizzes.templatetags.reports import percent

register = template.Library()

CELL = 14
"""Units from one day of the calendar to the next."""
SIDES = (3, 6, 9, 12)
TICKS = 4


@register.simple_tag
def mastery_bar(mastery: Mastery) -> SafeString:
    """How much is met, and how much of it would be recalled; its figures stand beside it as words."""
    return format_html(
        '<svg class="mastery" height="12" aria-hidden="true"><rect class="all" width="100%" height="12" rx="2"/>'
        '<rect class="met" width="{}%" height="12" rx="2"/>'
        '<rect class="recalled" width="{}%" height="12" rx="2"/></svg>',
        f"{100 * mastery.met / mastery.questions if mastery.questions else 0:.1f}",
        f"{100 * mastery.recall:.1f}",
    )


@register.filter
def met_words(mastery: Mastery) -> str:
    """How many of the questions were met."""
    return _("%(met)d of %(all)d met") % {"met": mastery.met, "all": mastery.questions}


@register.filter
def ordered(topics: Sequence[TopicPart], order: str) -> list[TopicPart]:
    """The topics in the order asked for: of the course, or the weakest first."""
    if order == "course":
        return list(topics)
    return sorted(topics, key=lambda one: (round(one.mastery.recall, 6), -one.mastery.questions))


@register.simple_tag
def mastery_cells(mastery: Mastery) -> SafeString:
    """The cells of a table row: bar, share, met of all."""
    return format_html(
        '<td class="gauge">{}</td><td class="num">{} %</td><td class="num">{}/{}</td>',
        mastery_bar(mastery),
        percent(mastery.recall),
        mastery.met,
        mastery.questions,
    )


@register.simple_tag
def topic_rows(topics: Sequence[TopicPart]) -> SafeString:
    """A row for each topic, with the ways to its page and its practice. Not by a template: a hundred took its time."""
    word, rows = _("Practice"), []
    for one in topics:
        name, way = SafeString(escape(one.title)), SafeString("")
        if one.linked:
            practice = reverse("practice:topic", args=[one.slug])
            way = format_html('<a href="{}">{}<span class="visually-hidden">: {}</span></a>', practice, word, name)
            name = format_html('<a href="{}">{}</a>', reverse("notes:topic", args=[one.slug]), name)
        rows.append((name, mastery_cells(one.mastery), way))
    return format_html_join("", '<tr><th scope="row">{}</th>{}<td class="go">{}</td></tr>', rows)


@register.filter
def mock_figure(mocks: Sequence[Mock]) -> Plot | None:
    """The mock exams in their order, each as the range in which the share of new questions lies."""
    shown = [(number, one, one.interval) for number, one in enumerate(mocks, 1) if one.interval]
    if not shown:
        return None
    spans = [
        Span(number, 100 * range_.low, 100 * range_.high, 100 * one.new_right / one.new)
        for number, one, range_ in shown
    ]
    ticks = [Tick(number, _short(localtime(one.at).date())) for number, one in enumerate(mocks, 1)]
    return Plot(
        title=_("Right among the questions that were new"),
        words=_mock_words(mocks),
        # The words of the line stand at the right: no bar may stand under them.
        x=Scale(0.4, 1.35 * len(mocks) + 0.25),
        y=Scale(0, 100),
        table=Table((_("Exam"), _("Right"), _("New"), _("Range of the new ones"), _("Practice scale")), _rows(mocks)),
        spans=tuple(spans),
        x_ticks=thinned(ticks, TICKS),
        y_ticks=tuple(Tick(level, _("%(n)d %%") % {"n": level}) for level in (25, 50, 100)),
        limit=(100 * DEFAULT_CUT, _("line 72.2 %")),
    )


def _short(day: date) -> str:
    return date_format(day, "M j")


def _range(mock: Mock) -> str:
    if mock.withheld:
        return _("after your open exam")
    if mock.interval is None:
        return _("none was new")
    return _("%(low)d–%(high)d\xa0%%") % {"low": percent(mock.interval.low), "high": percent(mock.interval.high)}


def _mock_words(mocks: Sequence[Mock]) -> str:
    last = next(one for one in reversed(mocks) if one.interval)
    words = ngettext("%(n)d mock exam.", "%(n)d mock exams, oldest first.", len(mocks)) % {"n": len(mocks)}
    latest = _("In the latest, %(right)d of %(new)d new questions were right; the range is %(range)s.")
    return words + " " + latest % {"right": last.new_right, "new": last.new, "range": _range(last)}


def _rows(mocks: Sequence[Mock]) -> tuple[tuple[str, ...], ...]:
    """The table, newest first."""
    return tuple(
        (
            f"{one.title}, {date_format(localtime(one.at), 'F j, Y')}",
            "–" if one.withheld else _("%(right)d of %(n)d") % {"right": one.right, "n": one.scored},
            "–" if one.withheld else _("%(new)d of %(n)d") % {"new": one.new, "n": one.scored},
            _range(one),
            "–" if one.scale is None else str(round(one.scale)),
        )
        for one in reversed(mocks)
    )


@register.filter
def mock_sentence(mock: Mock) -> str:
    """One mock exam in words, with the share of questions that were new."""
    if mock.withheld:
        return _("Questions of it stand in an exam that you have open: its score is told after that exam.")
    words = _("%(right)d of %(n)d right, %(new)d of them asked for the first time") % {
        "right": mock.right,
        "n": mock.scored,
        "new": mock.new,
    }
    if mock.interval is None:
        return words + "."
    return words + ": " + _range(mock) + "."


@register.simple_tag
def calendar_plot(calendar: Calendar) -> SafeString:
    """The study days as a grid: one column a week, Monday on top. Size tells how much, never color alone."""
    cells = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>',
        (
            (
                "day" if day.size else "rest",
                f"{day.week * CELL + (CELL - SIDES[day.size]) / 2:g}",
                f"{day.weekday * CELL + (CELL - SIDES[day.size]) / 2:g}",
                SIDES[day.size],
                SIDES[day.size],
                2 if day.size else 1.5,
            )
            for day in calendar.days
        ),
    )
    names = format_html_join(
        "",
        '<text x="{}%" y="14">{}</text>',
        ((f"{100 * week / WEEKS:.1f}", date_format(on, "M")) for week, on in calendar.months if week < WEEKS - 2),
    )
    return format_html(
        '<div class="calendar" role="img" aria-label="{}"><svg viewBox="0 0 {} {}" aria-hidden="true">{}</svg>'
        '<svg class="months" height="18" aria-hidden="true">{}</svg></div>',
        calendar_words(calendar),
        WEEKS * CELL,
        7 * CELL,
        cells,
        names,
    )


@register.filter
def calendar_words(calendar: Calendar) -> str:
    """The calendar in a sentence."""
    if calendar.last is None:
        return _("Nothing in the last 26 weeks yet.")
    words = ngettext(
        "You studied on %(n)d day of the last 26 weeks, on %(day)s.",
        "You studied on %(n)d days of the last 26 weeks, most recently on %(day)s.",
        calendar.studied,
    )
    return words % {"n": calendar.studied, "day": date_format(calendar.last, "F j")}


@register.filter
def day_names(days: Sequence[date]) -> str:
    """The days of a week in words: Mon, Wed."""
    return ", ".join(str(WEEKDAYS_ABBR[day.weekday()]) for day in days)
