"""What the two commands for files of questions have in common: whose they are, and the account in words."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from quizzes.queries.exchanged import AspectCount


def person_named(name: str) -> Any:
    """The person of this name. Raises CommandError."""
    person = get_user_model().objects.filter(username=name).first()
    if person is None:
        raise CommandError(f"There is nobody of the name “{name}”: write the name by which they sign in.")
    return person


def aspect_lines(aspects: Iterable[AspectCount]) -> Iterator[str]:
    """What is not carried whole, each aspect with the numbers of questions."""
    for one in aspects:
        said = {"lost": one.lost, "changed": one.changed, "assumed": one.assumed}
        yield f"  {one.label:<52} {', '.join(f'{word} in {count}' for word, count in said.items() if count)}"


def aspects_told(aspects: Iterable[AspectCount]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [{"aspect": one.aspect, "lost": one.lost, "changed": one.changed, "assumed": one.assumed} for one in aspects]
