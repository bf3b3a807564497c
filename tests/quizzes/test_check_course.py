"""``check_course``: what the files hold and lack, and when it fails. No test here has a database."""

import json
import re
import shutil
from collections import Counter
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command

from quizzes.engine.writing import check_bank, check_item
from quizzes.formats.native import parse_bank
from quizzes.formats.written import written_item
from quizzes.services.stale import closed_services
from reference.lifecycle import parse_register
from reference.outline import read_outline
from tests import clock as clock_module
from tests.courses import SMALL

TODAY = clock_module.START.date()


def run(*arguments: str) -> tuple[str, int]:
    """What the command prints, and its exit code."""
    out = StringIO()
    try:
        call_command("check_course", *arguments, stdout=out)
    except SystemExit as ended:
        return out.getvalue(), int(str(ended.code))
    return out.getvalue(), 0


def report(*arguments: str) -> tuple[dict[str, Any], int]:
    """The same as data."""
    text, code = run("--json", *arguments)
    return json.loads(text), code


@pytest.fixture
def files(tmp_path: Path, settings: Any, clock: Any) -> Path:
    """A copy of the small course, where the settings point."""
    for name in ("notes", "bank", "diagrams"):
        shutil.copytree(SMALL / name, tmp_path / name)
        setattr(settings, f"COURSE_{name.upper()}", tmp_path / name)
    settings.COURSE_REGISTER = Path(shutil.copy(SMALL / "lifecycle.yaml", tmp_path))
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    """Change what stands once."""
    text = path.read_text()
    assert text.count(old) == 1, (old, text.count(old))
    path.write_text(text.replace(old, new))


# The real course


def newest_check() -> date:
    """The day on which something of the course was verified last: as of it the outcome depends on the files alone."""
    texts = [path.read_text() for folder in (site.COURSE_NOTES, site.COURSE_BANK) for path in folder.rglob("*.*")]
    days = [day for text in texts for day in re.findall(r"^ *verified_on: (\d{4}-\d\d-\d\d)$", text, re.MULTILINE)]
    return date.fromisoformat(max(days))


@pytest.mark.usefixtures("clock")
def test_the_real_course_is_counted_and_passes() -> None:
    found, code = report("--as-of", newest_check().isoformat())
    outline = read_outline(site.COURSE_OUTLINE)
    assert (found["facts"]["total"], found["implied"]["total"]) == (425, 94)
    assert set(found["facts"]["lessons"]) == {lesson.slug for lesson in outline.lessons}
    whole = [lesson for lesson, one in found["facts"]["lessons"].items() if one["total"] and not one["missing"]]
    assert {"elastic-load-balancing", "high-availability-and-bc-dr"} <= set(whole)
    assert found["facts"]["covered"] == sum(one["covered"] for one in found["facts"]["lessons"].values())
    implied = found["implied"]["lessons"]["nat-instances-and-nat-gateways"]
    assert implied["covered"] == implied["total"] > 0
    references = found["references"]
    assert references["resolved"] == references["total"] > 0
    assert found["links"]["resolved"] == found["links"]["total"] > 0
    assert len(found["pages"]) == len(list(site.COURSE_NOTES.rglob("*.md")))
    assert found["diagrams"] >= 25
    assert found["questions"]["total"] >= 45
    assert (found["facts"]["covered"], found["implied"]["covered"]) == (425, 94)
    assert (found["systems"]["covered"], found["systems"]["total"]) == (217, 217)
    assert (len(found["tasks"]), len(found["domains"])) == (20, 5)
    assert min([*found["tasks"].values(), *found["domains"].values()]) >= 2
    assert (found["unverified"], found["stale"]) == (0, 0)
    assert (found["errors"], found["pages_without_sources"]) == ([], [])
    assert [one for one in found["findings"] if one["fails"]] == []
    assert (found["passed"], code) == (True, 0)


