"""GIFT, the text format of Moodle: read leniently, written strictly."""

from quizzes.formats.exchange.gift.format import GIFT, Gift

__all__ = ["GIFT", "Gift"]
