"""What writes texts that several questions share."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from quizzes.models import Scenario
from quizzes.queries.rights import own_scenarios
from quizzes.services.attempts import make_code


class ScenarioOvertaken(Exception):
    """Somebody else has saved this text since the page was opened."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(f"revision {scenario.revision} is newer")
        self.scenario = scenario


def create_scenario(*, person_id: int, title: str, text: str, now: datetime) -> Scenario:
    """A new text of this person."""
    code = f"{slugify(title)[:60] or 'text'}-{make_code()[:6].lower()}"
    return Scenario.objects.create(code=code, author_id=person_id, title=title, text=text, updated_at=now)


def save_scenario(*, person_id: int, code: str, title: str, text: str, revision: int, now: datetime) -> Scenario:
    """Change a text; questions take it over with their next version.

    Raises Scenario.DoesNotExist and ScenarioOvertaken.
    """
    with transaction.atomic():
        scenario = Scenario.objects.select_for_update().get(pk__in=own_scenarios(person_id).values("pk"), code=code)
        if scenario.revision != revision:
            raise ScenarioOvertaken(scenario)
        scenario.title, scenario.text = title, text
        scenario.revision, scenario.updated_at = revision + 1, now
        scenario.save()
    return scenario
