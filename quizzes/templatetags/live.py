"""The words of the live view: states, orders of the list, and what an action does."""

from datetime import datetime
from urllib.parse import urlencode

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.engine.live import Action, State
from quizzes.queries.live import DEFAULT_SORT, Wanted

register = template.Library()

STATES = {
    State.WORKING: gettext_lazy("working"),
    State.PAUSED: gettext_lazy("paused"),
    State.NOT_STARTED: gettext_lazy("not started"),
    State.TIME_UP: gettext_lazy("time up"),
    State.SUBMITTED: gettext_lazy("submitted"),
    State.VOID: gettext_lazy("void"),
}
ACTIONS = {
    Action.EXTEND: gettext_lazy("Extend"),
    Action.END: gettext_lazy("End"),
    Action.REOPEN: gettext_lazy("Reopen"),
    Action.VOID: gettext_lazy("Void"),
}
TITLES = {
    Action.EXTEND: gettext_lazy("More time for %(name)s"),
    Action.END: gettext_lazy("End the attempt of %(name)s"),
    Action.REOPEN: gettext_lazy("Reopen the attempt of %(name)s"),
    Action.VOID: gettext_lazy("Declare the attempt of %(name)s void"),
}
EFFECTS = {
    Action.EXTEND: gettext_lazy(
        "The end of the attempt moves at once. A page that is open there shows it within half a minute."
    ),
    Action.END: gettext_lazy(
        "What was saved up to now is handed in and marked. The learner cannot go on, and the log of the attempt says"
        " that an instructor ended it."
    ),
    Action.REOPEN: gettext_lazy(
        "The learner goes on where they were, and everything they gave is still there. The earlier result stays, and"
        " the one at the end replaces it. If right answers were shown meanwhile, they have been seen."
    ),
    Action.VOID: gettext_lazy(
        "The attempt counts for nothing any more and cannot be opened again. Answers and log stay. It is not counted"
        " among the attempts that the learner has taken."
    ),
}


@register.filter
def live_state(state: str) -> str:
    """A state in words."""
    return str(STATES[State(state)])


@register.filter
def action_word(action: str) -> str:
    """An action in one word."""
    return str(ACTIONS[Action(action)])


@register.simple_tag
def action_title(action: Action, name: str) -> str:
    """What would be done to whom."""
    return str(TITLES[action]) % {"name": name}


@register.filter
def action_effect(action: Action) -> str:
    """What it brings about."""
    return str(EFFECTS[action])


@register.filter
def action_button(action: Action) -> str:
    """The words on the button that does it."""
    words = {
        Action.EXTEND: _("Give more time"),
        Action.END: _("End it now"),
        Action.REOPEN: _("Reopen it"),
        Action.VOID: _("Declare it void"),
    }
    return words[action]


@register.simple_tag
def live_in(wanted: Wanted, state: str) -> str:
    """The query that leaves one state, or all where there is none."""
    return _query(state, wanted.name, wanted.sort)


@register.simple_tag
def live_by(wanted: Wanted, name: str) -> str:
    """The query that sorts by this column; a second time the other way round. The last save comes first at first."""
    down = wanted.sort == name or (name == "saved" and wanted.sort != "-saved")
    return _query(wanted.state, wanted.name, f"-{name}" if down else name)


@register.simple_tag
def live_sorted(wanted: Wanted, name: str) -> str:
    """What aria-sort says of this column."""
    return {name: "ascending", f"-{name}": "descending"}.get(wanted.sort, "none")


def _query(state: str, name: str, sort: str) -> str:
    given = {"state": state, "name": name, "sort": "" if sort == DEFAULT_SORT else sort}
    return "?" + urlencode({key: value for key, value in given.items() if value})


@register.filter
def moment_on(value: datetime, now: datetime) -> str:
    """A moment as one reads it on the day of ``now``: the time, with the date where it was another day."""
    local = localtime(value)
    return date_format(local, "H:i:s" if local.date() == localtime(now).date() else "M j, H:i")