@pytest.mark.usefixtures("clock")
def test_figures_and_findings_are_those_of_the_checks(files: Path) -> None:
    found, _ = report()
    questions = [
        one
        for path in sorted((files / "bank").glob("*.yaml"))
        if path.name != "exams.yaml"
        for one in parse_bank(path.read_text())
    ]
    items = [written_item(one) for one in questions if one.status in ("pilot", "published")]
    closed = closed_services(parse_register(site.COURSE_REGISTER.read_text()), TODAY)
    single = [(one.check, one.item, one.message) for it in items for one in check_item(it, today=TODAY, closed=closed)]
    bank = check_bank(items, today=TODAY)
    wanted = Counter([*single, *((one.check, one.item, one.message) for one in bank.findings)])
    there = Counter((one["check"], one["question"], one["message"]) for one in found["findings"])
    assert wanted
    assert wanted - there == Counter()
    figures = {one["name"]: one["value"] for one in found["figures"]}
    assert {one.name: one.value for one in bank.figures}.items() <= figures.items()
    counted = found["questions"]
    assert counted["by_kind"] == dict(sorted(Counter(one.content.kind for one in questions).items()))
    assert counted["by_topic"] == dict(sorted(Counter(one.topics[0] for one in questions).items()))
    assert counted["by_task"] == dict(sorted(Counter(one.task for one in questions).items()))
    assert counted["by_domain"] == dict(sorted(Counter(str(one.domain) for one in questions).items()))


def test_closed_services_are_those_of_the_register_on_the_day() -> None:
    register = parse_register(site.COURSE_REGISTER.read_text())
    closed = closed_services(register, TODAY)
    assert "AWS Systems Manager" in closed["OpsWorks"]
    assert "AWS Data Pipeline" in closed
    assert "Elastic Load Balancing" not in closed
    assert "OpsWorks" not in closed_services(register, date(2016, 1, 1))


# The small one, by hand


def test_the_small_course_is_counted_by_hand(files: Path) -> None:
    found, code = report()
    assert found["as_of"] == "2026-11-23"
    lesson = found["facts"]["lessons"]["elastic-load-balancing"]
    assert (found["facts"]["covered"], lesson["covered"], lesson["total"]) == (5, 5, 16)
    assert [name for name in lesson["missing"] if name in ("elb-01", "elb-02", "elb-03", "elb-04", "elb-06")] == []
    assert found["implied"]["covered"] == 0
    assert found["links"] == {"resolved": 3, "total": 3, "external": 0}
    assert (found["diagrams"], found["sources"]) == (1, 2)
    pages = {page["topic"]: page for page in found["pages"]}
    assert list(pages) == ["test-balancers", "test-health-checks"]
    first = pages["test-balancers"]
    assert (first["sources"], first["diagrams"], first["anchors"], first["changes"]) == (1, 1, 9, 1)
    assert found["words"] == sum(page["words"] for page in pages.values())
    assert found["questions"]["total"] == 26
    assert found["questions"]["by_status"] == {"draft": 1, "pilot": 1, "published": 24, "retired": 0}
    assert found["questions"]["by_topic"] == {"test-balancers": 12, "test-health-checks": 14}
    assert found["references"]["resolved"] == found["references"]["total"]
    # Its questions are not to the standard, and it says which and where.
    assert (found["passed"], code) == (False, 1)
    failing = [one for one in found["findings"] if one["fails"]]
    assert {one["severity"] for one in failing} == {"gate"}
    assert "test-th14" not in {one["question"] for one in failing}
    assert "test-th14" in {one["question"] for one in found["findings"]}
    stem = next(one for one in failing if one["question"] == "test-tb02" and one["check"] == "C6")
    assert (Path(stem["path"]).name, stem["line"]) == ("test-balancers.yaml", 54)


def test_ages_are_counted_to_the_day(files: Path) -> None:
    found, _ = report("--as-of", "2027-12-01")
    assert (found["as_of"], {page["age_days"] for page in found["pages"]}) == ("2027-12-01", {373})
    old = [one for one in found["findings"] if one["check"] == "C11" and one["question"] == "test-tb01"]
    assert [(one["figure"], one["fails"]) for one in old] == [(373, True)]
    today, _ = report()
    assert [one for one in today["findings"] if one["check"] == "C11" and one["question"] == "test-tb01"] == []


