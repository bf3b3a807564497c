"""Drawing a form: quotas exact, never two enemies, unseen first, and what lacks is named."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from quizzes.engine.assembly import Candidate, CannotFill, Form, assemble, quotas, together

SAP_C02 = {1: 26, 2: 29, 3: 25, 4: 20}
SAP_C03 = dict.fromkeys(range(1, 6), 20)
BANKS = 2000


# Quotas


@pytest.mark.parametrize(
    ("total", "shares"),
    [
        (65, [17, 19, 16, 13]),
        (75, [19, 22, 19, 15]),
        (30, [8, 9, 7, 6]),
        (20, [5, 6, 5, 4]),
        (300, [78, 87, 75, 60]),
        (600, [156, 174, 150, 120]),
        (1, [0, 1, 0, 0]),
        (0, [0, 0, 0, 0]),
    ],
)
def test_quotas_by_largest_remainder(total: int, shares: list[int]) -> None:
    assert list(quotas(total, SAP_C02).values()) == shares
    assert list(quotas(total, {domain: weight / 100 for domain, weight in SAP_C02.items()}).values()) == shares


@pytest.mark.parametrize(
    ("total", "shares"), [(65, [13] * 5), (20, [4] * 5), (4, [1, 1, 1, 1, 0]), (7, [2, 2, 1, 1, 1])]
)
def test_equal_weights_share_equally_and_ties_go_to_the_lower_domain(total: int, shares: list[int]) -> None:
    assert list(quotas(total, SAP_C03).values()) == shares
    assert list(quotas(total, dict.fromkeys(range(1, 6), 0.2)).values()) == shares


def test_quotas_always_sum_to_the_total() -> None:
    rng = Random(1)
    for _ in range(500):
        weights = {domain: rng.randint(1, 60) / rng.choice([1, 7, 100]) for domain in range(1, rng.randint(2, 9))}
        total = rng.randint(0, 600)
        found = quotas(total, weights)
        exact = {domain: total * weight / sum(weights.values()) for domain, weight in weights.items()}
        assert sum(found.values()) == total
        assert [domain for domain in found if abs(found[domain] - exact[domain]) >= 1 + 1e-6] == []


# Forms


class Case:
    """A generated bank with what is wanted from it."""

    def __init__(self, seed: int) -> None:
        rng = Random(seed)
        self.wanted = {domain: rng.randint(0, 5) for domain in range(1, rng.randint(2, 5))}
        self.unscored = rng.choice([0, 0, 1, 3])
        self.bank = self._bank(rng)
        self.dice = rng.getrandbits(32)

    def _bank(self, rng: Random) -> list[Candidate]:
        size = sum(self.wanted.values()) + self.unscored + rng.randint(-2, 15)
        codes = [f"q{number}" for number in range(max(1, size))]
        few = rng.choice([0.0, 0.1, 0.3])
        return [
            Candidate(
                question=number,
                code=code,
                version=number + 1000,
                domain=rng.choice(list(self.wanted)),
                topic=rng.choice([None, 1, 2, 3]),
                seen_rank=rng.choice([0, 0, 0, 1, 2]),
                enemies=frozenset(rng.sample(codes, rng.randint(1, min(3, len(codes)))) if rng.random() < few else ())
                - {code},
                pilot=rng.random() < 0.15,
            )
            for number, code in enumerate(codes)
        ]

    def draw(self) -> Form:
        return assemble(self.bank, self.wanted, self.unscored, Random(self.dice))


def enemies(one: Candidate, other: Candidate) -> bool:
    """Whether either of the two has declared the other."""
    return one.code in other.enemies or other.code in one.enemies


def check(case: Case, form: Form) -> None:
    """What must hold for every form."""
    drawn = [one for one, _ in form.drawn]
    scored = [one for one, counts in form.drawn if counts]
    beside = [one for one, counts in form.drawn if not counts]
    assert Counter(one.domain for one in scored) == Counter({d: n for d, n in case.wanted.items() if n})
    assert len(beside) == case.unscored
    assert [one for one in scored if one.pilot] == []
    assert len({one.code for one in drawn}) == len(drawn)
    assert set(drawn) <= set(case.bank)
    assert [(a.code, b.code) for a in drawn for b in drawn if a is not b and enemies(a, b)] == []
    left = [one for one in case.bank if one not in drawn]
    for taken in drawn:
        # Whatever was passed over and is less seen fits neither in another place nor beside what was drawn.
        pool = [one for one in left if one.pilot == taken.pilot and (taken in beside or one.domain == taken.domain)]
        others = [one for one in drawn if one is not taken]
        assert [
            one.code for one in pool if one.seen_rank < taken.seen_rank and not any(enemies(one, o) for o in others)
        ] == []
    pilots = [one for one in left if one.pilot and not any(enemies(one, other) for other in drawn)]
    if pilots:
        assert [one.code for one in beside if not one.pilot] == []


def test_two_thousand_banks() -> None:
    filled, lacking = 0, 0
    for seed in range(BANKS):
        case = Case(seed)
        try:
            form = case.draw()
        except CannotFill as error:
            lacking += 1
            check_lack(case, error)
            continue
        filled += 1
        check(case, form)
    # The generator must reach both ends.
    assert filled + lacking == BANKS
    assert min(filled, lacking) > BANKS // 10


def check_lack(case: Case, error: CannotFill) -> None:
    """Every domain that is named lacks something; one that lacks by mere count is named with at least that."""
    assert error.missing
    assert set(error.missing) <= {0, *case.wanted}
    assert min(error.missing.values()) > 0
    for domain, count in case.wanted.items():
        there = sum(one.domain == domain and not one.pilot for one in case.bank)
        assert error.missing.get(domain, 0) >= count - there
        assert error.missing.get(domain, 0) <= count
    assert error.missing.get(0, 0) <= case.unscored


def test_the_same_dice_draw_the_same_form() -> None:
    for seed in range(50):
        case = Case(seed)
        try:
            form = case.draw()
        except CannotFill:
            continue
        assert case.draw() == form


def plain(number: int, domain: int = 1, **more: object) -> Candidate:
    """A candidate of which only this much matters."""
    return Candidate(number, f"q{number}", number, domain, None, **more)  # type: ignore[arg-type]


def test_an_enemy_declared_by_one_side_only_is_an_enemy() -> None:
    bank = [plain(1, enemies=frozenset({"q2"})), plain(2)]
    for seed in range(20):
        with pytest.raises(CannotFill) as error:
            assemble(bank, {1: 2}, 0, Random(seed))
        assert error.value.missing == {1: 1}


def test_enemies_of_other_domains_and_of_unscored_ones_are_kept_apart_too() -> None:
    bank = [
        plain(1, 1, enemies=frozenset({"q2"})),
        plain(2, 2),
        plain(3, 2),
        plain(4, 1, pilot=True, enemies=frozenset({"q3"})),
    ]
    with pytest.raises(CannotFill) as error:
        assemble(bank, {1: 1, 2: 1}, 1, Random(3))
    assert error.value.missing == {0: 1}


def test_a_bad_first_choice_is_tried_again() -> None:
    """One question is everybody's enemy: a form of three is there, but not with that one."""
    bank = [plain(1, enemies=frozenset({"q2", "q3", "q4"})), plain(2), plain(3), plain(4)]
    for seed in range(200):
        form = assemble(bank, {1: 3}, 0, Random(seed))
        assert {one.code for one, _ in form.drawn} == {"q2", "q3", "q4"}


