"""Cards as their pages see them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from quizzes.models import Card, Question
from quizzes.queries.cards import shown_order
from quizzes.services.recalls import Recall, remember
from tests import kinds

BACKEND = "django.contrib.auth.backends.ModelBackend"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _standing(course: None, clock: Any) -> None:
    """The small course, on the clock of the tests."""


@pytest.fixture
def learner(client: Client, person: Any) -> Any:
    """Someone with an account, signed in."""
    client.force_login(person, backend=BACKEND)
    return person


def make_cards(person: Any, codes: list[str], at: datetime, *, fraction: float = 0) -> list[Card]:
    """Cards of these questions, as practice at that moment makes them."""
    questions = [Question.objects.select_related("current").get(code=code) for code in codes]
    given = [Recall(one.pk, one.current_id, [], one.current.option_ids, fraction) for one in questions]
    remember(person.pk, given, source="practice", at=at)
    return [Card.objects.get(person=person, question=one) for one in questions]


def code_on(page: str) -> str:
    """The question that a page asks."""
    found = re.search(r'action="/cards/questions/([\w-]+)/answer/"', page)
    assert found, "no question is asked"
    return found.group(1)


@dataclass
class Desk:
    """A learner at their cards."""

    client: Client
    person: Any

    def page(self, query: str = "", *, htmx: bool = False) -> HttpResponse:
        """Today's page."""
        return self.client.get(f"/cards/{query}", headers=HTMX if htmx else {})

    def form(self, code: str, *, right: bool, **more: Any) -> dict[str, Any]:
        """What the page of this card would send, as it stands now."""
        card = Card.objects.select_related("question__current").get(person=self.person, question__code=code)
        version = card.question.current
        order = shown_order(card, version)
        if code.startswith("kind-"):
            sent = kinds.right(version.kind, order)
        else:
            fits = [str(place) for place, one in enumerate(order, 1) if (one in version.key["correct"]) is right]
            sent = fits[: version.choose]
        return {"choice": sent, "repetitions": card.repetitions, "version": version.pk, **more}

    def post(self, code: str, fields: dict[str, Any], *, htmx: bool = False) -> HttpResponse:
        """Send an answer."""
        return self.client.post(f"/cards/questions/{code}/answer/", fields, headers=HTMX if htmx else {})

    def answer(self, code: str, *, right: bool, htmx: bool = False, **more: Any) -> HttpResponse:
        """Answer the card as it stands."""
        return self.post(code, self.form(code, right=right, **more), htmx=htmx)

    def card(self, code: str) -> Card:
        """The card now."""
        return Card.objects.get(person=self.person, question__code=code)


@pytest.fixture
def desk(client: Client, learner: Any) -> Desk:
    """The learner’s desk."""
    return Desk(client, learner)
