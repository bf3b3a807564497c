"""What a note of somebody else means: a question with options, a typed answer, or nothing that can be asked here."""

import html as entities
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS
from quizzes.engine.kinds.true_false import FALSE, TRUE
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.anki.layout import Columns, Unclear, by_name, by_place, right_of
from quizzes.formats.exchange.html import escaped, to_markdown
from quizzes.formats.exchange.model import Exchanged, Note, ReadItem, Severity
from quizzes.formats.exchange.projection import plain_ids

SHORT = 100
"""Letters of a back that somebody could type."""
GAP = "`____`"
RAW = 500
MOST_LETTERS = 200_000
"""Of one field."""
_OPENING = re.compile(r"\{\{c\d{1,3}::")
# Each piece ends at the next opening, so that a text of nothing but openings is gone through once.
_CLOZE = re.compile(r"\{\{c(\d{1,3})::((?:(?!\{\{c\d|\}\}).)*)\}\}", re.S)
_SOUND = re.compile(r"\[sound:[^\[\]\n]{0,300}\]|\[anki:play:[^\[\]\n]{0,40}\]")
_FORMULA = re.compile(r"\\\(|\\\[|\[latex\]|\[\$\$?\]|<anki-mathjax", re.I)
_TAG = re.compile(r"<[^<>]*>")
_DEFAULT_DECKS = ("default", "standard", "por defecto", "par défaut", "défaut")


@dataclass(frozen=True, slots=True)
class AnkiNote:
    """One note: its fields as HTML, their names where these are known."""

    place: str
    values: tuple[str, ...]
    names: tuple[str, ...] = ()
    note_type: str = ""
    deck: str = ""
    tags: tuple[str, ...] = ()
    guid: str = ""
    html: bool = True


Picture = Callable[[str], str | None]
"""The name that texts use for the picture in a file; None where there is none."""


@dataclass
class Reading:
    """The texts of one note as Markdown, and the account of it."""

    picture: Picture
    html: bool = True
    notes: list[Note] = field(default_factory=list)

    def say(self, aspect: str, severity: Severity, words: str) -> None:
        """A line of the account, once."""
        note = Note(aspect, severity, words)
        if note not in self.notes:
            self.notes.append(note)

    def text(self, value: str) -> str:
        """The Markdown of a field."""
        value = value.replace("\0", "")
        if _SOUND.search(value):
            self.say("pictures", Severity.LOST, "Sounds are left out: this site has none.")
            value = _SOUND.sub("", value)
        if _FORMULA.search(value):
            self.say("text", Severity.CHANGED, "Formulas stand as their source: this site draws none.")
        if not self.html:
            value = escaped(value).replace("\n", "<br>")
        found = to_markdown(value, self.picture)
        for one in sorted(found.lost):
            if one == "picture":
                self.say("pictures", Severity.LOST, "A picture is left out: it is not in the file.")
            else:
                self.say("text", Severity.LOST, f"Left out of the text: {one}.")
        return found.text.strip()


def read_note(note: AnkiNote, picture: Picture) -> ReadItem:
    """The question that a note is, or why it is none."""
    reading = Reading(picture, note.html)
    try:
        content, title = _content(note, reading)
        if flaws := KINDS[content.kind].flaws(content):
            raise Unclear(f"{flaws[0][:1].upper()}{flaws[0][1:]}.")
    except Unclear as error:
        return refused(note, str(error))
    known = Attributes(tags=_tags(note, reading))
    question = Exchanged(code=note.guid[:200], content=content, title=title[:200], known=known)
    return ReadItem(note.place, question, tuple(reading.notes))


def refused(note: AnkiNote, problem: str) -> ReadItem:
    """A note that is no question here."""
    raw = " | ".join(one for one in note.values if one.strip())[:RAW]
    return ReadItem(note.place, None, problem=problem, raw=raw.replace("\0", ""))


