"""QTI 1.2 as Canvas and cartridges have it, read and written."""

from quizzes.formats.exchange.qti12.format import QTI12

__all__ = ["QTI12"]
