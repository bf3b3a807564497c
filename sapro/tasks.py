"""Background work in a thread of this process: nothing else has to run. SAPRO_TASKS chooses (docs/operating.md)."""

import logging
import threading
from typing import Any, TypeVar

from django.db import connections, transaction
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.exceptions import InvalidTaskError
from django_tasks.utils import get_random_id

T = TypeVar("T")
_log = logging.getLogger(__name__)


class ThreadBackend(BaseTaskBackend):
    """Runs each task in a daemon thread of its own, after the transaction that asked for it. Results are not kept.

    Nothing waits for such a thread when the process ends: a task says in the database how far it is, and whoever looks
    next has it go on.
    """

    def validate_task(self, task: Task[Any, Any]) -> None:
        """As every backend does. Raises InvalidTaskError, also for a task that asks for its context."""
        super().validate_task(task)
        if task.takes_context:
            raise InvalidTaskError("A task that runs in a thread has no context.")

    def enqueue(self, task: Task[Any, T], args: Any, kwargs: Any) -> TaskResult[T]:
        """Start it, and return at once. Raises InvalidTaskError."""
        self.validate_task(task)
        name = get_random_id()
        thread = threading.Thread(target=_run, args=[task, args, kwargs], name=f"task-{name}", daemon=True)
        transaction.on_commit(thread.start)
        return TaskResult(
            task=task,
            id=name,
            status=TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=list(args),
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


def _run(task: Task[Any, Any], args: Any, kwargs: Any) -> None:
    try:
        task.call(*args, **kwargs)
    except Exception:
        _log.exception("the task %s failed", task.name)
    finally:
        # The connections of a thread are its own: nobody else would close them.
        connections.close_all()
