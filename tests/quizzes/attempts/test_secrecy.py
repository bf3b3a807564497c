"""Nothing tells right from wrong while an exam is open.

Two worlds that differ only in which options are right, and in what hangs on that, must answer alike, byte for byte,
wherever a learner can go. And no rationale of a question under way is in any answer.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.models import Attempt, Question, QuestionVersion, Quiz, Reference, Response
from quizzes.services.practice import start_practice
from tests.my_data import whole
from tests.quizzes.attempts import leaks
from tests.quizzes.attempts.conftest import BACKEND, HTMX, right_choice, sit

pytestmark = pytest.mark.once

POSITIONS = 5
"""How many positions are answered with every option in turn; the others are only read."""

Answer = tuple[str, int, tuple[tuple[str, str], ...], bytes]


# The other world


def turn_the_keys() -> None:
    """Make other options right everywhere, with other rationales, difficulties, references and sources."""
    versions = list(QuestionVersion.objects.order_by("pk"))
    for version in versions:
        ids = version.option_ids
        right = sorted(ids[(ids.index(one) + 1) % len(ids)] for one in version.key["correct"])
        rationales = {one: f"<p>Quite another reason, {one}.</p>" for one in ids}
        version.key = {"correct": right, "rationales": rationales}
        for option in version.body["options"]:
            option["correct"] = option["id"] in right
            option["rationale"] = rationales[option["id"]]
        version.digest = f"turned-{version.pk}"
    QuestionVersion.objects.bulk_update(versions, ["key", "body", "digest"])
    questions = list(Question.objects.all())
    for question in questions:
        question.difficulty = 5 if question.difficulty == 1 else 1
        question.flaws, question.sources, question.level = {}, [{"title": "T", "url": "https://example.org"}], "analyze"
        question.contrast, question.reviewed, question.flags = [], {"by": "someone"}, ["turned"]
    fields = ["difficulty", "flaws", "sources", "level", "contrast", "reviewed", "flags"]
    Question.objects.bulk_update(questions, fields)
    Reference.objects.filter(position=1).delete()


@contextmanager
def other_world() -> Iterator[None]:
    """The keys turned, for as long as the block lasts; what is done in it is undone."""
    with transaction.atomic():
        turn_the_keys()
        yield
        transaction.set_rollback(True)


@contextmanager
def this_world() -> Iterator[None]:
    """The keys as they are; what is done in the block is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# The walk


class Walk:
    """Everything that a learner can ask while an exam is open, and what was answered."""

    def __init__(self, person: Any) -> None:
        self.client = Client()
        self.client.force_login(person, backend=BACKEND)
        self.person = person
        self.names: dict[str, str] = {}
        self.answers: list[Answer] = []

    def go(self) -> list[Answer]:
        practice = Attempt.objects.get(person=self.person, mode="practice")
        attempt = self.sit()
        self.practise(practice, attempt)
        for path in ("/", "/quizzes/", "/quizzes/short-mock/", "/practice/", "/notes/test-balancers/mine/"):
            self.ask(path, self.client.get(path))
        self.ask("start again", self.client.post("/quizzes/short-mock/start/"))
        return self.answers

    def sit(self) -> Attempt:
        """Only the exam room."""
        self.ask("list", self.client.get("/quizzes/"))
        self.ask("rules", self.client.get("/quizzes/short-mock/"))
        start = self.client.post("/quizzes/short-mock/start/", {"time": "x150"})
        attempt = Attempt.objects.get(person=self.person, mode="exam")
        self.names[attempt.code] = "EXAM"
        self.ask("start", start)
        url = f"/attempts/{attempt.code}/"
        self.read(url)
        self.answer(url, attempt)
        self.be_refused(url, attempt)
        self.read(url)
        return attempt

    def read(self, url: str) -> None:
        for path in ("", "?q=2", "?q=review", "clock/", "report/", "review/", "review/?show=wrong"):
            self.ask(f"GET {path}", self.client.get(url + path))

    def answer(self, url: str, attempt: Attempt) -> None:
        """Every option of some questions, by the script and by the plain form."""
        for row in attempt.responses.all()[:POSITIONS]:
            for place in range(1, len(row.shown_order) + 1):
                for headers in (HTMX, {}):
                    fields = {"choice": str(place), "at": str(place), "tab": "1", "flagged": "1"}
                    self.ask("save", self.client.post(f"{url}responses/{row.position}/", fields, headers=headers))

    def be_refused(self, url: str, attempt: Attempt) -> None:
        for fields in (
            {"choice": ["1", "2", "3", "4"]},
            {"choice": "9"},
            {"choice": "1", "at": "99999999"},
            {"choice": "1", "flagged": "perhaps"},
        ):
            for row in attempt.responses.all()[:POSITIONS]:
                reply = self.client.post(f"{url}responses/{row.position}/", fields, headers=HTMX)
                self.ask("refused", reply)
        self.ask("nowhere", self.client.post(f"{url}responses/99/", {"choice": "1"}))
        self.ask("method", self.client.get(f"{url}responses/1/"))

    def practise(self, practice: Attempt, attempt: Attempt) -> None:
        """The practice session from before: its pages, and an answer to every question that the exam holds."""
        url = f"/practice/sessions/{practice.code}/"
        held = set(attempt.responses.values_list("question_id", flat=True))
        for row in practice.responses.all():
            self.ask("practice page", self.client.get(f"{url}?q={row.position}"))
            if row.question_id not in held:
                continue
            choose = QuestionVersion.objects.get(pk=row.version_id).choose
            for first in range(1, len(row.shown_order) - choose + 2):
                fields = {"choice": [str(first + step) for step in range(choose)], "confidence": "sure"}
                for headers in (HTMX, {}):
                    reply = self.client.post(f"{url}responses/{row.position}/", fields, headers=headers)
                    self.ask("practice answer", reply)
        self.ask("practice end", self.client.get(f"{url}?q=end"))

    def ask(self, name: str, reply: HttpResponse) -> None:
        """Keep an answer, with what differs by chance replaced by its name."""
        body = re.sub(rb'(name="csrfmiddlewaretoken" value=")[^"]*', rb"\1TOKEN", reply.content)
        # The id of a request is drawn anew for each and says nothing.
        headers = {key: self.plain(value) for key, value in reply.items() if key != "X-Request-ID"}
        headers["Set-Cookie"] = ",".join(sorted(reply.cookies))
        self.answers.append(
            (name, reply.status_code, tuple(sorted(headers.items())), self.plain(body.decode()).encode())
        )

    def plain(self, text: str) -> str:
        for code, name in self.names.items():
            text = text.replace(code, name)
        return text


