"""The plan in words and figures, for its page."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.engine.planning import Forecast, StudyPlan
from quizzes.engine.plots import Line, Plot, Scale, Table, Tick
from quizzes.queries.plans import Planned

TOPICS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class TopicSet:
    """New questions on one topic; ``slug`` is empty where it has no page."""

    slug: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class DayRow:
    """One of the next days, with its minutes and about what it holds."""

    day: date
    minutes: int
    mock: bool
    repetitions: int
    questions: int


@dataclass(frozen=True, slots=True)
class PlanPage:
    """What the page shows."""

    today: date
    minutes: int
    mock: bool
    repetitions: int
    topics: tuple[TopicSet, ...]
    further: int
    backlog: int
    figure: Plot | None
    days: tuple[DayRow, ...]
    mocks: tuple[date, ...]
    proposed: bool

    @property
    def is_done(self) -> bool:
        """Whether nothing is left for today."""
        return not (self.mock or self.repetitions or self.topics)


def plan_page(found: Planned) -> PlanPage:
    """The page of a plan whose day is to come."""
    study, today = found.study, found.today
    assert study is not None
    has_anything = bool(study.forecast.planned or study.forecast.now)
    return PlanPage(
        today=today,
        minutes=round(study.today.seconds / 60),
        mock=study.today.mock,
        repetitions=len(study.today.repetitions),
        topics=tuple(
            TopicSet(topic, found.titles.get(topic, ""), count) for topic, count in study.today.questions[:TOPICS_SHOWN]
        ),
        further=sum(count for _topic, count in study.today.questions[TOPICS_SHOWN:]),
        backlog=study.today.backlog,
        figure=_figure(found, study.forecast) if has_anything else None,
        days=tuple(
            DayRow(today + timedelta(days=one.day), one.minutes, one.mock, one.repetitions, one.questions)
            for one in study.ahead
        ),
        mocks=_mocks(study, today),
        proposed=study.mocks.proposed,
    )


def _mocks(study: StudyPlan, today: date) -> tuple[date, ...]:
    return tuple(today + timedelta(days=day) for day in study.mocks.days)


def _figure(found: Planned, forecast: Forecast) -> Plot:
    days = forecast.curve[-1][0]
    planned = tuple((float(day), 100 * ours) for day, ours, _idle in forecast.curve)
    idle = tuple((float(day), 100 * idle) for day, _ours, idle in forecast.curve)
    ends = [forecast.curve[0], forecast.curve[len(forecast.curve) // 2], forecast.curve[-1]]
    return Plot(
        title=_("What you can expect to recall on the day of the exam"),
        words=_words(forecast, days),
        x=Scale(0, days),
        y=Scale(0, 100),
        table=_table(found, forecast),
        lines=(Line(_("as planned"), planned), Line(_("if you stop now"), idle, "second")),
        x_ticks=tuple(Tick(day, _short(found.today + timedelta(days=day))) for day, *_rest in ends),
        y_ticks=tuple(Tick(level, f"{level} %") for level in (25, 50, 75, 100)),
    )


def _short(day: date) -> str:
    return date_format(day, "M j")


def _words(forecast: Forecast, days: int) -> str:
    return ngettext(
        "Expected recall of our questions: about %(now)s %% today; in %(days)d day about %(planned)s %% as planned, "
        "%(skipped)s %% if today is skipped, %(stopped)s %% if you stop now.",
        "Expected recall of our questions: about %(now)s %% today; in %(days)d days about %(planned)s %% as planned, "
        "%(skipped)s %% if today is skipped, %(stopped)s %% if you stop now.",
        days,
    ) % {
        "days": days,
        "now": _percent(forecast.now),
        "planned": _percent(forecast.planned),
        "skipped": _percent(forecast.skipped),
        "stopped": _percent(forecast.stopped),
    }


def _percent(share: float) -> str:
    # A forecast has no tenths.
    return f"{100 * share:.0f}"


def _table(found: Planned, forecast: Forecast) -> Table:
    rows = tuple(
        (_short(found.today + timedelta(days=day)), f"{_percent(ours)} %", f"{_percent(idle)} %")
        for day, ours, idle in forecast.curve
    )
    return Table((_("Day"), _("as planned"), _("if you stop now")), rows)
