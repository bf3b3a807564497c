"""What pages cost on a site with a long history over one with none: the whole site in this process, turn by turn."""

from collections import defaultdict
from random import Random
from statistics import median
from typing import Any

from django.conf import settings
from django.test import Client

from sapro.accounts.models import User
from tests.benchmarks.client import Learner, UnexpectedReply
from tests.benchmarks.databases import Databases, spent, using
from tests.benchmarks.exams import QUIZ, Sitting
from tests.benchmarks.stage import enrol, sign_in

SAVES = 20
READS = 5
STEPS = ("start", "save", "submit", "report", "home", "quiz list", "quiz page", "notes page", "own marks on it")
Costs = dict[str, float]


class Visits:
    """One learner's round through the site, each step timed."""

    def __init__(self, topic: str) -> None:
        self.topic = topic
        # One client for all: each would set up the site anew.
        self.client = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")

    def run(self, learner: Learner, seed: int) -> Costs:
        """Seconds of each step."""
        self.client.cookies[settings.SESSION_COOKIE_NAME] = learner.session
        self.client.cookies[settings.CSRF_COOKIE_NAME] = learner.token
        sitting, costs = Sitting(learner, seed), {}
        notes = f"/notes/{self.topic}/"
        pages = {"home": "/", "quiz list": "/quizzes/", "quiz page": f"/quizzes/{QUIZ}/"}
        for name, path in (pages | {"notes page": notes, "own marks on it": f"{notes}mine/"}).items():
            costs[name] = median(self._timed("get", path, 200)[0] for _ in range(READS))
        costs["start"], reply = self._timed("post", f"/quizzes/{QUIZ}/start/", 302, {"time": "standard"}, learner)
        sitting.begin(reply["location"])
        sitting.read(self._timed("get", sitting.path, 200)[1].content.decode())
        costs["save"] = median(self._save(sitting, asked) for asked in sitting.asked[:SAVES])
        costs["submit"], _ = self._timed("post", f"{sitting.path}submit/", 204, {"trace": ""}, learner)
        costs["report"], _ = self._timed("get", f"{sitting.path}report/", 200)
        return costs

    def _save(self, sitting: Sitting, asked: Any) -> float:
        path, fields, _ = sitting.save_request(asked)
        data: dict[str, list[str]] = defaultdict(list)
        for name, value in fields:
            data[name].append(value)
        return self._timed("post", path, 200, data, sitting.learner)[0]

    def _timed(
        self, method: str, path: str, expect: int, data: Any = None, learner: Learner | None = None
    ) -> tuple[float, Any]:
        headers = {"X-CSRFToken": learner.token, "HX-Request": "true"} if learner else {}
        begun = spent()
        reply = getattr(self.client, method)(path, data or {}, headers=headers)
        taken = spent() - begun
        if reply.status_code != expect:
            raise UnexpectedReply(f"{method} {path}: {reply.status_code}, not {expect}: {reply.content[:300]!r}")
        return taken, reply


def growth(databases: Databases, people: list[int], topic: str, *, rounds: int) -> dict[str, dict[str, list[float]]]:
    """For each step the ratios, round by round: of a newcomer, and of somebody with sittings behind them.

    Both on the database with a history, over a newcomer on the one without.
    """
    visits = Visits(topic)
    found: dict[str, dict[str, list[float]]] = {"newcomer": defaultdict(list), "regular": defaultdict(list)}
    for number in range(rounds + 1):
        order = [("base", databases.small), ("newcomer", databases.history), ("regular", databases.history)]
        Random(number).shuffle(order)
        costs = {who: _costs(visits, name, who, people[2 * number :], number) for who, name in order}
        for who, ratios in found.items() if number else ():  # the first round warms up
            for step in STEPS:
                ratios[step].append(costs[who][step] / costs["base"][step])
    return found


def _costs(visits: Visits, name: str, who: str, people: list[int], seed: int) -> Costs:
    with using(name):
        if who == "regular":
            learners = list(sign_in(User.objects.filter(pk__in=people[:2]).order_by("pk")))
        else:
            learners = enrol(2)
        # The first one's pages fill the database's memory.
        return [visits.run(learner, 10 * seed + place) for place, learner in enumerate(learners)][-1]
