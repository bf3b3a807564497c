"""Questions as they travel: for exports, and the account of what a format cannot say."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from django.db.models import Prefetch, Q, QuerySet
from django.utils.text import Truncator

from quizzes.engine.content import Content
from quizzes.engine.writing.text import plain
from quizzes.formats.drafts import Attributes, read_draft
from quizzes.formats.exchange.model import ASPECTS, Exchanged, Format, Note, Pictures, Severity
from quizzes.models import Draft, Image, Question, Reference
from quizzes.queries.draws import held_questions
from quizzes.queries.rights import own_scenarios, readable_questions

CHUNK = 100


@dataclass(frozen=True, slots=True)
class AspectCount:
    """In how many questions something of this aspect was lost, changed or assumed: each counts once, by the worst.

    ``aspect`` is its name in ASPECTS, ``label`` what it is called on pages.
    """

    aspect: str
    label: str
    lost: int
    changed: int
    assumed: int

    @property
    def questions(self) -> int:
        """All of them."""
        return self.lost + self.changed + self.assumed


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One question of an export: whether it is written, and what is said of it."""

    code: str
    title: str
    written: bool
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class ExportAccount:
    """What a format makes of some questions. ``lines``: those of which something is to be said, and no others;
    ``common``: what is said of every one of them."""

    format: str
    total: int
    written: int
    aspects: tuple[AspectCount, ...]
    lines: tuple[ExportLine, ...]
    common: tuple[Mapping[str, str], ...] = ()

    @property
    def left_out(self) -> int:
        """Questions that the format cannot say at all."""
        return self.total - self.written


def exportable_questions(person_id: int) -> QuerySet[Question]:
    """The questions that this person may take out: what the list of the bank shows them, and nothing of the course
    that an exam holds that they have open."""
    is_held = Q(origin=Question.Origin.COURSE, pk__in=held_questions(person_id))
    found: QuerySet[Question] = readable_questions(person_id).exclude(is_held)
    return found


def exchanged_questions(question_ids: Iterable[int], person_id: int) -> Iterator[Exchanged]:
    """These questions in this order, from their drafts where those are complete, else from what is published.

    Left out is what this person may not take out, and what was never complete. A constant number of statements for
    each hundred.
    """
    ids, allowed = iter(question_ids), exportable_questions(person_id)
    texts = dict(own_scenarios(person_id).values_list("code", "text"))
    while piece := list(islice(ids, CHUNK)):
        rows = allowed.filter(pk__in=piece).select_related("current", "draft", "topic")
        rows = rows.prefetch_related("topics", Prefetch("references", Reference.objects.select_related("topic")))
        by_id = {one.pk: one for one in rows}
        found = (_exchanged(by_id[pk], texts) for pk in piece if pk in by_id)
        yield from (one for one in found if one is not None)


def _exchanged(row: Question, texts: Mapping[str, str]) -> Exchanged | None:
    draft: Draft | None = getattr(row, "draft", None)
    if draft is not None:
        read = read_draft(draft.data, texts)
        if not read.mistakes:
            return _with_row(row, read.content, read.attributes)
    if row.current is None:
        return None
    return _with_row(row, Content.from_body(row.current.body), _known(row))


def _with_row(row: Question, content: Content, known: Attributes) -> Exchanged:
    return Exchanged(
        code=row.code,
        content=content,
        known=known,
        status=row.status,
        flags=tuple(row.flags),
        reviewed=tuple((name, str(value)) for name, value in row.reviewed.items()),
        licence=row.licence,
    )


def _known(row: Question) -> Attributes:
    """What the row says of what is published."""
    home = [row.topic.slug] if row.topic else []
    slugs = [*home, *(one.slug for one in sorted(row.topics.all(), key=lambda one: one.slug) if one.slug not in home)]
    return Attributes(
        task=row.task,
        domain=row.domain,
        level=row.level,
        difficulty=row.difficulty,
        topics=tuple(slugs),
        references=tuple((one.topic.slug, one.anchor) for one in row.references.all()),
        sources=tuple((one["title"], one["url"]) for one in row.sources),
        verified_on=row.verified_on,
        constraints=tuple((one["id"], one["text"]) for one in row.constraints),
        flaws=tuple((option, one.get("breaks") or "", one.get("family") or "") for option, one in row.flaws.items()),
        tags=tuple(row.tags),
        enemies=tuple(row.enemies),
        contrast=tuple(row.contrast),
        scenario=row.scenario,
    )


def pictures_of(person_id: int, folder: Path) -> Pictures:
    """The bytes of a picture by its code, for questions that this person may take out; None for all others."""
    allowed = exportable_questions(person_id)

    def read(code: str) -> bytes | None:
        if not Image.objects.filter(code=code, question__in=allowed).exists():
            return None
        try:
            return (folder / code).read_bytes()
        except FileNotFoundError:
            return None

    return read


def account_of_export(form: Format, questions: Iterable[Exchanged]) -> ExportAccount:
    """What this format carries of these questions, and what it does not. Pure."""
    total, written, lines = 0, 0, []
    for one in questions:
        projected, notes = form.project(one)
        total, written = total + 1, written + (projected is not None)
        if notes or projected is None:
            title = one.title or Truncator(plain(one.content.stem[:2000])).chars(100)
            lines.append(ExportLine(one.code, title, projected is not None, tuple(notes)))
    shared = Shared()
    aspects = aspect_counts(shared.through([asdict(note) for note in line.notes] for line in lines))
    return ExportAccount(form.name, total, written, aspects, tuple(lines), shared.of(total))


class Shared:
    """What is said in the same words of every question, so that it need be said once."""

    def __init__(self) -> None:
        self._seen = 0
        self._left: dict[tuple[str, str], Mapping[str, str]] = {}

    def through(self, notes: Iterable[Iterable[Mapping[str, str]]]) -> Iterator[list[Mapping[str, str]]]:
        """The notes of each question, looked at on their way."""
        for each in notes:
            kept = list(each)
            said = {(note["severity"], note["words"]): note for note in kept}
            self._left = {key: note for key, note in self._left.items() if key in said} if self._seen else said
            self._seen += 1
            yield kept

    def of(self, total: int) -> tuple[Mapping[str, str], ...]:
        """Those said of all of so many questions; none where there are fewer than two."""
        return tuple(self._left.values()) if self._seen == total > 1 else ()


def aspect_counts(notes: Iterable[Iterable[Mapping[str, str]]]) -> tuple[AspectCount, ...]:
    """In how many questions each aspect was lost, changed or assumed. ``notes``: those of each question, as kept."""
    counts: Counter[tuple[str, str]] = Counter()
    for each in notes:
        worst: dict[str, str] = {}
        for note in each:
            said = worst.get(note["aspect"], note["severity"])
            worst[note["aspect"]] = min(said, note["severity"], key=lambda one: _ORDER.index(Severity(one)))
        counts.update(worst.items())
    found = (
        AspectCount(
            name, label, *(counts[name, one.value] for one in (Severity.LOST, Severity.CHANGED, Severity.ASSUMED))
        )
        for name, label in ASPECTS.items()
    )
    return tuple(one for one in found if one.questions)


_ORDER = [Severity.LOST, Severity.CHANGED, Severity.ASSUMED]
