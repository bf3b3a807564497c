"""What can be ordered at the desk: each is what a person does with a command or in the admin while exams run."""

import secrets
from datetime import timedelta
from io import StringIO
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from quizzes.models import Attempt
from quizzes.services.attempts import CannotStart, extend_attempt
from sapro.accounts.models import User
from tests.chaos import clock, course

BACKEND = "django.contrib.auth.backends.ModelBackend"


def prepare(quizzes: int) -> None:
    """Tables, static files, and the first edition of the course."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    load(0, quizzes, [])


def load(edition: int, quizzes: int, closed: list[int]) -> None:
    """Write the files of an edition, and load them with the site's command."""
    course.write(settings.COURSE_BANK, edition=edition, quizzes=quizzes, closed=closed)
    call_command("load_course", stdout=StringIO())


def people(count: int) -> list[int]:
    """So many new people; their ids."""
    now = clock.read()
    made = [User(username=f"chaos-{secrets.token_hex(6)}", password="!", date_joined=now) for _ in range(count)]
    for person in made:
        person.active_on = now.date()
    return [person.pk for person in User.objects.bulk_create(made)]


def sign_in(person: int) -> str:
    """A new session, as after a sign-in; its key."""
    store = SessionStore()
    store[SESSION_KEY] = str(person)
    store[BACKEND_SESSION_KEY] = BACKEND
    store[HASH_SESSION_KEY] = User.objects.get(pk=person).get_session_auth_hash()
    store.create()
    return str(store.session_key)


def expire(session: str) -> None:
    """Let a session run out."""
    Session.objects.filter(pk=session).update(expire_date=timezone.now() - timedelta(seconds=1))


def grant(code: str, seconds: int) -> bool:
    """Give a sitting more time, as ``manage.py attempt --extend`` does; whether it was given."""
    attempt = Attempt.objects.get(code=code)
    try:
        extend_attempt(attempt_id=attempt.pk, seconds=seconds, reason="fire alarm", now=clock.read())
    except CannotStart:
        return False
    return True


def sweep() -> None:
    """Write down what is over."""
    call_command("close_attempts", stdout=StringIO())


ORDERS = {one.__name__: one for one in (prepare, load, people, sign_in, expire, grant, sweep)}


def answer(order: dict[str, Any]) -> dict[str, Any]:
    """Carry out one order; an error is an answer too, because the database may be away."""
    try:
        return {"answer": ORDERS[order["do"]](*order["with"])}
    except Exception as error:
        connection.close()
        return {"error": f"{type(error).__name__}: {error}"}
