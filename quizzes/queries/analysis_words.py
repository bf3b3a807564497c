"""The figures of item analysis in words: each with its value, what it means here, and why where it is not shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import floor
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quizzes.engine.analysis import FEW, TOO_FEW, Flag, Item, OptionRow, Summary, Trust, trust
from quizzes.engine.plots import Histogram, Line, Plot, Scale, Table, Tick
from quizzes.queries.analysis_pages import Shown

FLAGS: Mapping[Flag, Any] = {
    Flag.WRONG_KEY: gettext_lazy("key may be wrong"),
    Flag.DEAD_DISTRACTOR: gettext_lazy("option nobody takes"),
    Flag.TOO_EASY: gettext_lazy("too easy"),
    Flag.TOO_HARD: gettext_lazy("too hard"),
    Flag.NOT_TELLING: gettext_lazy("does not tell apart"),
    Flag.TOO_SLOW: gettext_lazy("takes long"),
    Flag.CHALLENGED: gettext_lazy("often challenged"),
}
REASONS: Mapping[Flag, Any] = {
    Flag.WRONG_KEY: gettext_lazy(
        "The best 27 % take another option more often than the key, or the key goes with low scores. "
        "Check the key first."
    ),
    Flag.DEAD_DISTRACTOR: gettext_lazy(
        "Fewer than 5 % take it, so that it works for nobody. Make it likelier, or leave it out."
    ),
    Flag.TOO_EASY: gettext_lazy("More than 95 % have it right: it tells nobody apart."),
    Flag.TOO_HARD: gettext_lazy(
        "Fewer have it right than by a blind guess, or fewer than 20 %. Look whether it can be understood."
    ),
    Flag.NOT_TELLING: gettext_lazy("Having it right hardly goes with the score on the other questions."),
    Flag.TOO_SLOW: gettext_lazy("It takes more than two and a half times as long as the usual question of this quiz."),
    Flag.CHALLENGED: gettext_lazy("Three or more learners object to it. Read what they say."),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One figure: its name, its value in words (empty: not shown), and a sentence."""

    name: str
    value: str
    words: str


def percent(share: float | None, places: int = 0) -> str:
    """A share, 0-1, in percent; halves go up."""
    if share is None:
        return "–"
    value = f"{100 * share:.{places}f}" if places else str(floor(100 * share + 0.5 + 1e-9))
    return _("%(n)s %%") % {"n": value.replace("-", "−")}


def number(value: float | None, places: int = 2) -> str:
    """A number with a minus of its own, or a dash."""
    return "–" if value is None else f"{value:.{places}f}".replace("-", "−")


def points(value: float | None) -> str:
    """Percentage points."""
    return "–" if value is None else _("%(n)s points") % {"n": f"{value:.1f}"}


