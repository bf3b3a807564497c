"""Drawing a figure that the engine has measured: an SVG with its words, and its table one click away."""

from typing import Any

from django import template

from quizzes.engine.plots import Plot

register = template.Library()

EDGE = 8
"""Percent of the width, from which on the words of a tick find room on both sides."""


@register.inclusion_tag("components/plot.html")
def plot(figure: Plot) -> dict[str, Any]:
    """A figure over two axes. Words stand outside the stretched drawing, so that they keep their size on a phone."""
    return {
        "figure": figure,
        "lines": [
            {"name": line.name, "look": line.look, "path": figure.path(line)} for line in figure.lines if line.points
        ],
        # A line of one point has no length: without a dot there would be nothing to see.
        "dots": [
            {"x": f"{figure.across(line.points[0][0]):.2f}", "y": f"{figure.down(line.points[0][1]):.2f}"}
            for line in figure.lines
            if len(line.points) == 1
        ],
        "spans": [
            {
                "x": f"{figure.across(span.x):.2f}",
                "top": f"{figure.down(span.high):.2f}",
                "bottom": f"{figure.down(span.low):.2f}",
                "value": None if span.value is None else f"{figure.down(span.value):.2f}",
            }
            for span in figure.spans
        ],
        "x_ticks": [
            {"at": f"{figure.across(tick.at):.2f}", "words": tick.words, "side": _side(figure.across(tick.at))}
            for tick in figure.x_ticks
        ],
        "y_ticks": [{"at": f"{figure.down(tick.at):.2f}", "words": tick.words} for tick in figure.y_ticks],
        "limit": figure.limit and {"at": f"{figure.down(figure.limit[0]):.2f}", "words": figure.limit[1]},
    }


def _side(place: float) -> str:
    """At the edges words stand inside the figure, elsewhere under their place."""
    return "start" if place < EDGE else "end" if place > 100 - EDGE else "mid"
