"""Which services of the register a question names: found once, and kept for as long as the edition stands."""

from collections.abc import Collection
from typing import Final

from django.core.cache import cache

from quizzes.models import QuestionVersion
from reference.lifecycle import Register
from reference.queries import edition_digest, services_register

KEPT_SECONDS: Final = 7 * 24 * 3600


def services_of(versions: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The services that stem and options of each version name, by its id. One query where all were asked for before.

    A version never changes, so what was found stays true until the register is loaded anew.
    """
    key = f"services-named:{edition_digest()}"
    known: dict[int, tuple[str, ...]] = cache.get(key) or {}
    lacking = set(versions) - known.keys()
    if lacking:
        register = services_register()
        texts = QuestionVersion.objects.filter(pk__in=lacking).values_list("pk", "body__stem", "body__options")
        known |= {pk: _named(register, stem, options) for pk, stem, options in texts}
        cache.set(key, known, KEPT_SECONDS)
    return {pk: known[pk] for pk in versions if pk in known}


def _named(register: Register, stem: str, options: list[dict[str, str]]) -> tuple[str, ...]:
    texts = [stem, *(option["text"] for option in options)]
    return tuple(sorted(register.mentions("\n".join(texts))))