def test_an_enemy_of_another_domain_leaves_room_where_it_is_tight() -> None:
    """Domain 2 has exactly what is wanted: it is served first, so its enemies in domain 1 stay out."""
    bank = [plain(number, 1, enemies=frozenset({"q9"}) if number < 4 else frozenset()) for number in range(1, 7)]
    bank.append(plain(9, 2))
    for seed in range(50):
        form = assemble(bank, {1: 3, 2: 1}, 0, Random(seed))
        assert {one.code for one, _ in form.drawn} == {"q4", "q5", "q6", "q9"}


def test_what_lacks_is_named_by_domain() -> None:
    bank = [plain(1, 1), plain(2, 2)]
    with pytest.raises(CannotFill) as error:
        assemble(bank, {1: 3, 2: 1}, 2, Random(1))
    assert error.value.missing == {1: 2, 0: 2}
    assert str(error.value) == "missing by domain: {1: 2, 0: 2}"


def test_topics_are_spread() -> None:
    bank = [Candidate(number, f"q{number}", number, 1, number % 4) for number in range(40)]
    form = assemble(bank, {1: 8}, 0, Random(1))
    assert Counter(one.topic for one, _ in form.drawn) == {0: 2, 1: 2, 2: 2, 3: 2}


def test_unscored_ones_stand_anywhere() -> None:
    """Over many draws every place holds an unscored question about as often: 1,000 of 4,000, ± 4 standard errors."""
    bank = [plain(number) for number in range(8)]
    rng = Random(7)
    places = Counter(
        place
        for _ in range(4000)
        for place, (_, counts) in enumerate(assemble(bank, {1: 3}, 1, rng).drawn)
        if not counts
    )
    assert [place for place in range(4) if abs(places[place] - 1000) > 4 * (4000 * 0.25 * 0.75) ** 0.5] == []


# Difficulty, and forms as a learner meets them


