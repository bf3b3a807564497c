"""One question of a Moodle file as a question here, with the account of what became of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from xml.etree.ElementTree import Element, tostring

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.model import Exchanged, ReadItem, Severity
from quizzes.formats.exchange.moodle.answers import NotTaken, Question, joined
from quizzes.formats.exchange.moodle.choices import all_or_nothing, limited, multichoice, true_false
from quizzes.formats.exchange.moodle.files import embedded
from quizzes.formats.exchange.moodle.names import code_of, title_of
from quizzes.formats.exchange.moodle.numbers import number_text
from quizzes.formats.exchange.moodle.parts import matching, ordering
from quizzes.formats.exchange.moodle.tags import of_question, tidy
from quizzes.formats.exchange.moodle.texts import Texts, line_in, words_in
from quizzes.formats.exchange.moodle.tree import child, children
from quizzes.formats.exchange.moodle.typed import numerical, short_answer

Read = Callable[[Question], Content]
READERS: Mapping[str, Read] = MappingProxyType(
    {
        "multichoice": multichoice,
        "multichoiceset": all_or_nothing,
        "oumultiresponse": limited,
        "truefalse": true_false,
        "shortanswer": short_answer,
        "numerical": numerical,
        "matching": matching,
        "match": matching,
        "ordering": ordering,
    }
)
OTHERS: Mapping[str, str] = MappingProxyType(
    {
        "essay": "an essay, which a person has to mark",
        "cloze": "a text with gaps",
        "multianswer": "a text with gaps",
        "gapselect": "a text with gaps to choose words for",
        "gapfill": "a text with gaps",
        "ddwtos": "a text to drag words into",
        "ddimageortext": "a picture to drag things onto",
        "ddmarker": "a picture to put markers on",
        "calculated": "a question with numbers that change",
        "calculatedsimple": "a question with numbers that change",
        "calculatedmulti": "a question with numbers that change",
        "random": "a draw from a category",
        "randomsamatch": "a matching question made up at random",
        "coderunner": "a program to write",
        "stack": "a formula to enter",
    }
)
LONGEST_RAW = 2000
_DEFAULTS = (
    "Your answer is correct.",
    "Your answer is partially correct.",
    "Your answer is incorrect.",
)
"""What Moodle itself puts into every question."""


def read_question(element: Element, position: int, tags: tuple[str, ...]) -> ReadItem:
    """The question at this position of a file; ``tags`` are those of its category."""
    name = words_in(child(element, "name"), 60)
    place = f"question {position} (“{name}”)" if name else f"question {position}"
    format = (child(element, "questiontext") or element).get("format", "html")
    try:
        reader = _reader_of(element)
        question = Question(element, Texts(embedded(element), format.strip()))
        found = _read(question, reader, tags)
    except NotTaken as error:
        words = str(error)
        return ReadItem(place, None, problem=f"{words[:1].upper()}{words[1:]}.", raw=_beginning(element))
    question.notes += question.texts.notes()
    return ReadItem(place, found, tuple(question.notes))


def _reader_of(element: Element) -> Read:
    kind = element.get("type", "")
    if kind not in READERS:
        raise NotTaken(_why_not(kind))
    return READERS[kind]


def _read(question: Question, reader: Read, tags: tuple[str, ...]) -> Exchanged:
    content = _with_general_feedback(question, reader(question))
    if not content.stem:
        raise NotTaken("it has no text: write the question")
    if any(not one.text for one in content.options):
        raise NotTaken("an option has no text: write it, or remove the option")
    if flaws := KINDS[content.kind].flaws(content):
        raise NotTaken("; ".join(flaws))
    _say_what_else_is_lost(question)
    code = code_of(line_in(child(question.element, "idnumber")))
    title = title_of(line_in(child(question.element, "name")), code, content.stem)
    known = Attributes(tags=tidy([*tags, *of_question(question.element)]))
    return Exchanged(code, content, title, known)


def _why_not(kind: str) -> str:
    if not kind:
        return "it does not say which type it is of: export it again"
    if kind == "description":
        return (
            "it is a description and asks nothing; Moodle does not say which questions it belongs to: put its text "
            "into the text that these share"
        )
    what = OTHERS.get(kind, "of a type that is not known here")
    return f"it is {what} (type “{kind[:40]}”), and is not taken: write it anew as one of the kinds of this site"


def _with_general_feedback(question: Question, content: Content) -> Content:
    """What is said to everybody is the rationale of the key, or stands below it."""
    general = question.texts.of(child(question.element, "generalfeedback"))
    if not general:
        return content
    if KINDS[content.kind].control == "typed":
        rationale = joined([str(content.extra.get("rationale", "")), general])
        return replace(content, extra={**content.extra, "rationale": rationale})
    key = next((one for one in content.options if one.correct), None)
    if key is None:
        return content
    words = (
        "The general feedback stands with the rationale of the key."
        if not KINDS[content.kind].whole
        else ("The general feedback stands as the rationale of the first part.")
    )
    question.say("rationales", Severity.CHANGED, words)
    options = tuple(
        replace(one, rationale=joined([one.rationale, general])) if one is key else one for one in content.options
    )
    return replace(content, options=options)


def _say_what_else_is_lost(question: Question) -> None:
    element = question.element
    if hints := sum(bool(_hint(one)) for one in children(element, "hint")):
        words = f"{hints} hints are lost" if hints > 1 else "A hint is lost"
        question.say("extra", Severity.LOST, f"{words}: this site gives none.")
    said = [line_in(one) for one in children(element, *(f"{what}feedback" for what in _COMBINED))]
    if any(text and _bare(text) not in _DEFAULTS for text in said):
        words = "What was said of right, partly right and wrong answers as a whole is lost: rationales are kept."
        question.say("extra", Severity.LOST, words)
    grade = question.value("defaultgrade", "1")
    if _plain(grade) != "1":
        words = f"It was worth {_plain(grade)} points there: here the quiz says what a question is worth."
        question.say("scoring", Severity.LOST, words)
    if question.is_true("hidden", False):
        question.say("status", Severity.CHANGED, "It was hidden there, as an old version is: it comes as a draft.")


_COMBINED = ("correct", "partiallycorrect", "incorrect")


def _hint(element: Element) -> str:
    """Its text; files of the first Moodle 2 have it one element deeper."""
    return line_in(element) or line_in(child(element, "hintcontent"))


def _bare(text: str) -> str:
    return text.removeprefix("<p>").removesuffix("</p>")


def _plain(grade: str) -> str:
    """Points without needless zeros; what is no number counts as Moodle’s default."""
    number = number_text(grade[:20])
    return f"{float(number):g}" if number else "1"


def _beginning(element: Element) -> str:
    """The beginning of the XML, with the contents of files left out."""
    for file in [*element.iter("file"), *element.iter("image_base64")]:
        file.clear()
    return tostring(element, encoding="unicode")[:LONGEST_RAW].strip()
