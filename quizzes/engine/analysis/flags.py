"""What the figures of a question warn its author of. A flag is evidence, never a verdict; it goes when they change."""

from dataclasses import dataclass
from enum import StrEnum

from quizzes.engine.analysis.model import TOO_FEW, Item, OptionRow


class Flag(StrEnum):
    """What may be wrong with a question."""

    WRONG_KEY = "wrong_key"
    DEAD_DISTRACTOR = "dead_distractor"
    TOO_EASY = "too_easy"
    TOO_HARD = "too_hard"
    NOT_TELLING = "not_telling"
    TOO_SLOW = "too_slow"
    CHALLENGED = "challenged"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on a figure is told. Shares 0-1, correlations, multiples of the quiz’s median time.

    After common practice (Haladyna and Rodriguez 2013; Moodle’s reading guide): an option under 5 % works for nobody,
    r from .15 up tells learners apart, facility beyond .95 or near the chance of a guess tells nothing.
    """

    attempts: int = TOO_FEW
    dead: float = 0.05
    easy: float = 0.95
    hard: float = 0.20
    telling: float = 0.15
    slow: float = 2.5
    challenges: int = 3


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag with its evidence: the names of the options it is about, and the figures by name."""

    flag: Flag
    options: tuple[str, ...] = ()
    figures: tuple[tuple[str, float], ...] = ()


def flags_of(
    item: Item, *, usual_seconds: float | None = None, challenges: int = 0, limits: Thresholds | None = None
) -> list[Raised]:
    """What is to be told about a question; nothing by figures below the least number of attempts.

    ``usual_seconds``: the median over the quiz. ``challenges``: open objections of learners.
    """
    limits = limits or Thresholds()
    raised = [] if item.n < limits.attempts else [*_by_options(item, limits), *_by_figures(item, usual_seconds, limits)]
    if challenges >= limits.challenges:
        raised.append(Raised(Flag.CHALLENGED, figures=(("challenges", float(challenges)),)))
    return raised


def _by_options(item: Item, limits: Thresholds) -> list[Raised]:
    keys, wrong = [one for one in item.options if one.right], [one for one in item.options if not one.right]
    found = []
    if suspects := _suspects(keys, wrong):
        figures = tuple((f"r of {one.name}", one.r) for one in (*keys, *suspects) if one.r is not None)
        found.append(Raised(Flag.WRONG_KEY, tuple(one.name for one in suspects), figures))
    dead = [one for one in wrong if one.share is not None and one.share < limits.dead]
    if dead:
        shares = tuple((f"share of {one.name}", one.share or 0.0) for one in dead)
        found.append(Raised(Flag.DEAD_DISTRACTOR, tuple(one.name for one in dead), shares))
    return found


def _suspects(keys: list[OptionRow], wrong: list[OptionRow]) -> list[OptionRow]:
    """Distractors that the best prefer to a key; the keys themselves where they go with bad scores."""
    weakest = min((one.upper for one in keys if one.upper is not None), default=None)
    better = [one for one in wrong if weakest is not None and one.upper is not None and one.upper > weakest]
    return better or [one for one in keys if one.r is not None and one.r < 0]


def _by_figures(item: Item, usual: float | None, limits: Thresholds) -> list[Raised]:
    found = []
    if item.facility is not None and item.facility > limits.easy:
        found.append(Raised(Flag.TOO_EASY, figures=(("facility", item.facility),)))
    if item.facility is not None and item.facility < max(limits.hard, item.floor):
        found.append(Raised(Flag.TOO_HARD, figures=(("facility", item.facility), ("guess", item.floor))))
    if item.r is not None and item.r < limits.telling:
        found.append(Raised(Flag.NOT_TELLING, figures=(("r", item.r),)))
    if item.quartiles and usual and item.quartiles[1] > limits.slow * usual:
        found.append(Raised(Flag.TOO_SLOW, figures=(("median seconds", item.quartiles[1]), ("usual", usual))))
    return found


def may_be_promoted(item: Item, *, least: int = 50) -> list[str]:
    """Why a pilot may not count yet, by name of the figure; empty where it may.

    n from 50, facility .2 to .95, r from .15, no distractor that is dead or that the best prefer to the key.
    """
    limits = Thresholds()
    lacking = []
    if item.n < least:
        lacking.append("n")
    if item.facility is None or not limits.hard <= item.facility <= limits.easy:
        lacking.append("facility")
    if item.r is None or item.r < limits.telling:
        lacking.append("r")
    return lacking + [one.flag.value for one in _by_options(item, limits)]
