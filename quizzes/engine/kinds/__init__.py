"""Question kinds. Only a kind knows its shape: nothing else asks which one it is."""

from quizzes.engine.kinds.base import Kind, Shape, WrongChoice
from quizzes.engine.kinds.multiple_choice import MultipleChoice
from quizzes.engine.kinds.multiple_response import MultipleResponse

KINDS: dict[str, Kind] = {
    "multiple_choice": MultipleChoice(),
    "multiple_response": MultipleResponse(),
}

__all__ = ["KINDS", "Kind", "Shape", "WrongChoice"]
