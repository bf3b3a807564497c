"""All cards of a person, to look through."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from quizzes.models import Card
from quizzes.queries.cards import LEARNED, asked_cards, due


def listed_cards(person_id: int, now: datetime, *, text: str = "", state: str = "") -> QuerySet[Card]:
    """The cards that fit, those due first on top, with topic and stem; no more of a question than its stem.

    ``text`` is looked for in the titles of its topics; ``state`` is "", due, learned or suspended.
    """
    rows = Card.objects.filter(person_id=person_id)
    if state == "due":
        rows = asked_cards(person_id, now).filter(due(now))
    if state == "learned":
        rows = rows.filter(stability__gte=LEARNED)
    if state == "suspended":
        rows = rows.filter(suspended=True)
    if text:
        on_it = Card.objects.filter(question__topics__title__icontains=text, person_id=person_id).values("pk")
        rows = rows.filter(Q(question__topic__title__icontains=text) | Q(pk__in=on_it))
    loaded = rows.select_related("question__topic").annotate(stem=KeyTextTransform("stem", "question__current__shown"))
    columns = ("code", "status", "stale", "topic__title", "topic__slug")
    shown = ("due_at", "last_review_at", "stability", "repetitions", "lapses", "suspended", "buried_until")
    return loaded.only(*shown, *(f"question__{one}" for one in columns)).order_by("due_at", "pk")
