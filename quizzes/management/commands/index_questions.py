"""Write the words of every question into the index that is searched."""

from typing import Any

from django.core.management.base import BaseCommand

from quizzes.models import Question
from quizzes.services.question_texts import index_questions


class Command(BaseCommand):
    """Once, after the upgrade that brings the index; later, saving keeps it. Nothing is wrong if it runs again."""

    help = "Write the words of every question into the index that is searched."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, and say how many."""
        ids = Question.objects.order_by("pk").values_list("pk", flat=True)
        self.stdout.write(f"{index_questions(ids)} questions indexed.")
