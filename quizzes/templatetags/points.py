"""The words and the figures of the page on where points go."""

from collections.abc import Sequence

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quizzes.engine.forensics import SECONDS_EACH, Advice, Changes
from quizzes.engine.losses import FALSE_MECHANISM, Graded, Spent, Sure
from quizzes.engine.plots import Line, Plot, Scale, Span, Table, Tick, thinned
from quizzes.queries.forensics import Pace, Points, TopicName
from quizzes.queries.reports import PAGE_SIZE
from quizzes.templatetags.reports import percent

register = template.Library()

FAMILIES = {
    "qualifier": gettext_lazy("works, but another option fits what is asked for better"),
    "cost": gettext_lazy("works, but costs more"),
    "scope": gettext_lazy("reaches too far, or not far enough: Region, zone or account"),
    "outdated": gettext_lazy("rests on a service or a feature that has been replaced"),
    "half_solution": gettext_lazy("solves half of it"),
    "no_such_mechanism": gettext_lazy("rests on something that does not exist"),
    "wrong_mode": gettext_lazy("the right service in the wrong mode"),
}
LEVELS = {"guess": gettext_lazy("Guess"), "fairly": gettext_lazy("Fairly sure"), "sure": gettext_lazy("Sure")}
MOST_ROWS = 12


@register.filter
def family_words(name: str) -> str:
    """A kind of mistake."""
    return str(FAMILIES.get(name, name))


@register.filter
def requirement_words(name: str) -> str:
    """A requirement in its own words; or that what was chosen does not exist."""
    return _("What you chose does not exist") if name == FALSE_MECHANISM else name


@register.filter
def level_words(level: str) -> str:
    """How sure somebody said they were."""
    return str(LEVELS[level])


