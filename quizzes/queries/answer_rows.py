"""The answers of a quiz one by one, for files: what item analysis read, with nothing that leads to a person."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.crypto import salted_hmac

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS
from quizzes.models import Attempt, QuestionVersion, Quiz, Response
from quizzes.queries.answer_sheets import AT_ONCE, Text
from quizzes.queries.finished_attempts import Wanted, chosen_attempts
from quizzes.queries.keys import newest_keys


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question of one attempt. The fields are the columns of the files, as docs/statistics.md explains them."""

    attempt: str
    position: int
    question: str
    text: str
    version: int
    counted: bool
    most: float
    mark: float
    reached: bool
    answered: bool
    seconds: float | None
    choice: str
    classes: str


def answer_rows(quiz: Quiz, wanted: Wanted, texts: Sequence[Text], withheld: Collection[int]) -> Iterator[AnswerRow]:
    """All answers that the figures rest on, attempt by attempt, read by chunks. ``texts`` are those of the figures.

    Questions that are ``withheld`` are left out: choices and marks together tell the key.
    """
    names = {(text.question, number, text.counted): text.name for text in texts for number in text.numbers}
    classes = _Classes()
    ids = chosen_attempts(quiz, wanted).ids
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        abouts = {one.pk: one for one in Attempt.objects.filter(pk__in=some).only("code", "mode", "trace")}
        rows = Response.objects.filter(attempt_id__in=some).exclude(question_id__in=withheld)
        plain = rows.order_by("attempt_id", "position").values_list(
            "attempt_id", "position", "question_id", "question__code", "version_id", "version__number", "scored",
            "choice", "fraction",
        )  # fmt: skip
        codes = {pk: pseudonym(about.code) for pk, about in abouts.items()}
        for attempt, position, question, code, version, number, scored, choice, fraction in plain.iterator(5_000):
            about = abouts[attempt]
            entry = about.trace.get(str(position))
            told = about.mode == Quiz.Mode.PRACTICE or bool(about.trace)
            yield AnswerRow(
                attempt=codes[attempt],
                position=position,
                question=code,
                text=names.get((question, number, scored), code),
                version=number,
                counted=scored,
                most=1.0,
                mark=fraction or 0.0,
                reached=bool(choice) or entry is not None or not told,
                answered=bool(choice),
                seconds=entry["ms"] / 1000 if entry and "ms" in entry else None,
                choice=" ".join(choice),
                classes=classes.of(question, version, choice),
            )


def pseudonym(code: str) -> str:
    """A code of an attempt that is the same in every file and leads to nobody: only this site could tell of whom."""
    return salted_hmac("quizzes.analysis.attempt", code, algorithm="sha256").hexdigest()[:12]


class _Classes:
    """The response classes that a choice falls in, each distinct choice looked at once."""

    def __init__(self) -> None:
        self.contents: dict[int, Content] = {}
        self.known: dict[tuple[int, str], str] = {}

    def of(self, question: int, version: int, choice: Sequence[str]) -> str:
        """Their names with spaces between them."""
        key = (version, json.dumps(choice))
        if key not in self.known:
            content = self._content(question, version)
            falls: dict[str, Any] = KINDS[content.kind].classify(content, choice)
            self.known[key] = " ".join(name for name, does in falls.items() if does)
        return self.known[key]

    def _content(self, question: int, version: int) -> Content:
        if version not in self.contents:
            newest = newest_keys([question]).get(version) or QuestionVersion.objects.get(pk=version)
            self.contents[version] = Content.from_body(newest.body)
        return self.contents[version]
