"""Drawing a form to a blueprint, from a bounded sample of each domain.

In this order of importance: quotas, never two enemies, unseen first, then spread over topics and a wanted difficulty.
The last two are soft: they are reached as far as the sample allows, and the form tells how far.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

TRIES = 30


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be drawn. ``seen_rank``: 0 unseen, 1 seen but never revealed, 2 revealed."""

    question: int
    code: str
    version: int
    domain: int
    topic: int | None
    seen_rank: int = 0
    difficulty: int | None = None
    enemies: frozenset[str] = field(default_factory=frozenset)
    pilot: bool = False
    scenario: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Ordered questions: the scored ones to their quotas, then the unscored ones, shuffled together."""

    drawn: tuple[tuple[Candidate, bool], ...]

    @property
    def scored(self) -> list[Candidate]:
        """The questions that count."""
        return [one for one, counts in self.drawn if counts]

    @property
    def difficulty(self) -> float | None:
        """The mean of the authors' guesses (1 to 5) over the scored questions; None where there is no guess."""
        guesses = [one.difficulty for one in self.scored if one.difficulty is not None]
        return sum(guesses) / len(guesses) if guesses else None

    def report(self) -> dict[str, float | int | None]:
        """How far the soft wishes were met: difficulty, topics, and how many of the scored are unseen."""
        level = self.difficulty
        return {
            "difficulty": None if level is None else round(level, 3),
            "topics": len({one.topic for one in self.scored}),
            "unseen": sum(one.seen_rank == 0 for one in self.scored),
        }


class CannotFill(Exception):
    """The sample cannot satisfy the blueprint. ``missing`` maps a domain (0: the unscored ones) to how many lack."""

    def __init__(self, missing: Mapping[int, int]) -> None:
        super().__init__(f"missing by domain: {dict(missing)}")
        self.missing = dict(missing)


def quotas(total: int, weights: Mapping[int, float]) -> dict[int, int]:
    """Whole numbers that sum to ``total``, by largest remainder; ties go to the lower domain."""
    whole = sum(weights.values())
    exact = {domain: total * weight / whole for domain, weight in weights.items()}
    floors = {domain: int(share + 1e-9) for domain, share in exact.items()}
    by_remainder = sorted(exact, key=lambda domain: (-(round(exact[domain] - floors[domain], 9)), domain))
    for domain in by_remainder[: total - sum(floors.values())]:
        floors[domain] += 1
    return floors


def assemble(
    candidates: Sequence[Candidate],
    wanted: Mapping[int, int],
    unscored: int,
    rng: Random,
    *,
    difficulty: float | None = None,
) -> Form:
    """A form to the quotas ``wanted`` (domain to number) and ``unscored`` more from any domain, pilots first.

    The mean of the scored questions is brought near ``difficulty`` (1 to 5), if one is given, by exchanging questions
    for others of the same domain that are seen as little and whose topics are no more frequent.

    Raises CannotFill when no order of drawing that was tried fits.
    """
    failure: CannotFill | None = None
    for _ in range(TRIES):
        try:
            return _draw(candidates, wanted, unscored, rng, difficulty)
        except CannotFill as error:
            if failure is None or sum(error.missing.values()) < sum(failure.missing.values()):
                failure = error
    assert failure is not None
    raise failure


def _draw(
    candidates: Sequence[Candidate], wanted: Mapping[int, int], unscored: int, rng: Random, difficulty: float | None
) -> Form:
    table = Table()
    pool = list(candidates)
    rng.shuffle(pool)
    scored = [one for one in pool if not one.pilot]
    missing = {}
    for domain in sorted(wanted, key=lambda one: (sum(item.domain == one for item in scored) - wanted[one], one)):
        lacking = table.take([one for one in scored if one.domain == domain], wanted[domain])
        if lacking:
            missing[domain] = lacking
    counted = len(table.taken)
    lacking = table.take([one for one in pool if one.pilot], unscored)
    lacking = table.take(scored, lacking, evenly=True)
    if lacking:
        missing[0] = lacking
    if missing:
        raise CannotFill(missing)
    if difficulty is not None:
        table.level(scored, counted, difficulty)
    drawn = [(one, index < counted) for index, one in enumerate(table.taken)]
    rng.shuffle(drawn)
    return Form(together(drawn))


