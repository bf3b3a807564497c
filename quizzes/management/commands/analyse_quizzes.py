"""Bring the flags of quizzes, and the figures of pilots, up to the answers."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from quizzes import clock
from quizzes.models import Quiz
from quizzes.services.flags import refresh_if_changed
from quizzes.services.pilots import refresh_pilots


class Command(BaseCommand):
    """For a timer. Quizzes whose answers are those of the last time are passed over."""

    help = "Compute what the answers say of the questions: flags for authors, and the figures of pilots."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One switch."""
        parser.add_argument("--json", action="store_true", help="say it for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Analyse what has changed, and say what came of it."""
        rows, unchanged = [], 0
        for quiz in Quiz.objects.authored().filter(attempts__isnull=False).distinct().order_by("slug"):
            done = refresh_if_changed(quiz, now=clock.read())
            if done is None:
                unchanged += 1
            else:
                rows.append({"quiz": quiz.slug, "raised": done.raised, "standing": done.standing, "gone": done.gone})
        pilots = refresh_pilots(now=clock.read())
        if options["json"]:
            self.stdout.write(json.dumps({"analysed": rows, "unchanged": unchanged, "pilots": pilots}))
            return
        for row in rows:
            self.stdout.write("{quiz}: {raised} flags raised, {standing} standing, {gone} gone.".format(**row))
        tried = "Pilots: figures computed." if pilots else "Pilots: unchanged."
        self.stdout.write(f"{len(rows)} quizzes analysed, {unchanged} unchanged. {tried}")
