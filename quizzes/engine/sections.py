"""The form of an instructor's quiz: section by section, fixed questions and drawn ones.

In this order of importance: what the author fixed, the numbers of the sections, never two enemies or the same question
twice, unseen first, then spread over topics. Questions of one scenario stand together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from quizzes.engine.assembly import TRIES, Candidate, CannotFill, Form, Table

MAX_SECTIONS = 20
MAX_QUESTIONS = 500


@dataclass(frozen=True, slots=True)
class Part:
    """One section: the questions that are fixed, or how many to draw from a pool, by domain (0: from any).

    ``number`` is where it stands in the quiz, from 1; a form's questions bear it in the place of a domain.
    """

    number: int
    pool: tuple[Candidate, ...]
    wanted: Mapping[int, int] | None = None

    @property
    def is_fixed(self) -> bool:
        """Whether everything in the pool is asked, in this order."""
        return self.wanted is None


def draw_form(parts: Sequence[Part], rng: Random, *, shuffle: bool) -> Form:
    """A form over all sections; ``shuffle``: in a new order within each section.

    Raises CannotFill, with how many questions lack by the number of the section, when no order of drawing that was
    tried fits.
    """
    failure: CannotFill | None = None
    for _ in range(TRIES):
        try:
            chosen = _choose(parts, rng)
        except CannotFill as error:
            if failure is None or sum(error.missing.values()) < sum(failure.missing.values()):
                failure = error
            if not any(one.enemies for part in parts for one in part.pool):
                break  # no other order can help: there are too few
            continue
        return Form(tuple((one, True) for part in parts for one in _ordered(chosen[part.number], part, rng, shuffle)))
    assert failure is not None
    raise failure


def _choose(parts: Sequence[Part], rng: Random) -> dict[int, list[Candidate]]:
    """What each section asks. Those that are fixed come first: what is drawn has to fit them."""
    table = Table()
    chosen: dict[int, list[Candidate]] = {}
    for part in parts:
        if part.is_fixed:
            chosen[part.number] = [one for one in part.pool if one.code not in table.codes]
            for one in chosen[part.number]:
                table.keep(one)
    missing: dict[int, int] = {}
    for part in sorted((one for one in parts if not one.is_fixed), key=_slack):
        before = len(table.taken)
        pool = list(part.pool)
        rng.shuffle(pool)
        assert part.wanted is not None
        lacking = sum(
            table.take([one for one in pool if domain in (0, one.domain)], count)
            for domain, count in sorted(part.wanted.items())
        )
        if lacking:
            missing[part.number] = lacking
        chosen[part.number] = table.taken[before:]
    if missing:
        raise CannotFill(missing)
    return chosen


def _slack(part: Part) -> tuple[int, int]:
    """The section with the least to choose from draws first."""
    return len(part.pool) - sum((part.wanted or {}).values()), part.number


def _ordered(chosen: Sequence[Candidate], part: Part, rng: Random, shuffle: bool) -> list[Candidate]:
    """The questions of a section in the order in which they are asked, those of a scenario after its first."""
    order = list(chosen)
    if shuffle or not part.is_fixed:
        rng.shuffle(order)
    groups: dict[str, list[Candidate]] = {}
    for one in order:
        groups.setdefault(one.scenario or f"\0{one.code}", []).append(one)
    return [replace(one, domain=part.number) for group in groups.values() for one in group]