def test_a_covered_heading_counts(files: Path) -> None:
    outline = read_outline(site.COURSE_OUTLINE)
    lesson = next(one for one in outline.lessons if one.implied)
    note = next((files / "notes").rglob("test-balancers.md"))
    edit(note, "see_also:", f'covers: ["{lesson.slug}/{lesson.implied[0].heading}"]\nsee_also:')
    found, _ = report()
    share = found["implied"]["lessons"][lesson.slug]
    assert (found["implied"]["covered"], share["covered"], share["total"]) == (1, 1, len(lesson.implied))
    assert share["missing"] == [one.heading for one in lesson.implied[1:]]


def test_a_broken_reference_fails_and_the_rest_is_still_counted(files: Path) -> None:
    before, _ = report()
    edit(
        files / "bank" / "test-balancers.yaml", "references: [test-balancers^elb-03]", "references: [test-balancers^no]"
    )
    found, code = report()
    total = before["references"]["total"]
    assert found["references"] == {
        "resolved": total - 1,
        "total": total,
        "broken": [{"question": "test-tb06", "reference": "test-balancers^no"}],
    }
    (error,) = found["errors"]
    assert (Path(error["path"]).name, error["line"]) == ("test-balancers.yaml", 304)
    assert error["message"].startswith("test-tb06: the reference test-balancers^no leads nowhere")
    assert (found["facts"], found["passed"], code) == (before["facts"], False, 1)


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("(test-health-checks^th-interval)", "(test-health-checks^th-no)", "there is no ^th-no in test-health-checks"),
        ("(test-health-checks^th-interval)", "(test-no)", "there is no topic “test-no”"),
        ("^tb-trap", "^th-limits", "th-limits stands already in"),
        (
            "sources:\n  - title: What is Elastic Load Balancing?",
            "sources: []\nx:\n  - title: What",
            "sources: give at least 1",
        ),
    ],
)
def test_a_mistake_in_a_note_fails_and_what_rests_on_notes_is_not_told(
    files: Path, old: str, new: str, part: str
) -> None:
    edit(next((files / "notes").rglob("test-balancers.md")), old, new)
    found, code = report()
    assert part in " ".join(one["message"] for one in found["errors"])
    assert {
        name: found[name] for name in ("facts", "implied", "links", "pages", "references", "words")
    } == dict.fromkeys(("facts", "implied", "links", "pages", "references", "words"))
    assert (found["questions"]["total"], found["passed"], code) == (26, False, 1)
    text, code = run()
    assert (part in text, text.endswith("Failed.\n"), code) == (True, True, 1)


def test_a_mistake_in_one_bank_file_leaves_the_others_counted(files: Path) -> None:
    edit(files / "bank" / "test-balancers.yaml", "id: test-tb02\n", "id: TB02\n")
    found, code = report()
    assert [(Path(one["path"]).name, one["line"]) for one in found["errors"]] == [("test-balancers.yaml", 54)]
    assert (found["questions"]["total"], code) == (14, 1)


def test_an_error_outside_the_questions_fails(files: Path) -> None:
    edit(files / "bank" / "exams.yaml", "minutes: 48", "minutes: none")
    found, _ = report()
    assert [one["message"] for one in found["errors"]] == ["minutes: 1 to 1000"]
    assert found["passed"] is False


def test_it_can_be_read(files: Path) -> None:
    text, code = run()
    assert code == 1
    lines = text.splitlines()
    assert lines[0] == "The course as of 2026-11-23"
    assert "Facts         5 of 425" in lines
    assert "Implied       0 of 94" in lines
    assert "Links         3 of 3, and 0 to the web" in lines
    assert "Questions     26: 1 draft, 1 pilot, 24 published" in lines
    assert any(line.startswith("  GATE C6 test-tb02: ") for line in lines)
    assert lines[-1] == "Failed."


def test_drafts_fail_nothing(files: Path) -> None:
    """Findings on drafts are told and fail nothing."""
    for name in ("test-balancers", "test-health-checks"):
        path = files / "bank" / f"{name}.yaml"
        path.write_text(
            path.read_text().replace("status: published", "status: draft").replace("status: pilot", "status: draft")
        )
    found, code = report()
    assert found["questions"]["by_status"]["draft"] == 26
    assert any(one["severity"] == "gate" for one in found["findings"])
    assert (found["passed"], code) == (True, 0)
    assert run()[0].endswith("Passed.\n")


