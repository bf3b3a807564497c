"""Multiple choice: one option is right."""

from quizzes.engine.content import Content
from quizzes.engine.kinds.base import Options


class MultipleChoice(Options):
    """One of the options is the key."""

    widget = "radio"

    def flaws(self, content: Content) -> list[str]:
        """As for all options, and exactly one to choose."""
        found = super().flaws(content)
        if content.choose != 1:
            found.append(f"multiple_choice has choose 1, not {content.choose}: use multiple_response")
        return found
