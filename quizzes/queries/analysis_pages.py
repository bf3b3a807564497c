"""What the pages of item analysis say: the questions with figures and flags, one question, and what may be seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from statistics import median
from typing import Any

from django.db.models import Count
from django.utils.html import strip_tags

from quizzes.engine.analysis import Flag, Item, Trust, flags_of, trust
from quizzes.models import Challenge, QuestionVersion
from quizzes.queries.answer_sheets import Text
from quizzes.queries.draws import held_questions

SORTS: Mapping[str, Callable[[Item], float | int | str | None]] = {
    "question": lambda item: item.code,
    "facility": lambda item: item.facility,
    "r": lambda item: item.r,
    "efficiency": lambda item: item.efficiency,
    "weight": lambda item: item.effective_weight,
    "time": lambda item: item.quartiles[1] if item.quartiles else None,
    "omitted": lambda item: item.omitted,
    "unreached": lambda item: item.not_reached,
}
"""By what the list of questions can be ordered; without one it stands as the quiz has it."""
STEM = 140
"""Characters of a stem in a list."""


@dataclass(frozen=True, slots=True)
class Line:
    """One text of a question in the list. ``withheld``: it stands in an exam that whoever looks has open."""

    item: Item
    text: Text
    stem: str
    flags: tuple[Flag, ...]
    withheld: bool

    @property
    def trust(self) -> Trust:
        """How far its figures carry."""
        return trust(self.item.n)

    @property
    def carries(self) -> bool:
        """Whether correlations are shown."""
        return self.trust is not Trust.NONE


def usual_seconds(items: Sequence[Item]) -> float | None:
    """The median of the questions’ median times."""
    times = [item.quartiles[1] for item in items if item.quartiles]
    return median(times) if times else None


def lines(
    items: Sequence[Item], texts: Sequence[Text], viewer_id: int, *, sort: str = "", older: bool = False
) -> list[Line]:
    """The questions, each by its newest text that was answered, or with the ``older`` ones; three queries."""
    pairs = [(item, text) for item, text in zip(items, texts, strict=True) if older or text.newest]
    stems = _stems([text.version for _item, text in pairs])
    questions = {text.question for _item, text in pairs}
    held = held_among(viewer_id, texts)
    objections = challenges_of(questions)
    usual = usual_seconds(items)
    found = [
        Line(
            item=item,
            text=text,
            stem=stems.get(text.version, ""),
            flags=()
            if text.question in held
            else tuple(
                one.flag for one in flags_of(item, usual_seconds=usual, challenges=objections.get(text.question, 0))
            ),
            withheld=text.question in held,
        )
        for item, text in pairs
    ]
    return _sorted(found, sort)


def _sorted(found: list[Line], sort: str) -> list[Line]:
    """What has no such figure, or one that is not shown, stands last either way."""
    name = sort.removeprefix("-")
    if name not in SORTS:
        return found
    by: dict[int, Any] = {}
    for place, line in enumerate(found):
        hidden = name in ("r", "efficiency", "weight") and not line.carries
        by[place] = None if hidden else SORTS[name](line.item)
    known = sorted((place for place in by if by[place] is not None), key=lambda one: by[one], reverse=sort[0] == "-")
    return [found[place] for place in (*known, *(place for place in by if by[place] is None))]


def _stems(versions: Sequence[int]) -> dict[int, str]:
    rows = QuestionVersion.objects.filter(pk__in=versions).values_list("pk", "shown__stem")
    return {pk: _short(" ".join(unescape(strip_tags(stem or "")).split())) for pk, stem in rows}


def _short(text: str) -> str:
    return text if len(text) <= STEM else f"{text[: STEM - 1].rstrip()}…"


def challenges_of(questions: set[int]) -> dict[int, int]:
    """Open objections of learners to each of these questions."""
    rows = Challenge.objects.filter(question_id__in=questions, state=Challenge.State.OPEN).order_by()
    return dict(rows.values_list("question_id").annotate(n=Count("pk")))


def held_among(viewer_id: int, texts: Sequence[Text]) -> set[int]:
    """Questions that stand in an exam which whoever looks has open: nothing may tell them the key."""
    questions = {text.question for text in texts}
    return set(held_questions(viewer_id).filter(question_id__in=questions).values_list("question_id", flat=True))


@dataclass(frozen=True, slots=True)
class OptionLine:
    """An option, or another class of answers, with its words (html)."""

    name: str
    letter: str
    html: str
    right: bool
    n: int
    share: float | None
    upper: float | None
    lower: float | None
    r: float | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One text of a question with its figures."""

    item: Item
    text: Text
    version: QuestionVersion
    options: tuple[OptionLine, ...]
    raised: tuple[Any, ...]

    @property
    def trust(self) -> Trust:
        """How far its figures carry."""
        return trust(self.item.n)

    @property
    def carries(self) -> bool:
        """Whether correlations are shown."""
        return self.trust is not Trust.NONE


def shown(items: Sequence[Item], texts: Sequence[Text], code: str) -> list[Shown]:
    """All texts of a question that were answered, the newest first; empty where none was."""
    own = [(item, text) for item, text in zip(items, texts, strict=True) if text.code == code]
    rows = QuestionVersion.objects.select_related("question").in_bulk([text.version for _item, text in own])
    objections = challenges_of({text.question for _item, text in own})
    usual = usual_seconds(items)
    return [
        Shown(
            item=item,
            text=text,
            version=rows[text.version],
            options=_options(item, rows[text.version]),
            raised=tuple(flags_of(item, usual_seconds=usual, challenges=objections.get(text.question, 0))),
        )
        for item, text in own
        if text.version in rows
    ]


LETTERS = "ABCDEFGHIJKL"


def _options(item: Item, version: QuestionVersion) -> tuple[OptionLine, ...]:
    words: Mapping[str, str] = version.shown.get("options", {})
    return tuple(
        OptionLine(
            name=one.name,
            letter=LETTERS[place] if one.name in words else "",
            html=words.get(one.name, one.name),
            right=one.right,
            n=one.n,
            share=one.share,
            upper=one.upper,
            lower=one.lower,
            r=one.r,
        )
        for place, one in enumerate(item.options)
    )
