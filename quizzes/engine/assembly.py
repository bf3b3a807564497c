"""Drawing a form to a blueprint, from a bounded sample of each domain.

In this order of importance: quotas, never two enemies, unseen first, then spread over topics.
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


@dataclass(frozen=True, slots=True)
class Form:
    """Ordered questions: the scored ones to their quotas, then the unscored ones, shuffled together."""

    drawn: tuple[tuple[Candidate, bool], ...]


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


def assemble(candidates: Sequence[Candidate], wanted: Mapping[int, int], unscored: int, rng: Random) -> Form:
    """A form to the quotas ``wanted`` (domain to number) and ``unscored`` more from any domain, pilots first.

    Raises CannotFill when no order of drawing that was tried fits.
    """
    failure: CannotFill | None = None
    for _ in range(TRIES):
        try:
            return _draw(candidates, wanted, unscored, rng)
        except CannotFill as error:
            if failure is None or sum(error.missing.values()) < sum(failure.missing.values()):
                failure = error
    assert failure is not None
    raise failure


def _draw(candidates: Sequence[Candidate], wanted: Mapping[int, int], unscored: int, rng: Random) -> Form:
    table = _Table()
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
    lacking = table.take(scored, lacking)
    if lacking:
        missing[0] = lacking
    if missing:
        raise CannotFill(missing)
    drawn = [(one, index < counted) for index, one in enumerate(table.taken)]
    rng.shuffle(drawn)
    return Form(tuple(drawn))


class _Table:
    """What has been taken so far, and what that forbids."""

    def __init__(self) -> None:
        self.taken: list[Candidate] = []
        self.codes: set[str] = set()
        self.barred: set[str] = set()
        self.topics: Counter[int | None] = Counter()

    def take(self, pool: Sequence[Candidate], count: int) -> int:
        """Take ``count`` from the pool, least seen and rarest topic first; how many are still lacking."""
        left = [one for one in pool if one.code not in self.codes]
        while count:
            free = [one for one in left if one.code not in self.barred and not one.enemies & self.codes]
            if not free:
                return count
            best = min(free, key=lambda one: (one.seen_rank, self.topics[one.topic]))
            left.remove(best)
            self._keep(best)
            count -= 1
        return 0

    def _keep(self, one: Candidate) -> None:
        self.taken.append(one)
        self.codes.add(one.code)
        self.barred |= one.enemies
        self.topics[one.topic] += 1
