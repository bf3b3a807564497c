"""One question of every kind, for tests that show and answer them."""

from datetime import datetime
from typing import Any

from quizzes.engine.content import Content, Option
from quizzes.models import Exam, Placement, Question, Quiz
from quizzes.services.bank import make_version
from tests import factories

SCENARIO = "A retailer runs its shop in **two** Regions."


def _options(*texts: str, correct: str) -> tuple[Option, ...]:
    ids = "abcdef"[: len(texts)]
    return tuple(Option(one, text, one in correct, f"Because of {text}") for one, text in zip(ids, texts, strict=True))


def contents() -> dict[str, Content]:
    """By kind, in the order in which an exam of :func:`make_exam_of_kinds` shows nothing in particular."""
    steps = _options("Stop the writes", "Promote the replica", "Point the name at it", correct="abc")
    prompts = _options("Objects", "Blocks", correct="ab")
    targets = [
        {"id": "s3", "text": "Amazon S3"},
        {"id": "ebs", "text": "Amazon EBS"},
        {"id": "efs", "text": "Amazon *EFS*"},
    ]
    true = Option("true", "True", True, "Because it is.")
    false = Option("false", "False", False, "It is not.")
    number: dict[str, Any] = {"answer": "12.5", "tolerance": "0.5", "unit": "GB", "rationale": "It is **so** much."}
    text = {"accepted": ["route table", "rtb"], "rationale": "That is its name."}
    return {
        "multiple_choice": Content("multiple_choice", "Which one?", 1, "shuffle", _options(*"wxyz", correct="b")),
        "multiple_response": Content("multiple_response", "Which two?", 2, "shuffle", _options(*"vwxyz", correct="bd")),
        "true_false": Content("true_false", "Is it so?", 1, "fixed", (true, false)),
        "ordering": Content("ordering", "In which order?", 3, "shuffle", steps, scenario=SCENARIO),
        "matching": Content(
            "matching",
            "Which belongs where?",
            2,
            "fixed",
            prompts,
            extra={"targets": targets, "pairs": {"a": "s3", "b": "ebs"}},
            scenario=SCENARIO,
        ),
        "numeric": Content("numeric", "How much?", 1, "fixed", (), extra=number),
        "short_text": Content("short_text", "What is its name?", 1, "fixed", (), extra=text),
    }


def make_questions(exam: Exam, now: datetime) -> dict[str, Question]:
    """Published questions of the course, one a kind, placed in domain 1 of the exam."""
    made = {}
    for number, (name, content) in enumerate(contents().items()):
        question = Question.objects.create(
            code=f"kind-{name.replace('_', '-')}",
            status=Question.Status.PUBLISHED,
            domain=1,
            scenario="retailer" if content.scenario else "",
        )
        version = make_version(content, question_id=question.pk, number=1, now=now)
        version.save()
        question.current = version
        question.save()
        Placement.objects.create(exam=exam, question=question, domain=1, status="published", draw_key=number)
        made[name] = question
    return made


def make_quiz(now: datetime, **more: Any) -> Quiz:
    """A mock exam of exactly these questions."""
    exam = factories.make_exam({1: 100})
    made = make_questions(exam, now)
    return factories.make_quiz(exam, scored=len(made), **more)


def right(kind: str, shown: list[str]) -> list[str]:
    """What a page posts for the right response, where the parts are shown in this order."""
    if kind == "numeric":
        return ["12.5"]
    if kind == "short_text":
        return ["Route  Table"]
    if kind == "ordering":
        return [f"{place}-{'abc'.index(one) + 1}" for place, one in enumerate(shown, 1)]
    if kind == "matching":
        wanted = {"a": "=s3", "b": "=ebs"}
        return [f"{place}-{shown[2:].index(wanted[one]) + 1}" for place, one in enumerate(shown[:2], 1)]
    correct = {"multiple_choice": "b", "multiple_response": "bd", "true_false": ["true"]}[kind]
    return [str(place) for place, one in enumerate(shown, 1) if one in correct]
