"""What a learner did before tells nothing of a question while it stands in an exam that they have open.

Two worlds that differ in the keys again, and this time the learner has a past in each: a mock and a practice session
over the very questions of the exam under way, marked by that world's keys. Until the exam is over, every page of that
past, its report, receipt and the file of one's own data must be the same in both.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from quizzes.models import Attempt, Exposure, Placement, Question, QuestionVersion, Quiz
from quizzes.services.practice import answer_practice, start_practice
from tests.my_data import whole
from tests.quizzes.attempts.conftest import HTMX, give, sit
from tests.quizzes.attempts.test_secrecy import Walk, dice, other_world, this_world

__all__ = ["dice"]

pytestmark = pytest.mark.usefixtures("course", "dice")

Answer = tuple[str, int, tuple[tuple[str, str], ...], bytes]


@pytest.fixture(autouse=True)
def _five_questions(course: None) -> None:
    """One question a domain, so that what was met before is exactly what the exam asks."""
    first = {}
    for placement in Placement.objects.filter(exam__code="SAP-C03", status="published").order_by("question__code"):
        first.setdefault(placement.domain, placement.question_id)
    Question.objects.exclude(pk__in=first.values()).update(status="retired")
    Placement.objects.exclude(question_id__in=first.values()).delete()
    Quiz.objects.filter(slug="short-mock").update(scored=5)


class Past(Walk):
    """Somebody with a past, and everything that could tell of it."""

    def __init__(self, person: Any, clock: Any) -> None:
        super().__init__(person)
        self.clock = clock
        self.earlier = sit(person, Quiz.objects.get(slug="short-mock"), clock.now)
        for row in self.earlier.responses.select_related("version"):
            chosen = tuple(str(one) for one in range(1, row.version.choose + 1))
            give(self.earlier, row.position, chosen, clock.now, at=1)
        self.client.post(f"/attempts/{self.earlier.code}/submit/")
        self.practice = self._practised()
        self.names |= {self.earlier.code: "EARLIER", self.practice.code: "PRACTICE"}

    def _practised(self) -> Attempt:
        now = self.clock.now
        made = start_practice(
            person_id=self.person.pk, title="All", topics=[], anchors=[], only="", count=40, now=now
        )
        for row in made.responses.select_related("version"):
            sent = [str(one) for one in range(1, row.version.choose + 1)]
            where = {"person_id": self.person.pk, "code": made.code, "position": row.position}
            answer_practice(**where, sent=sent, confidence="sure", now=now)
        return made

    def look(self) -> None:
        """Ask for everything that the past is shown on."""
        review, session = f"/attempts/{self.earlier.code}/review/", f"/practice/sessions/{self.practice.code}/"
        for address in (
            f"/attempts/{self.earlier.code}/report/",
            f"/attempts/{self.earlier.code}/receipt/",
            *(f"{review}?show={show}" for show in ("all", "wrong", "unanswered", "flagged")),
            *(f"{review}?show=wrong&domain={domain}" for domain in range(1, 6)),
            *(f"{session}?q={position}" for position in [*range(1, self.practice.size + 1), "end"]),
            session,
            *(
                "/",
                "/practice/",
                "/quizzes/",
                "/quizzes/short-mock/",
                "/notes/mine/",
                "/accounts/",
                "/accounts/data/json/",
            ),
            *(f"/notes/{slug}/mine/" for slug in ("test-balancers", "test-health-checks")),
            *(f"/challenges/questions/{code}/" for code in sorted(Question.objects.values_list("code", flat=True))),
        ):
            for headers in ({}, HTMX):
                self.ask(address.split("?")[0], self.client.get(address, headers=headers))
        for only in ("missed", "unseen", ""):
            self.ask(f"practise {only}", self.client.post("/practice/", {"only": only, "count": "5"}))
        self.ask("retry", self.client.post(f"{session}retry/"))

    def ask(self, name: str, reply: HttpResponse) -> None:
        """Signatures and hashes of a receipt are of what it holds; what it holds is compared. Real time passes."""
        reply.headers.pop("Expires", None)
        if reply.headers.get("Content-Type") == "application/json":
            reply = whole(reply)
            text = re.sub(r'"(sha256|signature)": "[^"]*"', r'"\1": "…"', reply.content.decode())
            reply.content = re.sub(r'"last_login": ?"[^"]*"', '"last_login": "…"', text).encode()
            reply.headers["Content-Length"] = str(len(reply.content))
        super().ask(self.plain(name), reply)


def seen_from(person: Any, clock: Any, *, exam: bool) -> Iterator[Past]:
    """The same past in both worlds, looked at from an exam over the same questions, or without one."""
    for world in (this_world, other_world):
        with world():
            past = Past(person, clock)
            if exam:
                running = sit(person, Quiz.objects.get(slug="short-mock"), clock.now)
                past.names[running.code] = "RUNNING"
            past.look()
            yield past


def test_no_page_of_the_past_tells_of_a_question_that_is_held(person: Any, clock: Any) -> None:
    here, there = (past.answers for past in seen_from(person, clock, exam=True))
    assert [one[0] for one in here] == [one[0] for one in there]
    assert {one[0] for one, other in zip(here, there, strict=True) if one != other} == set()
    assert {(name, status) for name, status, _, _ in here} >= {
        *{("/attempts/EARLIER/report/", 200), ("/attempts/EARLIER/review/", 200), ("/attempts/EARLIER/receipt/", 200)},
        *{
            ("/practice/sessions/PRACTICE/", 200),
            ("/accounts/data/json/", 200),
            ("practise missed", 409),
            ("retry", 302),
        },
    }


def test_without_an_exam_the_past_tells_everything(person: Any, clock: Any) -> None:
    """The control: the same walk finds differences on each of these pages as soon as nothing is held."""
    here, there = (past.answers for past in seen_from(person, clock, exam=False))
    differing = {one[0] for one, other in zip(here, there, strict=True) if one != other}
    assert differing >= {
        *{"/attempts/EARLIER/report/", "/attempts/EARLIER/review/", "/attempts/EARLIER/receipt/"},
        *{"/practice/sessions/PRACTICE/", "/accounts/data/json/"},
    }
    assert Exposure.objects.count() == 0, "what was done in a world is undone"
    assert QuestionVersion.objects.filter(digest__startswith="turned").count() == 0


def test_what_waits_is_said(client: Client, person: Any, clock: Any) -> None:
    past = Past(person, clock)
    sit(person, Quiz.objects.get(slug="short-mock"), clock.now)
    report = past.client.get(f"/attempts/{past.earlier.code}/report/").content.decode()
    assert "5 questions of this exam stand in another one that you have open." in report
    end = past.client.get(f"/practice/sessions/{past.practice.code}/?q=end").content.decode()
    assert "5 stand in a mock exam that you have open, and are not counted until that exam is finished." in end
    assert end.count(", withheld") == 5
    assert "Retry" not in end
