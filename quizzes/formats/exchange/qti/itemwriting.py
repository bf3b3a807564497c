"""One question as an item."""

from collections.abc import Callable, Sequence

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS
from quizzes.formats.exchange.model import Exchanged
from quizzes.formats.exchange.qti import identifiers
from quizzes.formats.exchange.qti.entries import ANSWER, SPACES
from quizzes.formats.exchange.qti.interactions import TRUE_FALSE
from quizzes.formats.exchange.qti.reading import SCENARIO, UNIT
from quizzes.formats.exchange.qti.vocabulary import TOOL, Vocabulary, written, written_attributes
from quizzes.formats.exchange.qti.xhtml import xhtml

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
RESPONSE, SCORE, FEEDBACK = "RESPONSE", "SCORE", "FEEDBACK"


class ItemWriter:
    """Writes an item in one vocabulary. ``address`` gives the address of a picture, seen from the item."""

    def __init__(self, vocabulary: Vocabulary, address: Callable[[str], str]) -> None:
        self._vocabulary = vocabulary
        self._address = address

    def item(self, question: Exchanged, name: str, stimulus: tuple[str, str] | None) -> str:
        """The item. ``name`` is its identifier; ``stimulus`` identifier and address of the text that it shares."""
        content = question.content
        rationales = self._rationales(content)
        inner = [
            self._declaration(content),
            *self._outcomes(content, bool(rationales)),
            *self._reference(stimulus),
            self._body(question, bool(stimulus)),
            self._processing(content, [name for name, _ in rationales]),
            *(self._feedback(name, text) for name, text in rationales),
        ]
        attributes = {
            "xmlns": self._vocabulary.namespace,
            "identifier": name,
            "title": question.title or name,
            "adaptive": "false",
            "timeDependent": "false",
            "toolName": TOOL,
        }
        return HEAD + self._element("assessmentItem", attributes, "\n", *(f"{one}\n" for one in inner)) + "\n"

    def stimulus(self, name: str, text: str) -> str:
        """A text that several items share, as a file of its own."""
        attributes = {"xmlns": self._vocabulary.namespace, "identifier": name, "title": name}
        body = self._element("stimulusBody", {}, self.text(text))
        return HEAD + self._element("assessmentStimulus", attributes, "\n", body, "\n") + "\n"

    def text(self, markdown: str) -> str:
        """A text as XML."""
        return xhtml(markdown, self._vocabulary, self._address)

    def _element(self, name: str, attributes: dict[str, str], *inner: str) -> str:
        return self._vocabulary.element(name, attributes, *inner)

    def _values(self, values: Sequence[str]) -> str:
        return self._element("correctResponse", {}, *(self._element("value", {}, written(one)) for one in values))

    def _declaration(self, content: Content) -> str:
        cardinality, base, correct = _response(content)
        inner = [self._values(correct)]
        if content.kind == "short_text":
            case = "true" if content.extra.get("case") else "false"
            entries = (
                self._element("mapEntry", {"mapKey": one, "mappedValue": "1", "caseSensitive": case})
                for one in content.extra["accepted"]
            )
            inner.append(self._element("mapping", {"defaultValue": "0", "upperBound": "1"}, *entries))
        attributes = {"identifier": RESPONSE, "cardinality": cardinality, "baseType": base}
        return self._element("responseDeclaration", attributes, *inner)

    def _outcomes(self, content: Content, feedback: bool) -> list[str]:
        score = {"identifier": SCORE, "cardinality": "single", "baseType": "float", "normalMaximum": "1"}
        zero = self._element("defaultValue", {}, self._element("value", {}, "0"))
        found = [self._element("outcomeDeclaration", score, zero)]
        if feedback:
            cardinality = "single" if _chooses_one(content) else "multiple"
            attributes = {"identifier": FEEDBACK, "cardinality": cardinality, "baseType": "identifier"}
            found.append(self._element("outcomeDeclaration", attributes))
        return found

    def _reference(self, stimulus: tuple[str, str] | None) -> list[str]:
        if stimulus is None or self._vocabulary.family == 2:
            return []
        name, address = stimulus
        return [self._element("assessmentStimulusRef", {"identifier": name, "href": address})]

    def _body(self, question: Exchanged, shares: bool) -> str:
        content = question.content
        passage = ""
        if shares and self._vocabulary.family == 2:
            attributes = {"id": identifiers.identifier(question.known.scenario), "class": SCENARIO}
            passage = f"<div{written_attributes(attributes)}>{self.text(content.scenario)}</div>\n"
        return self._element(
            "itemBody", {}, "\n", passage, self.text(content.stem), "\n", self._interaction(content), "\n"
        )

    def _interaction(self, content: Content) -> str:
        if KINDS[content.kind].control == "typed":
            return self._entry(content)
        if content.kind == "matching":
            return self._match(content)
        attributes = {"responseIdentifier": RESPONSE, "shuffle": _flag(content.order == "shuffle")}
        if content.kind == "ordering":
            # By id: in the right order they would give the key away wherever nothing is shuffled.
            options = sorted(content.options, key=lambda one: one.id)
            name = "orderInteraction"
        else:
            options, name = list(content.options), "choiceInteraction"
            attributes["maxChoices"] = str(content.choose)
        if content.kind == "true_false":
            attributes["class"] = TRUE_FALSE
        choices = (
            self._element("simpleChoice", {"identifier": identifiers.identifier(one.id)}, self.text(one.text))
            for one in options
        )
        return self._element(name, attributes, *(f"\n{one}" for one in choices), "\n")

    def _match(self, content: Content) -> str:
        sources = (self._associable(identifiers.identifier(one.id), one.text, 1) for one in content.options)
        targets = (self._associable(identifiers.target(one["id"]), one["text"], 0) for one in content.extra["targets"])
        attributes = {
            "responseIdentifier": RESPONSE,
            "shuffle": _flag(content.order == "shuffle"),
            "maxAssociations": str(len(content.options)),
        }
        sets = (self._element("simpleMatchSet", {}, *one) for one in (sources, targets))
        return self._element("matchInteraction", attributes, *(f"\n{one}" for one in sets), "\n")

    def _associable(self, name: str, text: str, most: int) -> str:
        return self._element("simpleAssociableChoice", {"identifier": name, "matchMax": str(most)}, self.text(text))

    def _entry(self, content: Content) -> str:
        attributes = {"responseIdentifier": RESPONSE}
        if content.extra.get("spaces"):
            attributes["class"] = f"{SPACES}{content.extra['spaces']}"
        field = self._element("textEntryInteraction", attributes)
        unit = content.extra.get("unit", "")
        behind = f' <span class="{UNIT}">{written(unit)}</span>' if unit else ""
        return f"<p>{field}{behind}</p>"

    def _processing(self, content: Content, shown: Sequence[str]) -> str:
        template = "map_response" if content.kind == "short_text" else "match_correct"
        if not shown and not content.extra.get("tolerance"):
            suffix = ".xml" if self._vocabulary.family == 3 else ""
            return self._element("responseProcessing", {"template": f"{self._vocabulary.templates}{template}{suffix}"})
        rules = [self._score(content)]
        if shown:
            rules.append(self._element("setOutcomeValue", {"identifier": FEEDBACK}, self._shown(content, shown)))
        return self._element("responseProcessing", {}, *rules)

    def _score(self, content: Content) -> str:
        response = self._element("variable", {"identifier": RESPONSE})
        if content.kind == "short_text":
            return self._set("mapResponse", {"identifier": RESPONSE})
        correct = self._element("correct", {"identifier": RESPONSE})
        if tolerance := content.extra.get("tolerance"):
            mode = "relative" if content.extra.get("percent") else "absolute"
            bounds = {"toleranceMode": mode, "tolerance": f"{tolerance} {tolerance}"}
            test = self._element("equal", bounds, response, correct)
        else:
            test = self._element("match", {}, response, correct)
        right, wrong = (self._set("baseValue", {"baseType": "float"}, one) for one in ("1", "0"))
        branches = (self._element("responseIf", {}, test, right), self._element("responseElse", {}, wrong))
        return self._element("responseCondition", {}, *branches)

    def _set(self, value: str, attributes: dict[str, str], *inner: str) -> str:
        return self._element("setOutcomeValue", {"identifier": SCORE}, self._element(value, attributes, *inner))

    def _shown(self, content: Content, shown: Sequence[str]) -> str:
        """Of choices, what is said of those that were made; else all that is said."""
        if KINDS[content.kind].has_options:
            return self._element("variable", {"identifier": RESPONSE})
        values = (self._element("baseValue", {"baseType": "identifier"}, one) for one in shown)
        return self._element("multiple", {}, *values)

    def _rationales(self, content: Content) -> list[tuple[str, str]]:
        said = [(identifiers.identifier(one.id), one.rationale) for one in content.options]
        if KINDS[content.kind].control == "typed":
            said = [(ANSWER, str(content.extra.get("rationale", "")))]
        written_texts = [(name, self.text(text)) for name, text in said]
        return [(name, text) for name, text in written_texts if text]

    def _feedback(self, name: str, text: str) -> str:
        inner = self._element("contentBody", {}, text) if self._vocabulary.family == 3 else text
        attributes = {"outcomeIdentifier": FEEDBACK, "identifier": name, "showHide": "show"}
        return self._element("modalFeedback", attributes, inner)


def _response(content: Content) -> tuple[str, str, list[str]]:
    """Cardinality, type and key."""
    if content.kind == "numeric":
        return "single", "float", [content.extra["answer"]]
    if content.kind == "short_text":
        return "single", "string", [content.extra["accepted"][0]]
    if content.kind == "matching":
        pairs = content.extra["pairs"]
        return (
            "multiple",
            "directedPair",
            [f"{identifiers.identifier(one.id)} {identifiers.target(pairs[one.id])}" for one in content.options],
        )
    right = [identifiers.identifier(one.id) for one in content.options if one.correct]
    cardinality = "ordered" if content.kind == "ordering" else "single" if _chooses_one(content) else "multiple"
    return cardinality, "identifier", right


def _chooses_one(content: Content) -> bool:
    return KINDS[content.kind].has_options and content.choose == 1


def _flag(value: bool) -> str:
    return "true" if value else "false"