def together(drawn: Sequence[tuple[Candidate, bool]]) -> tuple[tuple[Candidate, bool], ...]:
    """The same order, but what shares a scenario stands behind the first of its kind, by code."""
    shared: dict[str, list[tuple[Candidate, bool]]] = {}
    for one in drawn:
        if one[0].scenario:
            shared.setdefault(one[0].scenario, []).append(one)
    if not shared:
        return tuple(drawn)
    ordered: list[tuple[Candidate, bool]] = []
    for one in drawn:
        group = shared.pop(one[0].scenario, None) if one[0].scenario else [one]
        ordered += sorted(group, key=lambda other: other[0].code) if group else []
    return tuple(ordered)


class Table:
    """What has been taken so far, and what that forbids."""

    def __init__(self) -> None:
        self.taken: list[Candidate] = []
        self.codes: set[str] = set()
        self.barred: set[str] = set()
        self.topics: Counter[int | None] = Counter()

    def take(self, pool: Sequence[Candidate], count: int, *, evenly: bool = False) -> int:
        """Take ``count`` from the pool, least seen and rarest topic first; how many are still lacking.

        ``evenly``: from the domains in turn, so that none is used up before the others.
        """
        left = [one for one in pool if one.code not in self.codes]
        domains: Counter[int] = Counter()
        while count:
            free = [one for one in left if one.code not in self.barred and not one.enemies & self.codes]
            if not free:
                return count
            best = min(
                free, key=lambda one: (one.seen_rank, domains[one.domain] if evenly else 0, self.topics[one.topic])
            )
            left.remove(best)
            domains[best.domain] += 1
            self.keep(best)
            count -= 1
        return 0

    def level(self, pool: Sequence[Candidate], counted: int, wanted: float) -> None:
        """Exchange some of the first ``counted`` taken so that their mean difficulty comes near ``wanted``.

        One pass: each exchange closes a part of the gap and none overshoots it.
        """
        guesses = [one.difficulty for one in self.taken[:counted] if one.difficulty is not None]
        gap = wanted * len(guesses) - sum(guesses)
        spare: dict[tuple[int, int], list[Candidate]] = {}
        for one in pool:
            if one.code not in self.codes and one.difficulty is not None:
                spare.setdefault((one.domain, one.seen_rank), []).append(one)
        for place, one in enumerate(self.taken[:counted]):
            if abs(gap) < 1:
                return
            other = self._exchange(one, spare.get((one.domain, one.seen_rank), ()), gap)
            if other is not None and one.difficulty is not None and other.difficulty is not None:
                gap -= other.difficulty - one.difficulty
                spare[one.domain, one.seen_rank].remove(other)
                spare[one.domain, one.seen_rank].append(one)
                self._replace(place, other)

    def _exchange(self, one: Candidate, spare: Sequence[Candidate], gap: float) -> Candidate | None:
        """What could stand in a question's place and would close some of the gap."""
        if one.difficulty is None:
            return None
        others = self.codes - {one.code}
        barred = {code for taken in self.taken if taken is not one for code in taken.enemies}
        for other in spare:
            step = (other.difficulty or 0) - one.difficulty
            rarer = other.topic == one.topic or self.topics[other.topic] < self.topics[one.topic]
            fits = rarer and other.code not in barred and not other.enemies & others
            if step * gap > 0 and abs(step) <= abs(gap) + 0.5 and fits:
                return other
        return None

    def _replace(self, place: int, other: Candidate) -> None:
        one = self.taken[place]
        self.taken[place] = other
        self.codes = self.codes - {one.code} | {other.code}
        self.topics[one.topic] -= 1
        self.topics[other.topic] += 1

    def keep(self, one: Candidate) -> None:
        self.taken.append(one)
        self.codes.add(one.code)
        self.barred |= one.enemies
        self.topics[one.topic] += 1
