"""The pages of item analysis and its files, as an instructor gets them."""

import contextlib
import csv
import io
import json
import random
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.engine.content import Content
from quizzes.models import Attempt, Challenge, Question, Quiz, Report
from quizzes.queries.finished_attempts import Wanted
from quizzes.services import analysis
from sapro.accounts.models import User
from tests.answered import Given, answered, make_people
from tests.factories import MADE, edit, make_instructor
from tests.own_classes import assign, make_class
from tests.own_quizzes import begin, make_of_kind, make_own_quiz, wrong_choice
from tests.security.people import BACKEND
from tests.sources import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def url(quiz: Quiz, more: str = "") -> str:
    return f"/teach/quizzes/{quiz.slug}/analysis/{more}"


def text_of(client: Client, address: str, status: int = 200) -> str:
    reply = client.get(address)
    assert reply.status_code == status
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reply.content.decode()))


def class_of(n: int, *, seed: int = 1) -> list[list[Given]]:
    """Answers to four questions: the able do better, the last question is wrongly keyed."""
    dice, rows = random.Random(seed), []
    for _learner in range(n):
        able = dice.gauss(0, 1)
        row: list[Given] = ["right" if able + dice.gauss(0, 1) > -0.3 else "wrong" for _question in range(3)]
        row.append("wrong" if able + dice.gauss(0, 0.5) > 0 else "right")
        rows.append(row)
    rows[0][2], rows[1][2] = None, "unseen"
    return rows


def body_of(client: Client, address: str) -> str:
    reply: Any = client.get(address)
    assert reply.status_code == 200
    return b"".join(reply.streaming_content).decode("utf-8-sig")


def test_nobody_has_finished(client: Client, quiz: Quiz, questions: list[Question], now: Any) -> None:
    begin(make_people(1)[0], quiz, questions, now)
    assert "Nobody has finished this quiz yet" in text_of(client, url(quiz))
    assert "Nobody has had this question yet" in text_of(client, url(quiz, f"{questions[0].code}/"))
    assert client.get(url(quiz, "no-such-question/")).status_code == 404


def test_a_class_of_one_has_no_figures_that_it_cannot_have(
    client: Client, quiz: Quiz, questions: list[Question]
) -> None:
    answered(quiz, questions, [["right", None, "unseen", "unseen"]])
    page = text_of(client, url(quiz))
    assert "Rests on 1 attempt:" in page
    assert "Not shown below 30 attempts, here are 1" in page
    assert "correlations and reliability would be noise" in page
    one = text_of(client, url(quiz, f"{questions[2].code}/"))
    assert "Nobody has reached this question." in one


def test_a_class_is_told_what_to_mend(client: Client, quiz: Quiz, questions: list[Question]) -> None:
    answered(quiz, questions, class_of(120))
    page = text_of(client, url(quiz))
    assert "KR-20" in page
    assert "pass 50 %" in page
    assert page.count("key may be wrong") == 1
    one = text_of(client, url(quiz, f"{questions[3].code}/"))
    assert "Key may be wrong." in one
    assert "look at the key" in one
    assert re.search(r"Omitted 1 .* Not reached 1 ", text_of(client, url(quiz, f"{questions[2].code}/")))


def test_the_list_is_ordered_by_the_address(client: Client, quiz: Quiz, questions: list[Question]) -> None:
    answered(quiz, questions, class_of(40))
    found = analysis.figures_for(quiz, Wanted(), MADE)
    assert found is not None

    def codes(sort: str) -> list[str]:
        page = client.get(url(quiz, f"?sort={sort}")).content.decode()
        return re.findall(r'<th scope="row"><a [^>]*>(own-\d+)</a>', page)

    by_r = [one.code for one in sorted(found.items, key=lambda one: one.r or 0)]
    assert codes("r") == by_r
    assert codes("-r") == by_r[::-1]
    assert codes("nonsense") == codes("-") == [one.code for one in questions]


