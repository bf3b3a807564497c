"""What the figures of a quiz warn authors of, kept up to date; each keeps the date of its first time."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from html import unescape
from statistics import median
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.html import strip_tags
from django.utils.text import Truncator

from quizzes.engine.analysis import Flag, Item, flags_of
from quizzes.engine.analysis.flags import Raised
from quizzes.engine.kinds import KINDS
from quizzes.models import Attempt, Question, QuestionFlag, QuestionVersion, Quiz, Report
from quizzes.queries.answer_sheets import Text
from quizzes.queries.finished_attempts import Wanted, standing
from quizzes.queries.keys import families
from quizzes.queries.quiz_figures import last_result, open_challenges, state_of
from quizzes.queries.rights import own_quizzes
from quizzes.services.analysis import SMALL, found_for

SCOPE = "flags"
EVERY = timedelta(minutes=15)
"""How long nobody looks again."""
WORDS = 8
"""How much of an option’s text the evidence quotes."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many flags of a quiz are new, how many still stand, and how many went."""

    raised: int
    standing: int
    gone: int


def figures_of(quiz: Quiz, *, now: datetime) -> list[tuple[Text, Item]] | None:
    """The figures over all learners of the quiz, text by text. None where somebody else computes them at the moment."""
    found = found_for(quiz, Wanted(), now)
    return None if found is None else list(zip(found.texts, found.analysis.items, strict=True))


def refresh_flags(quiz: Quiz, *, now: datetime) -> Refreshed:
    """Bring the flags of a quiz up to its figures. Doing it again changes nothing.

    Of two that run at once, whoever has read older results writes nothing.
    """
    read = last_result(quiz)
    figures = figures_of(quiz, now=now)
    if figures is None:
        return Refreshed(0, quiz.warnings.count(), 0)
    questions = sorted({text.question for text, _ in figures})
    state = state_of(quiz, questions)
    wanted = _wanted(figures)
    with transaction.atomic():
        Quiz.objects.select_for_update(no_key=True).get(pk=quiz.pk)
        report = Report.objects.filter(quiz=quiz, scope=SCOPE).first()
        if report is not None and report.figures.get("last_result", 0) > read:
            return Refreshed(0, quiz.warnings.count(), 0)
        done = _write(quiz, wanted, now)
        said: dict[str, Any] = {"figures": {"last_result": read, "questions": questions}, "mark": state}
        said |= {"state": Report.State.DONE, "beat_at": now, "finished_at": now}
        Report.objects.update_or_create(
            quiz=quiz, scope=SCOPE, defaults=said, create_defaults={**said, "created_at": now}
        )
    return done


def refresh_if_changed(quiz: Quiz, *, now: datetime) -> Refreshed | None:
    """The same, where anything has changed since the last time; else None."""
    report = Report.objects.filter(quiz=quiz, scope=SCOPE, state=Report.State.DONE).first()
    if report is not None and report.mark == state_of(quiz, report.figures["questions"]):
        Report.objects.filter(pk=report.pk).update(beat_at=now)
        return None
    return refresh_flags(quiz, now=now)


def claim_due(person_id: int, *, now: datetime) -> list[int]:
    """The quizzes of a person that nobody has looked at for EVERY, which the caller looks at now. Two statements.

    Nothing of their answers is read here. Of two that ask at once, both may get a quiz: that does no harm.
    """
    recent = Report.objects.filter(quiz=OuterRef("pk"), scope=SCOPE, beat_at__gt=now - EVERY)
    sat = own_quizzes(person_id).filter(~Exists(recent), Exists(Attempt.objects.filter(quiz=OuterRef("pk"))))
    due = list(sat.order_by().values_list("pk", flat=True))
    Report.objects.bulk_create(
        [Report(quiz_id=pk, scope=SCOPE, created_at=now, beat_at=now) for pk in due],
        update_conflicts=True,
        unique_fields=["quiz", "scope"],
        update_fields=["beat_at"],
    )
    return due


def is_small(quiz: Quiz) -> bool:
    """Whether a request may wait for the figures."""
    return standing(quiz, Wanted()).responses <= SMALL


Key = tuple[int, str]
"""A question, and what is flagged."""


def _wanted(figures: Sequence[tuple[Text, Item]]) -> dict[Key, tuple[int, dict[str, Any]]]:
    """What is to be told of the texts that are asked now: the version that it is told of, and the evidence."""
    asked = _as_asked(figures)
    challenges = open_challenges({version.question_id for version, _ in asked})
    times = [item.quartiles[1] for _, item in asked if item.quartiles]
    usual = median(times) if times else None
    found = {}
    for version, item in asked:
        for one in flags_of(item, usual_seconds=usual, challenges=challenges.get(version.question_id, 0)):
            if one.flag != Flag.DEAD_DISTRACTOR or KINDS[version.kind].has_distractors:
                found[version.question_id, one.flag.value] = version.pk, _evidence(one, item, version)
    return found


def _as_asked(figures: Sequence[tuple[Text, Item]]) -> list[tuple[QuestionVersion, Item]]:
    """The figures of the texts that count and are asked now, with the present version of each."""
    counted = [(text, item) for text, item in figures if text.counted]
    root = families({text.question for text, _ in counted})
    questions = Question.objects.filter(pk__in={text.question for text, _ in counted}).select_related("current")
    current = {one.pk: one.current for one in questions if one.current is not None}
    return [
        (now_asked, item)
        for text, item in counted
        if (now_asked := current.get(text.question)) is not None
        and root.get(text.version, text.version) == root.get(now_asked.pk, now_asked.pk)
    ]


def _evidence(raised: Raised, item: Item, version: QuestionVersion) -> dict[str, Any]:
    """Options by id and the beginning of their text, figures, and n. Nothing that one learner gave."""
    about = [one for one in item.options if one.name in raised.options]
    keys = [one for one in item.options if one.right] if raised.flag == Flag.WRONG_KEY else []
    return {
        "n": item.n,
        "options": [asdict(one) | {"text": _text(version, one.name)} for one in about],
        "keys": [asdict(one) | {"text": _text(version, one.name)} for one in keys],
        "figures": dict(raised.figures),
    }


def _text(version: QuestionVersion, option: str) -> str:
    html = version.shown.get("options", {}).get(option, "")
    return Truncator(" ".join(unescape(strip_tags(html)).split())).words(WORDS)


def _write(quiz: Quiz, wanted: Mapping[Key, tuple[int, dict[str, Any]]], now: datetime) -> Refreshed:
    standing = {(one.question_id, one.flag): one for one in quiz.warnings.all()}
    # What was published meanwhile asks something else, and these figures are not about it.
    asked = dict(Question.objects.filter(pk__in={key[0] for key in wanted}).values_list("pk", "current_id"))
    wanted = {key: value for key, value in wanted.items() if asked[key[0]] == value[0]}
    gone = [one.pk for key, one in standing.items() if key not in wanted]
    QuestionFlag.objects.filter(pk__in=gone).delete()
    QuestionFlag.objects.bulk_create(
        [
            QuestionFlag(quiz=quiz, question_id=key[0], flag=key[1], version_id=pk, evidence=evidence, raised_at=now)
            for key, (pk, evidence) in wanted.items()
            if key not in standing
        ]
    )
    kept = [one for key, one in standing.items() if key in wanted]
    for one in kept:
        one.version_id, one.evidence = wanted[one.question_id, one.flag]
    QuestionFlag.objects.bulk_update(kept, ["version", "evidence"], batch_size=100)
    return Refreshed(len(wanted) - len(kept), len(kept), len(gone))