def plain(value: str) -> str:
    """A field as one line of plain text."""
    text = entities.unescape(_TAG.sub(" ", value.replace("&nbsp;", " ")))
    return " ".join(text.replace("\0", "").split())


def _content(note: AnkiNote, reading: Reading) -> tuple[Content, str]:
    if any(len(one) > MOST_LETTERS for one in note.values):
        raise Unclear(f"A field has more than {MOST_LETTERS:,} letters: shorten it.")
    if not any(plain(one) or "<img" in one for one in note.values):
        raise Unclear("All fields are empty: remove the note, or write a question into it.")
    if any(_CLOZE.search(one) for one in note.values):
        return _cloze(note, reading), ""
    values = [plain(one) for one in note.values]
    columns = by_name(note.names, values) if note.names else None
    columns = columns or (by_place(values) if not note.names or len(values) > 3 else None)
    if columns:
        return _choice(columns, note, reading)
    return _card(note, reading), ""


def _choice(columns: Columns, note: AnkiNote, reading: Reading) -> tuple[Content, str]:
    """A question with options in columns."""
    values = note.values
    filled = [place for place in columns.options if reading.text(values[place])]
    texts = [plain(values[place]) for place in columns.options]
    right = right_of(plain(values[columns.key]), texts, binary=columns.binary)
    if columns.guessed:
        words = "The columns have no names: the first is taken for the stem, then options, the key, the rationale."
        reading.say("kind", Severity.ASSUMED, words)
    if any(columns.options[one] not in filled for one in right.places):
        raise Unclear("The key names an option that is empty: write the option, or mend the key.")
    keys = {columns.options[one] for one in right.places}
    if right.assumed:
        reading.say("choose", Severity.ASSUMED, right.assumed)
    if columns.ordered:
        filled = [columns.options[one] for one in right.places]
    options = tuple(
        Option(one, reading.text(values[place]), place in keys, _why(columns, place, values, reading))
        for one, place in zip(plain_ids(), filled, strict=False)
    )
    stem = "\n\n".join(text for place in columns.stem if (text := reading.text(values[place])))
    options = _with_general(options, columns, values, reading)
    kind = "ordering" if columns.ordered else "multiple_choice" if len(keys) == 1 else "multiple_response"
    if kind == "multiple_response":
        words = f"The key has {len(keys)} options, so that {len(keys)} are to be chosen, all or nothing."
        reading.say("scoring", Severity.ASSUMED, words)
    order = "fixed" if columns.fixed and not columns.ordered else "shuffle"
    title = plain(values[columns.title]) if columns.title is not None else ""
    return Content(kind, _stem(stem), max(1, len(keys)), order, options), title


def _why(columns: Columns, place: int, values: Sequence[str], reading: Reading) -> str:
    own = columns.rationales.get(place)
    return reading.text(values[own]) if own is not None else ""


def _with_general(
    options: tuple[Option, ...], columns: Columns, values: Sequence[str], reading: Reading
) -> tuple[Option, ...]:
    """The explanation of the whole, with the first right option."""
    general = "\n\n".join(text for place in columns.explanations if (text := reading.text(values[place])))
    first = next((one for one in options if one.correct), None)
    if not general or first is None:
        return options
    words = "The explanation of the whole question stands with its key."
    reading.say("rationales", Severity.CHANGED, words)
    why = f"{first.rationale}\n\n{general}" if first.rationale else general
    return tuple(Option(one.id, one.text, one.correct, why) if one is first else one for one in options)