def test_the_filter_says_what_is_wrong_and_offers_own_classes_only(
    client: Client, quiz: Quiz, questions: list[Question], teacher: User
) -> None:
    mine, foreign = make_class(teacher, name="Mine"), make_class(make_instructor("other"), name="Foreign")
    answered(quiz, questions, [["right"] * 4] * 2, assignment=assign(mine, quiz))
    answered(quiz, questions, [["wrong"] * 4], assignment=assign(foreign, quiz))
    page = text_of(client, url(quiz))
    assert "Rests on 3 attempts" in page
    assert "Mine" in page
    assert "Foreign" not in page
    assert "Rests on 2 attempts" in text_of(client, url(quiz, f"?given_to=class-{mine.code}"))
    assert "choose one from the list" in text_of(client, url(quiz, f"?given_to=class-{foreign.code}"), 422)
    wrong = text_of(client, url(quiz, "?since=2026-05-02&until=2026-05-01"), 422)
    assert "The end is before the beginning" in wrong
    assert "Enter a date" in text_of(client, url(quiz, "?since=yesterday"), 422)
    assert "No finished attempt fits" in text_of(client, url(quiz, "?until=2020-01-01"))
    day = MADE.date().isoformat()
    assert "Rests on 3 attempts" in text_of(client, url(quiz, f"?since={day}&until={day}"))


def test_two_wordings_stand_beside_each_other(client: Client, quiz: Quiz, questions: list[Question]) -> None:
    first = questions[0]
    answered(quiz, questions, [["wrong"] * 4] * 2)
    edit(first)
    answered(quiz, questions, [["right"] * 4] * 3)
    assert f"{first.code}@v1" not in text_of(client, url(quiz))
    assert f"{first.code}@v1" in text_of(client, url(quiz, "?texts=all"))
    page = text_of(client, url(quiz, f"{first.code}/?beside={first.code}@v1"))
    assert re.search(r"Facility 100 % 0 % ", page)
    assert "An older wording" in text_of(client, url(quiz, f"{first.code}/?text={first.code}@v1"))


def test_large_ones_are_computed_in_the_background_and_say_how_far_they_are(
    client: Client, quiz: Quiz, questions: list[Question], monkeypatch: pytest.MonkeyPatch, clock: Any
) -> None:
    answered(quiz, questions, class_of(40))
    monkeypatch.setattr(analysis, "SMALL", 100)
    assert "Rests on 40 attempts" in text_of(client, url(quiz))
    answered(quiz, questions, class_of(40, seed=2))
    # Somebody else is at work on it.
    report, begun = analysis.begin(quiz, Wanted(), now=clock.now)
    Report.objects.filter(pk=report.pk).update(done=80, total=320)
    page = text_of(client, url(quiz))
    assert begun
    assert "below stand those of before" in page
    assert "Rests on 40 attempts" in page
    bar = client.get(url(quiz), headers={"HX-Request": "true"})
    assert b"25 %" in bar.content
    assert b"<h1" not in bar.content
    assert client.get(url(quiz, "statistics.csv")).status_code == 302
    analysis.compute(report.pk, seen=clock.now, clock=lambda: clock.now)
    assert client.get(url(quiz), headers={"HX-Request": "true"}).headers["HX-Redirect"] == url(quiz)
    assert "Rests on 80 attempts" in text_of(client, url(quiz))


def test_what_stands_in_an_open_exam_tells_nothing(
    client: Client, quiz: Quiz, questions: list[Question], teacher: User, now: Any
) -> None:
    answered(quiz, questions, class_of(40))
    begin(teacher, quiz, questions[3:], now)
    page = text_of(client, url(quiz))
    assert "key may be wrong" not in page
    one = text_of(client, url(quiz, f"{questions[3].code}/"))
    assert "Best 27 %" not in one
    assert "an exam that you have open" in one or "a mock exam that you have open" in one
    for name in ("responses.csv", "responses.json", "statistics.csv"):
        body = body_of(client, url(quiz, name))
        assert questions[3].code not in body
        assert questions[0].code in body
    assert questions[3].code not in client.get(url(quiz, "statistics.json")).content.decode()


