"""What the figures of a whole quiz rest on, as far as flags ask: which texts were sat, and whether anything changed."""

from collections.abc import Collection

from django.db.models import Count, Max, Q, Sum

from quizzes.models import Challenge, Question, Quiz, Response, Result
from quizzes.queries.keys import families
from quizzes.queries.sittings import MARKED


def state_of(quiz: Quiz) -> str:
    """A short text that is another when results, texts, keys or challenges of the quiz have changed."""
    attempts = quiz.attempts.aggregate(all=Count("pk"), marked=Count("pk", filter=Q(state__in=MARKED)))
    last = Result.objects.filter(attempt__quiz=quiz).aggregate(last=Max("pk"))["last"] or 0
    questions = Response.objects.filter(attempt__quiz=quiz).values("question_id")
    texts = Question.objects.filter(pk__in=questions).aggregate(sum=Sum("current_id"))["sum"] or 0
    opened = Challenge.objects.filter(question_id__in=questions, state=Challenge.State.OPEN)
    open_ = opened.aggregate(n=Count("pk"), last=Max("pk"))
    return f"{attempts['all']} {attempts['marked']} {last} {texts} {open_['n']} {open_['last'] or 0}"


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


def texts_asked(quiz: Quiz) -> dict[int, int]:
    """Of every version sat in this quiz that asks what its question asks now: its id, with the id of the present one.

    Figures over two texts say nothing of either, so that answers to an earlier text are left out.
    """
    rows = Response.objects.filter(attempt__quiz=quiz).order_by()
    sat = dict(rows.values_list("version_id", "question_id").distinct())
    root = families(set(sat.values()))
    current = dict(Question.objects.filter(pk__in=set(sat.values())).values_list("pk", "current_id"))
    return {
        version: current[question]
        for version, question in sat.items()
        if root.get(version, version) == root.get(current[question], current[question])
    }
