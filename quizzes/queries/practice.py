"""Practice for a screen: what can be chosen, and one session."""

from dataclasses import dataclass
from datetime import datetime

from quizzes.engine.showing import Shown
from quizzes.models import Attempt
from quizzes.queries.attempts import ShownQuestion, shown_question
from quizzes.queries.bank import counts_by_topic
from quizzes.queries.deliveries import shown_of
from quizzes.queries.draws import held_questions
from quizzes.queries.feedback import Explained, explain
from quizzes.queries.ledger import Apart, apart
from reference.models import Topic


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """A topic that can be practised."""

    slug: str
    title: str
    count: int
    lesson: str


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One question of a session: open, or locked and explained; ``marks`` tells the state of every position.

    A mark is open, right, wrong, or held: locked, but the question stands in an exam that the person has open; or
    given: locked, and its quiz does not tell (yet). A question that is given but not explained stands in ``question``.
    """

    attempt: Attempt
    position: int
    question: ShownQuestion | None
    explained: Explained | None
    marks: tuple[str, ...]
    shown: Shown
    apart: Apart | None = None

    @property
    def is_locked(self) -> bool:
        """Whether the question on the page has been answered."""
        return self.marks[self.position - 1] != "open"

    @property
    def mark(self) -> str:
        """The mark of the question on the page."""
        return self.marks[self.position - 1]

    @property
    def answered(self) -> int:
        """How many are locked."""
        return sum(mark != "open" for mark in self.marks)

    @property
    def right(self) -> int:
        """How many are right."""
        return self.marks.count("right")

    @property
    def held(self) -> int:
        """How many are locked and tell nothing for now."""
        return self.marks.count("held")

    @property
    def missed(self) -> int:
        """How many are wrong."""
        return self.marks.count("wrong")

    @property
    def next_open(self) -> int | None:
        """The next position that is open, after this one or from the start."""
        order = [*range(self.position, len(self.marks)), *range(self.position)]
        return next((index + 1 for index in order if self.marks[index] == "open"), None)


def topic_choices() -> list[TopicChoice]:
    """Topics that have questions, in the order of the course."""
    counts = counts_by_topic()
    topics = Topic.objects.live().select_related("lesson")
    return [
        TopicChoice(topic.slug, topic.title, counts[topic.slug], topic.lesson.title)
        for topic in topics
        if counts.get(topic.slug)
    ]


def _mark(locked: datetime | None, fraction: float | None, held: bool, told: bool) -> str:
    if locked is None:
        return "open"
    if not told:
        return "given"
    if held:
        return "held"
    return "right" if fraction == 1 else "wrong"


def session_page(attempt: Attempt, position: int, *, now: datetime) -> SessionPage:
    """The session at one position."""
    told = shown_of(attempt, now)
    held = set(held_questions(attempt.person_id).values_list("question_id", flat=True))
    rows = list(attempt.responses.values_list("question_id", "locked_at", "fraction", "first_exposure"))
    over = attempt.ended_at
    marks = tuple(
        _mark(locked or over, fraction, question in held, told.score) for question, locked, fraction, _new in rows
    )
    parts = apart((new, fraction) for question, _locked, fraction, new in rows if question not in held)
    score = parts if told.score else None
    locked = marks[position - 1] != "open"
    responses = attempt.responses.select_related("version", "question")
    if not locked or not told.key:
        row = responses.defer("version__key", "version__body").get(position=position)
        return SessionPage(attempt, position, shown_question(row), None, marks, told, score)
    row = responses.defer("version__body").get(position=position)
    [explained] = explain([row], attempt.person_id, reasons=told.rationale)
    return SessionPage(attempt, position, None, explained, marks, told, score)
