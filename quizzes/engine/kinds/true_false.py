"""True or false: a statement, and two options that are always the same."""

from quizzes.engine.content import Content
from quizzes.engine.kinds.base import Options

TRUE, FALSE = "true", "false"


class TrueFalse(Options):
    """One of two: the statement in the stem is true, or it is not."""

    has_distractors = False
    orders: tuple[str, ...] = ("fixed",)
    preset: tuple[tuple[str, str], ...] = ((TRUE, "True"), (FALSE, "False"))

    def flaws(self, content: Content) -> list[str]:
        """As for all options, and just these two in this order."""
        found = super().flaws(content)
        if content.option_ids != (TRUE, FALSE):
            found.append(f"the options of true_false are {TRUE} and {FALSE}, in this order: leave no other")
        return found
