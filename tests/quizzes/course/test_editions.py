"""What a changed course makes of the rows: versions, retirements, present names, enemies, blueprints."""

from datetime import datetime
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.engine.assembly import assemble
from quizzes.models import Exam, Question, QuestionVersion, Quiz, Reference, Response
from quizzes.queries.bank import practisable
from quizzes.queries.draws import sample_unseen
from quizzes.services.bank import stage_bank
from quizzes.services.course import read_course
from quizzes.services.practice import start_practice
from reference.models import Change, PageBody, Topic
from reference.services import stage_notes
from tests.quizzes.course.conftest import MODULE, Files, question_text, rows

pytestmark = pytest.mark.django_db
NOTE, BANK, OTHER = "test-balancers.md", "test-balancers.yaml", "test-health-checks.yaml"
OLD, NEW = "Test data, tb02. A railway", "Test data, tb02. A big railway"

THIRD_NOTE = """\
---
title: Third
lesson: elastic-load-balancing
order: 30
tasks: ["2.4"]
domains: [4]
verified_on: 2026-11-23
lede: Test data.
sources:
  - title: A page
    url: https://docs.aws.amazon.com/third
---

## One section

A third statement. ^third-one
"""


def question(code: str) -> Question:
    """A question with its present version."""
    found: Question = Question.objects.select_related("current", "topic").get(code=code)
    return found


def versions(code: str) -> list[tuple[int, bool]]:
    """The versions of a question: number, and whether it is the present one."""
    here = question(code)
    return [(one.number, one.pk == here.current_id) for one in here.versions.order_by("number")]


def add_third(files: Files) -> None:
    """A third topic with one question."""
    files.path("test-third.md").write_text(THIRD_NOTE)
    entry = question_text(files.path(BANK).read_text(), "test-tb02").replace("test-tb02", "test-third")
    entry = entry.replace("[test-balancers]", "[test-third]").replace(
        "test-balancers^tb-static", "test-third^third-one"
    )
    files.path("test-third.yaml").write_text("questions:\n" + entry)


# Versions


def test_a_changed_text_is_a_new_version_and_attempts_keep_the_old(loaded: Files, person: Any, now: datetime) -> None:
    attempt = start_practice(person_id=person.pk, title="All", topics=[], anchors=[], only="", count=40, now=now)
    sat = attempt.responses.get(question__code="test-tb02").version_id
    body = QuestionVersion.objects.filter(pk=sat).values().get()
    loaded.edit(BANK, OLD, NEW)
    assert loaded.load().updated == ("test-tb02",)
    assert versions("test-tb02") == [(1, False), (2, True)]
    assert "A big railway" in question("test-tb02").current.shown["stem"]
    assert Response.objects.get(attempt=attempt, question__code="test-tb02").version_id == sat
    assert QuestionVersion.objects.filter(pk=sat).values().get() == body
    assert QuestionVersion.objects.count() == 27


def test_the_old_text_is_the_old_version_again(loaded: Files) -> None:
    loaded.edit(BANK, OLD, NEW)
    loaded.load()
    loaded.edit(BANK, NEW, OLD)
    assert loaded.load().updated == ("test-tb02",)
    assert versions("test-tb02") == [(1, True), (2, False)]
    loaded.edit(BANK, OLD, NEW)
    loaded.load()
    assert versions("test-tb02") == [(1, False), (2, True)]
    loaded.edit(BANK, NEW, "Test data, tb02. A third railway")
    loaded.load()
    assert versions("test-tb02") == [(1, False), (2, False), (3, True)]


