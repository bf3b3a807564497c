"""How a person did on the sections of a notes page, and the notes by what the exams ask."""

from dataclasses import dataclass
from typing import Any

from quizzes.models import Exam, Reference, Response
from quizzes.queries.bank import by_grading, practisable
from quizzes.queries.draws import held_questions
from reference.models import Section
from reference.queries import TreeTopic, grouped_anchors, topics_by_task


def personal_layer(person_id: int, slug: str) -> dict[str, Any]:
    """Right, seen and asked, by section with questions and for the page, from the latest graded response to each.

    ``headings`` are the sections of the second level. What stands in an exam that the person has open counts as not
    met, so that nothing can be read from it.
    """
    cited = Reference.objects.filter(topic__slug=slug, question__in=practisable())
    by_anchor: dict[str, set[int]] = {}
    for anchor, question in cited.values_list("anchor", "question_id"):
        by_anchor.setdefault(anchor, set()).add(question)
    asked = {one for group in by_anchor.values() for one in group}
    latest = _latest_fractions(person_id, asked) if asked else {}
    sections = Section.objects.filter(body__topics__slug=slug).defer("html", "plain")
    groups = grouped_anchors(list(sections))
    rows = []
    for heading, anchors in groups.items():
        questions = {one for anchor in anchors for one in by_anchor.get(anchor, ())}
        if heading and questions:
            rows.append({"anchor": heading} | _told(questions, latest))
    return {"whole": _told(asked, latest), "sections": rows, "headings": [one for one in groups if one]}


def _told(questions: set[int], latest: dict[int, float | None]) -> dict[str, int]:
    seen = questions & latest.keys()
    right = sum(latest[one] == 1 for one in seen)
    return {"questions": len(questions), "seen": len(seen), "right": right, "unmet": len(questions) - len(seen)}


def _latest_fractions(person_id: int, questions: set[int]) -> dict[int, float | None]:
    graded = Response.objects.filter(
        attempt__person_id=person_id, question_id__in=questions, fraction__isnull=False
    ).exclude(question_id__in=held_questions(person_id))
    return dict(by_grading(graded).values_list("question_id", "fraction"))


@dataclass(frozen=True, slots=True)
class AskedPart:
    """A domain or a task of an exam, with the pages that serve it."""

    number: str
    name: str
    weight: float | None
    topics: tuple[TreeTopic, ...]
    tasks: tuple["AskedPart", ...] = ()


@dataclass(frozen=True, slots=True)
class AskedExam:
    """An exam with its domains; ``by_task`` where its pages stand under tasks."""

    exam: Exam
    parts: tuple[AskedPart, ...]
    by_task: bool


def exam_tasks() -> list[AskedExam]:
    """The exams in their order, each domain with the pages that serve it: directly, or under its tasks."""
    topics = topics_by_task()
    found = []
    for exam in Exam.objects.all():
        by_task = exam.placed_by == "task"
        found.append(AskedExam(exam, tuple(_part(one, topics, by_task) for one in exam.domains), by_task))
    return found


def _part(domain: dict[str, Any], topics: dict[str, list[TreeTopic]], by_task: bool) -> AskedPart:
    tasks = tuple(
        AskedPart(task["number"], task["name"], None, tuple(topics.get(task["number"], ())))
        for task in domain.get("tasks", ())
    )
    own = () if by_task else tuple(topics.get(f"domain {domain['number']}", ()))
    return AskedPart(str(domain["number"]), domain["name"], domain["weight"], own, tasks)
