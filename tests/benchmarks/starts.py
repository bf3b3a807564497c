"""What a start costs with a small and with a large bank: the service itself, in this process, turn by turn."""

from random import Random
from statistics import median

from django.conf import settings
from django.utils import timezone

from quizzes.models import Quiz
from quizzes.services.attempts import start_attempt
from tests.benchmarks.databases import Databases, spent, using
from tests.benchmarks.exams import QUIZ
from tests.benchmarks.stage import enrol


def bank_ratios(databases: Databases, *, rounds: int, starts: int) -> tuple[list[float], float]:
    """Time of a start with the large bank over the small one, round by round; and the small one's in milliseconds."""
    ratios, base = [], []
    for number in range(rounds + 1):
        order = [databases.small, databases.large]
        Random(number).shuffle(order)
        seconds = {name: _start_seconds(name, starts) for name in order}
        if number:  # the first round warms up
            ratios.append(seconds[databases.large] / seconds[databases.small])
            base.append(1000 * seconds[databases.small])
    return ratios, median(base)


def _start_seconds(name: str, starts: int) -> float:
    with using(name):
        learners = enrol(starts + 1)
        quiz = Quiz.objects.presets().select_related("exam").get(slug=QUIZ)
        taken = []
        for learner in learners:
            begun = spent()
            start_attempt(
                person_id=learner.pk,
                quiz=quiz,
                time_option="standard",
                grace=settings.EXAM_GRACE_SECONDS,
                now=timezone.now(),
            )
            taken.append(spent() - begun)
        return median(taken[1:])
