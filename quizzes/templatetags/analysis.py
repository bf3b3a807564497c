"""The figures of item analysis on a page."""

from typing import Any
from urllib.parse import urlencode

from django import template

from quizzes.engine.analysis import Flag
from quizzes.engine.plots import Histogram
from quizzes.queries import analysis_words as words

register = template.Library()
register.filter("share", words.percent)
register.filter("figure", words.number)
register.filter("spent_seconds", words.seconds)


@register.filter
def flag(one: Flag) -> str:
    """A flag as its chip says it."""
    return str(words.FLAGS[one])


@register.filter
def flag_reason(one: Flag) -> str:
    """What a flag means, and what to do."""
    return str(words.REASONS[one])


@register.simple_tag
def ordered_by(kept: dict[str, str], sort: str, name: str) -> str:
    """The query that orders by this column; a second time the other way round."""
    return "?" + urlencode({**kept, "sort": f"-{name}" if sort == name else name})


@register.simple_tag
def order_state(sort: str, name: str) -> str:
    """What aria-sort says of this column."""
    return {name: "ascending", f"-{name}": "descending"}.get(sort, "none")


@register.inclusion_tag("components/histogram.html")
def histogram(figure: Histogram) -> dict[str, Any]:
    """Bars over tenths, with a line at what is told apart."""
    bars = [
        {
            "x": f"{one.x + 0.5:.2f}",
            "width": f"{one.width - 1:.2f}",
            "top": f"{100 - one.height:.2f}",
            "height": f"{one.height:.2f}",
            "middle": f"{one.x + one.width / 2:.2f}",
            "words": one.words,
        }
        for one in figure.bars
    ]
    mark = figure.mark and {
        "at": f"{figure.mark[0]:.2f}",
        "words": figure.mark[1],
        "side": "end" if figure.mark[0] > 60 else "start",
    }
    return {"figure": figure, "bars": bars, "mark": mark, "ticks": ("0 %", "50 %", "100 %")}