@register.filter
def minutes(seconds: float) -> str:
    """Seconds as minutes and seconds: 2:24."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"


@register.simple_tag
def miss_link(one: Graded, practice: frozenset[str]) -> SafeString:
    """The way to an answer: in the review of its exam, or in its practice session."""
    if one.mark in practice:
        url = f"{reverse('practice:session', args=[one.mark])}?q={one.position}"
    else:
        page = (one.position - 1) // PAGE_SIZE + 1
        url = f"{reverse('attempts:review', args=[one.mark])}?page={page}#question-{one.position}"
    return format_html('<a href="{}">{}</a>', url, _("latest miss"))


@register.filter
def requirement_sentence(points: Points) -> str:
    """The requirement overlooked most often, with its count."""
    named = [row for row in points.requirements if row.name != FALSE_MECHANISM]
    if not named or named[0].misses < 2:
        return _("No requirement was overlooked twice so far.")
    return ngettext(
        "You overlooked “%(name)s” in %(n)d of %(of)d miss.",
        "You overlooked “%(name)s” in %(n)d of %(of)d misses.",
        points.of,
    ) % {"name": named[0].name, "n": named[0].misses, "of": points.of}


@register.filter
def change_advice(changes: Changes) -> str:
    """One sentence on changing answers, with its numbers."""
    counts = {"gained": changes.gained, "lost": changes.lost}
    if not changes.questions:
        return _("You changed no answer in these exams.")
    said = _("Changing your answer gained %(gained)d and lost %(lost)d.") % counts
    advice = {
        Advice.TOO_FEW: _("That is too few to say whether changing pays for you."),
        Advice.GAINED: _("So far it paid: change an answer when you find a reason in the question."),
        Advice.LOST: _("So far it cost you: keep the first answer unless you find a reason in the question."),
        Advice.EVEN: _("So far it made no difference."),
    }
    return f"{said} {advice[changes.advice]}"


@register.filter
def time_sentence(spent: Spent) -> str:
    """Where the time went."""
    return _(
        "%(share)d %% of the time went to questions that were wrong in the end:"
        " %(wrong)s a question, against %(right)s on those right."
    ) % {
        "share": percent(spent.wrong_share),
        "wrong": minutes(spent.wrong_each),
        "right": minutes(spent.right_each),
    }


@register.filter
def pace_plot(pace: Pace) -> Plot:
    """The time used by the number of questions answered, beside 144 seconds for each."""
    points = tuple((float(n), seconds / 60) for n, seconds in enumerate(pace.seconds, 1))
    even = ((0.0, 0.0), (float(pace.size), pace.size * SECONDS_EACH / 60))
    top = max(points[-1][1], even[1][1], 1)
    step = max(1, len(points) // MOST_ROWS)
    told = [point for index, point in enumerate(points, 1) if index % step == 0 or index == len(points)]
    every = max(1, round(pace.size / 5))
    return Plot(
        title=_("Pace: %(title)s") % {"title": pace.attempt.title},
        words=_pace_words(pace),
        x=Scale(0, pace.size),
        y=Scale(0, top),
        table=Table(
            (_("Questions answered"), _("Your time"), _("At 144 seconds each")),
            tuple((f"{n:g}", minutes(at * 60), minutes(n * SECONDS_EACH)) for n, at in told),
        ),
        lines=(Line(_("You"), ((0.0, 0.0), *points)), Line(_("144 seconds a question"), even, "second")),
        x_ticks=thinned([Tick(n, str(n)) for n in range(0, pace.size + 1, every)], 6),
        y_ticks=tuple(Tick(top * part, _("%(n)d min") % {"n": round(top * part)}) for part in (0.5, 1)),
    )


def _pace_words(pace: Pace) -> str:
    """How far ahead or behind somebody was when the last question was answered."""
    n, used = len(pace.seconds), pace.seconds[-1]
    ahead = n * SECONDS_EACH - used
    counts = {"n": n, "size": pace.size, "used": minutes(used), "apart": minutes(abs(ahead))}
    if ahead >= 0:
        words = _(
            "%(n)d of %(size)d questions were answered after %(used)s minutes, %(apart)s ahead of 144 seconds each."
        )
    else:
        words = _(
            "%(n)d of %(size)d questions were answered after %(used)s minutes, %(apart)s behind 144 seconds each."
        )
    return words % counts


@register.filter
def calibration_plot(rows: tuple[Sure, ...]) -> Plot:
    """The share that was right by how sure somebody was, each with its range."""
    known = [(place, row) for place, row in enumerate(rows, 1) if row.n]
    return Plot(
        title=_("How sure you were, and how often you were right"),
        words="; ".join(
            _("%(level)s: %(right)d of %(n)d right") % {"level": level_words(row.level), "right": row.right, "n": row.n}
            for _place, row in known
        )
        + ".",
        x=Scale(0.5, 3.5),
        y=Scale(0, 1),
        table=Table(
            (_("You said"), _("Right"), _("95 % range")),
            tuple(
                (level_words(row.level), _("%(right)d of %(n)d") % {"right": row.right, "n": row.n}, _range(row))
                for row in rows
            ),
        ),
        spans=tuple(Span(place, row.interval.low, row.interval.high, row.right / row.n) for place, row in known),
        # The first and the last tick are not centered: they are empty.
        x_ticks=(Tick(0.5, ""), *(Tick(n, level_words(row.level)) for n, row in enumerate(rows, 1)), Tick(3.5, "")),
        y_ticks=tuple(Tick(part, f"{percent(part)} %") for part in (0, 0.5, 1)),
    )


def _range(row: Sure) -> str:
    return f"{percent(row.interval.low)}–{percent(row.interval.high)} %" if row.n else "–"


@register.simple_tag
def topic_of(points: Points, slug: str) -> TopicName:
    """What the topic is called."""
    return points.topic_names.get(slug, TopicName(slug, live=False))


@register.simple_tag
def task_of(points: Points, number: str) -> str:
    """What the task is called; nothing where no exam names it."""
    return points.task_names.get(number, "")


@register.simple_tag
def further(rows: Sequence[object], shown: int) -> SafeString | str:
    """How many rows a table leaves out; nothing where it has all of them."""
    left = len(rows) - shown
    if left <= 0:
        return ""
    words = ngettext("and %(n)d more, missed no more often", "and %(n)d more, missed no more often", left) % {"n": left}
    return format_html('<p class="about">{}</p>', words)
