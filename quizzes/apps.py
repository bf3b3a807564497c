"""Questions, quizzes and attempts."""

from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    """The question bank and everything that is sat."""

    name = "quizzes"
