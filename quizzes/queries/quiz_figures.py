"""What flags rest on beside the figures: challenges, and which texts are asked now."""

import hashlib
from collections.abc import Collection

from django.db.models import Count, Max, Sum

from quizzes.models import Challenge, Question, Quiz, Result
from quizzes.queries.finished_attempts import Wanted, standing
from quizzes.queries.keys import families


def state_of(quiz: Quiz, questions: Collection[int]) -> str:
    """A short text that is another when results, texts, keys or challenges have changed. Six queries."""
    texts = Question.objects.filter(pk__in=questions).aggregate(sum=Sum("current_id"))["sum"]
    opened = Challenge.objects.filter(question_id__in=questions, state=Challenge.State.OPEN)
    challenges = opened.aggregate(n=Count("pk"), last=Max("pk"))
    facts = [standing(quiz, Wanted()).mark, texts, challenges["n"], challenges["last"]]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def last_result(quiz: Quiz) -> int:
    """The number of the newest result of the quiz; it only grows. 0 where there is none."""
    return Result.objects.filter(attempt__quiz=quiz).aggregate(last=Max("pk"))["last"] or 0


def open_challenges(questions: Collection[int]) -> dict[int, int]:
    """How many challenges of learners are open about the text of these questions that is asked now."""
    rows = Challenge.objects.filter(question_id__in=questions, state=Challenge.State.OPEN)
    root = families(questions)
    current = dict(Question.objects.filter(pk__in=questions).values_list("pk", "current_id"))
    found: dict[int, int] = {}
    for question, version in rows.values_list("question_id", "version_id"):
        if version is None or root.get(version, version) == root.get(current[question], current[question]):
            found[question] = found.get(question, 0) + 1
    return found