def test_attributes_change_in_place(loaded: Files) -> None:
    text = loaded.path(BANK).read_text()
    entry = question_text(text, "test-tb02")
    changed = (
        entry.replace("status: published", "status: pilot")
        .replace("domain: 2", "domain: 3")
        .replace("difficulty: 3", "difficulty: 5")
        .replace("verified_on: 2026-11-23", "verified_on: 2026-11-24")
        .replace("^tb-static]", "^tb-tip]")
        .replace("flags: []", "flags: [then-now]")
    )
    loaded.path(BANK).write_text(text.replace(entry, changed))
    before = question("test-tb02")
    assert loaded.load().updated == ("test-tb02",)
    after = question("test-tb02")
    assert versions("test-tb02") == [(1, True)]
    assert (after.pk, after.current_id) == (before.pk, before.current_id)
    assert (after.status, after.domain, after.difficulty, str(after.verified_on)) == ("pilot", 3, 5, "2026-11-24")
    assert (list(after.references.values_list("anchor", flat=True)), after.flags) == (["tb-tip"], ["then-now"])
    placed = set(after.placements.values_list("exam__code", "domain", "status"))
    assert placed == {("SAP-C03", 3, "pilot"), ("SAP-C02", 1, "pilot")}


def test_a_note_alone_touches_no_question(loaded: Files) -> None:
    before = rows()
    loaded.edit(NOTE, "It faces the internet", "A balancer faces the internet")
    assert loaded.load().updated == ()
    after = rows()
    same = {name for name in before if before[name] == after[name]}
    assert {"Question", "QuestionVersion", "Reference", "Placement", "Exam", "Quiz"} <= same
    assert [one["words"] for one in after["Topic"] if "words" in one] == []


# What vanishes, and comes back


def test_what_vanished_is_retired_and_what_returns_is_back(files: Files, client: Client) -> None:
    add_third(files)
    files.load()
    assert (question("test-third").status, client.get("/notes/test-third/").status_code) == ("published", 200)
    note, bank = files.path("test-third.md"), files.path("test-third.yaml")
    kept = note.read_text(), bank.read_text()
    note.unlink()
    bank.unlink()
    files.load()
    assert (question("test-third").status, Topic.objects.get(slug="test-third").retired) == ("retired", True)
    assert not practisable().filter(code="test-third").exists()
    assert question("test-third").placements.count() == 0
    assert client.get("/notes/test-third/").status_code == 404
    assert b"test-third" not in client.get("/notes/").content
    note.write_text(kept[0])
    bank.write_text(kept[1])
    assert files.load().updated == ("test-third",)
    assert (question("test-third").status, versions("test-third")) == ("published", [(1, True)])
    assert practisable().filter(code="test-third").exists()
    assert client.get("/notes/test-third/").status_code == 200


def test_a_question_alone_is_retired(loaded: Files) -> None:
    text = loaded.path(BANK).read_text()
    loaded.path(BANK).write_text(text.replace(question_text(text, "test-tb02"), ""))
    loaded.load()
    assert (question("test-tb02").status, question("test-tb02").topic.slug) == ("retired", "test-balancers")
    assert versions("test-tb02") == [(1, True)]
    loaded.path(BANK).write_text(text)
    loaded.load()
    assert question("test-tb02").status == "published"


# Present names


def test_a_renamed_topic_is_stored_under_its_present_name(loaded: Files, client: Client) -> None:
    folder = loaded.folders.notes / MODULE
    (folder / "test-health-checks.md").rename(folder / "test-probes.md")
    loaded.edit(
        "test-probes.md", "see_also: [test-balancers]", "see_also: [test-balancers]\naliases: [test-health-checks]"
    )
    loaded.load()
    homes = dict(Question.objects.filter(code__startswith="test-th").values_list("code", "topic__slug"))
    assert set(homes.values()) == {"test-probes"}
    assert not Question.objects.filter(topics__slug="test-health-checks").exists()
    assert not Reference.objects.filter(topic__slug="test-health-checks").exists()
    assert Reference.objects.filter(topic__slug="test-probes", anchor="th-limits").exists()
    assert QuestionVersion.objects.count() == 26
    reply = client.get("/notes/test-health-checks/")
    assert (reply.status_code, reply.headers["Location"]) == (301, "/notes/test-probes/")