def test_a_bad_day_is_refused(files: Path) -> None:
    with pytest.raises(CommandError, match="is no date: write it as 2026-11-23"):
        call_command("check_course", "--as-of", "yesterday")


def test_no_outline_is_named(files: Path, settings: Any) -> None:
    settings.COURSE_OUTLINE = files / "none.yaml"
    with pytest.raises(CommandError, match=r"none\.yaml:1: "):
        call_command("check_course")


# The register and the calendar


def gates(found: dict[str, Any]) -> list[tuple[str, str]]:
    """What fails of the notes, as check and message: the questions of the small course meet no standard."""
    return [
        (one["check"], one["message"])
        for one in found["findings"]
        if one["fails"] and one["question"] is None and not one["check"].startswith("C")
    ]


NOTE = "notes/02-designing-aws-networking-services/test-health-checks.md"
STATEMENT = "A target that fails several checks in a row gets no new requests."


@pytest.mark.parametrize(
    ("new", "check", "message"),
    [
        (
            "Use a Test Balancer Classic for it.",
            "stale",
            "advises Test Balancer Classic, which is closed since 2024-05",
        ),
        ("Test Balancer sees to that.", "former-name", "“Test Balancer” is called Test Balancer Classic today"),
        ("The AWS Wonder Service sees to that.", "name", "“AWS Wonder Service” stands in no entry of the register"),
        (
            "A load balancer spreads requests over targets in several Availability Zones of one Region, and the more"
            " targets there are, the smaller the share of each of them becomes in the end. ^th-a\n\nAs said: a load"
            " balancer spreads requests over targets in several Availability Zones of one Region, and the more"
            " targets there are, the smaller the share of each of them becomes in the end.",
            "repeat",
            "say it once and link",
        ),
    ],
)
def test_what_contradicts_the_register_fails(files: Path, new: str, check: str, message: str) -> None:
    assert gates(report()[0]) == []
    edit(files / NOTE, STATEMENT, new)
    (found, code) = report()
    assert [(name, text) for name, text in gates(found) if name == check and message in text], gates(found)
    assert (found["passed"], code) == (False, 1)
    assert found["stale"] == (check == "stale")


def test_a_service_of_the_front_matter_stands_in_the_register(files: Path) -> None:
    edit(files / NOTE, "services: [Elastic Load Balancing]", "services: [ELB, Nothing]")
    (one,) = [one for one in report()[0]["findings"] if one["check"] == "name"]
    assert (one["message"], one["line"]) == ("services: “Nothing” stands in no entry of the register", 9)


def test_age_is_a_warning_and_fails_a_release(files: Path) -> None:
    late = ("--as-of", "2027-06-30")
    (found, _) = report(*late)
    aged = [one for one in found["findings"] if one["check"] == "age"]
    assert len(aged) == 2
    assert not [one for one in aged if one["fails"]]
    (found, code) = report(*late, "--release")
    assert {one["fails"] for one in found["findings"] if one["check"] == "age"} == {True}
    assert (found["passed"], code) == (False, 1)
    assert gates(report("--release")[0]) == []


def test_a_mistake_in_the_register_is_named(files: Path) -> None:
    edit(files / "lifecycle.yaml", "status: closed", "status: shut")
    (one,) = report()[0]["errors"]
    assert one["message"] == "Test Balancer Classic: status: write active, closed, ending or ended"
    assert one["line"] == 11


def test_the_bank_of_the_course_stands_its_standard() -> None:
    out = StringIO()
    call_command("check_bank", "--json", "--as-of", newest_check().isoformat(), stdout=out)
    bank = json.loads(out.getvalue())
    assert bank["passed"]
    assert bank["questions"]["total"] >= 400
    figures = {one["name"]: one for one in bank["figures"]}
    assert figures["fewest blind readers of a question"]["value"] >= 2
    assert figures["agreement of blind readings with the key"]["value"] >= 0.95
    assert [name for name, one in figures.items() if one["gate"] and one["passed"] is False] == []
    assert bank["stale"] == []


def test_a_bank_below_the_standard_fails(files: Path) -> None:
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_bank", stdout=out)
    text = out.getvalue()
    assert text.startswith("The bank as of 2026-11-23: 26 questions")
    assert "GATE questions bank: Write more questions." in text
    assert text.endswith("Failed.\n")
