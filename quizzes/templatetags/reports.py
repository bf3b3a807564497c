"""The words and the figures of a report."""

import math

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quizzes.engine.marks import Reading
from quizzes.engine.scoring import PRACTICE_LINE, Band, Summary, Tally, Verdict
from quizzes.models import Attempt, Result
from quizzes.queries.feedback import Explained
from quizzes.queries.marks import MarkedSum
from quizzes.queries.reports import ReviewPage

register = template.Library()

LOW, HIGH = 100, 1000

BANDS = {
    Band.ABOVE: gettext_lazy("Above the practice line"),
    Band.TOO_CLOSE: gettext_lazy("Too close to call"),
    Band.BELOW: gettext_lazy("Below the practice line"),
}
VERDICTS = {
    Verdict.NEEDS_WORK: gettext_lazy("needs work"),
    Verdict.MEETS: gettext_lazy("meets the line"),
    Verdict.NOT_ENOUGH: gettext_lazy("not enough evidence"),
}


@register.filter
def percent(share: float) -> int:
    """A share from 0 to 1 as a whole number of hundredths."""
    return _whole(100 * share)


def _whole(number: float) -> int:
    """Halves go up, as in ``floatformat``: the same number never stands in two ways on one page."""
    return math.floor(number + 0.5 + 1e-9)


@register.filter
def band_words(band: Band) -> str:
    """One of three bands."""
    return str(BANDS[band])


@register.filter
def verdict_words(verdict: str) -> str:
    """What the evidence on a domain says."""
    return str(VERDICTS[Verdict(verdict)])


@register.filter
def verdict(summary: Summary) -> str:
    """The headline: a band where there is one, else what was done."""
    if summary.band is not None:
        return str(BANDS[summary.band])
    return _("%(right)s of %(n)d right") % {"right": f"{summary.raw:g}", "n": summary.n}


@register.filter
def sentence(summary: Summary) -> str:
    """The result in words, with its range, and what it is not."""
    parts = [
        _(
            "You answered %(right)s of %(n)d scored questions right (%(percent)d %%);"
            " %(new)d of the %(n)d were new to you."
        )
        % {
            "right": f"{summary.raw:g}",
            "n": summary.n,
            "percent": _whole(summary.percent),
            "new": summary.first_exposure_n,
        }
    ]
    parts.append(_scale_sentence(summary))
    parts.append(_("This is not an AWS score: AWS does not publish its conversion."))
    return " ".join(parts)


def _scale_sentence(summary: Summary) -> str:
    if summary.scale is None or summary.scale_interval is None:
        return _("Fewer than 70 % of the questions were new to you, so there is no figure on the practice scale.")
    figures = {
        "scale": round(summary.scale),
        "low": round(summary.scale_interval.low),
        "high": round(summary.scale_interval.high),
    }
    if summary.first_exposure_n == summary.n:
        words = _("On our practice scale that is %(scale)d; the 95 %% range is %(low)d–%(high)d, and the line is 750.")
    else:
        words = _(
            "On our practice scale the new ones give %(scale)d;"
            " the 95 %% range is %(low)d–%(high)d, and the line is 750."
        )
    words %= figures
    if summary.few_items:
        words += " " + _("These are too few questions for more than a rough range.")
    return words


@register.simple_tag
def scale_plot(summary: Summary) -> SafeString:
    """The practice scale as a figure: range, score and line; x in percent, so that words keep their size."""
    assert summary.scale is not None
    assert summary.scale_interval is not None
    low, high = _place(summary.scale_interval.low), _place(summary.scale_interval.high)
    score, line = _place(summary.scale), _place(PRACTICE_LINE)
    words = _("%(scale)d on the practice scale, range %(low)d to %(high)d, line at 750") % {
        "scale": round(summary.scale),
        "low": round(summary.scale_interval.low),
        "high": round(summary.scale_interval.high),
    }
    return format_html(
        '<svg class="plot" height="132" role="img" aria-label="{words}">'
        '<line class="axis" x1="0" x2="100%" y1="72" y2="72"/>'
        '<rect class="range" x="{low}%" width="{width}%" y="64" height="16" rx="2"/>'
        '<line class="limit" x1="{line}%" x2="{line}%" y1="52" y2="92"/>'
        '<circle class="point" cx="{score}%" cy="72" r="9"/>'
        '<text class="score mid" x="{label}%" y="34">{value}</text>'
        '<text class="end" x="{low}%" y="60">{low_value}</text><text x="{high}%" y="60">{high_value}</text>'
        '<text class="name mid" x="{line}%" y="122">{name}</text>'
        '<text x="0" y="98">100</text><text class="end" x="100%" y="98">1000</text></svg>',
        words=words,
        low=f"{low:.1f}",
        width=f"{high - low:.1f}",
        high=f"{high:.1f}",
        line=f"{line:.1f}",
        score=f"{score:.1f}",
        label=f"{min(95.0, max(5.0, score)):.1f}",
        value=round(summary.scale),
        low_value=round(summary.scale_interval.low),
        high_value=round(summary.scale_interval.high),
        name=_("practice line 750"),
    )


