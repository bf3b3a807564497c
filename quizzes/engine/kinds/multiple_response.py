"""Multiple response: a stated number of options is right."""

from quizzes.engine.content import Content
from quizzes.engine.kinds.base import Options


class MultipleResponse(Options):
    """Two or more of the options are the key, and the stem says how many."""

    widget = "checkbox"

    def flaws(self, content: Content) -> list[str]:
        """As for all options, and several to choose, with a wrong one left over."""
        found = super().flaws(content)
        if content.choose < 2:
            found.append(f"multiple_response has choose 2 or more, not {content.choose}: use multiple_choice")
        if content.choose >= len(content.options):
            found.append("every option is asked for: add a wrong one or lower choose")
        return found
