"""The checks on a bank: a made-up sound bank has no findings, and each flaw put into it is found."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from random import Random

import pytest

from quizzes.engine.writing import SAP_C02, BankReport, Figure, Item, ItemOption, Severity, Source, check_bank
from quizzes.engine.writing.cues import key_share, overlaps

TODAY = date(2026, 11, 23)
SYLLABLES = ["ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu", "wa"]
VOCABULARY = ["".join(parts) for parts in product(SYLLABLES, repeat=3)]
QUESTIONS = ["MOST secure", "MOST cost-effective", "LEAST downtime", "FASTEST recovery", "LEAST operational overhead"]
LENGTHS = (20, 22, 24, 26, 23)
Change = Callable[[Sequence[Item]], list[Item]]


def task(place: int, n: int) -> str:
    """Tasks in blueprint order: domains by weight, evenly within a domain."""
    reached = 0.0
    for domain, weight in SAP_C02.weights.items():
        tasks = [name for name in SAP_C02.tasks if name.startswith(domain)]
        inside = place - round(reached * n)
        reached += weight
        if place < round(reached * n):
            return tasks[inside % len(tasks)]
    raise AssertionError("weights sum to one")


def item(place: int, n: int) -> Item:
    """Key length, position and overlap with the stem rotate; one in five is a multiple response."""
    dice = Random(place)
    options, keys = (5, 2) if place % 5 == 0 else (4, 1)
    scene = dice.sample(VOCABULARY, 90)
    question = f"Which is the {QUESTIONS[place // 2 % 5]} choice?" if place % 2 else "Which choice meets this?"
    turn = place // 5
    right = {(turn + key) % options for key in range(keys)}
    made = []
    for number in range(options):
        length, shared = LENGTHS[(number + turn // 4) % options], 2 + (number + turn // 16) % options
        text = " ".join([*dice.sample(scene, shared), *dice.sample(VOCABULARY, length - shared)])
        made.append(ItemOption("abcde"[number], text, number in right, "Because."))
    return Item(
        id=f"item-{place}",
        kind="multiple_response" if keys > 1 else "multiple_choice",
        stem=f"{' '.join(scene)}.\n\n{question}",
        options=tuple(made),
        choose=keys,
        level="analyze" if place % 10 < 7 else "apply",
        task=task(place, n),
        domain=place % 5 + 1,
        verified_on=TODAY,
        constraints={"one": f"constraint {place}"},
        sources=(Source("A page", "https://docs.aws.amazon.com/page"),),
    )


def bank(n: int) -> list[Item]:
    return [item(place, n) for place in range(n)]


BANK = bank(130)
LARGE = bank(260)  # the shares of C2 are judged from 200 items with one key on


def rewrite(one: Item, key: Callable[[str], str], rest: Callable[[str], str] = str) -> Item:
    options = tuple(replace(o, text=key(o.text) if o.correct else rest(o.text)) for o in one.options)
    return replace(one, options=options)


def first(count: int, change: Callable[[Item], Item]) -> Change:
    return lambda items: [change(one) if place < count else one for place, one in enumerate(items)]


def part(share: float, change: Callable[[Item], Item]) -> Change:
    return lambda items: first(round(share * len(items)), change)(items)


def fixed(step: int) -> Change:
    """All single-key items in fixed order with the key moved on by `step` from item to item."""

    def change(items: Sequence[Item]) -> list[Item]:
        singles = [one for one in items if one.choose == 1]
        return [place_key(one, place * step % 4) for place, one in enumerate(singles)]

    return change


def place_key(one: Item, place: int) -> Item:
    rest = [option for option in one.options if not option.correct]
    rest.insert(place, one.keys[0])
    return replace(one, order="fixed", options=tuple(rest))


def figure(report: BankReport, start: str) -> Figure:
    (found,) = [known for known in report.figures if known.name.startswith(start)]
    return found


def failing(items: Sequence[Item], services: Sequence[str] = ()) -> dict[str, Severity]:
    """The figures that failed; each must have said what to do."""
    report = check_bank(items, today=TODAY, services=services)
    names = {known.name: Severity.GATE if known.gate else Severity.WARN for known in report.figures if not known.passed}
    judged = {name: severity for name, severity in names.items() if figure(report, name).passed is False}
    told = Counter((found.check, found.severity) for found in report.findings)
    for name, severity in judged.items():
        assert told[name.split()[0], severity] >= 1
    assert all(found.message.endswith(".") and found.item is None for found in report.findings if found.check != "C9")
    return judged


def test_a_sound_bank_has_no_findings() -> None:
    report = check_bank(BANK, today=TODAY)
    assert report.findings == []
    judged = [known.name for known in report.figures if known.passed is not None]
    for check in ("C1", "C4", "C5", "C6", "C7", "C8", "C9", "C11", "C12", "C13", "C14", "convergence"):
        assert any(name.split()[0] == check for name in judged), check


def test_keys_in_turn_are_spread() -> None:
    items = fixed(1)(LARGE)
    assert {name.split()[0] for name in failing(items)} == {"C13", "C14"}
    report = check_bank(items, today=TODAY)
    assert [known.passed for known in report.figures if known.name.startswith("C2")] == [True] * 4


def pad(text: str) -> str:
    return f"{text} {' '.join(VOCABULARY[:8])}"


def cut(text: str) -> str:
    return " ".join(text.split()[:16])


def absolute(text: str) -> str:
    return text.replace(" ", " always ", 1)


def echo(one: Item) -> Item:
    words = " ".join(one.stem.split()[:12])
    return rewrite(one, lambda text: f"{words} {' '.join(text.split()[:10])}")


def blend(one: Item) -> Item:
    """The key takes words from each distractor, and so is most like all of them."""
    parts = [" ".join(option.text.split()[-7:]) for option in one.distractors]
    return rewrite(one, lambda _: " ".join(parts))


def relabel(**changes: object) -> Callable[[Item], Item]:
    return lambda one: replace(one, **changes)  # type: ignore[arg-type]


def ask(question: str) -> Callable[[Item], Item]:
    return lambda one: replace(one, stem=one.stem.split("\n\n")[0] + "\n\n" + question)


FLAWS: dict[str, tuple[Change, str, Severity]] = {
    "key longest": (part(0.58, lambda one: rewrite(one, pad)), "C1 key is longest", Severity.GATE),
    "key shortest": (part(0.58, lambda one: rewrite(one, cut)), "C1 key is shortest", Severity.GATE),
    "keys long": (part(1, lambda one: rewrite(one, pad)), "C1 key length /", Severity.GATE),
    "keys at one place": (fixed(0), "C2 key position chi-square (4 options, 1", Severity.GATE),
    "one place much": (fixed(0), "C2 largest share", Severity.GATE),
    "one place little": (fixed(2), "C2 smallest share", Severity.GATE),
    "run of places": (fixed(0), "C2 longest run", Severity.GATE),
    "absolute distractors": (
        part(0.15, lambda one: rewrite(one, str, absolute)),
        "C4 absolute words, |z|",
        Severity.GATE,
    ),
    "absolute difference": (
        part(0.15, lambda one: rewrite(one, str, absolute)),
        "C4 absolute words, |distractors",
        Severity.GATE,
    ),
    "absolute everywhere": (
        part(0.31, lambda one: rewrite(one, absolute, absolute)),
        "C4 absolute words, share",
        Severity.GATE,
    ),
    "uneven lengths": (
        part(1, lambda one: rewrite(one, str, lambda text: text + " more" * (15 if "a" in text[:2] else 0))),
        "C5 mean",
        Severity.GATE,
    ),
    "short stems": (
        part(0.31, lambda one: replace(one, stem=" ".join(one.stem.split()[:50]))),
        "C6 share",
        Severity.GATE,
    ),
    "long stems": (
        part(1, lambda one: replace(one, stem=f"{' '.join(VOCABULARY[:40])} {one.stem}")),
        "C6 median",
        Severity.GATE,
    ),
    "slow": (part(1, lambda one: replace(one, stem=f"{'more ' * 200} {one.stem}")), "C6 mean", Severity.GATE),
    "key echoes the stem": (part(0.38, echo), "C7 key overlaps", Severity.GATE),
    "keys echo stems": (part(0.77, echo), "C7 overlap with stem, AUC", Severity.GATE),
    "negative stems": (part(0.04, ask("Which is NOT right?")), "C8 share", Severity.GATE),
    "duplicate": (lambda items: [*items, replace(items[0], id="copy")], "C9 largest cosine", Severity.GATE),
    "copied words": (lambda items: [*items, replace(items[0], id="copy")], "C9 largest 5-word", Severity.GATE),
    "not read for long": (
        first(1, relabel(verified_on=TODAY - timedelta(days=366))),
        "C11 age",
        Severity.WARN,
    ),
    "much to remember": (part(0.13, relabel(level="remember")), "C12 share remember", Severity.WARN),
    "little to analyze": (part(0.38, relabel(level="apply")), "C12 share analyze", Severity.WARN),
    "domain short": (part(0.07, relabel(task="4.1")), "C13 largest distance", Severity.GATE),
    "domains off": (part(0.15, relabel(task="4.1")), "C13 domain chi", Severity.GATE),
    "task short": (
        lambda items: [replace(one, task="1.2") if one.task == "1.1" else one for one in items],
        "C13 smallest share",
        Severity.GATE,
    ),
    "task over": (
        lambda items: [replace(one, task="1.2") if one.task == "1.1" else one for one in items],
        "C13 largest share",
        Severity.GATE,
    ),
    "new domain over": (part(0.15, relabel(domain=3)), "C13 share of SAP-C03 domain 3", Severity.GATE),
    "few responses": (part(1, relabel(choose=1)), "C14 share of multiple", Severity.GATE),
    "one qualifier": (part(0.5, ask("Which is MOST secure?")), "C14 share of the commonest", Severity.GATE),
    "convergence": (part(0.77, blend), "convergence", Severity.WARN),
}


@pytest.mark.parametrize("name", FLAWS)
def test_each_flaw_is_found(name: str) -> None:
    change, start, severity = FLAWS[name]
    found = {
        known: level
        for known, level in failing(change(LARGE if start.startswith("C2") else BANK)).items()
        if known.startswith(start)
    }
    assert list(found.values()) == [severity]


def test_services_that_give_the_key_away() -> None:
    def say(one: Item) -> Item:
        return rewrite(
            one, lambda text: f"AWS Lambda {text}", lambda text: f"Amazon SQS {text}" if "a" in text else text
        )

    named_in_keys = first(50, say)(BANK)
    assert not any("giveaway" in name for name in failing(named_in_keys))
    found = [name for name in failing(named_in_keys, ["AWS Lambda", "Amazon SQS", "AWS Batch"]) if "giveaway" in name]
    assert found == [
        "giveaway AWS Lambda: right where named",
        "giveaway AWS Lambda: share of keys",
        "giveaway Amazon SQS: right where named",
    ]
    nine = first(9, lambda one: rewrite(one, lambda text: f"AWS Batch {text}"))(
        [one for one in BANK if one.choose == 1]
    )
    assert not any("giveaway" in name for name in failing(nine, ["AWS Batch"]))


def test_a_small_bank_is_measured_and_not_judged() -> None:
    report = check_bank(BANK[:60], today=TODAY)
    assert {known.passed for known in report.figures if not known.name.startswith("C9")} == {None}
    assert figure(report, "C6 median").value is not None
    assert {found.check for found in report.findings} <= {"C1", "C7"}
    assert {found.severity for found in report.findings} <= {Severity.WARN}


def test_a_small_bank_warns_from_the_exact_binomial_point_on() -> None:
    singles = [one for one in BANK if one.choose == 1][:50]
    middle = [replace(one, options=tuple(replace(o, text="one two three") for o in one.options)) for one in singles]
    for long, warned in ((0, False), (8, False), (9, True), (50, True)):
        items = [rewrite(one, lambda text: text + " four") if place < long else one for place, one in enumerate(middle)]
        report = check_bank(items, today=TODAY)
        # Ties are split: the others count a quarter each.
        rate = figure(report, "C1 key is longest")
        assert rate.value == pytest.approx((long + (50 - long) / 4) / 50)
        assert rate.threshold == "fewer than 19 of 50 (exact binomial)"
        assert rate.passed is None
        told = [
            found.severity
            for found in report.findings
            if found.threshold == rate.threshold and "longest" in found.message
        ]
        assert told == ([Severity.WARN] if warned else [])


def test_nothing_to_measure() -> None:
    report = check_bank([], today=TODAY)
    assert report.findings == []
    assert {known.passed for known in report.figures} <= {None, True}
    with pytest.raises(ValueError, match="same id"):
        check_bank([BANK[0], BANK[0]], today=TODAY)


def near(one: Item, share: float, name: str) -> Item:
    """A copy in which only a share of the words is kept, evenly, so that few runs of five remain."""
    dice = Random(7)

    def mix(text: str) -> str:
        return " ".join(word if dice.random() < share else dice.choice(VOCABULARY) for word in text.split(" "))

    return rewrite(replace(one, id=name, stem=mix(one.stem)), mix, mix)


def test_near_items_must_be_enemies() -> None:
    twin = near(BANK[0], 0.8, "twin")
    report = check_bank([*BANK, twin], today=TODAY)
    (found,) = report.findings
    assert (found.check, found.severity, found.item) == ("C9", Severity.WARN, BANK[0].id)
    assert found.figure is not None
    assert 0.70 <= found.figure < 0.85
    assert figure(report, "C9 near pairs").value == 1
    for enemies in (
        [replace(BANK[0], enemies=frozenset({"twin"})), twin],
        [BANK[0], replace(twin, enemies=frozenset({BANK[0].id}))],
    ):
        assert check_bank([*enemies, *BANK[1:]], today=TODAY).findings == []


def test_items_too_near_are_not_saved_by_being_enemies() -> None:
    twin = replace(near(BANK[0], 0.85, "twin"), enemies=frozenset({BANK[0].id}))
    (found,) = check_bank([*BANK, twin], today=TODAY).findings
    assert (found.check, found.severity, found.threshold) == ("C9", Severity.GATE, "cosine < 0.85")
    assert found.figure is not None
    assert 0.85 <= found.figure < 0.95


def test_contrast_pairs_are_exempt_if_they_are_a_contrast() -> None:
    copy = replace(BANK[1], id="copy", contrast=frozenset({BANK[1].id}))
    (found,) = check_bank([*BANK, copy], today=TODAY).findings
    assert (found.check, found.severity) == ("C9", Severity.GATE)
    assert all(part in found.message for part in ("declare them enemies", "constraint differ", "key differ"))
    sound = rewrite(replace(copy, enemies=copy.contrast, constraints={"one": "another"}), lambda text: text + " more")
    assert check_bank([*BANK, sound], today=TODAY).findings == []
    assert check_bank([*BANK, replace(sound, contrast=frozenset({"unknown"}))], today=TODAY).findings != []


def test_four_hundred_items_take_under_ten_seconds() -> None:
    items = bank(400)
    start = time.process_time()
    check_bank(items, today=TODAY, services=["AWS Lambda"])
    assert time.process_time() - start < 10


def test_ties_are_split() -> None:
    one = BANK[1]
    place = next(number for number, option in enumerate(one.options) if option.correct)
    assert key_share(one, (9, 9, 9, 9)) == 1 / 4
    best = [0.0] * 4
    best[place] = 1.0
    assert key_share(one, best) == 1
    best[place - 1] = 1.0
    assert key_share(one, best) == 0.5
    best[place] = 0.5
    assert key_share(one, best) == 0
    worded = replace(
        one, stem="alpha beta.\n\nWhich gamma?", options=(replace(one.options[0], text="Use beta, beta delta"),)
    )
    assert overlaps(worded) == [0.5]