def test_the_example_of_the_documentation_recomputes_the_figures(
    client: Client, quiz: Quiz, questions: list[Question], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(quiz, questions, class_of(60))
    (tmp_path / "responses.csv").write_bytes(body_of(client, url(quiz, "responses.csv")).encode("utf-8-sig"))
    monkeypatch.chdir(tmp_path)
    [code] = re.findall(r"```python\n(.*?)```", (ROOT / "docs/statistics.md").read_text(encoding="utf-8"), re.S)
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "docs/statistics.md", "exec"), names)
    found = analysis.figures_for(quiz, Wanted(), MADE)
    assert found is not None
    assert names["alpha"] == pytest.approx(found.summary.alpha, abs=1e-9)
    for item in found.items:
        assert names["facility"][item.code] == pytest.approx(item.facility, abs=1e-9)
        assert names["r"][item.code] == pytest.approx(item.r, abs=1e-9)
    assert printed.getvalue().startswith("alpha ")


def test_the_files_have_every_figure_and_nobody_in_them(client: Client, teacher: User) -> None:
    content = Content("short_text", "S", 1, "fixed", (), {"accepted": ["VPC"]})
    question = make_of_kind(teacher, content)
    quiz = make_own_quiz(teacher, [question])
    people = make_people(2)
    attempts = answered(quiz, [question], [[("=1+1",)], [("vpc",)]], people=people)
    rows = list(csv.DictReader(io.StringIO(body_of(client, url(quiz, "responses.csv")))))
    assert [(row["choice"], row["classes"], row["mark"]) for row in rows] == [
        ("'=1+1", "wrong", "0.0"),
        ("vpc", "right", "1.0"),
    ]
    told = json.loads(body_of(client, url(quiz, "responses.json")))
    assert (told["attempts"], told["responses"][0]["choice"]) == (2, "=1+1")
    assert {one["attempt"] for one in told["responses"]} == {row["attempt"] for row in rows}
    figures = list(csv.DictReader(io.StringIO(body_of(client, url(quiz, "statistics.csv")))))
    of = {(row["about"], row["option"], row["figure"]): row["value"] for row in figures}
    assert of["question", "", "facility"] == "0.5"
    assert of["option", "right", "share"] == "0.5"
    assert of["quiz", "", "mean"] == "50.0"
    told_figures = client.get(url(quiz, "statistics.json")).json()
    assert told_figures["questions"][0]["facility"] == 0.5
    secrets = {str(one) for person in people for one in (person.username, person.pk)} | {one.code for one in attempts}
    cells = {cell for row in (*rows, *figures) for cell in row.values()}
    assert not (secrets - {"1", "2", "3"}) & cells


def test_another_instructor_finds_nothing(client: Client, quiz: Quiz, questions: list[Question]) -> None:
    answered(quiz, questions, [["right"] * 4])
    other = Client()
    other.force_login(make_instructor("other"), backend=BACKEND)
    for name in ("", f"{questions[0].code}/", "responses.csv", "responses.json", "statistics.csv", "statistics.json"):
        assert other.get(url(quiz, name)).status_code == 404


def test_the_page_of_unchanged_figures_costs_few_statements(
    client: Client, quiz: Quiz, questions: list[Question]
) -> None:
    answered(quiz, questions, class_of(40))
    client.get(url(quiz))
    with CaptureQueriesContext(connection) as queries:
        client.get(url(quiz))
    assert len(queries) <= 16
    Challenge.objects.bulk_create(
        Challenge(question=questions[0], flaw="key", text="x", created_at=MADE + timedelta(days=1)) for _n in range(3)
    )
    assert "often challenged" in text_of(client, url(quiz))
    assert Attempt.objects.count() == 40
    assert wrong_choice(questions[0])
