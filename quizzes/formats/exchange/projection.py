"""What is left of a question in a format that knows less than this site: the building blocks of ``project``."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from quizzes.engine.content import Content
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.model import Exchanged, Fate, Note, Severity

_HELD: Mapping[str, tuple[str, ...]] = {
    "tags": ("tags",),
    "topics": ("topics",),
    "exam": ("task", "domain", "level", "difficulty"),
    "constraints": ("constraints", "flaws"),
    "references": ("references",),
    "sources": ("sources", "verified_on"),
    "relations": ("enemies", "contrast"),
    "scenario": ("scenario",),
}
"""The fields of Attributes behind an aspect."""


def without(question: Exchanged, aspects: Collection[str], fates: Mapping[str, Fate]) -> tuple[Exchanged, list[Note]]:
    """The question without these aspects of what is known of it, and a note for each that it had.

    ``fates`` has the words. Aspects: those of ``_HELD``, and “rationales”, “title”, “id”, “status”.
    """
    notes = [Note(one, Severity.LOST, fates[one].words) for one in aspects if _has(question, one)]
    empty = Attributes()
    gone = [name for one in aspects for name in _HELD.get(one, ())]
    known = replace(question.known, **{name: getattr(empty, name) for name in gone})
    changes: dict[str, object] = {"known": known}
    if "title" in aspects:
        changes["title"] = ""
    if "id" in aspects:
        changes["code"] = ""
    if "status" in aspects:
        changes |= {"status": "draft", "flags": (), "reviewed": (), "licence": ""}
    if "rationales" in aspects:
        changes["content"] = without_rationales(question.content)
    return replace(question, **changes), notes  # type: ignore[arg-type]


def _has(question: Exchanged, aspect: str) -> bool:
    empty = Attributes()
    if aspect == "rationales":
        return any(one.rationale for one in question.content.options) or bool(question.content.extra.get("rationale"))
    if aspect == "title":
        return bool(question.title)
    if aspect == "id":
        return bool(question.code)
    if aspect == "status":
        return bool(question.status != "draft" or question.flags or question.reviewed)
    return any(getattr(question.known, name) != getattr(empty, name) for name in _HELD.get(aspect, ()))


def without_rationales(content: Content) -> Content:
    """The same without a word on why."""
    options = tuple(replace(one, rationale="") for one in content.options)
    extra = {name: value for name, value in content.extra.items() if name != "rationale"}
    return replace(content, options=options, extra=extra)


def with_plain_ids(question: Exchanged) -> Exchanged:
    """Options called a, b, c … in their order, as by every reader of a format that has no ids (targets 1, 2, 3 …).

    True or false keeps its own two. Whatever names an option follows.
    """
    content = question.content
    if content.kind == "true_false":
        return question
    names = dict(zip(content.option_ids, plain_ids(), strict=False))
    targets = {one["id"]: str(number) for number, one in enumerate(content.extra.get("targets", ()), 1)}
    extra = dict(content.extra)
    if targets:
        extra["targets"] = [{**one, "id": targets[one["id"]]} for one in extra["targets"]]
        extra["pairs"] = {names[part]: targets[target] for part, target in extra["pairs"].items()}
    options = tuple(replace(one, id=names[one.id]) for one in content.options)
    flaws = tuple((names[one], breaks, family) for one, breaks, family in question.known.flaws if one in names)
    return replace(
        question,
        content=replace(content, options=options, extra=extra),
        known=replace(question.known, flaws=flaws),
    )


def plain_ids() -> Iterator[str]:
    """a, b, c … l: an option is never without one."""
    return iter("abcdefghijklmnopqrstuvwxyz")


def with_scenario_in_stem(question: Exchanged) -> Exchanged:
    """The shared text at the head of the stem, for formats that know none."""
    content = question.content
    if not content.scenario:
        return question
    stem = f"{content.scenario}\n\n{content.stem}"
    return replace(
        question, content=replace(content, stem=stem, scenario=""), known=replace(question.known, scenario="")
    )
