"""The tables of the quiz side, one file a noun."""

from quizzes.models.attempts import Attempt, Event, Response, Result
from quizzes.models.authoring import AuditEntry, Comment, Draft, Image, Notice, QuestionText, Scenario
from quizzes.models.bank import Placement, Question, QuestionVersion, Reference
from quizzes.models.cards import Card, Exposure, Repetition
from quizzes.models.challenges import Challenge
from quizzes.models.imports import Import, ImportItem
from quizzes.models.plans import Plan
from quizzes.models.quizzes import Exam, Quiz, Section, SectionQuestion

__all__ = [
    "Attempt",
    "AuditEntry",
    "Card",
    "Challenge",
    "Comment",
    "Draft",
    "Event",
    "Exam",
    "Exposure",
    "Image",
    "Import",
    "ImportItem",
    "Notice",
    "Placement",
    "Plan",
    "Question",
    "QuestionText",
    "QuestionVersion",
    "Quiz",
    "Reference",
    "Repetition",
    "Response",
    "Result",
    "Scenario",
    "Section",
    "SectionQuestion",
]
