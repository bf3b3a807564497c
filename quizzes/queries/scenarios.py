"""Texts that several questions share, for their pages."""

from dataclasses import dataclass

from quizzes.models import Question, Scenario
from quizzes.queries.rights import own_questions, own_scenarios


@dataclass(frozen=True, slots=True)
class ListedScenario:
    """A text, and how many questions share it."""

    scenario: Scenario
    questions: int


def listed(person_id: int) -> list[ListedScenario]:
    """The texts of one instructor; two queries."""
    counts: dict[str, int] = {}
    for code in own_questions(person_id).exclude(scenario="").values_list("scenario", flat=True):
        counts[code] = counts.get(code, 0) + 1
    return [ListedScenario(one, counts.get(one.code, 0)) for one in own_scenarios(person_id)]


def behind(person_id: int, scenario: Scenario) -> list[Question]:
    """Published questions whose version still has an earlier text."""
    rows = own_questions(person_id).filter(scenario=scenario.code, current__isnull=False).select_related("current")
    text = scenario.text.strip()
    return [one for one in rows if one.current and one.current.body.get("scenario", "") != text]
