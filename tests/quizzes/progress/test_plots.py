"""Figures on a page: an SVG that says itself in words, and the same as a table."""

from django.template import Context, Template

from quizzes.engine.plots import Line, Plot, Scale, Span, Table, Tick


def drawn(figure: Plot) -> str:
    return Template("{% load plots %}{% plot figure %}").render(Context({"figure": figure}))


def test_a_figure_has_words_lines_and_a_table() -> None:
    page = drawn(
        Plot(
            title="Recall & plan",
            words="It rises to 80 %.",
            x=Scale(0, 30),
            y=Scale(0, 1),
            table=Table(("Day", "Recall"), (("1 Dec", "20 %"), ("31 Dec", "80 %"))),
            lines=(Line("as planned", ((0, 0.2), (30, 0.8))), Line("if you rest", ((0, 0.2),), "second")),
            spans=(Span(15, 0.4, 0.6, 0.5),),
            x_ticks=(Tick(0, "1 Dec"),),
            y_ticks=(Tick(0.5, "50 %"),),
            limit=(0.72, "line"),
        )
    )
    assert 'aria-label="It rises to 80 %."' in page
    assert 'points="0.00,80.00 100.00,20.00"' in page
    assert '<circle class="point" cx="0.00%" cy="80.00%" r="5"/>' in page
    assert '<line class="span" x1="50.00%" x2="50.00%" y1="40.00%" y2="60.00%"/>' in page
    assert "Recall &amp; plan" in page
    assert '<th scope="row">31 Dec</th><td>80 %</td>' in page
    assert page.count("<li class") == 2


def test_one_line_needs_no_legend() -> None:
    figure = Plot("t", "w", Scale(0, 1), Scale(0, 1), Table((), ()), lines=(Line("only", ((0, 0), (1, 1))),))
    assert "legend" not in drawn(figure)


def test_words_under_a_tick_stand_inside_the_figure() -> None:
    ticks = (Tick(0, "first"), Tick(3, "early"), Tick(10, "last"))
    page = drawn(Plot("t", "w", Scale(0, 10), Scale(0, 1), Table((), ()), x_ticks=ticks))
    assert '<text class="start" x="0.00%" y="15">first</text>' in page
    assert '<text class="mid" x="30.00%" y="15">early</text>' in page
    assert '<text class="end" x="100.00%" y="15">last</text>' in page
