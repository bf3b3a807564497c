"""Reading notes of our own type: as they were written, with what was edited in Anki since."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS
from quizzes.engine.losses import FALSE_MECHANISM
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.anki.data import Damaged, Kept, unpacked
from quizzes.formats.exchange.anki.layout import Unclear, right_of
from quizzes.formats.exchange.anki.notes import MOST_LETTERS, AnkiNote, Picture, Reading, plain, read_note, refused
from quizzes.formats.exchange.anki.own import (
    FIELDS,
    MOST_OPTIONS,
    NOTE_TYPE,
    OPTION,
    RATIONALE,
    SITE_TAGS,
    anki_tag,
    digest,
)
from quizzes.formats.exchange.model import Exchanged, ReadItem, Severity
from quizzes.formats.exchange.projection import plain_ids

MOST_DATA = 3_000_000
"""Letters of the field “Data” that are looked at."""


def read(note: AnkiNote, picture: Picture) -> ReadItem:
    """The question of any note: of ours from its data, of others by what their fields say."""
    if note.note_type.startswith(NOTE_TYPE) and not note.names:
        note = replace(note, names=FIELDS)
    fields = dict(zip(note.names, note.values, strict=False))
    if not {"Code", "Stem", "Data"} <= set(fields):
        return read_note(note, picture)
    if any(len(value) > MOST_LETTERS for name, value in fields.items() if name != "Data"):
        return read_note(note, picture)
    try:
        kept = unpacked(plain(fields["Data"][:MOST_DATA]))
    except Damaged:
        return _by_columns(note, picture)
    try:
        return _edited(kept, fields, note, picture)
    except Unclear as error:
        return refused(note, str(error))


def _by_columns(note: AnkiNote, picture: Picture) -> ReadItem:
    """One of ours whose data is gone, or a note that was made after our example."""
    left_out = {"Data", "Choices", "Answer", "Sources", "Choose"}
    kept = [number for number, name in enumerate(note.names) if name not in left_out]
    names = tuple(note.names[number] for number in kept)
    values = tuple(note.values[number] if number < len(note.values) else "" for number in kept)
    code = plain(values[names.index("Code")]) or note.guid
    return read_note(replace(note, names=names, values=values, guid=code), picture)


def _edited(kept: Kept, fields: Mapping[str, str], note: AnkiNote, picture: Picture) -> ReadItem:
    """The question with the edits of those fields that differ from what was written into them."""
    reading = Reading(picture, note.html)
    question = kept.question
    if note.html:
        changed = [name for name in FIELDS[:-1] if digest(fields.get(name, "")) != kept.digests.get(name, digest(""))]
        question = _Edits(kept, fields, reading).apply(changed)
    known = replace(question.known, tags=_tags(question.known, note.tags, reading))
    question = replace(question, known=known)
    if flaws := KINDS[question.content.kind].flaws(question.content):
        raise Unclear(f"After what was edited in Anki, {flaws[0]}.")
    return ReadItem(note.place, question, tuple(reading.notes))


@dataclass
class _Edits:
    """What was changed in the fields of one note, put into its question."""

    kept: Kept
    fields: Mapping[str, str]
    reading: Reading

    def apply(self, changed: list[str]) -> Exchanged:
        question = self.kept.question
        for name in changed:
            edit = self._edit_of(name, question.content)
            if edit is None:
                words = f"The field “{name}” was edited in Anki; this is not taken: change it on the site."
                self.reading.say("text", Severity.LOST, words)
                continue
            question = edit(question)
            words = f"The field “{name}” was edited in Anki; it is read as it stands there."
            self.reading.say("text", Severity.CHANGED, words)
        return _settled(question) if changed else question

    def _edit_of(self, name: str, content: Content) -> Callable[[Exchanged], Exchanged] | None:
        shape = KINDS[content.kind]
        if name == "Stem":
            return lambda one: _with(one, stem=self.reading.text(self.fields[name]))
        if name == "Scenario" and content.scenario:
            return lambda one: _with(one, scenario=self.reading.text(self.fields[name]))
        if name == "Title":
            return lambda one: replace(one, title=plain(self.fields[name])[:200])
        if name == "Key" and shape.has_options:
            return self._key
        if name == "Rationale" and "rationale" in shape.extras:
            return lambda one: _with_rationale(one, self.reading.text(self.fields[name]))
        return self._option(name, content)

    def _option(self, name: str, content: Content) -> Callable[[Exchanged], Exchanged] | None:
        numbers = range(1, MOST_OPTIONS + 1)
        shape = KINDS[content.kind]
        for number in numbers:
            if name == RATIONALE.format(number) and number <= len(self.kept.slots):
                text = self.reading.text(self.fields[name])
                return lambda one, number=number: self._replaced(one, number, rationale=text)  # type: ignore[misc]
            if name == OPTION.format(number) and not shape.preset and number <= len(self.kept.slots):
                text = self.reading.text(self.fields[name])
                return lambda one, number=number: self._replaced(one, number, text=text)  # type: ignore[misc]
            if name == OPTION.format(number) and shape.has_distractors:
                return lambda one, number=number: self._added(one, number)  # type: ignore[misc]
        return None

    def _replaced(self, question: Exchanged, number: int, **changes: Any) -> Exchanged:
        """With another text or rationale; without the option where its text is gone."""
        wanted = self.kept.slots[number - 1]
        options = tuple(replace(one, **changes) if one.id == wanted else one for one in question.content.options)
        return _with(question, options=tuple(one for one in options if one.text))

    def _added(self, question: Exchanged, number: int) -> Exchanged:
        """With an option that was written in Anki."""
        taken = question.content.option_ids
        free = next(one for one in plain_ids() if one not in taken)
        rationale = self.reading.text(self.fields.get(RATIONALE.format(number), ""))
        is_right = str(number) in plain(self.fields["Key"]).replace(",", " ").split()
        added = Option(free, self.reading.text(self.fields[OPTION.format(number)]), is_right, rationale)
        return _with(question, options=(*question.content.options, added))

    def _key(self, question: Exchanged) -> Exchanged:
        texts = [plain(self.fields.get(OPTION.format(number), "")) for number in range(1, MOST_OPTIONS + 1)]
        while texts and not texts[-1]:
            texts.pop()
        right = right_of(plain(self.fields["Key"]), texts).places
        ids = {self.kept.slots[place] for place in right if place < len(self.kept.slots)}
        old = set(self.kept.slots)
        options = tuple(
            replace(one, correct=one.id in ids) if one.id in old else one for one in question.content.options
        )
        return _with(question, options=options)


def _with(question: Exchanged, **changes: object) -> Exchanged:
    return replace(question, content=replace(question.content, **changes))  # type: ignore[arg-type]


def _with_rationale(question: Exchanged, text: str) -> Exchanged:
    extra = {name: value for name, value in question.content.extra.items() if name != "rationale"}
    return _with(question, extra=extra | ({"rationale": text} if text else {}))


def _settled(question: Exchanged) -> Exchanged:
    """What follows from an edit: the number to choose, the kind, requirements that no longer stand in the stem."""
    content = question.content
    if not content.stem:
        raise Unclear("The stem was emptied in Anki: write it again.")
    kind, shape = content.kind, KINDS[content.kind]
    if shape.has_distractors:
        kind = "multiple_choice" if len(content.keys) == 1 else "multiple_response"
    pairs = content.extra.get("pairs")
    extra = content.extra
    if pairs:
        extra = {**extra, "pairs": {one: target for one, target in pairs.items() if one in content.option_ids}}
    known = question.known
    constraints = tuple(one for one in known.constraints if content.stem.count(one[1]) == 1)
    names = {*(one for one, _ in constraints), FALSE_MECHANISM, ""}
    wrong = {one.id for one in content.options if not one.correct}
    flaws = tuple(one for one in known.flaws if one[0] in wrong and one[1] in names)
    return replace(
        question,
        content=replace(content, kind=kind, choose=shape.asked(content.options), extra=extra),
        known=replace(known, constraints=constraints, flaws=flaws),
    )


def _tags(known: Attributes, found: tuple[str, ...], reading: Reading) -> tuple[str, ...]:
    """The tags of the question as they were written, without those that were removed in Anki, and those added there."""
    there = {one.casefold() for one in found}
    ours = {anki_tag(one).casefold() for one in known.tags}
    left = tuple(one for one in known.tags if anki_tag(one).casefold() in there or not anki_tag(one))
    new = [one for one in found if one.casefold() not in ours and not one.startswith(SITE_TAGS)]
    new = [one[:40] for one in new if one.casefold() not in ("marked", "leech")]
    if new or left != known.tags:
        reading.say("tags", Severity.CHANGED, "Tags were changed in Anki; they are read as they stand there.")
    return tuple(dict.fromkeys((*left, *new)))[:20]
