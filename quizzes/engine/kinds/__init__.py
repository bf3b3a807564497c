"""Question kinds. Only a kind knows its shape: nothing else asks which one it is."""

from quizzes.engine.kinds.base import Kind, Shape, WrongChoice
from quizzes.engine.kinds.matching import Matching
from quizzes.engine.kinds.multiple_choice import MultipleChoice
from quizzes.engine.kinds.multiple_response import MultipleResponse
from quizzes.engine.kinds.numeric import Numeric
from quizzes.engine.kinds.ordering import Ordering
from quizzes.engine.kinds.short_text import ShortText
from quizzes.engine.kinds.true_false import TrueFalse

KINDS: dict[str, Kind] = {
    "multiple_choice": MultipleChoice(),
    "multiple_response": MultipleResponse(),
    "true_false": TrueFalse(),
    "ordering": Ordering(),
    "matching": Matching(),
    "numeric": Numeric(),
    "short_text": ShortText(),
}

__all__ = ["KINDS", "Kind", "Shape", "WrongChoice"]