@pytest.fixture
def dice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same dice in both worlds: a form that depended on the key would come out differently."""
    monkeypatch.setattr(secrets, "randbits", lambda bits: 20261123)


def compared(person: Any, walk: Callable[[Walk], Any]) -> tuple[list[Answer], list[Answer]]:
    """The same walk through both worlds. Practice was begun before, unanswered, and is the same in both."""
    found = []
    for world in (this_world, other_world):
        with world():
            walker = Walk(person)
            walk(walker)
            found.append(walker.answers)
    return found[0], found[1]


def test_two_worlds_that_differ_in_the_keys_answer_alike(course: None, person: Any, clock: Any, dice: None) -> None:
    start_practice(person_id=person.pk, title="All", topics=[], anchors=[], only="", count=40, now=clock.now)
    here, there = compared(person, Walk.go)
    assert [one[0] for one in here] == [one[0] for one in there]
    assert [pair for pair in zip(here, there, strict=True) if pair[0] != pair[1]] == []
    # The walk met what it was sent to meet.
    met = {(name, status) for name, status, _, _ in here}
    assert met >= {
        *{("start", 302), ("GET ", 200), ("GET clock/", 200), ("GET report/", 302), ("save", 200), ("save", 303)},
        *{("refused", 422), ("refused", 409), ("nowhere", 404), ("method", 405), ("practice page", 200)},
        *{("practice answer", 409), ("practice end", 200), ("/notes/test-balancers/mine/", 200)},
    }
    assert ("practice answer", 200) not in met
    assert len(here) > 150


def test_the_other_world_is_another(course: None, person: Any, now: Any) -> None:
    """The same answers are worth something else there, or the comparison would prove nothing."""
    before = {version.pk: version.key["correct"] for version in QuestionVersion.objects.all()}
    with other_world():
        after = {version.pk: version.key["correct"] for version in QuestionVersion.objects.all()}
    assert [pk for pk in before if before[pk] == after[pk]] == []
    assert {version.pk: version.key["correct"] for version in QuestionVersion.objects.all()} == before


@pytest.mark.parametrize("leak", ["oracle", "header", "refusal", "template"])
def test_a_leak_is_caught(course: None, person: Any, clock: Any, dice: None, settings: Any, leak: str) -> None:
    if leak == "template":
        changed = deepcopy(settings.TEMPLATES)
        changed[0]["DIRS"] = [leaks.TEMPLATES, *changed[0]["DIRS"]]
        settings.TEMPLATES = changed
    else:
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"tests.quizzes.attempts.leaks.{leak}"]
    here, there = compared(person, Walk.sit)
    assert [one[0] for one in here] == [one[0] for one in there]
    assert [pair for pair in zip(here, there, strict=True) if pair[0] != pair[1]] != []


# Rationales

CANARY = re.compile(r"rationale-(t[bh]\d\d)-[a-z]")


def canaries(reply: HttpResponse) -> set[str]:
    """The questions whose rationales are in an answer."""
    return {f"test-{code}" for code in CANARY.findall(reply.content.decode())}


class History:
    """Someone who has sat an exam and practised, and has seen every rationale."""

    def __init__(self, client: Client, person: Any, clock: Any) -> None:
        self.client, self.person, self.clock = client, person, clock
        client.force_login(person, backend=BACKEND)
        quiz = Quiz.objects.get(slug="short-mock")
        self.earlier = sit(person, quiz, clock.now)
        client.post(f"/attempts/{self.earlier.code}/submit/")
        client.post("/practice/", {"count": "40"})
        self.practice = Attempt.objects.get(mode="practice")
        for row in self.practice.responses.select_related("version"):
            self.client.post(
                f"/practice/sessions/{self.practice.code}/responses/{row.position}/", {"choice": right_choice(row)}
            )
        clock.move(days=1)

    def pages(self) -> list[HttpResponse]:
        """Everything that could show a rationale."""
        review = f"/attempts/{self.earlier.code}/review/"
        session = f"/practice/sessions/{self.practice.code}/"
        addresses = [
            *(
                f"{review}?page={page}&show={show}"
                for page in (1, 2)
                for show in ("all", "wrong", "unanswered", "flagged")
            ),
            *(f"{review}?domain={domain}" for domain in range(1, 6)),
            f"/attempts/{self.earlier.code}/report/",
            *(f"{session}?q={position}" for position in [*range(1, self.practice.size + 1), "end"]),
            "/",
            "/practice/",
            "/quizzes/",
            "/quizzes/short-mock/",
            "/notes/test-balancers/mine/",
            "/notes/test-health-checks/mine/",
            "/accounts/",
            "/accounts/data/json/",
        ]
        return [whole(self.client.get(address)) for address in addresses]

    def shown(self) -> set[str]:
        return set().union(*(canaries(reply) for reply in self.pages()))


def test_rationales_of_an_open_exam_are_withheld_everywhere(
    client: Client, person: Any, course: None, clock: Any
) -> None:
    history = History(client, person, clock)
    every = set(history.practice.responses.values_list("question__code", flat=True))
    assert history.shown() == every
    attempt = sit(person, Quiz.objects.get(slug="short-mock"), clock.now)
    held = set(attempt.responses.values_list("question__code", flat=True))
    assert history.shown() == every - held
    url = f"/attempts/{attempt.code}/"
    during = [client.get(url + path) for path in ("", "?q=review", "clock/", "report/", "review/")]
    during += [client.post(f"{url}responses/1/", {"choice": "1"}, headers=HTMX), client.get("/quizzes/")]
    for topic in ("test-balancers", "test-health-checks"):
        during += [client.get(f"/notes/{topic}/"), client.get(f"/practice/{topic}/")]
    during.append(retry(client, history.practice))
    again = Attempt.objects.filter(mode="practice").exclude(pk=history.practice.pk)
    assert set(again.values_list("responses__question__code", flat=True)) & held == set()
    assert set().union(*(canaries(reply) for reply in during)) == set()
    clock.move(hours=1)
    assert history.shown() == every - held
    client.post(f"{url}submit/")
    assert history.shown() == every
    assert held <= {code for page in (1, 2) for code in canaries(client.get(f"{url}review/?page={page}"))}


def retry(client: Client, practice: Attempt) -> HttpResponse:
    """A new session over what was missed: all of it. What the exam holds is not in it."""
    Response.objects.filter(attempt=practice).update(fraction=0)
    return client.post(f"/practice/sessions/{practice.code}/retry/", follow=True)


def test_the_booklet_reads_nothing_of_the_key(course: None, client: Client, person: Any, clock: Any) -> None:
    """Not only unsaid but not loaded: no statement of the exam room names the columns that hold it."""
    client.force_login(person, backend=BACKEND)
    attempt = sit(person, Quiz.objects.get(slug="short-mock"), clock.now)
    url = f"/attempts/{attempt.code}/"
    with CaptureQueriesContext(connection) as captured:
        for path in ("", "?q=review", "clock/"):
            assert client.get(url + path).status_code == 200
        assert client.post(f"{url}responses/1/", {"choice": "1"}, headers=HTMX).status_code == 200
    columns = re.compile(r'quizzes_questionversion"\."(key|body)"|\bv\."(key|body)"')
    assert [one["sql"] for one in captured if columns.search(one["sql"])] == []
