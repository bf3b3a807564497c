"""The checks on one item: a sound item has no findings, and each flaw put into it is found, alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine.writing import Finding, Item, ItemOption, Severity, Source, check_item
from quizzes.engine.writing.numbers import ordering, quantities
from quizzes.engine.writing.text import (
    content_words,
    lead_in,
    plain,
    qualifiers,
    reading_minutes,
    select_word,
    shingles,
    tokens,
    word_count,
)

TODAY = date(2026, 11, 23)
Change = Callable[[Item], Item]

STEM = """\
A retailer runs a web shop on Amazon EC2 instances in private subnets of several Availability Zones. All instances
reach a payment provider through one NAT gateway in the first zone. The company must **keep outbound access when a
zone fails**, and it wants to keep transfer charges between zones low. The application cannot be changed before the
holiday season.

Which solution meets these requirements with the LEAST operational overhead?
"""

OPTIONS = (
    ItemOption(
        id="a",
        text="Create a NAT gateway in each zone and point each private route table to the gateway of its own zone.",
        correct=True,
        rationale="A gateway in every zone lets the shop keep outbound access when a zone fails, because no subnet "
        "depends on another zone, and traffic stays local.",
    ),
    ItemOption(
        id="b",
        text="Launch a NAT instance in each zone, and let a script replace routes after a failed health check runs.",
        correct=False,
        rationale="This works, but patching, scaling and scripting of instances is effort that a managed gateway "
        "takes away, so it is not the least overhead.",
        breaks="overhead",
        family="qualifier",
    ),
    ItemOption(
        id="c",
        text="Add a second NAT gateway to the subnet of the first and spread the default routes over both of them.",
        correct=False,
        rationale="Both devices share one location; when that location is lost every route points nowhere, and the "
        "payment provider is out of reach.",
        breaks="zone",
        family="scope",
    ),
    ItemOption(
        id="d",
        text="Attach an egress-only internet gateway to the network and send all of the private IPv4 traffic to it.",
        correct=False,
        rationale="That component carries IPv6 alone. Addresses of the older protocol are neither translated nor "
        "forwarded by it, in whatever table it stands.",
        breaks="false_mechanism",
        family="no_such_mechanism",
    ),
)

ITEM = Item(
    id="nat-zonal-failure",
    kind="multiple_choice",
    stem=STEM,
    options=OPTIONS,
    choose=1,
    level="analyze",
    task="2.4",
    domain=4,
    verified_on=TODAY,
    constraints={"zone": "keep outbound access when a zone fails", "overhead": "LEAST operational overhead"},
    topics=("nat-gateways",),
    references=("nat-gateways^nat-zonal-az",),
    sources=(Source("NAT gateway basics", "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html"),),
)

FIFTH = ItemOption(
    id="e",
    text="Tag the subnets of the second zone, and let Amazon VPC copy default routes of the first one to them.",
    correct=True,
    rationale="To keep outbound access when a zone fails this completes the work of the first step, in combination.",
)


def option(place: int, **changes: object) -> Change:
    def change(item: Item) -> Item:
        options = list(item.options)
        options[place] = replace(options[place], **changes)  # type: ignore[arg-type]
        return replace(item, options=tuple(options))

    return change


def whole(**changes: object) -> Change:
    return lambda item: replace(item, **changes)  # type: ignore[arg-type]


def stem(old: str, new: str) -> Change:
    assert old in STEM
    return lambda item: replace(item, stem=item.stem.replace(old, new))


def both(*changes: Change) -> Change:
    def change(item: Item) -> Item:
        for one in changes:
            item = one(item)
        return item

    return change


def response(count: str = "TWO") -> Change:
    """Five options, two of them right."""
    return both(
        whole(kind="multiple_response", choose=2, options=(*OPTIONS, FIFTH)),
        stem("operational overhead?", f"operational overhead? (Select {count}.)"),
    )


def numeric(order: str, *amounts: str) -> Change:
    changes = [option(place, text=amount) for place, amount in enumerate(amounts)]
    return both(whole(order=order), *changes)


def words(count: int) -> str:
    return " ".join(f"word{'abcdefghij'[place % 10]}{place // 10 * 'x'}" for place in range(count))


def sized(*counts: int) -> Change:
    """Options of so many words."""
    return both(*(option(place, text=words(count)) for place, count in enumerate(counts)))


def findings(change: Change) -> list[Finding]:
    return check_item(change(ITEM), today=TODAY, closed={"AWS SSO": "IAM Identity Center", "Simple AD": ""})


def test_a_sound_item_has_no_findings() -> None:
    assert check_item(ITEM, today=TODAY) == []


PASSING: dict[str, Change] = {
    "C3 above as a place": option(0, text=OPTIONS[0].text.replace("its own zone", "all of the above")),
    "C3 all of these and more": option(1, text="All of these instances run a script that replaces each of the routes."),
    "C5 twice as long": sized(20, 40, 30, 30),
    "C6 at 200 words": stem("low.", f"low. {words(200 - word_count(STEM))}"),
    "C8 not in the scenario": stem("low.", "low. It does not use IPv6."),
    "C8 NOT in the lead-in": stem("Which solution meets", "Which solution does NOT meet"),
    "C10 80 words": option(3, rationale=words(80)),
    "C10 15 words": option(3, rationale=words(15)),
    "C10 DNS records": option(3, rationale=OPTIONS[3].rationale + " An A record and an option group."),
    "C10 quoted in another case": option(
        0, rationale=OPTIONS[0].rationale.replace("keep outbound access", "Keep *outbound* access")
    ),
    "C11 a year old without a number": whole(verified_on=TODAY - timedelta(days=365)),
    "C11 half a year old with a number": both(stem("several", "2"), whole(verified_on=TODAY - timedelta(days=180))),
    "C11 service names are not numbers": both(
        stem("several", "Amazon Route 53 and Amazon S3 and us-east-1 in"),
        whole(verified_on=TODAY - timedelta(days=181)),
    ),
    "C11 a page of a blog": whole(sources=(Source("Blog", "https://aws.amazon.com/blogs/networking/"),)),
    "C12 apply with one": both(
        whole(level="apply", constraints={"zone": ITEM.constraints["zone"]}), option(1, breaks="zone")
    ),
    "C14 two of five": response(),
    "C14 a kind of its own": whole(kind="ordering", options=OPTIONS[:3]),
    "C14 no qualifier": both(stem("with the LEAST operational overhead", "best"), option(1, family="scope")),
    "C15 existing customer": both(
        whole(flags=frozenset({"existing-customer"})),
        option(0, text="Keep Simple AD and create a NAT gateway in each zone with a route table of its own."),
    ),
    "C15 left by the key": option(
        0, text="Replace the existing Simple AD by routes, and create NAT gateways with a route table for each zone."
    ),
    "C15 migrated from": option(
        0,
        text="Migrate all the users from Simple AD, and create NAT gateways with a route table for each of the zones.",
    ),
    "C15 old name with the present one": stem("low.", "low. Staff use IAM Identity Center, once AWS SSO."),
    "numeric sorted": numeric("fixed", "5 minutes", "30 minutes", "1 hour", "2 days"),
    "numeric falling": numeric("fixed", "2 TB", "500 GB", "20 GB", "900 MB"),
    "numeric of two kinds": numeric("fixed", "5 minutes", "30 GB", "1 hour", "2 days"),
}

GATES: dict[str, tuple[str, Change]] = {
    "all of the above": (
        "C3",
        both(option(3, text="All of the above."), *(option(i, text="Yes it is") for i in range(3))),
    ),
    "none of these": ("C3", both(option(3, text="None of these"), *(option(i, text="Yes it is") for i in range(3)))),
    "letters": ("C3", both(option(3, text="Both A and C"), *(option(i, text="Yes it is") for i in range(3)))),
    "letters alone": ("C3", both(option(3, text="A, B and C"), *(option(i, text="Yes it is") for i in range(3)))),
    "option letter": ("C3", option(3, text=OPTIONS[3].text.replace("network", "network of option B"))),
    "neither of": ("C3", both(option(3, text="Neither of them"), *(option(i, text="Yes it is") for i in range(3)))),
    "empty option": ("C5", option(3, text=" ")),
    "longer than twice": ("C5", sized(20, 41, 30, 30)),
    "short stem": ("C6", stem(STEM[: STEM.index("The company")], "")),
    "long stem": ("C6", stem("low.", f"low. {words(201 - word_count(STEM))}")),
    "long to read": ("C6", sized(120, 121, 122, 123)),
    "lower-case negative": ("C8", stem("Which solution meets", "Which solution cannot meet")),
    "double negative": (
        "C8",
        both(
            stem("Which solution meets", "Which solution does NOT meet"),
            option(3, text=OPTIONS[3].text.replace("and send", "without sending")),
        ),
    ),
    "14 words": ("C10", option(3, rationale=words(14))),
    "81 words": ("C10", option(3, rationale=words(81))),
    "letter in a rationale": ("C10", option(3, rationale=OPTIONS[3].rationale + " See option B.")),
    "place in a rationale": ("C10", option(3, rationale=OPTIONS[3].rationale + " The second option is better.")),
    "no quotation": ("C10", option(0, rationale=OPTIONS[0].rationale.replace("keep", "have"))),
    "no requirement": ("C10", option(2, breaks=None)),
    "unknown requirement": ("C10", option(2, breaks="cost")),
    "a key that breaks": ("C10", option(0, breaks="zone")),
    "the same rationale twice": ("C10", option(3, rationale=OPTIONS[2].rationale)),
    "no official page": ("C11", whole(sources=(Source("A blog", "https://example.com/aws.amazon.com"),))),
    "a page that only looks official": ("C11", whole(sources=(Source("X", "https://notaws.amazon.com/"),))),
    "over a year old": ("C11", whole(verified_on=TODAY - timedelta(days=366))),
    "old with a number": ("C11", both(stem("several", "2"), whole(verified_on=TODAY - timedelta(days=181)))),
    "old with a quota": (
        "C11",
        both(stem("low.", "low. The quota holds."), whole(verified_on=TODAY - timedelta(days=181))),
    ),
    "from the future": ("C11", whole(verified_on=TODAY + timedelta(days=1))),
    "one constraint": (
        "C12",
        both(whole(constraints={"zone": ITEM.constraints["zone"]}), option(1, breaks="zone")),
    ),
    "three options": ("C14", whole(options=OPTIONS[:3])),
    "wrong number word": ("C14", response("THREE")),
    "number word for one": ("C14", stem("overhead?", "overhead? (Select TWO.)")),
    "choose differs": ("C14", whole(choose=2)),
    "two qualifiers": (
        "C14",
        stem("the LEAST operational overhead", "the LEAST operational overhead at the LOWEST cost"),
    ),
    "qualifier decides nothing": ("C14", option(1, family="scope")),
    "closed service in the key": (
        "C15",
        option(0, text="Deploy Simple AD, and create a NAT gateway in each zone with a route table of its own."),
    ),
}

WARNINGS: dict[str, tuple[str, Change]] = {
    "one family": ("families", both(*(option(place, family="qualifier") for place in (1, 2, 3)))),
    "lower-case qualifier": ("C14", stem("LEAST", "least")),
    "old name alone": ("C15", stem("low.", "low. Staff sign in with AWS SSO.")),
    "numbers shuffled": ("numeric", numeric("shuffle", "5 minutes", "30 minutes", "1 hour", "2 days")),
    "numbers unsorted": ("numeric", numeric("fixed", "5 minutes", "1 hour", "30 minutes", "2 days")),
}


@pytest.mark.parametrize("name", PASSING)
def test_what_is_sound_passes(name: str) -> None:
    changed = PASSING[name](ITEM)
    assert changed != ITEM
    assert [(found.check, found.message) for found in findings(PASSING[name])] == []


@pytest.mark.parametrize("name", GATES)
def test_each_flaw_fails_its_check_alone(name: str) -> None:
    check, change = GATES[name]
    assert [(found.check, found.severity) for found in findings(change)] == [(check, Severity.GATE)]
    (found,) = findings(change)
    assert found.item == ITEM.id
    assert found.message.endswith(".")
    assert found.threshold


@pytest.mark.parametrize("name", WARNINGS)
def test_each_oddity_is_a_warning(name: str) -> None:
    check, change = WARNINGS[name]
    assert [(found.check, found.severity) for found in findings(change)] == [(check, Severity.WARN)]


def test_figures_are_what_was_measured() -> None:
    (found,) = findings(whole(verified_on=TODAY - timedelta(days=400)))
    assert (found.figure, found.threshold) == (400, "age <= 365 days")
    (found,) = findings(sized(20, 41, 30, 30))
    assert (found.figure, found.threshold) == (41 / 20, "max/min <= 2.0")
    # Lengths 10, 20, 20, 60: mean 27.5, sum of squares 1475, sample deviation sqrt(1475/3).
    spread, ratio = findings(sized(10, 20, 20, 60))
    assert spread.figure == pytest.approx((1475 / 3) ** 0.5 / 27.5)
    assert (spread.threshold, ratio.figure) == ("CV <= 0.40", 6)


def test_six_choose_three() -> None:
    sixth = replace(FIFTH, id="f", text=FIFTH.text.replace("Tag", "Label"), rationale=FIFTH.rationale + words(30))
    base = both(response("THREE"), whole(choose=3, options=(*OPTIONS, FIFTH, sixth)))
    assert findings(base) == []
    assert [found.check for found in findings(both(base, option(5, correct=False, breaks="zone")))] == ["C14", "C14"]


def test_lead_in() -> None:
    assert lead_in(ITEM) == "Which solution meets these requirements with the LEAST operational overhead?"
    assert lead_in(replace(ITEM, stem="One.\n\nWhich two?\n\n(Select TWO.)\n")) == "Which two? (Select TWO.)"
    assert lead_in(replace(ITEM, stem=" ")) == ""
    assert select_word(replace(ITEM, stem="Which?\n\n(Choose THREE)")) == "THREE"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which is MOST cost-effective?", ["cost"]),
        ("Which has the LOWEST cost?", ["cost"]),
        ("Which works with the **LEAST** operational overhead?", ["operational overhead"]),
        ("Which is the MOST operationally efficient?", ["operational efficiency"]),
        ("Which is MOST secure?", ["security"]),
        ("Which MINIMUM change to the application works?", ["change"]),
        ("Which is MOST elegant?", ["most elegant"]),
        ("Which is the LEAST likely cause?", []),
        ("Which is most secure and follows least privilege?", []),
        ("Which is MOST secure and has the LEAST downtime?", ["security", "downtime"]),
    ],
)
def test_qualifiers(question: str, expected: list[str]) -> None:
    assert qualifiers(replace(ITEM, stem=f"A company.\n\n{question}")) == expected


def test_words() -> None:
    markdown = "1. Use *one* `multi-AZ` [gateway](https://x.example/a) – the company’s “my_table”"
    assert plain(markdown) == 'Use one multi-AZ gateway – the company\'s "my_table"'
    assert word_count(markdown) == 7
    assert tokens(markdown) == ["use", "one", "multi-az", "gateway", "the", "company", "my", "table"]
    assert dict(content_words("Use the Amazon S3 bucket, then the bucket")) == {"s3": 1, "bucket": 2}
    assert shingles(["a b c d e f", "g h i j"]) == {tuple("abcde"), tuple("bcdef")}
    assert (
        reading_minutes(replace(ITEM, stem=words(110), options=tuple(replace(o, text=words(30)) for o in OPTIONS)))
        == 1.75
    )


def test_quantities() -> None:
    assert quantities(["5 minutes", "1 hour"]) == [300, 3600]
    assert quantities(["1,024 MB", "1 GB"]) == [1_024_000, 1_000_000]
    assert quantities(["USD 5", "$10"]) == [5, 10]
    assert quantities(["5 minutes", "never"]) is None
    assert quantities(["5 minutes", "1 GB"]) is None
    assert quantities(["2 gateways in each of the zones, and a route to each"]) is None
    assert quantities([]) is None


@given(st.lists(st.integers(), min_size=2, unique=True))
def test_ordering(values: list[int]) -> None:
    assert ordering(sorted(values))
    assert ordering(sorted(values, reverse=True))
    assert ordering(values) == (values in (sorted(values), sorted(values, reverse=True)))
