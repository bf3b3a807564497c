"""See a sitting, give it more time, open it again, or void it. Every step is logged with its reason."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from quizzes import clock
from quizzes.models import Attempt
from quizzes.services.attempts import CannotStart, extend_attempt
from quizzes.services.proctoring import reopen_attempt, void_attempt
from quizzes.services.results import IllegalMove


class Command(BaseCommand):
    """``attempt CODE`` shows it; ``--extend``, ``--reopen`` (minutes) and ``--void`` change it."""

    help = "Show an attempt by its code; extend, reopen or void it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The code, and at most one change with its reason."""
        parser.add_argument("code")
        change = parser.add_mutually_exclusive_group()
        change.add_argument("--extend", type=int, metavar="MINUTES", help="more time for a running attempt")
        change.add_argument("--reopen", type=int, metavar="MINUTES", help="let a finished one go on")
        change.add_argument("--void", action="store_true", help="take it out of every count")
        parser.add_argument("--reason", default="", help="kept in the log; required for a change")

    def handle(self, *args: Any, **options: Any) -> None:
        """Change what was asked for, then show the attempt and its log."""
        attempt = Attempt.objects.filter(code=options["code"]).first()
        if attempt is None:
            raise CommandError("There is no attempt of this code. It stands in the address of the exam.")
        changes = options["extend"], options["reopen"], options["void"]
        if any(changes):
            if not options["reason"]:
                raise CommandError('Say why: --reason "…". The reason is kept in the attempt’s log.')
            try:
                attempt = self._change(attempt.pk, options)
            except (CannotStart, IllegalMove) as error:
                raise CommandError(str(error)) from error
        self._show(attempt)

    def _change(self, attempt_id: int, options: dict[str, Any]) -> Attempt:
        now, reason = clock.read(), options["reason"]
        if options["extend"]:
            return extend_attempt(attempt_id=attempt_id, seconds=options["extend"] * 60, reason=reason, now=now)
        if options["reopen"]:
            return reopen_attempt(attempt_id=attempt_id, seconds=options["reopen"] * 60, reason=reason, now=now)
        return void_attempt(attempt_id=attempt_id, reason=reason, now=now)

    def _show(self, attempt: Attempt) -> None:
        deadline = f"{attempt.deadline:%Y-%m-%d %H:%M:%S} UTC" if attempt.deadline else "none"
        self.stdout.write(f"{attempt.title}: {attempt.get_state_display()}, deadline {deadline}")
        for event in attempt.events.exclude(kind__in=["saved", "overtaken", "trace"]):
            self.stdout.write(f"  {event.received_at:%Y-%m-%d %H:%M:%S}  {event.kind}  {event.data or ''}")
