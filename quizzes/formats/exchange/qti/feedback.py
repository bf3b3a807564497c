"""Feedback of an item: which of it belongs to which option, and what is said to everybody."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS
from quizzes.formats.exchange import xml
from quizzes.formats.exchange.model import Note, Severity
from quizzes.formats.exchange.qti.texts import Texts
from quizzes.formats.exchange.qti.vocabulary import attribute, children, plain

_BRANCHES = ("responseIf", "responseElseIf")


class Feedback:
    """The feedback of one item by its identifier, each piece given away once."""

    def __init__(self, item: Element, texts: Texts) -> None:
        self._texts = texts
        self._pieces: list[tuple[str, str]] = []
        for one in children(item, "modalFeedback"):
            self._pieces.append((attribute(one, "identifier"), texts.of(one)))
        self._shown_for = dict(_shown_for(item))

    def gather(self) -> None:
        """Take over the feedback that stood in texts read since."""
        pieces, self._texts.feedback = self._texts.feedback, []
        self._pieces += [(name, self._texts.markdown(html)) for name, html in pieces]

    def of(self, choice: str, choices: Sequence[str], inline: Sequence[str] = ()) -> str:
        """What is said of one choice. ``inline``: feedback that stands within it."""
        found = [one for one in inline if one]
        rest: list[tuple[str, str]] = []
        for name, text in self._pieces:
            meant = name if name in choices else self._shown_for.get(name, "")
            if meant == choice:
                found.append(text)
            else:
                rest.append((name, text))
        self._pieces = rest
        return joined(found)

    def rest(self) -> str:
        """What is left: said to everybody, or for all that is right or wrong."""
        return joined([text for _name, text in self._pieces])


def joined(texts: Sequence[str]) -> str:
    """Paragraphs one after the other, each once."""
    return "\n\n".join(dict.fromkeys(one for one in texts if one))


def with_general(content: Content, general: str) -> tuple[Content, list[Note]]:
    """The content with general feedback in the rationale of the key."""
    if not general:
        return content, []
    if KINDS[content.kind].control == "typed":
        said = joined([str(content.extra.get("rationale", "")), general])
        return replace(content, extra={**content.extra, "rationale": said}), []
    place = next((number for number, one in enumerate(content.options) if one.correct), 0)
    key = content.options[place]
    changed = replace(key, rationale=joined([key.rationale, general]))
    options = (*content.options[:place], changed, *content.options[place + 1 :])
    words = "Feedback that belongs to no single option stands in the rationale of the key."
    return replace(content, options=options), [Note("rationales", Severity.CHANGED, words)]


def _shown_for(item: Element) -> Iterator[tuple[str, str]]:
    """(feedback, choice) for each rule that shows a feedback when a stated choice was made."""
    for branch in item.iter():
        if plain(branch) not in _BRANCHES or len(branch) < 2:
            continue
        choice = _choice_in(branch[0])
        for action in list(branch)[1:]:
            if choice and plain(action) == "setOutcomeValue":
                for value in action.iter():
                    if plain(value) == "baseValue" and attribute(value, "baseType") == "identifier":
                        yield xml.text_in(value), choice


def _choice_in(test: Element) -> str:
    """The choice that a test asks for; empty where it asks for something else."""
    if plain(test) not in ("match", "member"):
        return ""
    values = [xml.text_in(one) for one in test if plain(one) == "baseValue"]
    return values[0] if len(values) == 1 else ""