def _place(points: float) -> float:
    return 100 * (points - LOW) / (HIGH - LOW)


@register.simple_tag
def domain_plot(tally: Tally) -> SafeString:
    """The range of one domain over the questions that were new, with the share that was right."""
    low, high = 100 * tally.interval.low, 100 * tally.interval.high
    share = 100 * tally.right / tally.n if tally.n else 0.0
    return format_html(
        '<svg class="plot" height="24" aria-hidden="true"><line class="axis" x1="0" x2="100%" y1="12" y2="12"/>'
        '<rect class="range" x="{}%" width="{}%" y="8" height="8"/>'
        '<line class="limit faint" x1="72.2%" x2="72.2%" y1="1" y2="23"/>'
        '<rect class="at" x="{}%" width="4" y="3" height="18"/></svg>',
        f"{low:.1f}",
        f"{high - low:.1f}",
        f"{min(99.0, share):.1f}",
    )


@register.filter
def conditions(attempt: Attempt) -> str:
    """What was official about the sitting, or what differed."""
    words = {
        "standard": _("official conditions"),
        "plus30": _("30 minutes more"),
        "x125": _("time and a quarter"),
        "x150": _("time and a half"),
        "x200": _("double time"),
        "untimed": _("no time limit"),
    }
    return words.get(attempt.time_option, attempt.time_option)


@register.filter
def reason(result: Result) -> str:
    """Why there is this result: the two that the site writes itself in words, else what somebody gave."""
    words = {"first": _("Handed in"), "reopened": _("Handed in again, after it was opened again")}
    return words.get(result.reason, result.reason)


@register.filter
def spent(seconds: int) -> str:
    """Seconds on a question, in words."""
    if seconds < 60:
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    return _("%(minutes)d min %(seconds)02d s") % {"minutes": seconds // 60, "seconds": seconds % 60}


@register.filter
def filters(page: ReviewPage) -> list[tuple[str, str]]:
    """The filters of a review with their words."""
    return [
        ("all", _("All")),
        ("wrong", _("Wrong")),
        ("flagged", _("Flagged")),
        ("unanswered", _("Not answered")),
    ]


@register.filter
def query(page: ReviewPage) -> str:
    """The filter as it goes on in the links to other pages."""
    return f"&show={page.chosen}" + (f"&domain={page.domain}" if page.domain else "")


@register.filter
def confidence_words(question: Explained) -> str:
    """What being right or wrong means beside how sure one was."""
    return {
        ("guess", True): _("A guess that came right: read the reasons, it will not always."),
        ("guess", False): _("You knew that you did not know."),
        ("fairly", True): _("And you were fairly sure of it."),
        ("fairly", False): _("You were fairly sure: find the requirement that was overlooked."),
        ("sure", True): _("And you were sure of it."),
        ("sure", False): _("You were sure. That is worth the most: read why."),
    }[question.confidence, question.right]


@register.filter
def marks_sentence(reading: Reading) -> str:
    """How many of the requirements of one stem were marked, and how much of the marks was spent on them."""
    if not reading.requirements:
        return _("You marked something here. The author named no requirement to compare it with.")
    counted = ngettext(
        "You marked %(seen)d of %(total)d requirement.", "You marked %(seen)d of %(total)d requirements.", reading.total
    ) % {"seen": reading.seen, "total": reading.total}
    share = _("%(percent)d %% of the text you marked belongs to a requirement.") % {
        "percent": percent(reading.precision or 0.0)
    }
    return f"{counted} {share}"


@register.filter
def marked_sum_sentence(marked: MarkedSum) -> str:
    """The same over a whole exam."""
    figures = {"n": marked.questions, "seen": marked.seen, "total": marked.total}
    told = _("Requirements marked: %(seen)d of %(total)d, over the %(n)d questions in which you marked something.")
    missed = ""
    if marked.missed_total:
        missed = _("In those that you missed: %(seen)d of %(total)d.") % {
            "seen": marked.missed_seen,
            "total": marked.missed_total,
        }
    return f"{told % figures} {missed}".strip()
