"""A finished exam, with answers that a test decides."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Attempt, Exam, Quiz, Response
from quizzes.services.attempts import UnreadSave, save_response, start_attempt
from quizzes.services.results import finish_attempt, record_exposures
from tests import factories

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def _standing(course: None, clock: Any) -> None:
    """The small course, on the clock of the tests."""


@pytest.fixture
def learner(client: Client, person: Any) -> Any:
    """Someone with an account, signed in."""
    client.force_login(person, backend=BACKEND)
    return person


@pytest.fixture
def mixed(db: None) -> Quiz:
    """An exam over the small course: 15 scored questions, 5 unscored ones."""
    return factories.make_quiz(Exam.objects.get(code="SAP-C03"), scored=15, unscored=5)


def sit(person: Any, quiz: Quiz, now: datetime) -> Attempt:
    """Start, as the page does."""
    return start_attempt(person_id=person.pk, quiz=quiz, time_option="standard", grace=2, now=now)


def give(attempt: Attempt, position: int, sent: tuple[str, ...] | None, now: datetime, *, flag: bool = False) -> None:
    """Save one response through the service."""
    save = UnreadSave(sent=sent, flagged=True if flag else None, at=None, tab=1, trace={})
    save_response(person_id=attempt.person_id, code=attempt.code, position=position, save=save, now=now)


def sent_for(row: Response, *, right: bool) -> tuple[str, ...]:
    """Shown positions that answer it rightly, or wrongly."""
    keys = row.version.key["correct"]
    wanted = [one for one in row.shown_order if (one in keys) is right][: row.version.choose]
    return tuple(str(row.shown_order.index(one) + 1) for one in wanted)


def rows_of(attempt: Attempt) -> list[Response]:
    """The responses with all that a test recounts from."""
    found = attempt.responses.select_related("version", "question", "question__topic").order_by("position")
    return list(found)


Says = Callable[[Response], bool | None]


def finished(
    person: Any, quiz: Quiz, now: datetime, says: Says, *, seen: Collection[int] = (), flags: Collection[int] = ()
) -> Attempt:
    """An exam sat through: ``says`` decides right, wrong or (None) unanswered; ``seen`` questions were met before."""
    if seen:
        record_exposures(person.pk, seen, now=now - timedelta(days=1), revealed=True)
    attempt = sit(person, quiz, now)
    for row in rows_of(attempt):
        answer = says(row)
        flag = row.position in flags
        if answer is not None or flag:
            give(attempt, row.position, None if answer is None else sent_for(row, right=answer), now, flag=flag)
    later = now + timedelta(minutes=20)
    return finish_attempt(attempt_id=attempt.pk, now=later, by_learner=True)
