"""A question -> an item of QTI 1.2, with the conditions and feedback that Canvas writes itself."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, localcontext
from html import escape

from quizzes.engine.kinds.numeric import bounds
from quizzes.formats.exchange.model import Exchanged
from quizzes.formats.exchange.qti12.answers import DIGITS
from quizzes.formats.exchange.qti12.carried import html_of, identifier, writable
from quizzes.formats.exchange.qti12.feedback import ENDING, GENERAL
from quizzes.formats.exchange.qti12.items import CODE_FIELD

ONE = "response1"
_TYPES: Mapping[str, str] = {
    "multiple_choice": "multiple_choice_question",
    "multiple_response": "multiple_answers_question",
    "true_false": "true_false_question",
    "ordering": "ordering_question",
    "matching": "matching_question",
    "numeric": "numerical_question",
    "short_text": "short_answer_question",
}


class ItemWriter:
    """Writes the item of one question, which has been prepared. ``suffixes``: how the files of its pictures end."""

    def __init__(self, question: Exchanged, suffixes: Mapping[str, str]) -> None:
        self.question, self.content, self.suffixes = question, question.content, suffixes
        self.ident = identifier(question.code)

    def xml(self) -> str:
        """The item."""
        title = escape(writable(self.question.title))
        parts = [
            f'<item ident="{self.ident}" title="{title}">',
            *self._metadata(),
            f"<presentation><material>{self._text(self.content.stem)}</material>",
            *_PRESENTED[self.content.kind](self),
            "</presentation>",
            "<resprocessing><outcomes>",
            '<decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/>',
            "</outcomes>",
            *self._feedback_rules(),
            *_SCORED[self.content.kind](self),
            "</resprocessing>",
            *self._feedback(),
            "</item>",
        ]
        return "\n".join(parts) + "\n"

    def _metadata(self) -> Iterator[str]:
        fields = {
            "question_type": _TYPES[self.content.kind],
            "points_possible": "1.0",
            "original_answer_ids": ",".join(self.name(one) for one in self.content.option_ids),
            "assessment_question_identifierref": f"{self.ident}_bank",
        }
        if self.ident != self.question.code:
            fields[CODE_FIELD] = self.question.code
        yield "<itemmetadata><qtimetadata>"
        for label, entry in fields.items():
            yield (
                f"<qtimetadatafield><fieldlabel>{label}</fieldlabel>"
                f"<fieldentry>{escape(entry, quote=False)}</fieldentry></qtimetadatafield>"
            )
        yield "</qtimetadata></itemmetadata>"

    def name(self, option: str) -> str:
        """The identifier of an option, which no other question of the file has."""
        return f"{self.ident}_{option}"

    def _text(self, markdown: str) -> str:
        html = html_of(markdown, self.suffixes)
        return f'<mattext texttype="text/html">{escape(html, quote=False)}</mattext>'

    def _label(self, ident: str, markdown: str) -> str:
        return f'<response_label ident="{ident}"><material>{self._text(markdown)}</material></response_label>'

    def choice(self) -> Iterator[str]:
        """One list of the options."""
        cardinality = {"multiple_response": "Multiple", "ordering": "Ordered"}.get(self.content.kind, "Single")
        shuffled = "No" if self.content.order == "fixed" else "Yes"
        yield f'<response_lid ident="{ONE}" rcardinality="{cardinality}"><render_choice shuffle="{shuffled}">'
        options = self.content.options
        if self.content.kind == "ordering":
            # In the order of the file everybody would see the key.
            options = tuple(sorted(options, key=lambda one: (one.text, one.id)))
        for one in options:
            yield self._label(self.name(one.id), one.text)
        yield "</render_choice></response_lid>"

    def prompts(self) -> Iterator[str]:
        """A list of all targets for each prompt."""
        for one in self.content.options:
            yield f'<response_lid ident="response_{self.name(one.id)}"><material>{self._text(one.text)}</material>'
            yield "<render_choice>"
            for target in self.content.extra["targets"]:
                yield self._label(self.name(f"t{target['id']}"), target["text"])
            yield "</render_choice></response_lid>"

    def field(self) -> Iterator[str]:
        """A field to type into."""
        kind = ' fibtype="Decimal"' if self.content.kind == "numeric" else ""
        yield f'<response_str ident="{ONE}" rcardinality="Single"><render_fib{kind}>'
        yield '<response_label ident="answer1" rshuffle="No"/></render_fib></response_str>'

    def key(self) -> Iterator[str]:
        """All points for the key."""
        yield from _scoring(_equal(self.name(one.id)) for one in self.content.options if one.correct)

    def keys(self) -> Iterator[str]:
        """All points for all of the key and nothing else."""
        tests = (
            _equal(self.name(one.id)) if one.correct else f"<not>{_equal(self.name(one.id))}</not>"
            for one in self.content.options
        )
        # In one line: some versions of Canvas’ importer take the space between tests for an answer.
        yield from _scoring([f"<and>{''.join(tests)}</and>"])

    def pairs(self) -> Iterator[str]:
        """Its part of the points for each pair."""
        share = f"{Decimal(100) / len(self.content.options):.2f}"
        for one in self.content.options:
            yield f"<respcondition><conditionvar>{self._pair(one.id)}</conditionvar>"
            yield f'<setvar varname="SCORE" action="Add">{share}</setvar></respcondition>'

    def _pair(self, option: str) -> str:
        target = self.name(f"t{self.content.extra['pairs'][option]}")
        return _equal(target, f"response_{self.name(option)}")

    def number(self) -> Iterator[str]:
        """All points between both bounds. The margin is named too, as New Quizzes do."""
        extra = self.content.extra
        with localcontext(prec=DIGITS):
            low, high = bounds(self.content)
            margin = ""
            if extra.get("tolerance"):
                kind = "percent" if extra.get("percent") else "absolute"
                margin = f' margintype="{kind}" margin="{extra["tolerance"]}"'
            yield from _scoring(
                [
                    f'<or><varequal respident="{ONE}"{margin}>{_decimal(Decimal(extra["answer"]))}</varequal>',
                    f'<and><vargte respident="{ONE}">{_decimal(low)}</vargte>',
                    f'<varlte respident="{ONE}">{_decimal(high)}</varlte></and></or>',
                ]
            )

    def texts(self) -> Iterator[str]:
        """All points for any of the answers."""
        yield from _scoring(_equal(one) for one in self.content.extra["accepted"])

    def _feedback_rules(self) -> Iterator[str]:
        kind = self.content.kind
        if self.content.extra.get("rationale"):
            yield '<respcondition continue="Yes"><conditionvar><other/></conditionvar>'
            yield f'<displayfeedback feedbacktype="Response" linkrefid="{GENERAL}"/></respcondition>'
        for one in self.content.options:
            # Canvas would take a test in a rule for feedback for a step of the order.
            if not one.rationale or kind == "ordering":
                continue
            test = f"<not>{self._pair(one.id)}</not>" if kind == "matching" else _equal(self.name(one.id))
            yield f'<respcondition continue="Yes"><conditionvar>{test}</conditionvar>'
            yield f'<displayfeedback feedbacktype="Response" linkrefid="{self.name(one.id)}{ENDING}"/></respcondition>'

    def _feedback(self) -> Iterator[str]:
        named = {f"{self.name(one.id)}{ENDING}": one.rationale for one in self.content.options}
        named[GENERAL] = str(self.content.extra.get("rationale", ""))
        for ident, text in named.items():
            if text:
                yield f'<itemfeedback ident="{ident}"><flow_mat><material>{self._text(text)}</material></flow_mat>'
                yield "</itemfeedback>"


def _equal(value: str, response: str = ONE) -> str:
    return f'<varequal respident="{response}">{escape(value, quote=False)}</varequal>'


def _scoring(tests: Iterator[str] | list[str]) -> Iterator[str]:
    yield '<respcondition continue="No"><conditionvar>'
    yield from tests
    yield '</conditionvar><setvar action="Set" varname="SCORE">100</setvar></respcondition>'


def _decimal(number: Decimal) -> str:
    """With a decimal point and without an exponent: New Quizzes show no question whose number is written otherwise."""
    text = f"{number:f}"
    return text if "." in text else f"{text}.0"


_Writer = Callable[[ItemWriter], Iterator[str]]
_PRESENTED: Mapping[str, _Writer] = {
    "multiple_choice": ItemWriter.choice,
    "multiple_response": ItemWriter.choice,
    "true_false": ItemWriter.choice,
    "ordering": ItemWriter.choice,
    "matching": ItemWriter.prompts,
    "numeric": ItemWriter.field,
    "short_text": ItemWriter.field,
}
_SCORED: Mapping[str, _Writer] = {
    "multiple_choice": ItemWriter.key,
    "multiple_response": ItemWriter.keys,
    "true_false": ItemWriter.key,
    "ordering": ItemWriter.key,
    "matching": ItemWriter.pairs,
    "numeric": ItemWriter.number,
    "short_text": ItemWriter.texts,
}
