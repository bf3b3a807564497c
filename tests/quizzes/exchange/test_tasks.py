"""Work that no page waits for: begun once, taken up again where it stopped, in a thread that leaves nothing open."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django_tasks import task
from django_tasks.exceptions import InvalidTaskError

from quizzes import tasks
from quizzes.models import Import
from quizzes.services.exchange import STALLED, begin_import, confirm, requeue
from quizzes.tasks import resume_if_stalled, start
from sapro.env import BACKENDS
from sapro.tasks import ThreadBackend
from tests.clock import CLOCK
from tests.factories import make_instructor
from tests.formats.exchange.lines import FIRST, line_of
from tests.quizzes.exchange.conftest import question_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_lines")]


def begun(count: int = 3) -> Import:
    """A file that waits to be read."""
    lines = "\n".join([FIRST, *(line_of(question_of(number)) for number in range(count))])
    person = make_instructor()
    return begin_import(
        [lines.encode()], "bank.lines", person_id=person.pk, folder=tasks.imports_folder(), now=CLOCK.now
    )


@pytest.mark.parametrize("count", [3, 250])
def test_small_ones_at_once_and_large_ones_as_a_task(count: int) -> None:
    source = begun(count)
    assert (source.size > tasks.SMALL) == (count > 100)
    start(source)
    assert (source.state, source.total) == ("choosing", count)
    confirm(source, now=CLOCK.now)
    start(source)
    assert source.state == "done"


def test_what_is_begun_twice_is_done_once() -> None:
    source = begun()
    other = Import.objects.get(pk=source.pk)
    start(source)
    start(other)
    assert source.items.count() == 3


def test_one_that_stalled_is_taken_up_by_one() -> None:
    source = begun()
    Import.objects.filter(pk=source.pk).update(beat_at=CLOCK.now)
    source.refresh_from_db()
    assert not resume_if_stalled(source, now=CLOCK.now + STALLED)
    late = CLOCK.now + STALLED + timedelta(seconds=1)
    assert requeue(source, now=late)
    assert not resume_if_stalled(source, now=late)
    assert resume_if_stalled(source, now=late + STALLED + timedelta(seconds=1))
    assert source.state == "choosing"
    assert not resume_if_stalled(source, now=late + timedelta(days=1))


def test_one_that_nobody_began_is_taken_up() -> None:
    source = begun()
    assert not resume_if_stalled(source, now=CLOCK.now + STALLED)
    assert resume_if_stalled(source, now=CLOCK.now + STALLED + timedelta(seconds=1))
    assert source.state == "choosing"


RAN: list[tuple[str, str]] = []
DONE = threading.Event()


@task()
def remembered(word: str) -> None:
    """Notes where it ran."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    RAN.append((word, threading.current_thread().name))
    DONE.set()


@task()
def failing() -> None:
    """Fails."""
    DONE.set()
    raise ValueError("on purpose")


def thread_of(name: str) -> threading.Thread | None:
    """The thread of a task, while it runs."""
    return next((one for one in threading.enumerate() if one.name == f"task-{name}"), None)


@pytest.mark.django_db(transaction=True)
def test_a_thread_does_it_after_the_transaction() -> None:
    backend = ThreadBackend("default", {})
    DONE.clear()
    with transaction.atomic():
        result = backend.enqueue(remembered, ["a"], {})
        assert thread_of(result.id) is None
    assert DONE.wait(20)
    thread = thread_of(result.id)
    if thread is not None:
        thread.join(20)
    assert RAN[-1] == ("a", f"task-{result.id}")


@pytest.mark.django_db(transaction=True)
def test_a_task_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    DONE.clear()
    result = ThreadBackend("default", {}).enqueue(failing, [], {})
    assert DONE.wait(20)
    thread = thread_of(result.id)
    if thread is not None:
        thread.join(20)
    assert "the task failing failed" in caplog.text


def test_a_thread_has_no_context() -> None:
    with pytest.raises(InvalidTaskError):
        ThreadBackend("default", {}).validate_task(task(takes_context=True)(_with_context))


def _with_context(context: object) -> None:
    """Never run."""


def test_what_the_setting_may_say() -> None:
    assert set(BACKENDS) == {"thread", "database"}
    assert tasks.imports_folder().name == "questions"
