"""What is said of a question before it is taken in: what the checks find, and what it is like."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from quizzes.engine.content import Content
from quizzes.engine.wording import wording_of
from quizzes.engine.writing.alike import Likeness, Words, hash_of
from quizzes.formats.drafts import ReadDraft, read_draft
from quizzes.formats.exchange.model import Exchanged
from quizzes.formats.exchange.stored import draft_fields
from quizzes.models import Draft, Question, QuestionText, QuestionVersion
from quizzes.queries.rights import own_questions, readable_questions
from quizzes.services.drafts import advice_on

MOST_COMPARED = 20_000
"""Questions of the bank that are compared: those that were changed last."""
TOLD = 5
"""Of the questions that are alike, the likest ones."""
SHARED_TEXT = "shared"


@dataclass(frozen=True, slots=True)
class Likes:
    """What a question is like. ``alike``: as ImportItem keeps it. ``target``: the own question that it may replace;
    ``is_same``: it is there already, word for word, with the same key."""

    alike: list[dict[str, Any]] = field(default_factory=list)
    target: int | None = None
    is_same: bool = False


def as_draft(question: Exchanged) -> ReadDraft:
    """How the question would be read in the editor, with its mistakes."""
    return draft_of(draft_fields(question), question)


def draft_of(data: dict[str, Any], question: Exchanged) -> ReadDraft:
    """The same for fields that are there already."""
    code, text = question.known.scenario or SHARED_TEXT, question.content.scenario
    return read_draft({**data, "scenario": code if text else ""}, {code: text})


def findings_on(question: Exchanged, read: ReadDraft, today: date) -> list[dict[str, Any]]:
    """The mistakes and what the writing checks find, the blocking ones first."""
    mistakes = [{"check": "", "words": one.message, "blocks": True} for one in read.mistakes]
    advice = advice_on(question.code, read, today)
    return mistakes + [{"check": one.check, "words": one.message, "blocks": one.blocks} for one in advice]


class Neighbors:
    """The bank that a person may read, and the questions of the file that were looked at so far."""

    def __init__(self, person_id: int, format_name: str) -> None:
        self.person_id, self.format_name = person_id, format_name
        self._likeness = Likeness()
        self._said: set[int] = set()
        self._own = dict(own_questions(person_id).values_list("pk", "code"))
        rows = QuestionText.objects.filter(question__in=readable_questions(person_id))
        newest = rows.order_by("-question__updated_at", "-pk")[:MOST_COMPARED]
        self._codes: dict[int, str] = {}
        for pk, code, stem, options in newest.values_list("pk", "question__code", "stem", "options").iterator():
            self._codes[pk] = code
            self._likeness.add(("bank", pk), Words(f"{stem}\n{options}"))

    def found(self, chunk: Sequence[tuple[int, Exchanged]]) -> dict[int, Likes]:
        """What each of these questions, by their places in the file, is like; they are remembered from then on.

        A constant number of statements: the own questions that are named, and the texts of those that look the same.
        """
        named = self._named([question for _position, question in chunk])
        near: dict[int, list[tuple[Any, float]]] = {}
        again: set[int] = set()
        for position, question in chunk:
            words = words_of(question.content)
            near[position] = self._near(words, question)
            if self._noted(position, question, words):
                again.add(position)
        bodies = self._bodies(near, named)
        likes = {position: self._likes(question, near[position], named, bodies) for position, question in chunk}
        return {position: replace(one, is_same=one.is_same or position in again) for position, one in likes.items()}

    def remember(self, position: int, question: Exchanged) -> bool:
        """Note a question of the file, for those that come after it; whether an earlier one is the same."""
        return self._noted(position, question, words_of(question.content))

    def _noted(self, position: int, question: Exchanged, words: Words) -> bool:
        self._likeness.add(("file", position), words)
        said = hash_of(repr(_said(question.content)))
        is_again = said in self._said
        self._said.add(said)
        return is_again

    def _near(self, words: Words, question: Exchanged) -> list[tuple[Any, float]]:
        contrast = set(question.known.contrast)
        found: list[tuple[Any, float]] = self._likeness.found(words)
        return [(name, share) for name, share in found if self._codes.get(name[1], "") not in contrast]

    def _named(self, questions: Iterable[Exchanged]) -> dict[str, int]:
        """Own questions by the code that they have in this file: their own one, or the one they once came with."""
        codes = {one.code for one in questions if one.code}
        foreign = {f"{self.format_name}:{one}"[:200]: one for one in codes}
        own = own_questions(self.person_id)
        came = own.filter(external_id__in=foreign).order_by("pk").values_list("external_id", "pk")
        return {foreign[one]: pk for one, pk in came} | dict(own.filter(code__in=codes).values_list("code", "pk"))

    def _bodies(self, near: Mapping[int, Any], named: Mapping[str, int]) -> dict[int, Content]:
        wanted = {name[1] for found in near.values() for name, share in found if share == 1 and name[0] == "bank"}
        return contents_of(wanted | set(named.values()))

    def _likes(
        self,
        question: Exchanged,
        near: list[tuple[Any, float]],
        named: Mapping[str, int],
        bodies: Mapping[int, Content],
    ) -> Likes:
        alike = [
            {
                "code": self._codes.get(pk, "") if where == "bank" else "",
                "position": pk if where == "file" else None,
                "share": round(share, 2),
            }
            for (where, pk), share in near[:TOLD]
        ]
        own = [pk for (where, pk), _share in near if where == "bank" and pk in self._own]
        target = named.get(question.code, own[0] if own else None)
        twins = [pk for (where, pk), share in near if where == "bank" and share == 1]
        same = any(is_same(question.content, bodies[pk]) for pk in {*twins, target} if pk in bodies)
        return Likes(alike, target, same)


def words_of(content: Content) -> Words:
    """The words of a question that are compared."""
    wording = wording_of(content.to_body())
    return Words(f"{wording.stem}\n{wording.options}")


def contents_of(question_ids: Iterable[int]) -> dict[int, Content]:
    """What these questions say now: their drafts, else what is published. Two statements."""
    ids = set(question_ids)
    drafts = dict(Draft.objects.filter(question__in=ids).values_list("question", "data")) if ids else {}
    rest = [pk for pk in ids if pk not in drafts]
    current = Question.objects.filter(pk__in=rest, current__isnull=False).values("current")
    bodies = dict(QuestionVersion.objects.filter(pk__in=current).values_list("question", "body")) if rest else {}
    return {pk: read_draft(data, {}).content for pk, data in drafts.items()} | {
        pk: Content.from_body(body) for pk, body in bodies.items()
    }


def is_same(one: Content, other: Content) -> bool:
    """Whether two questions say the same with the same key; the ids of options do not matter."""
    return _said(one) == _said(other)


def _said(content: Content) -> tuple[Any, ...]:
    options = sorted((one.text.strip(), one.correct) for one in content.options)
    texts = content.scenario.strip(), content.stem.strip()
    return content.kind, texts, options, sorted(map(repr, content.extra.items()))
