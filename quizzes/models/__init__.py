"""The tables of the quiz side, one file a noun."""

from quizzes.models.attempts import Attempt, Event, Response, Result
from quizzes.models.authoring import AuditEntry, Comment, Draft, Image, Notice, QuestionText, Scenario
from quizzes.models.bank import Placement, Question, QuestionVersion, Reference
from quizzes.models.cards import Exposure
from quizzes.models.challenges import Challenge
from quizzes.models.quizzes import Exam, Quiz, Section, SectionQuestion

__all__ = [
    "Attempt",
    "AuditEntry",
    "Challenge",
    "Comment",
    "Draft",
    "Event",
    "Exam",
    "Exposure",
    "Image",
    "Notice",
    "Placement",
    "Question",
    "QuestionText",
    "QuestionVersion",
    "Quiz",
    "Reference",
    "Response",
    "Result",
    "Scenario",
    "Section",
    "SectionQuestion",
]