def _cloze(note: AnkiNote, reading: Reading) -> Content:
    """A text with one deletion: what was deleted is typed."""
    place = next(number for number, one in enumerate(note.values) if _CLOZE.search(one))
    found = list(_CLOZE.finditer(note.values[place]))
    openings = sum(len(_OPENING.findall(one)) for one in note.values)
    if openings != 1:
        words = "there is one answer to type here. Make a note of each, or a question with options"
        raise Unclear(f"This note has {openings} deletions; {words}.")
    answer, _, hint = found[0][2].partition("::")
    typed = plain(answer) if note.html else " ".join(answer.split())
    if not typed or len(typed) > SHORT or "<img" in answer:
        raise Unclear("What is deleted here cannot be typed: make it a short text, or a question with options.")
    before, after = (reading.text(one) for one in _around(note.values[place], found[0]))
    stem = _joined(before, f"{GAP} ({reading.text(hint)})" if plain(hint) else GAP, after)
    words = "The deletion is a gap in the stem, and what was deleted is the answer to type."
    reading.say("kind", Severity.CHANGED, words)
    rest = [reading.text(one) for number, one in enumerate(note.values) if number != place]
    return _typed(stem, typed, "\n\n".join(one for one in rest if one))


def _around(value: str, match: re.Match[str]) -> tuple[str, str]:
    return value[: match.start()], value[match.end() :]


def _joined(before: str, gap: str, after: str) -> str:
    middle = f"{before} {gap}" if before else gap
    return f"{middle}{'' if after[:1] in '.,;:!?)' else ' '}{after}".strip()


def _card(note: AnkiNote, reading: Reading) -> Content:
    """A front and a back."""
    filled = [place for place, one in enumerate(note.values) if plain(one) or "<img" in one]
    if len(filled) < 2 or filled[0] != 0:
        raise Unclear("There is a front and no back: write the answer, or options and a key.")
    back = note.values[filled[1]]
    stem, answer = reading.text(note.values[0]), plain(back) if note.html else " ".join(back.split())
    why = "\n\n".join(reading.text(note.values[place]) for place in filled[2:])
    if answer.casefold() in (TRUE, FALSE):
        reading.say("kind", Severity.ASSUMED, "The back is “true” or “false”, so that this is true or false.")
        return _true_or_false(stem, answer.casefold() == TRUE, why)
    if "<img" in back or len(answer) > SHORT or len(_lines(back, note.html)) > 1:
        words = "The back of this card is no answer of one line that somebody could type"
        raise Unclear(f"{words}: shorten it, or make it a question with options and a key.")
    reading.say("kind", Severity.ASSUMED, "The back of the card is taken for an answer to type.")
    return _typed(stem, answer, why)


def _lines(back: str, html: bool) -> list[str]:
    parts = re.split(r"<br[^<>]*>|</(?:div|p|li|tr)>|\n" if html else r"\n", back)
    return [one for one in parts if plain(one)]


def _typed(stem: str, answer: str, why: str) -> Content:
    extra: dict[str, object] = {"accepted": [answer]}
    if why:
        extra["rationale"] = why
    return Content("short_text", _stem(stem), 1, "fixed", (), extra)


def _true_or_false(stem: str, is_true: bool, why: str) -> Content:
    options = (
        Option(TRUE, "True", is_true, why if is_true else ""),
        Option(FALSE, "False", not is_true, "" if is_true else why),
    )
    return Content("true_false", _stem(stem), 1, "fixed", options)


def _stem(stem: str) -> str:
    if not stem:
        raise Unclear("The question is empty: write it.")
    return stem


def _tags(note: AnkiNote, reading: Reading) -> tuple[str, ...]:
    """Its tags, then the parts of its deck’s name."""
    decks = [one.strip() for one in re.split(r"::|\x1f", note.deck)]
    decks = [one for one in decks if one and one.casefold() not in _DEFAULT_DECKS]
    if decks:
        reading.say("tags", Severity.CHANGED, "The names of the deck and of those around it are tags.")
    found = [one.replace("\0", "")[:40] for one in (*note.tags, *decks)]
    found = list(dict.fromkeys(one for one in found if one and one.casefold() not in ("marked", "leech")))
    if len(found) > 20:
        reading.say("tags", Severity.LOST, f"Of {len(found)} tags 20 are taken.")
    return tuple(found[:20])
