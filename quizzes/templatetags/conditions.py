"""The words of fair conditions: what holds for one learner instead of what holds for the others."""

from datetime import datetime

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.engine.conditions import Grant
from quizzes.models import Attempt, Condition
from quizzes.queries.condition_pages import Outcome
from quizzes.queries.condition_words import granted_words, room_words, time_words
from quizzes.queries.conditions import grant_for, grant_of, held_during
from quizzes.queries.under_way import Running
from quizzes.templatetags.deliveries import lasting, moment

register = template.Library()


@register.filter
def row_words(row: Condition) -> list[str]:
    """What a row grants, part by part."""
    return granted_words(grant_of(row))


@register.filter
def grant_words(grant: Grant) -> list[str]:
    """What is granted, part by part."""
    return granted_words(grant)


@register.filter
def held_words(attempt: Attempt) -> str:
    """What of a learner’s conditions held in a sitting, in one line; empty where there were none."""
    return _in_the_room(held_during(attempt))


@register.simple_tag
def standing_words(person_id: int | None) -> str:
    """What will hold for this person in whatever exam they begin, in one line; empty where nothing was granted."""
    return _in_the_room(grant_for(person_id)) if person_id else ""


def _in_the_room(grant: Grant) -> str:
    return "; ".join([*time_words(grant), *room_words(grant)])


@register.filter
def outcome_words(outcome: Outcome) -> list[str]:
    """What holds for the learner of an assignment, each line with what holds for the others."""
    plain, terms = outcome.plain, outcome.terms
    lines = [_limit_line(outcome)]
    if terms.opens_at and terms.opens_at != plain.opens_at:
        lines.append(_line(_("Opens on"), terms.opens_at, plain.opens_at))
    if outcome.own_due_at and outcome.own_due_at != outcome.due_at:
        lines.append(_line(_("Due on"), outcome.own_due_at, outcome.due_at))
    if terms.closes_at and terms.closes_at != plain.closes_at:
        lines.append(_line(_("Closes on"), terms.closes_at, plain.closes_at))
    lines.append(_attempts_line(outcome))
    lines += [f"{one[:1].upper()}{one[1:]}." for one in room_words(outcome.grant)]
    return [one for one in lines if one] or [_("The same as for everybody.")]


def _line(what: str, own: datetime, others: datetime | None) -> str:
    instead = moment(others) if others else _("no date")
    return _("%(what)s %(own)s instead of %(others)s.") % {"what": what, "own": moment(own), "others": instead}


def _limit_line(outcome: Outcome) -> str:
    own, others = outcome.terms.limit, outcome.plain.limit
    if others is None:
        return _("There is no time limit to lengthen.") if time_words(outcome.grant) else ""
    if own == others:
        return ""
    return _("Time limit %(own)s instead of %(others)s.") % {"own": lasting(own), "others": lasting(others)}


def _attempts_line(outcome: Outcome) -> str:
    own, others = outcome.terms.attempts, outcome.plain.attempts
    if not outcome.grant.attempts:
        return ""
    if own is None:
        return _("Everybody has as many attempts as they like; more change nothing.")
    words = ngettext("%(own)d attempt instead of %(others)s.", "%(own)d attempts instead of %(others)s.", own)
    return words % {"own": own, "others": others}


@register.filter
def running_words(running: Running) -> str:
    """What becomes of an exam under way."""
    if running.deadline is None or running.ends is None:
        return _("“%(title)s” is under way, without a time limit.") % {"title": running.title}
    about = {"title": running.title, "ends": moment(running.ends), "deadline": moment(running.deadline)}
    if running.ends > running.deadline:
        return _("“%(title)s” is under way. It ends on %(ends)s instead of %(deadline)s.") % about
    return _("“%(title)s” is under way. It ends on %(ends)s as before: no time is taken away.") % about
