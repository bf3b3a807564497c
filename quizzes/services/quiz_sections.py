"""Changes to the sections of an instructor's quiz: add, set, move, remove, and the fixed questions in them."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from quizzes.engine.sections import MAX_QUESTIONS, MAX_SECTIONS
from quizzes.models import Question, Quiz, Section, SectionQuestion
from quizzes.queries.rights import readable_questions
from quizzes.services.audit import Actor
from quizzes.services.quizzes import Refused, editing

ASIDE = 30_000
"""A position that no section has: two that change places need a third."""


@dataclass(frozen=True, slots=True)
class SectionSettings:
    """What a form says of one section. Topics are slugs; weights are by domain."""

    title: str
    count: int = 0
    pool: str = "own"
    topics: Sequence[str] = ()
    tags: Sequence[str] = ()
    weights: dict[str, int] = field(default_factory=dict)

    def rule(self, source: str) -> dict[str, object]:
        """The rule as it is stored."""
        if source == Section.Source.FIXED:
            return {}
        drawn: dict[str, object] = {"pool": self.pool, "topics": list(self.topics), "tags": list(self.tags)}
        return drawn | {"weights": self.weights} if source == Section.Source.BLUEPRINT else drawn


@dataclass(frozen=True, slots=True)
class Desk:
    """Who edits which quiz, from which revision on, and when. The methods raise as ``editing`` does, and Refused."""

    actor: Actor
    slug: str
    revision: int | None
    now: datetime

    def add_section(self, source: str, settings: SectionSettings) -> Section:
        """A new section at the end."""
        with self._editing() as quiz:
            positions = list(quiz.sections.values_list("position", flat=True))
            if len(positions) >= MAX_SECTIONS:
                raise Refused(f"A quiz has at most {MAX_SECTIONS} sections.")
            section = Section(quiz=quiz, position=max(positions, default=0) + 1, source=source)
            _set(section, settings)
            _check_size(quiz)
        return section

    def save_section(self, pk: int, settings: SectionSettings) -> Section:
        """Change what a section draws. Raises Section.DoesNotExist."""
        with self._editing() as quiz:
            section: Section = quiz.sections.get(pk=pk)
            _set(section, settings)
            _check_size(quiz)
        return section

    def remove_section(self, pk: int) -> None:
        """Take a section out, its fixed questions with it; the questions themselves stay in the bank."""
        with self._editing() as quiz:
            quiz.sections.get(pk=pk).delete()
            for position, section in enumerate(quiz.sections.order_by("position"), 1):
                if section.position != position:
                    Section.objects.filter(pk=section.pk).update(position=position)

    def move_section(self, pk: int, step: int) -> None:
        """Change places with the section before (-1) or after (+1); at the end nothing happens."""
        with self._editing() as quiz:
            order = list(quiz.sections.order_by("position"))
            at = next(index for index, one in enumerate(order) if one.pk == quiz.sections.get(pk=pk).pk)
            if not 0 <= at + step < len(order):
                return
            one, other = order[at], order[at + step]
            for section, position in ((one, ASIDE), (other, one.position), (one, other.position)):
                Section.objects.filter(pk=section.pk).update(position=position)

    def add_questions(self, pk: int, codes: Sequence[str]) -> int:
        """Put questions at the end of a fixed section, those that stand in the quiz already left out. How many."""
        with self._editing() as quiz:
            section = quiz.sections.get(pk=pk, source=Section.Source.FIXED)
            there = set(SectionQuestion.objects.filter(section__quiz=quiz).values_list("question_id", flat=True))
            found = readable_questions(self.actor.pk).filter(code__in=codes, status=Question.Status.PUBLISHED)
            by_code = {one.code: one for one in found.only("pk", "code")}
            new = [by_code[code] for code in dict.fromkeys(codes) if code in by_code and by_code[code].pk not in there]
            last = max(section.fixed.values_list("position", flat=True), default=0)
            SectionQuestion.objects.bulk_create(
                SectionQuestion(section=section, question=one, position=last + place)
                for place, one in enumerate(new, 1)
            )
            _check_size(quiz)
        return len(new)

    def remove_question(self, pk: int, code: str) -> None:
        """Take a question out of a fixed section."""
        with self._editing() as quiz:
            quiz.sections.get(pk=pk).fixed.filter(question__code=code).delete()

    def move_question(self, pk: int, code: str, step: int) -> None:
        """Change places with the question before or after it in its section."""
        with self._editing() as quiz:
            order = list(quiz.sections.get(pk=pk).fixed.select_related("question").order_by("position", "pk"))
            at = next((index for index, one in enumerate(order) if one.question.code == code), None)
            if at is None or not 0 <= at + step < len(order):
                return
            order[at], order[at + step] = order[at + step], order[at]
            for position, one in enumerate(order, 1):
                one.position = position
            SectionQuestion.objects.bulk_update(order, ["position"])

    def _editing(self) -> AbstractContextManager[Quiz]:
        return editing(actor=self.actor, slug=self.slug, revision=self.revision, now=self.now)


def _set(section: Section, settings: SectionSettings) -> None:
    section.title = settings.title
    section.count = 0 if section.source == Section.Source.FIXED else settings.count
    section.rule = settings.rule(section.source)
    section.save()


def _check_size(quiz: Quiz) -> None:
    fixed = SectionQuestion.objects.filter(section__quiz=quiz).count()
    drawn = sum(quiz.sections.values_list("count", flat=True))
    if fixed + drawn > MAX_QUESTIONS:
        raise Refused(f"A quiz has at most {MAX_QUESTIONS} questions; this would be {fixed + drawn}.")
