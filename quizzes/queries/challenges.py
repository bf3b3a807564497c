"""Challenges for a screen, and who may challenge what."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from quizzes.models import Challenge, Exposure, Question
from quizzes.queries.bank import is_held
from reference.models import Anchor, Topic


@dataclass(frozen=True, slots=True)
class Statement:
    """A page of the notes, or one statement of it; ``html`` quotes the statement."""

    topic: Topic
    anchor: str
    html: str


def challengeable_question(person_id: int | None, code: str) -> Question | None:
    """The question, if its answer has been shown to this person and it stands in no exam they have open."""
    question: Question | None = Question.objects.select_related("current").filter(code=code).first()
    if question is None or person_id is None or question.current is None:
        return None
    shown = Exposure.objects.filter(person_id=person_id, question=question, revealed_at__isnull=False).exists()
    return question if shown and not is_held(person_id, question.pk) else None


def challengeable_statement(slug: str, anchor: str) -> Statement | None:
    """The page, with the statement if ``anchor`` names one of it; None where there is no such page or statement."""
    topic = Topic.objects.live().filter(slug=slug).first()
    if topic is None:
        return None
    html = Anchor.objects.filter(body_id=topic.body_id, name=anchor).values_list("html", flat=True).first()
    return None if anchor and html is None else Statement(topic, anchor, html or "")


def challenges(state: str = "") -> QuerySet[Challenge]:
    """All challenges, the latest first; of one state, if one is given."""
    found = Challenge.objects.select_related("person", "question", "version", "topic")
    return found.filter(state=state) if state else found


def challenge_counts() -> dict[str, int]:
    """How many there are of each state."""
    return dict(Challenge.objects.values_list("state").annotate(n=Count("pk")).order_by("state"))