def test_a_renamed_statement_is_stored_under_its_present_name(loaded: Files) -> None:
    before = Reference.objects.filter(anchor="th-limits").count()
    assert before > 0
    loaded.edit("test-health-checks.md", "^th-limits", "^th-numbers")
    loaded.edit("test-health-checks.md", "see_also:", "anchor_aliases: {th-limits: th-numbers}\nsee_also:")
    loaded.load()
    assert Reference.objects.filter(anchor="th-limits").count() == 0
    assert Reference.objects.filter(anchor="th-numbers").count() == before
    assert QuestionVersion.objects.count() == 26


def test_a_statement_that_moved_is_stored_where_it_is_now(loaded: Files) -> None:
    before = set(Reference.objects.filter(anchor="th-replace").values_list("question__code", flat=True))
    loaded.edit("test-health-checks.md", " ^th-replace", "")
    loaded.edit("test-health-checks.md", "see_also:", "anchor_aliases: {th-replace: th-replace}\nsee_also:")
    loaded.edit(NOTE, "^tb-trap", "^tb-trap ^th-replace")
    loaded.load()
    moved = Reference.objects.filter(anchor="th-replace").values_list("topic__slug", "question__code")
    assert {topic for topic, _ in moved} == {"test-balancers"}
    assert {code for _, code in moved} == before


# Enemies


def test_enemies_are_enemies_of_each_other(loaded: Files) -> None:
    text = loaded.path(BANK).read_text()
    entry = question_text(text, "test-tb06")
    alone = entry.replace("enemies: [test-tb01]", "enemies: []")
    assert alone != entry
    loaded.path(BANK).write_text(text.replace(entry, alone))
    loaded.load()
    assert (question("test-tb01").enemies, question("test-tb06").enemies) == (["test-tb06"], ["test-tb01"])
    one = question_text(loaded.path(BANK).read_text(), "test-tb01")
    free = one.replace("enemies: [test-tb06]", "enemies: []").replace("contrast: [test-tb06]", "contrast: []")
    loaded.path(BANK).write_text(loaded.path(BANK).read_text().replace(one, free))
    assert set(loaded.load().updated) == {"test-tb01", "test-tb06"}
    assert (question("test-tb01").enemies, question("test-tb06").enemies) == ([], [])


def test_one_sided_enemies_never_meet_on_a_form(files: Files, person: Any) -> None:
    files.edit(BANK, "enemies: [test-tb01]", "enemies: []")
    files.load()
    exam = Exam.objects.get(code="SAP-C03")
    there = practisable().filter(domain=1).count()
    met = set()
    for seed in range(12):
        rng = Random(seed)
        pool = sample_unseen(exam, person.pk, {1: there - 1}, 0, rng)
        drawn = {one.code for one, _ in assemble(pool, {1: there - 1}, 0, rng).drawn}
        assert len(drawn & {"test-tb01", "test-tb06"}) == 1
        met |= drawn & {"test-tb01", "test-tb06"}
    assert met == {"test-tb01", "test-tb06"}


# Exams and presets


def test_the_file_of_exams_decides_the_presets(loaded: Files, client: Client) -> None:
    exams = loaded.path("exams.yaml")
    text = exams.read_text()
    first = text.index("weight: 20")
    text = text[:first] + "weight: 30" + text[first + 10 :].replace("weight: 20", "weight: 10", 1)
    text = text.replace("scored: 20", "scored: 10").replace("minutes: 48", "minutes: 24")
    exams.write_text(text[: text.index("  - slug: sap-c02")])
    loaded.load()
    weights = [one["weight"] for one in Exam.objects.get(code="SAP-C03").domains]
    assert weights == [30, 10, 20, 20, 20]
    short = Quiz.objects.select_related("exam").get(slug="short-mock")
    assert (short.scored, short.time_limit, short.exam.domains[0]["weight"]) == (10, 24 * 60, 30)
    page = client.get("/quizzes/short-mock/").content.decode()
    assert "30 %" in page
    assert (Quiz.objects.get(slug="sap-c02").retired, client.get("/quizzes/sap-c02/").status_code) == (True, 404)
    exams.write_text(text)
    loaded.load()
    assert client.get("/quizzes/sap-c02/").status_code == 200


