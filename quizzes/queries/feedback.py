"""A question with its key: what the learner gave, why each option is right or wrong, and the sentence in the notes.

Only finished work comes here. What stands in an exam that the learner has open is withheld.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS, Shape
from quizzes.engine.marks import Reading, layered
from quizzes.models import Question, QuestionVersion, Reference, Repetition, Response
from quizzes.queries.draws import held_questions
from quizzes.queries.keys import marking_keys
from quizzes.queries.ledger import Met
from quizzes.queries.marks import reading_in_review
from reference.models import Anchor, Topic

LETTERS = "ABCDEFGHIJKL"


@dataclass(frozen=True, slots=True)
class ExplainedOption:
    """One option, or another part, with its key: ``broken`` is the text of the requirement that a wrong one breaks.

    ``given`` and ``expected`` are for parts that are given a place or typed.
    """

    letter: str
    html: str
    correct: bool
    chosen: bool
    rationale: str
    broken: str
    given: str = ""
    expected: str = ""


@dataclass(frozen=True, slots=True)
class CitedStatement:
    """The sentence of the notes that a question rests on."""

    topic_title: str
    topic_slug: str
    anchor: str
    html: str


@dataclass(frozen=True, slots=True)
class Explained:
    """One response, explained; or withheld, and then without anything of the key, or of whether it counted.

    ``reading`` is what its learner marked in the stem; the stem then shows it, with the requirements.
    """

    position: int
    withheld: bool
    control: str
    scenario: str
    stem: str
    options: tuple[ExplainedOption, ...]
    choose: int
    right: bool
    answered: bool
    scored: bool
    flagged: bool
    confidence: str
    seconds: int | None
    code: str
    statements: tuple[CitedStatement, ...]
    sources: tuple[dict[str, str], ...]
    verified_on: date | None
    corrected_at: datetime | None = None
    met_before: Met | None = None
    reading: Reading | None = None


def explain(
    responses: Sequence[Response],
    person_id: int,
    trace: dict[str, Any] | None = None,
    *,
    reasons: bool = True,
    marks: bool = False,
) -> list[Explained]:
    """The responses of one attempt with the keys by which they were marked, in the order given.

    They must have ``version`` and ``question`` loaded. Without ``reasons`` there are no rationales, and nothing that
    the question rests on. With ``marks``, for the learner alone, stems show what was marked beside the requirements.
    """
    keys = marking_keys(responses)
    questions = [row.question_id for row in responses]
    held = set(held_questions(person_id).filter(question_id__in=questions).values_list("question_id", flat=True))
    statements = cited_statements(questions) if reasons else {}
    explained = []
    for row in responses:
        if (key := keys.get(row.version_id)) is not None:
            # For this page alone: a correction has the same options.
            row.version.key = key.key
        cited = statements.get(row.question_id, ())
        one = _explained(row, row.question_id in held, cited, trace or {}, reasons=reasons)
        if marks and reasons and not one.withheld:
            one = _with_marks(one, row, (trace or {}).get(str(row.position)))
        explained.append(one if key is None or one.withheld else replace(one, corrected_at=key.created_at))
    return explained


def _with_marks(one: Explained, row: Response, entry: dict[str, Any] | None) -> Explained:
    reading = reading_in_review(row.question, row.version, entry)
    return one if reading is None else replace(one, stem=layered(one.stem, reading), reading=reading)


def explain_version(question: Question, version: QuestionVersion, viewer_id: int) -> Explained:
    """One version with its key, as its author wrote it: nobody has given anything.

    Withheld while the viewer sits an exam with the question: instructors are candidates, too.
    """
    row = Response(position=0, question=question, version=version, shown_order=version.option_ids)
    held = held_questions(viewer_id).filter(question_id=question.pk).exists()
    return _explained(row, held, cited_statements([question.pk]).get(question.pk, ()), {}, reasons=True)


def explain_recall(recall: Repetition, question: Question, key: QuestionVersion | None, *, withheld: bool) -> Explained:
    """One recall of a card as its page explains it; ``key`` is the version that has the key now, if it is another.

    A key that was corrected since then decides what is right here; the rating that was given stays.
    """
    row = Response(
        position=1,
        question=question,
        version=recall.version,
        shown_order=recall.shown_order,
        choice=recall.choice,
        fraction=recall.fraction,
        confidence=recall.confidence,
    )
    if key is not None:
        content = Content.from_body(key.body)
        row.fraction = KINDS[content.kind].grade(content, recall.choice, "all_or_nothing")
        row.version.key = key.key
    return _explained(row, withheld, cited_statements([question.pk]).get(question.pk, ()), {}, reasons=True)


def _explained(
    row: Response, withheld: bool, statements: tuple[CitedStatement, ...], trace: dict[str, Any], *, reasons: bool
) -> Explained:
    question, version = row.question, row.version
    entry = trace.get(str(row.position))
    return Explained(
        position=row.position,
        withheld=withheld,
        control=KINDS[version.kind].control,
        scenario=version.shown.get("scenario", ""),
        stem=version.shown["stem"],
        options=() if withheld else tuple(_options(row, reasons)),
        choose=version.choose,
        right=not withheld and row.fraction == 1,
        answered=bool(row.choice),
        scored=withheld or row.scored,
        flagged=row.flagged,
        confidence=row.confidence,
        seconds=round(entry["ms"] / 1000) if entry and "ms" in entry else None,
        code=question.code,
        statements=() if withheld else statements,
        sources=tuple(question.sources) if reasons and not withheld else (),
        verified_on=question.verified_on,
    )


def _options(row: Response, reasons: bool) -> list[ExplainedOption]:
    kind = KINDS[row.version.kind]
    shape = Shape(row.version.choose, tuple(row.shown_order))
    constraints = {one["id"]: one["text"] for one in row.question.constraints}
    flaws, rationales = row.question.flaws, row.version.key["rationales"]
    return [
        ExplainedOption(
            letter=LETTERS[position],
            html=part.html,
            correct=part.correct,
            chosen=part.chosen,
            rationale=rationales.get(part.part, "") if reasons else "",
            broken=constraints.get(flaws.get(part.part, {}).get("breaks", ""), "") if reasons else "",
            given=part.given,
            expected=part.expected,
        )
        for position, part in enumerate(kind.review(shape, row.choice, row.version.shown, row.version.key))
    ]


def cited_statements(questions: Sequence[int]) -> dict[int, tuple[CitedStatement, ...]]:
    """The statements that each question cites, by question id; one query whatever their number.

    What a retired question cites on a page that is gone as well is left out.
    """
    live = Reference.objects.filter(question_id__in=questions, topic__in=Topic.objects.live())
    text = Anchor.objects.filter(body_id=OuterRef("topic__body_id"), name=OuterRef("anchor")).values("html")[:1]
    cited = live.select_related("topic").annotate(html=Subquery(text)).order_by("question_id", "position")
    found: dict[int, tuple[CitedStatement, ...]] = {}
    for one in cited:
        statement = CitedStatement(
            topic_title=one.topic.title,
            topic_slug=one.topic.slug,
            anchor=one.anchor,
            html=one.html or "",
        )
        found[one.question_id] = (*found.get(one.question_id, ()), statement)
    return found