def seconds(value: float | None) -> str:
    """A time on a question."""
    if value is None:
        return "–"
    whole = round(value)
    return _("%(n)d s") % {"n": whole} if whole < 120 else _("%(m)d min %(s)d s") % {"m": whole // 60, "s": whole % 60}


def too_few(n: int) -> str:
    """Why a figure is not shown."""
    return _("Not shown below %(least)d attempts, here are %(n)d: it would be noise.") % {"least": TOO_FEW, "n": n}


def of_quiz(summary: Summary, *, drawn: bool) -> Iterator[Said]:
    """The figures of a quiz."""
    n = summary.n
    counted = ngettext("%(n)d attempt is counted.", "%(n)d attempts are counted.", n) % {"n": n}
    yield Said(_("Attempts"), str(n), counted)
    mean = None if summary.mean is None else summary.mean / 100
    yield Said(_("Mean"), percent(mean, 1), _("The average score. From 50 to 75 % a quiz tells most learners apart."))
    middle = None if summary.median is None else summary.median / 100
    yield Said(_("Median"), percent(middle, 1), _("Half of the attempts scored less, half more."))
    spread = _("How far scores lie from the mean, in points of a hundred. 12 to 18 is usual.")
    alone = _("Not defined for a single attempt.")
    yield Said(_("Standard deviation"), points(summary.sd), alone if summary.sd is None else spread)
    yield Said(_("Skewness"), number(summary.skew), _skew_words(summary.skew))
    tails = _("0 is the shape of a bell. Above it more scores lie far out than in a bell, below it fewer.")
    flat = _("Not defined here: scores do not differ, or there are fewer than four.")
    yield Said(_("Kurtosis"), number(summary.kurtosis), flat if summary.kurtosis is None else tails)
    yield from _reliability(summary, drawn)


def _skew_words(skew: float | None) -> str:
    if skew is None:
        return _("Not defined here: scores do not differ, or there are fewer than three.")
    if abs(skew) < 0.5:
        return _("Scores lie about evenly on both sides of the mean.")
    return _("A tail of low scores: most did well.") if skew < 0 else _("A tail of high scores: most found it hard.")


def _reliability(summary: Summary, drawn: bool) -> Iterator[Said]:
    name = _("KR-20") if summary.is_kr20 else _("Cronbach’s alpha")
    rest = (_("Error ratio"), _("Standard error of measurement"))
    why = ""
    if drawn:
        why = _("Not defined here: not all attempts had the same questions in the same wording.")
    elif trust(summary.n) is Trust.NONE:
        why = too_few(summary.n)
    elif summary.alpha is None:
        why = _("Not defined here: it takes two questions that count, and scores that differ.")
    if why:
        yield from (Said(one, "", why) for one in (name, *rest))
        return
    yield Said(name, number(summary.alpha), _alpha_words(summary.alpha or 0.0))
    ratio = _("So much of the spread of scores comes from chance and not from what learners know.")
    yield Said(rest[0], percent(summary.error_ratio), ratio)
    if summary.sem is None:
        yield Said(rest[1], "–", _("Not defined where reliability is negative."))
    else:
        within = _("Two of three scores lie within %(n)s points of the true one.") % {"n": f"{summary.sem:.1f}"}
        yield Said(rest[1], points(summary.sem), within)


def _alpha_words(alpha: float) -> str:
    what = _("How well the questions measure one thing.")
    if alpha > 0.75:
        return f"{what} " + _("Above .75: good.")
    if alpha >= 0.64:
        return f"{what} " + _("From .64 to .75: will do for a class, not for a certificate.")
    return f"{what} " + _("Below .64: one score says little about a learner.")


def of_question(item: Item, *, drawn: bool, usual: float | None) -> Iterator[Said]:
    """The figures of a question; all rest on the attempts that reached it."""
    n, hidden = item.n, trust(item.n) is Trust.NONE
    yield Said(_("Attempts"), str(n), _("That reached this question."))
    yield Said(_("Omitted"), str(item.omitted), _("Reached it and gave nothing. They count as wrong."))
    unseen = _("Had it and never saw it. They are in none of these figures.")
    yield Said(_("Not reached"), str(item.not_reached), unseen)
    yield Said(_("Facility"), percent(item.facility), _facility_words(item))
    guess = _("What a blind guess would score.")
    yield Said(_("Guess floor"), percent(item.floor), guess)
    yield Said(_("Standard deviation"), number(item.sd), _("Of the marks, 0 to 1. About 0.5 is the most there can be."))
    signed = (
        (_("Corrected r"), number(item.r), _r_words(item.r)),
        (_("Efficiency"), percent(item.efficiency), _("r as a share of the most that these scores allow.")),
        (_("Upper minus lower"), number(item.d), _("How much better the best 27 % do here than the weakest 27 %.")),
    )
    for name, value, words in signed:
        yield Said(name, "", too_few(n)) if hidden else Said(name, value, words)
    yield from _weights(item, drawn, hidden)
    yield from _times(item, usual)


def _facility_words(item: Item) -> str:
    if item.facility is None:
        return _("Nobody has reached this question.")
    if item.facility <= item.floor:
        return _("The average mark. Not better than a blind guess.")
    return _("The average mark, 0 to 100 %, of all who reached it.")


def _r_words(r: float | None) -> str:
    if r is None:
        return _("Not defined here: all have the same mark, or the same score on the other questions.")
    if r < 0:
        return _("Who has it right scores less on the other questions: look at the key.")
    if r < 0.15:
        return _("With the score on the other questions. It hardly tells learners apart.")
    return _("With the score on the other questions. It tells learners apart.")


def _weights(item: Item, drawn: bool, hidden: bool) -> Iterator[Said]:
    if not item.counted:
        yield Said(_("Weight"), "", _("A pilot: it counts for nobody."))
        return
    if drawn:
        yield Said(_("Weight"), "", _("Not defined here: not all attempts had the same questions in the same wording."))
        return
    yield Said(_("Intended weight"), percent(item.intended_weight, 1), _("Its share of what can be scored."))
    if hidden:
        yield Said(_("Effective weight"), "", too_few(item.n))
    elif item.effective_weight is None:
        yield Said(_("Effective weight"), "–", _("It works against the score: who has it right scores less in all."))
    else:
        words = _("Its share of what tells scores apart. Much more than intended: few other questions matter.")
        yield Said(_("Effective weight"), percent(item.effective_weight, 1), words)


def _times(item: Item, usual: float | None) -> Iterator[Said]:
    if item.quartiles is None:
        yield Said(_("Time"), "–", _("Not known: no attempt noted how long the question was on the screen."))
        return
    low, middle, high = item.quartiles
    words = _("On the screen, in %(n)d attempts that noted it. The usual question of this quiz takes %(usual)s.")
    yield Said(_("Median time"), seconds(middle), words % {"n": item.timed, "usual": seconds(usual)})
    between = _("%(low)s to %(high)s") % {"low": seconds(low), "high": seconds(high)}
    yield Said(_("Quartiles of time"), between, _("The middle half of the attempts."))


def histogram(summary: Summary, pass_mark: int | None) -> Histogram:
    """Attempts by tenths of the score, with the pass line."""
    steps = len(summary.histogram)
    edges = [100 * one // steps for one in range(steps + 1)]
    spans = [_("%(low)d–%(high)d %%") % {"low": edges[one], "high": edges[one + 1]} for one in range(steps)]
    most = max(range(steps), key=lambda one: summary.histogram[one])
    words = _("How many attempts scored how much, in tenths. Most, %(n)d, lie at %(span)s.")
    told = words % {"n": summary.histogram[most], "span": spans[most]}
    if pass_mark is not None:
        told += " " + _("The pass line stands at %(n)d %%.") % {"n": pass_mark}
    rows = tuple((span, str(count)) for span, count in zip(spans, summary.histogram, strict=True))
    mark = None if pass_mark is None else (float(pass_mark), _("pass %(n)d %%") % {"n": pass_mark})
    return Histogram(_("Scores"), told, summary.histogram, Table((_("Score"), _("Attempts")), rows), mark)


def option_plot(one: Shown) -> Plot | None:
    """How the share of each option moves from the weakest to the best; None where there are no two groups."""
    pairs = zip(one.item.options, one.options, strict=True)
    drawn = [(row, option) for row, option in pairs if row.upper is not None]
    if len(drawn) < 2:
        return None
    wrong = [row for row, _option in drawn if not row.right]
    strongest = max(wrong, key=lambda row: row.upper or 0.0) if wrong else None
    rows = tuple(
        (_named(row, option.letter), percent(row.lower), percent(row.share), percent(row.upper))
        for row, option in drawn
    )
    return Plot(
        title=_("From the weakest to the best"),
        words=_("How many of the weakest and of the best 27 % chose each option. The line of the key should rise."),
        x=Scale(0, 1),
        y=Scale(0, 1),
        table=Table((_("Option"), _("Weakest 27 %"), _("All"), _("Best 27 %")), rows),
        lines=tuple(
            Line(_named(row, option.letter), ((0, row.lower or 0.0), (1, row.upper or 0.0)), _look(row, strongest))
            for row, option in drawn
        ),
        x_ticks=(Tick(0, _("weakest 27 %")), Tick(1, _("best 27 %"))),
        y_ticks=tuple(Tick(share / 2, percent(share / 2)) for share in range(3)),
    )


def _look(row: OptionRow, strongest: OptionRow | None) -> str:
    return "main" if row.right else "second" if row is strongest else "faint"


def _named(row: OptionRow, letter: str) -> str:
    name = letter or {"right": _("Right"), "wrong": _("Wrong")}.get(row.name, row.name)
    return _("%(name)s (key)") % {"name": name} if row.right else str(name)


def trust_words(n: int) -> str:
    """A warning where figures rest on little; empty where they carry."""
    if n < TOO_FEW:
        few = ngettext(
            "With %(n)d attempt, correlations and reliability would be noise: they are shown from %(least)d on.",
            "With %(n)d attempts, correlations and reliability would be noise: they are shown from %(least)d on.",
            n,
        )
        return few % {"n": n, "least": TOO_FEW}
    if n < FEW:
        rough = _("With %(n)d attempts these figures are rough: read them as hints. From %(few)d on they carry.")
        return rough % {"n": n, "few": FEW}
    return ""
