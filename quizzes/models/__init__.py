"""The tables of the quiz side, one file a noun."""

from quizzes.models.analysis import QuestionFlag, Report
from quizzes.models.attempts import Attempt, Event, Response, Result
from quizzes.models.authoring import AuditEntry, Comment, Draft, Image, Notice, QuestionText, Scenario
from quizzes.models.bank import Placement, Question, QuestionVersion, Reference
from quizzes.models.cards import Card, Exposure, Repetition
from quizzes.models.challenges import Challenge
from quizzes.models.classes import Assignment, Classroom, Condition, Group, Membership, Remark
from quizzes.models.imports import Import, ImportItem
from quizzes.models.plans import Plan
from quizzes.models.quizzes import Exam, Quiz, Section, SectionQuestion

__all__ = [
    "Assignment",
    "Attempt",
    "AuditEntry",
    "Card",
    "Challenge",
    "Classroom",
    "Comment",
    "Condition",
    "Draft",
    "Event",
    "Exam",
    "Exposure",
    "Group",
    "Image",
    "Import",
    "ImportItem",
    "Membership",
    "Notice",
    "Placement",
    "Plan",
    "Question",
    "QuestionFlag",
    "QuestionText",
    "QuestionVersion",
    "Quiz",
    "Reference",
    "Remark",
    "Repetition",
    "Report",
    "Response",
    "Result",
    "Scenario",
    "Section",
    "SectionQuestion",
]
