"""What the answers say of a question, in words with the figures."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quizzes.engine.analysis import Flag
from quizzes.models import QuestionFlag

register = template.Library()

TITLES = {
    Flag.WRONG_KEY: gettext_lazy("Probable wrong key"),
    Flag.DEAD_DISTRACTOR: gettext_lazy("Option that works for nobody"),
    Flag.TOO_EASY: gettext_lazy("Too easy"),
    Flag.TOO_HARD: gettext_lazy("Too hard"),
    Flag.NOT_TELLING: gettext_lazy("Not telling"),
    Flag.TOO_SLOW: gettext_lazy("Too slow"),
    Flag.CHALLENGED: gettext_lazy("Often challenged"),
}
LACKING = {
    "n": gettext_lazy("%(n)d of 50 first meetings"),
    "facility": gettext_lazy("%(facility)s answered right; 20 to 95 %% are wanted"),
    "r": gettext_lazy("correlation %(r)s; .15 is wanted"),
    "wrong_key": gettext_lazy("the best prefer another option to the key: look at the key"),
    "dead_distractor": gettext_lazy("an option that fewer than 5 %% choose: write a better one"),
    "stale": gettext_lazy("its key is closed by the provider: bring it up to date"),
    "unverified": gettext_lazy("a page that it rests on is not verified yet: verify it first"),
}


@register.simple_tag
def flag_title(flag: QuestionFlag) -> str:
    """What may be wrong."""
    return str(TITLES[Flag(flag.flag)])


@register.simple_tag
def flag_evidence(flag: QuestionFlag) -> str:
    """The figures that say so, in a sentence."""
    return WORDS[Flag(flag.flag)](flag.evidence)


@register.simple_tag
def lacking_words(name: str, pilot: Mapping[str, Any]) -> str:
    """What keeps a pilot from counting."""
    values = {"n": pilot["n"], "facility": percent(pilot["facility"]), "r": correlation(pilot["r"])}
    return str(LACKING[name]) % values


@register.filter
def percent(share: float | None) -> str:
    """A share, 0-1, in whole hundredths; a dash where there is none."""
    return "–" if share is None else _("%(n)s %%") % {"n": round(100 * share)}


@register.filter
def correlation(value: float | None) -> str:
    """A correlation with two places, as one writes it; a dash where there is none."""
    return "–" if value is None else f"{value:.2f}".replace("-", "−").replace("0.", ".", 1)


@register.filter
def letter(option: str) -> str:
    """An option by the name that its author sees."""
    return option.upper() if len(option) == 1 else option


def _wrong_key(evidence: Mapping[str, Any]) -> str:
    options, keys = evidence["options"], evidence["keys"]
    if any(one["right"] for one in options):
        text = _("Whoever chose the key %(options)s did worse on the other questions (r = %(r)s).")
        return text % {"options": _named(options), "r": ", ".join(correlation(one["r"]) for one in options)}
    text = _("Of the best 27 %%, %(suspects)s; %(keys)s, the key.")
    return text % {"suspects": _chosen(options), "keys": _chosen(keys)}


def _dead(evidence: Mapping[str, Any]) -> str:
    parts = [
        _("%(share)s chose %(option)s") % {"share": percent(one["share"]), "option": _named([one])}
        for one in evidence["options"]
    ]
    return _("%(parts)s. Below 5 %% an option is no choice.") % {"parts": ", ".join(parts)}


def _easy(evidence: Mapping[str, Any]) -> str:
    return _("%(share)s answered it right.") % {"share": percent(evidence["figures"]["facility"])}


def _hard(evidence: Mapping[str, Any]) -> str:
    figures = evidence["figures"]
    text = _("%(share)s answered it right; of blind guesses %(guess)s are.")
    return text % {"share": percent(figures["facility"]), "guess": percent(figures["guess"])}


def _telling(evidence: Mapping[str, Any]) -> str:
    text = _("Who is good at the other questions is hardly better at this one (r = %(r)s; .15 is the least).")
    return text % {"r": correlation(evidence["figures"]["r"])}


def _slow(evidence: Mapping[str, Any]) -> str:
    figures = evidence["figures"]
    text = _("Half of the learners spent more than %(time)s on it; on the usual question of this quiz %(usual)s.")
    return text % {"time": _minutes(figures["median seconds"]), "usual": _minutes(figures["usual"])}


def _challenged(evidence: Mapping[str, Any]) -> str:
    n = int(evidence["figures"]["challenges"])
    return ngettext("%(n)d challenge of learners is open.", "%(n)d challenges of learners are open.", n) % {"n": n}


WORDS = {
    Flag.WRONG_KEY: _wrong_key,
    Flag.DEAD_DISTRACTOR: _dead,
    Flag.TOO_EASY: _easy,
    Flag.TOO_HARD: _hard,
    Flag.NOT_TELLING: _telling,
    Flag.TOO_SLOW: _slow,
    Flag.CHALLENGED: _challenged,
}


def _chosen(options: Sequence[Mapping[str, Any]]) -> str:
    text = _("%(share)s chose %(option)s")
    return ", ".join(text % {"share": percent(one["upper"]), "option": _named([one])} for one in options)


def _named(options: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(
        f"{letter(one['name'])} (“{one['text']}”)" if one["text"] else letter(one["name"]) for one in options
    )


def _minutes(seconds: float) -> str:
    whole = round(seconds)
    return _("%(s)d s") % {"s": whole} if whole < 90 else _("%(m)d min %(s)02d s") % {"m": whole // 60, "s": whole % 60}
