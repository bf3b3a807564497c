"""What the question editor reads."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Q

from quizzes.models import Draft, Question, Scenario
from quizzes.queries.rights import own_scenarios
from reference.markup import plain_text
from reference.models import Anchor, RegisterEntry, Topic

CLOSED_SECONDS = 300
BEGUN = ("service", "feature", "software", "hardware")
FOUND = 12


@dataclass(frozen=True, slots=True)
class FoundStatement:
    """A statement of the notes: how it is cited, the title of its page, and its words."""

    name: str
    title: str
    text: str


def data_of(question: Question) -> dict[str, Any]:
    """The fields of its draft, else those of the version that is published."""
    draft = Draft.objects.filter(question=question).first()
    return dict(draft.data) if draft is not None else published_data(question)


def published_data(question: Question) -> dict[str, Any]:
    """The fields that hold what is published, of an author's question or of the course's."""
    body = question.current.body if question.current else {}
    flaws = question.flaws
    references = question.references.values_list("topic__slug", "anchor")
    return {
        **{name: body.get(name, "") for name in ("kind", "stem", "order")},
        "options": [{**option, **flaws.get(option["id"], {})} for option in body.get("options", [])],
        "extra": body.get("extra", {}),
        "scenario": question.scenario,
        "constraints": list(question.constraints),
        "topics": list(question.topics.values_list("slug", flat=True)),
        "references": [f"{slug}^{anchor}" for slug, anchor in references],
        "sources": list(question.sources),
        "task": question.task,
        "domain": str(question.domain or ""),
        "level": question.level,
        "difficulty": str(question.difficulty or ""),
        "verified_on": question.verified_on.isoformat() if question.verified_on else "",
        "tags": list(question.tags),
        "enemies": list(question.enemies),
        "contrast": list(question.contrast),
    }


def scenario_texts(person_id: int) -> dict[str, str]:
    """The shared texts that this person may use, by code."""
    return dict(own_scenarios(person_id).values_list("code", "text"))


def scenario_titles(person_id: int) -> list[tuple[str, str]]:
    """The same with their titles, for a list to choose from."""
    return list(own_scenarios(person_id).values_list("code", "title"))


def own_scenario(person_id: int, code: str) -> Scenario | None:
    """One of them."""
    return own_scenarios(person_id).filter(code=code).first()


def closed_names() -> dict[str, str]:
    """Every spelling of what nobody can begin with today, and what to say instead. Kept for five minutes."""
    found: dict[str, str] | None = cache.get("quizzes:closed-names")
    if found is None:
        rows = RegisterEntry.objects.exclude(status="active").filter(kind__in=BEGUN)
        found = {
            spelling: ", ".join(row.successors) for row in rows for spelling in (row.name, *row.short, *row.former)
        }
        cache.set("quizzes:closed-names", found, CLOSED_SECONDS)
    return found


def topic_titles() -> list[tuple[str, str]]:
    """The pages of the notes to choose from."""
    return list(Topic.objects.live().order_by("title").values_list("slug", "title"))


def found_statements(words: str) -> list[FoundStatement]:
    """Statements whose text holds these words, or whose name begins with them."""
    words = words.strip()[:100]
    if len(words) < 2:
        return []
    topics = {body: (slug, title) for body, slug, title in Topic.objects.live().values_list("body_id", "slug", "title")}
    rows = Anchor.objects.filter(body_id__in=topics)
    for word in words.split()[:5]:
        rows = rows.filter(Q(html__icontains=word) | Q(name__istartswith=word))
    return [
        FoundStatement(f"{topics[body][0]}^{name}", topics[body][1], plain_text(html))
        for body, name, html in rows.values_list("body_id", "name", "html")[:FOUND]
    ]
