"""One exam by HTTP, as the exam page sends it: start, booklet, a save a question, submission, report, review."""

import json
import re
import time
from dataclasses import dataclass
from random import Random

from tests.benchmarks.client import Fields, Learner, UnexpectedReply, Visitor

QUIZ = "sap-c03"
SECTION = re.compile(r'<section data-question="(\d+)" data-choose="(\d+)".*?</section>', re.DOTALL)
OPTION = re.compile(r'name="choice" value="(\d+)"')


@dataclass(frozen=True, slots=True)
class Asked:
    """What a booklet asks at one position."""

    position: int
    choose: int
    options: tuple[str, ...]


class Sitting:
    """One learner at one exam. Every step is one method that takes a connection."""

    def __init__(self, learner: Learner, seed: int) -> None:
        self.learner = learner
        self.path = ""
        self.asked: list[Asked] = []
        self._dice = Random(seed)
        self._tab = self._dice.randrange(2**50)
        self._began = 0.0

    def start(self, visitor: Visitor) -> None:
        """POST the start; remember where the booklet is."""
        fields = [("csrfmiddlewaretoken", self.learner.token), ("time", "standard")]
        reply = visitor.post(f"/quizzes/{QUIZ}/start/", self.learner, fields, expect=302)
        self.begin(reply.headers["location"])

    def begin(self, path: str) -> None:
        """The exam has been started and its booklet is at this path: its clock runs."""
        self.path = path
        self._began = time.monotonic()

    def booklet(self, visitor: Visitor) -> tuple[int, int]:
        """Get the booklet and read what it asks; its length on the wire and in full."""
        reply = visitor.get(self.path, self.learner)
        self.read(reply.body.decode())
        return len(reply.wire), len(reply.body)

    def read(self, html: str) -> None:
        """Take from a booklet what it asks."""
        self.asked = [
            Asked(int(found[1]), int(found[2]), tuple(OPTION.findall(found[0]))) for found in SECTION.finditer(html)
        ]

    def saves(self, visitor: Visitor) -> int:
        """Answer every question; the length of the longest reply."""
        return max(self.save(visitor, asked) for asked in self.asked)

    def save(self, visitor: Visitor, asked: Asked) -> int:
        """Answer one question; the length of the reply."""
        path, fields, headers = self.save_request(asked)
        reply = visitor.post(path, self.learner, fields, expect=200, headers=headers)
        held = [str(position) for position in json.loads(reply.body)["choice"]]
        if held != [value for name, value in fields if name == "choice"]:
            raise UnexpectedReply(f"{path}: {held} is not what was sent")
        return len(reply.wire)

    def save_request(self, asked: Asked) -> tuple[str, Fields, dict[str, str]]:
        """What the exam page sends for an answer: path, fields, headers."""
        chosen = sorted(self._dice.sample(asked.options, asked.choose), key=int)
        at = int((time.monotonic() - self._began) * 1000) + 1
        trace = json.dumps({str(asked.position): {"ms": self._dice.randrange(9000, 200_000)}})
        fields = [("choice", value) for value in chosen]
        fields += [("has", "choice"), ("at", str(at)), ("tab", str(self._tab)), ("trace", trace)]
        headers = {"HX-Request": "true", "X-CSRFToken": self.learner.token}
        return f"{self.path}responses/{asked.position}/", fields, headers

    def bare_saves(self, visitor: Visitor) -> None:
        """The yardstick, once for every question of this exam."""
        code = self.path.strip("/").rpartition("/")[2]
        for asked in self.asked:
            _, fields, headers = self.save_request(asked)
            visitor.post(f"/bare/save/{code}/{asked.position}/", self.learner, fields, expect=200, headers=headers)

    def submit(self, visitor: Visitor) -> None:
        """Hand in, as the page's script does."""
        headers = {"HX-Request": "true", "X-CSRFToken": self.learner.token}
        visitor.post(f"{self.path}submit/", self.learner, [("trace", "")], expect=204, headers=headers)

    def report(self, visitor: Visitor) -> None:
        """Read the result."""
        visitor.get(f"{self.path}report/", self.learner)

    def review(self, visitor: Visitor) -> None:
        """Read the first ten questions with their keys."""
        visitor.get(f"{self.path}review/", self.learner)
