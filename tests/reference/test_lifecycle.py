"""The lifecycle register: reading it, finding names in it, and what contradicts it."""

from datetime import date

import pytest

from reference.lifecycle import (
    Entry,
    Register,
    RegisterError,
    parse_register,
    stale_statements,
    strange_names,
    unexplained_names,
)

DAY = date(2026, 11, 28)

TEXT = """
not_services: [AWS Region]
entries:
  - name: Amazon Data Firehose
    short: [Data Firehose]
    former: [Kinesis Firehose, Amazon Kinesis Data Firehose]
    kind: service
    status: active
    since: "2024-02"
    systems: [firehose]
    text: Loads streams.
    source: {title: Firehose, url: "https://docs.aws.amazon.com/firehose"}
  - name: AWS OpsWorks
    short: [OpsWorks]
    kind: service
    status: ended
    since: "2024-05-26"
    successor: [AWS Systems Manager]
    text: Ran Chef.
    source: {title: OpsWorks, url: "https://docs.aws.amazon.com/opsworks"}
  - name: AWS Systems Manager
    kind: service
    status: active
    text: Runs fleets.
    source: {title: Systems Manager, url: "https://docs.aws.amazon.com/ssm"}
"""


@pytest.fixture(scope="module")
def register() -> Register:
    """Three services."""
    return parse_register(TEXT)


def entry(name: str, status: str, since: str) -> Entry:
    """An entry that says no more than it must."""
    return Entry(name=name, kind="service", status=status, since=since, text="-", source_title="-", source_url="-")


def test_an_entry_is_read(register: Register) -> None:
    firehose = register.entries[0]
    assert (firehose.name, firehose.slug, firehose.line) == ("Amazon Data Firehose", "amazon-data-firehose", 4)
    assert firehose.spellings[1:] == ("Data Firehose", "Kinesis Firehose", "Amazon Kinesis Data Firehose")
    assert (firehose.systems, firehose.since) == (("firehose",), "2024-02")
    assert register.entries[1].successors == ("AWS Systems Manager",)
    assert register.not_services == ("AWS Region",)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("    kind: service\n    status: active\n    since", "    status: active\n    since", 4, "“kind” is missing"),
        ("status: ended", "status: gone", 13, "status: write active, closed, ending or ended"),
        ('    since: "2024-05-26"\n', "", 13, "“since” is missing: what is ended says since when"),
        ('"2024-05-26"', "2024-05-26", 13, "since: write"),
        (
            "successor: [AWS Systems Manager]",
            "successor: [AWS System Manager]",
            13,
            "did you mean “AWS Systems Manager”",
        ),
        (
            "short: [OpsWorks]",
            "short: [Data Firehose]",
            13,
            "the spelling “Data Firehose” stands at Amazon Data Firehose",
        ),
        ("text: Ran Chef.", "text: " + "word " * 31, 13, "text: use at most 30 words"),
        ("https://docs.aws.amazon.com/ssm", "http://docs", 21, "is no https address"),
        ("    text: Ran Chef.", "    test: Ran Chef.", 13, "there is no key “test”: did you mean “text”"),
        ("entries:", "entry:", 1, "write a list under “entries”"),
        ("text: Ran Chef.", "text: Ran: Chef.", 19, "this is no YAML"),
    ],
)
def test_a_mistake_is_named_with_its_line(old: str, new: str, line: int, message: str) -> None:
    assert TEXT.count(old) == 1
    with pytest.raises(RegisterError) as caught:
        parse_register(TEXT.replace(old, new))
    assert [found for found, text in caught.value.problems if message in text] == [line], caught.value.problems


@pytest.mark.parametrize(
    ("status", "since", "day", "may"),
    [
        ("active", "", "2026-11-28", True),
        ("closed", "2024-05-26", "2024-05-25", True),
        ("closed", "2024-05-26", "2024-05-26", False),
        ("ended", "2024", "2023-12-31", True),
        ("ended", "2024", "2024-01-01", False),
        ("ending", "2027-03-31", "2026-11-28", False),
    ],
)
def test_whether_somebody_may_begin(status: str, since: str, day: str, may: bool) -> None:
    assert entry("X", status, since).may_begin(date.fromisoformat(day)) is may


def test_the_longest_name_wins_and_plurals_count(register: Register) -> None:
    found = register.mentions(
        "Amazon Kinesis Data Firehose, two Data Firehoses, AWS Systems Manager’s agent, OpsWorksX"
    )
    assert found == {"Amazon Data Firehose": 2, "AWS Systems Manager": 1}
    assert register.mentions("AWS Systems\nManager, AWS OpsWorks") == {"AWS Systems Manager": 1, "AWS OpsWorks": 1}


def test_a_name_is_found_whatever_its_case(register: Register) -> None:
    found = [register.find(name) for name in ("kinesis firehose", "OpsWorks", "nothing")]
    assert [one.name if one else None for one in found] == ["Amazon Data Firehose", "AWS OpsWorks", None]


def test_strange_names(register: Register) -> None:
    text = "In an AWS Region, Amazon Data Firehose and Amazon Wonder Stream. The AWS OpsWorks agent, AWS accounts."
    assert strange_names(text, register) == ["Amazon Wonder Stream"]


def test_old_names_need_the_present_one_beside_them(register: Register) -> None:
    assert unexplained_names("Kinesis Firehose loads it.", register) == [("Kinesis Firehose", "Amazon Data Firehose")]
    assert unexplained_names("Data Firehose, once Kinesis Firehose, loads it.", register) == []


@pytest.mark.parametrize(
    ("text", "stale"),
    [
        ("Use AWS OpsWorks to run Chef on a fleet.", True),
        ("Choose OpsWorks where the team knows Chef.", True),
        ("Use AWS Systems Manager to run commands.", False),
        ("AWS OpsWorks ended in May 2024: use AWS Systems Manager.", False),
        ("OpsWorks had stacks, layers and recipes.", False),
        ("Create layers in a stack; AWS Systems Manager runs them.", False),
    ],
)
def test_advice_that_the_register_contradicts(register: Register, text: str, stale: bool) -> None:
    found = list(stale_statements([("page^one", text)], register, DAY))
    assert [one.place for one in found] == (["page^one"] if stale else [])
    assert list(stale_statements([("page^one", text)], register, date(2024, 1, 1))) == []


def test_an_empty_register_finds_nothing() -> None:
    assert Register(()).mentions("AWS OpsWorks") == {}
    assert strange_names("AWS OpsWorks", Register(())) == ["AWS OpsWorks"]
