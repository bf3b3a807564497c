"""What an instructor's pages cost with a large bank over a small one: the whole site in this process, turn by turn."""

import re
from collections import defaultdict
from random import Random
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.models import Question, QuestionText
from quizzes.services.copying import copy_question
from sapro.accounts.models import User
from tests.benchmarks.client import Learner, UnexpectedReply
from tests.benchmarks.databases import Databases, spent, using
from tests.benchmarks.desk import PREVIEW, Desk
from tests.benchmarks.statements import count_of

LIST = "/teach/questions/"
FILTERS = ("", "?q=gateway", "?topic=elb&kind=multiple_choice&sort=code", "?needs=any", "?status=published&task=1.1")
TURNS = 5
STEPS = ("preview and checks", "a draft saved", "bank list")
CHUNK = 2000
Costs = dict[str, float]


def index_copies() -> None:
    """Words for the questions that ``grow_bank`` copied: those of their originals, with a word of their own."""
    known = {one.question.code: one for one in QuestionText.objects.select_related("question")}
    missing = Question.objects.filter(words=None).values_list("pk", "code")
    rows = []
    for pk, code in missing:
        original = known[code.rsplit("-", 1)[0]]
        rest = f"{original.rest} {code}"
        rows.append(QuestionText(question_id=pk, stem=original.stem, options=original.options, rest=rest))
    QuestionText.objects.bulk_create(rows, batch_size=CHUNK)


class Shelf:
    """One instructor with a draft of their own, copied from the course, and what they ask for."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.learner: Learner = self.desk.learner
        author = User.objects.get(pk=self.learner.pk)
        source = Question.objects.course().published().order_by("pk")[0]
        made = copy_question(source, folder=settings.DATA / "images", actor=author, now=source.current.created_at)
        self.address = f"{LIST}{made.code}/"
        self.client = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
        self.client.cookies[settings.SESSION_COOKIE_NAME] = self.learner.session
        self.client.cookies[settings.CSRF_COOKIE_NAME] = self.learner.token
        page = self._ask("get", self.address).content.decode()
        self.revision = int(re.search(r'name="revision" value="(\d+)"', page)[1])  # type: ignore[index]
        self.fields = defaultdict(list)
        for name, value in self.desk.forms[0]:
            self.fields[name].append(value)

    def steps(self) -> dict[str, Any]:
        """What is measured, by name."""
        return {"preview and checks": self.preview, "a draft saved": self.save, "bank list": self.listed}

    def preview(self, turn: int) -> None:
        """One preview."""
        self._ask("post", PREVIEW, self.fields)

    def save(self, turn: int) -> None:
        """The draft saves itself, each time with another word in it, so that it is written and compared anew."""
        stem = [f"{self.fields['stem'][0]} word{turn}"]
        reply = self._ask("post", f"{self.address}autosave/", {**self.fields, "stem": stem, "revision": self.revision})
        self.revision = reply.json()["revision"]

    def listed(self, turn: int) -> None:
        """The list under one filter after the other."""
        self._ask("get", LIST + FILTERS[turn % len(FILTERS)])

    def _ask(self, method: str, path: str, data: Any = None) -> Any:
        headers = {"X-CSRFToken": self.learner.token, "HX-Request": "true"}
        reply = getattr(self.client, method)(path, data or {}, headers=headers)
        if reply.status_code != 200:
            raise UnexpectedReply(f"{method} {path}: {reply.status_code}: {reply.content[:300]!r}")
        return reply


def shelf_ratios(databases: Databases, *, rounds: int) -> tuple[dict[str, list[float]], dict[str, int]]:
    """For each step the ratios large over small, round by round; and the most statements with the large bank."""
    shelves, ratios = {}, defaultdict(list)
    for name in (databases.small, databases.large):
        with using(name):
            index_copies()
            shelves[name] = Shelf()
    for number in range(rounds + 1):
        order = [databases.small, databases.large]
        Random(number).shuffle(order)
        costs = {name: _costs(name, shelves[name], number) for name in order}
        for step in STEPS if number else ():  # the first round warms up
            ratios[step].append(costs[databases.large][step] / costs[databases.small][step])
    with using(databases.large):
        return ratios, {name: _most(act) for name, act in shelves[databases.large].steps().items()}


def _costs(name: str, shelf: Shelf, number: int) -> Costs:
    costs = {}
    with using(name):
        for step, act in shelf.steps().items():
            taken = []
            for turn in range(TURNS):
                begun = spent()
                act(number * TURNS + turn)
                taken.append(spent() - begun)
            costs[step] = median(taken)
    return costs


def _most(act: Any) -> int:
    counts = []
    for turn in range(1000, 1000 + len(FILTERS)):
        with CaptureQueriesContext(connection) as captured:
            act(turn)
        counts.append(count_of(captured.captured_queries).statements)
    return max(counts)
