"""The outline of the 2016 course: modules, lessons, the facts it stated and the topics it only named."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class OutlineError(ValueError):
    """A text that is no outline; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement of the course. `status` is current, changed, retired or unclear; `now` tells what holds today."""

    id: str
    said: str
    heading: str
    status: str
    now: str
    lesson: str


@dataclass(frozen=True, slots=True)
class ImpliedTopic:
    """A heading whose subject the course named without treating it."""

    heading: str
    why: str
    must_cover: str
    status: str
    now: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """One of the course's lessons. `position` counts from 1 through the whole course."""

    slug: str
    title: str
    module_slug: str
    module_title: str
    position: int
    prefix: str
    headings: tuple[str, ...]
    facts: tuple[Fact, ...]
    implied: tuple[ImpliedTopic, ...]


@dataclass(frozen=True, slots=True)
class Module:
    """A chapter of the course. `position` counts from 1."""

    slug: str
    title: str
    position: int
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class System:
    """A service or term the course mentions, under its name then and now."""

    slug: str
    name: str
    kind: str
    present_name: str
    status_today: str
    lessons: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Outline:
    """The course as a whole."""

    title: str
    modules: tuple[Module, ...]
    systems: tuple[System, ...]

    @cached_property
    def lessons(self) -> tuple[Lesson, ...]:
        """All lessons, in the order of the course."""
        return tuple(lesson for module in self.modules for lesson in module.lessons)

    @cached_property
    def lesson(self) -> Mapping[str, Lesson]:
        """Lessons by slug."""
        return {lesson.slug: lesson for lesson in self.lessons}

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """Facts by id, in the order of the course."""
        return {fact.id: fact for lesson in self.lessons for fact in lesson.facts}


def parse_outline(text: str) -> Outline:
    """Read the text of an outline. Raises OutlineError where the structure differs from what is known."""
    try:
        data = yaml.load(text, Loader=_Loader)  # a safe loader, whichever of the two
        modules: list[Module] = []
        for item in data["modules"]:
            modules.append(_module(item, len(modules) + 1, sum(len(module.lessons) for module in modules)))
        outline = Outline(data["course"]["title"], tuple(modules), tuple(map(_system, data["systems"])))
    except yaml.YAMLError as error:
        raise OutlineError(f"the outline is no YAML: {error}") from error
    except (KeyError, TypeError) as error:
        raise OutlineError(f"the outline lacks {error}") from error
    if len(outline.lesson) != len(outline.lessons):
        raise OutlineError("two lessons have the same slug")
    if len(outline.facts) != sum(len(lesson.facts) for lesson in outline.lessons):
        raise OutlineError("two facts have the same id")
    return outline


def read_outline(path: Path) -> Outline:
    """Read an outline from a file. Raises OutlineError, or OSError if there is no such file."""
    return parse_outline(path.read_text(encoding="utf-8"))


def _module(data: Mapping[str, Any], position: int, before: int) -> Module:
    lessons = (_lesson(item, data, before + number) for number, item in enumerate(data["lessons"], 1))
    return Module(data["slug"], data["title"], position, tuple(lessons))


def _lesson(data: Mapping[str, Any], module: Mapping[str, Any], position: int) -> Lesson:
    return Lesson(
        slug=data["slug"],
        title=data["title"],
        module_slug=module["slug"],
        module_title=module["title"],
        position=position,
        prefix=data["id_prefix"],
        headings=tuple(data["headings"]),
        facts=tuple(
            Fact(item["id"], item["said"], item["heading"], item["status"], item.get("now", ""), data["slug"])
            for item in data["facts"]
        ),
        implied=tuple(
            ImpliedTopic(item["heading"], item["why"], item["must_cover"], item["status"], item.get("now", ""))
            for item in data["topics_implied"]
        ),
    )


def _system(data: Mapping[str, Any]) -> System:
    return System(
        slug=data["slug"],
        name=data["name"],
        kind=data["kind"],
        present_name=data["present_name"],
        status_today=data["status_today"],
        lessons=tuple(data["lessons"]),
        note=data.get("note", ""),
    )
