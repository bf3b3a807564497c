"""The body of an item as Markdown: pictures by their names, feedback and words for others set apart."""

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

from quizzes.formats.exchange import html, xml
from quizzes.formats.exchange.model import Note, Severity
from quizzes.formats.exchange.qti.declared import NotTaken
from quizzes.formats.exchange.qti.vocabulary import attribute, plain, written, written_attributes

_VOID = frozenset({"br", "hr", "img", "col", "wbr"})
_KEPT = ("href", "src", "alt", "start", "class", "type", "colspan", "rowspan")
_DRAWN = frozenset({"printedVariable", "templateBlock", "templateInline", "templateBlockFeedback"})
_SILENT = frozenset({"stylesheet", "endAttemptInteraction", "catalogInfo", "infoControl"})
_FEEDBACK = frozenset({"feedbackInline", "feedbackBlock"})
_OTHERS = frozenset({"scorer", "tutor", "author", "proctor", "testConstructor"})


class Texts:
    """Turns elements into Markdown and keeps what was lost on the way.

    ``picture`` gives the name of a picture by its address. ``feedback`` gathers the feedback that stood in texts.
    """

    def __init__(self, picture: Callable[[str], str | None]) -> None:
        self._picture = picture
        self.lost: set[str] = set()
        self.feedback: list[tuple[str, str]] = []
        self.unseen = False

    def of(self, element: Element | None, replaced: Mapping[Element, str] | None = None) -> str:
        """What is in an element, as Markdown; ``replaced`` gives the HTML to put for some elements in it."""
        return "" if element is None else self.markdown(self.html(element, replaced or {}))

    def markdown(self, source: str) -> str:
        """The Markdown for some HTML."""
        found = html.to_markdown(source.strip(), self._picture)
        self.lost |= found.lost
        return found.text

    def html(self, element: Element, replaced: Mapping[Element, str]) -> str:
        """What is in an element, as HTML."""
        pieces = [written(element.text or "")]
        for one in element:
            pieces += [replaced[one] if one in replaced else self._one(one, replaced), written(one.tail or "")]
        return "".join(pieces)

    def _one(self, element: Element, replaced: Mapping[Element, str]) -> str:
        name = plain(element)
        if name in _DRAWN:
            raise NotTaken("Parts of it are drawn anew for each learner: write it here with fixed values.")
        if name in _SILENT:
            return ""
        if name in _FEEDBACK:
            self.feedback.append((attribute(element, "identifier"), self.html(element, replaced)))
            return ""
        if name == "rubricBlock" and self._is_for_others(element):
            self.unseen = True
            return ""
        if name == "object" and attribute(element, "type").startswith("image/"):
            words = " ".join(xml.text_in(element).split())
            return f"<img{written_attributes({'src': attribute(element, 'data'), 'alt': words})}/>"
        inner = self.html(element, replaced)
        if name == "rubricBlock":
            return f"<div>{inner}</div>"
        if any(letter.isupper() for letter in name):
            # A word of QTI, such as contentBody: what is in it is meant.
            return inner
        attributes = {one: attribute(element, one) for one in _KEPT if element.get(one) is not None}
        if name in _VOID:
            return f"<{name}{written_attributes(attributes)}/>{inner}"
        return f"<{name}{written_attributes(attributes)}>{inner}</{name}>"

    def _is_for_others(self, element: Element) -> bool:
        views = set(attribute(element, "view").split())
        return bool(views) and views <= _OTHERS

    def notes(self) -> list[Note]:
        """What was lost of the texts so far."""
        found = []
        pictures = {"picture", "pictures"} & self.lost
        if pictures:
            words = "A picture that the text shows is not in the file, or is of no kind that is taken: it is left out."
            found.append(Note("pictures", Severity.LOST, words))
        if rest := sorted(self.lost - pictures):
            words = f"The text has parts that this site does not show: {', '.join(rest)}. They are left out."
            found.append(Note("text", Severity.LOST, words))
        if self.unseen:
            words = "Words for scorers, tutors or authors stand in the question: they are left out."
            found.append(Note("extra", Severity.LOST, words))
        return found
