"""The versions of a question, who uses which, and what was said of one."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from quizzes.models import Attempt, Comment, Question, QuestionVersion, Quiz, Response
from quizzes.queries.rights import own_quizzes


@dataclass(frozen=True, slots=True)
class Use:
    """Where a version was sat: the quiz if it may be named, how many attempts, how many of them are under way."""

    title: str
    attempts: int
    running: int


def versions_of(question: Question) -> list[QuestionVersion]:
    """All versions, the newest first."""
    rows: QuerySet[QuestionVersion] = question.versions.select_related("created_by", "corrects").order_by("-number")
    return list(rows.annotate(said=Count("comments")))


def uses_of(question: Question, person_id: int) -> dict[int, list[Use]]:
    """For each version in which quizzes it was sat, most attempts first. Quizzes of others are not named."""
    rows = Response.objects.filter(question=question).values_list(
        "version", "attempt__quiz", "attempt__quiz__title", "attempt__quiz__origin"
    )
    running = Q(attempt__state=Attempt.State.IN_PROGRESS)
    counted = rows.annotate(n=Count("attempt", distinct=True), open=Count("attempt", filter=running, distinct=True))
    own = set(own_quizzes(person_id).values_list("pk", flat=True))
    found: dict[int, dict[str, list[int]]] = {}
    for version, quiz, title, origin, n, open_ in counted.order_by("version"):
        name = title if quiz in own or origin == Quiz.Origin.COURSE else "others" if quiz else "practice"
        sums = found.setdefault(version, {}).setdefault(name, [0, 0])
        sums[0], sums[1] = sums[0] + n, sums[1] + open_
    return {
        version: sorted((Use(name, *sums) for name, sums in names.items()), key=lambda one: -one.attempts)
        for version, names in found.items()
    }


def holding_quizzes(question: Question, person_id: int) -> tuple[list[Quiz], int]:
    """Quizzes that name this question: those of this person, and how many others there are."""
    holding = Quiz.objects.filter(sections__fixed__question=question).distinct()
    own = set(own_quizzes(person_id).values_list("pk", flat=True))
    named = [quiz for quiz in holding if quiz.pk in own]
    return named, holding.count() - len(named)


def comments_on(version: QuestionVersion) -> QuerySet[Comment]:
    """What was said of a version, in order."""
    return version.comments.select_related("person")