class Bank:
    """A bank as the course has one: domains of one size, pages, guesses of difficulty, contrast pairs as enemies."""

    def __init__(self, size: int, seed: int) -> None:
        rng = Random(seed)
        codes = [f"q{number}" for number in range(size)]
        pairs = dict(zip(codes[:60:2], codes[1:60:2], strict=True))
        enemies = pairs | {other: one for one, other in pairs.items()}
        self.candidates = [
            Candidate(
                question=number,
                code=code,
                version=number,
                domain=number % 5 + 1,
                topic=rng.randrange(90),
                difficulty=rng.choices([1, 2, 3, 4, 5], [1, 5, 10, 6, 1])[0],
                enemies=frozenset({enemies[code]} if code in enemies else ()),
            )
            for number, code in enumerate(codes)
        ]
        guesses = [one.difficulty for one in self.candidates if one.difficulty]
        self.mean = sum(guesses) / len(guesses)

    def sample(self, seen: set[str], rng: Random) -> list[Candidate]:
        """What a query hands over: three times what is wanted of each domain, unseen ones first."""
        pool = []
        for domain in range(1, 6):
            here = [one for one in self.candidates if one.domain == domain]
            rng.shuffle(here)
            fresh = [one for one in here if one.code not in seen]
            old = [replace(one, seen_rank=2) for one in here if one.code in seen]
            pool += fresh[:49] + (old[:39] if len(fresh) < 16 else [])
        return pool


THIRTEEN = dict.fromkeys(range(1, 6), 13)


def test_two_thousand_forms_of_four_hundred_learners() -> None:
    """Five mocks in a row: quotas exact, no enemies, nothing twice while it lasts, equally hard."""
    bank = Bank(420, 1)
    forms = 0
    for learner in range(400):
        rng, seen = Random(learner), set[str]()
        levels = []
        for _ in range(5):
            form = assemble(bank.sample(seen, rng), THIRTEEN, 10, rng, difficulty=bank.mean)
            drawn = [one for one, _ in form.drawn]
            assert Counter(one.domain for one in form.scored) == Counter(THIRTEEN)
            assert len(drawn) == 75
            assert [(a.code, b.code) for a in drawn for b in drawn if a is not b and enemies(a, b)] == []
            assert {one.code for one in drawn} & seen == set()
            assert form.report()["unseen"] == 65
            seen |= {one.code for one in drawn}
            levels.append(form.difficulty or 0)
            forms += 1
        assert max(levels) - min(levels) <= 0.15, levels
    assert forms == 2000


def test_difficulty_gives_way_to_what_is_unseen() -> None:
    bank = [plain(number, difficulty=1) for number in range(4)]
    bank += [plain(number, difficulty=5, seen_rank=1) for number in range(4, 12)]
    form = assemble(bank, {1: 4}, 0, Random(1), difficulty=5.0)
    assert (form.difficulty, form.report()["unseen"]) == (1, 4)


def test_difficulty_gives_way_to_enemies_and_topics() -> None:
    easy = [Candidate(number, f"q{number}", number, 1, number, difficulty=2) for number in range(3)]
    hard = Candidate(9, "q9", 9, 1, 9, difficulty=5, enemies=frozenset({"q0", "q1", "q2"}))
    assert assemble([*easy, hard], {1: 3}, 0, Random(2), difficulty=5.0).difficulty == 2
    twice = [Candidate(number, f"h{number}", number, 1, 7, difficulty=4) for number in range(10, 14)]
    form = assemble([*easy, *twice], {1: 3}, 0, Random(3), difficulty=4.0)
    assert form.report()["topics"] == 3


def test_a_form_without_guesses_tells_none() -> None:
    form = assemble([plain(1)], {1: 1}, 0, Random(1), difficulty=3.0)
    assert form.report() == {"difficulty": None, "topics": 1, "unseen": 1}


# Scenarios


@pytest.mark.parametrize("seed", range(20))
def test_what_shares_a_scenario_stands_together_in_its_own_order(seed: int) -> None:
    rng = Random(seed)
    drawn = [
        (Candidate(number, f"q{number:02d}", number, 1, None, scenario=rng.choice(["", "a", "b"])), number % 3 > 0)
        for number in range(12)
    ]
    rng.shuffle(drawn)
    ordered = together(drawn)
    assert sorted(one.code for one, _ in ordered) == sorted(one.code for one, _ in drawn)
    assert {one.code: scored for one, scored in ordered} == {one.code: scored for one, scored in drawn}
    for name in ("a", "b"):
        places = [place for place, (one, _) in enumerate(ordered) if one.scenario == name]
        assert places == list(range(places[0], places[0] + len(places))) if places else True
        codes = [ordered[place][0].code for place in places]
        assert codes == sorted(codes)
    loose = [one.code for one, _ in ordered if not one.scenario]
    assert loose == [one.code for one, _ in drawn if not one.scenario]