# Readers meanwhile


def test_what_is_staged_nobody_sees(loaded: Files, client: Client, person: Any, now: datetime) -> None:
    loaded.edit(NOTE, "It faces the internet", "A balancer faces the internet")
    loaded.edit(NOTE, "Since October 2017 one listener", "Since 2017 one listener")
    loaded.edit(BANK, OLD, NEW)
    add_third(loaded)
    visible = _seen(client, person)
    course = read_course(loaded.folders, loaded.now.date())
    stage_notes(course.notes)
    stage_bank(course.bank, now=now)
    assert PageBody.objects.filter(topics=None).count() == 2
    assert QuestionVersion.objects.count() == 28
    assert _seen(client, person) == visible
    loaded.load()
    assert _seen(client, person) != visible
    assert PageBody.objects.count() == 4


def _seen(client: Client, person: Any) -> list[Any]:
    addresses = ("/notes/", "/notes/test-balancers/", "/notes/test-health-checks/", "/search/?q=balancer")
    pages = [client.get(address).content for address in addresses]
    texts = sorted(practisable().values_list("code", "current__shown"), key=str)
    exam = Exam.objects.get(code="SAP-C03")
    drawn = [one.version for one in sample_unseen(exam, person.pk, {1: 3, 2: 3}, 0, Random(1))]
    changes = list(Change.objects.filter(body__topics__retired=False).values_list("now_text"))
    return [pages, texts, drawn, changes, list(Topic.objects.live().values_list("slug", "body_id"))]


def test_a_replaced_text_stays_for_its_readers_until_the_next_load(loaded: Files) -> None:
    old = Topic.objects.get(slug="test-balancers").body_id
    loaded.edit(NOTE, "It faces the internet", "A balancer faces the internet")
    loaded.load()
    assert PageBody.objects.get(pk=old).sections.count() > 0
    loaded.edit(BANK, OLD, NEW)
    loaded.load()
    assert PageBody.objects.filter(pk=old).count() == 0


@pytest.mark.django_db(transaction=True)
def test_one_short_transaction_makes_a_course_visible(files: Files) -> None:
    """The statements of the publishing step do not grow with the bank, only with what changed (in pieces)."""
    first = _publishing(files)
    files.edit(BANK, OLD, NEW)
    one_change = _publishing(files)
    text = files.path(OTHER).read_text()
    copies = [
        question_text(text, f"test-th{number:02}").replace(f"test-th{number:02}", f"test-copy{copy}-{number:02}")
        for copy in range(12)
        for number in range(1, 13)
    ]
    files.path(OTHER).write_text(text + "".join(copies))
    many = _publishing(files)
    files.edit(BANK, NEW, OLD)
    after_many = _publishing(files)
    assert Question.objects.count() == 26 + 144
    assert len(one_change) <= 54
    assert len(after_many) == len(one_change)
    assert len(first) <= 70
    assert len(many) <= len(first) + 144 // 8


def _publishing(files: Files) -> list[str]:
    """The statements of the transaction that names the edition."""
    with CaptureQueriesContext(connection) as captured:
        files.load()
    found: list[list[str]] = [[]]
    for sql in (one["sql"] for one in captured.captured_queries):
        if sql.startswith("BEGIN"):
            found.append([])
        found[-1].append(sql)
        if sql == "COMMIT":
            found.append([])
    (publishing,) = [one for one in found if any('"reference_edition"' in sql and "SELECT" not in sql for sql in one)]
    assert publishing[0].startswith("BEGIN")
    assert publishing[-1] == "COMMIT"
    return publishing
