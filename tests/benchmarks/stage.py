"""What the figures stand on: a bank of a wanted size with the texts of the real one, and learners signed in."""

import secrets
from collections.abc import Iterable
from itertools import cycle, islice
from random import Random
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.forms import model_to_dict
from django.utils import timezone

from quizzes.models import Exam, Placement, Question, QuestionVersion, Reference
from quizzes.queries.draws import DRAW_KEYS
from reference.models import SearchEntry
from sapro.accounts.models import User
from tests.benchmarks.client import Learner

BACKEND = "django.contrib.auth.backends.ModelBackend"
CHUNK = 1000
PILOT_EVERY = 10


def grow_bank(size: int) -> None:
    """Copy the questions of the course, texts and references and all, until there are ``size``; spread over domains."""
    originals = list(Question.objects.select_related("current").prefetch_related("references", "topics"))
    dice = Random(size)
    exams = list(Exam.objects.all())
    numbered = islice(enumerate(cycle(originals)), size - len(originals))
    with transaction.atomic():
        while chunk := list(islice(numbered, CHUNK)):
            _copy(chunk, exams, dice)
        newest = QuestionVersion.objects.filter(question=OuterRef("pk")).values("pk")[:1]
        Question.objects.filter(current=None).update(current=Subquery(newest))


def grow_search(size: int) -> None:
    """Copy the sections of the notes, each with a word of its own, until a search goes over ``size`` of them."""
    originals = list(SearchEntry.objects.filter(kind=SearchEntry.Kind.SECTION).values())
    numbered = islice(enumerate(cycle(originals)), size - len(originals))
    with transaction.atomic():
        while chunk := list(islice(numbered, CHUNK)):
            SearchEntry.objects.bulk_create(
                SearchEntry(**{**one, "id": None, "digest": f"copy-{number}", "body": f"{one['body']} copy{number}"})
                for number, one in chunk
            )


def _copy(chunk: list[tuple[int, Any]], exams: list[Exam], dice: Random) -> None:
    questions = Question.objects.bulk_create(_question(number, one) for number, one in chunk)
    pairs = [(copy, one) for copy, (_, one) in zip(questions, chunk, strict=True)]
    QuestionVersion.objects.bulk_create(_version(copy, one) for copy, one in pairs)
    through = Question.topics.through
    through.objects.bulk_create(
        through(question_id=copy.pk, topic_id=topic.pk) for copy, one in pairs for topic in one.topics.all()
    )
    Reference.objects.bulk_create(
        Reference(question=copy, topic_id=cited.topic_id, anchor=cited.anchor, position=cited.position)
        for copy, one in pairs
        for cited in one.references.all()
    )
    Placement.objects.bulk_create(
        Placement(
            exam=exam,
            question=copy,
            domain=copy.pk % len(exam.domains) + 1,
            status=copy.status,
            draw_key=dice.randrange(DRAW_KEYS),
        )
        for copy in questions
        for exam in exams
    )


def _question(number: int, one: Question) -> Question:
    left_out = {"id", "code", "topics", "editors", "current", "proposed", "topic", "author", "status"}
    left_out |= {"enemies", "contrast"}
    values = {name: value for name, value in model_to_dict(one).items() if name not in left_out}
    status = Question.Status.PUBLISHED if number % PILOT_EVERY else Question.Status.PILOT
    enemies = [f"{other}-{number}" for other in one.enemies]
    return Question(code=f"{one.code}-{number}", topic_id=one.topic_id, status=status, enemies=enemies, **values)


def _version(copy: Question, one: Question) -> QuestionVersion:
    fields = ("digest", "kind", "choose", "order", "option_ids", "body", "shown", "key", "created_at")
    values = {name: getattr(one.current, name) for name in fields}
    return QuestionVersion(question=copy, number=1, **values)


def enrol(count: int) -> list[Learner]:
    """New people with a session each, as after a sign-in; nothing is left to be written at their first visit."""
    today = timezone.now()
    names = [f"bench-{secrets.token_hex(6)}" for _ in range(count)]
    people = User.objects.bulk_create(
        User(username=name, password="!", active_on=today.date(), date_joined=today) for name in names
    )
    return list(sign_in(people))


def sign_in(people: Iterable[User]) -> Iterable[Learner]:
    """A session for each, as after a sign-in."""
    with transaction.atomic():
        for person in people:
            store = SessionStore()
            store[SESSION_KEY] = str(person.pk)
            store[BACKEND_SESSION_KEY] = BACKEND
            store[HASH_SESSION_KEY] = person.get_session_auth_hash()
            store.create()
            assert store.session_key is not None
            yield Learner(person.pk, store.session_key, secrets.token_hex(16))
