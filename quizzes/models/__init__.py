"""The tables of the quiz side, one file a noun."""

from quizzes.models.attempts import Attempt, Event, Response, Result
from quizzes.models.bank import Placement, Question, QuestionVersion, Reference
from quizzes.models.cards import Exposure
from quizzes.models.challenges import Challenge
from quizzes.models.quizzes import Exam, Quiz

__all__ = [
    "Attempt",
    "Challenge",
    "Event",
    "Exam",
    "Exposure",
    "Placement",
    "Question",
    "QuestionVersion",
    "Quiz",
    "Reference",
    "Response",
    "Result",
]
