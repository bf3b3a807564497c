"""How an item is scored: by a known template, or by rules of a known pattern. Anything else is named, not guessed."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from quizzes.formats.exchange import xml
from quizzes.formats.exchange.qti.declared import Declaration, NotTaken, number, scores_of
from quizzes.formats.exchange.qti.vocabulary import attribute, child, plain

CORRECT, MAPPED, VALUES, NUMBER, RANGE, TEXTS = "correct", "mapped", "values", "number", "range", "texts"
_TEMPLATES = {"match_correct": CORRECT, "cc2_match": CORRECT, "map_response": MAPPED, "cc2_map_response": MAPPED}
_BRANCHES = ("responseIf", "responseElseIf", "responseElse")


@dataclass(frozen=True, slots=True)
class Rule:
    """What earns the mark: the correct response as a whole, the parts of a mapping, stated values, a number, texts.

    ``tolerance`` is (mode, below, above) of a number; ``values`` what the rule itself says is right, ``others`` what it
    forbids beside them (None: all the rest).
    """

    kind: str
    values: tuple[str, ...] = ()
    tolerance: tuple[str, str, str] = ("exact", "0", "0")
    case: bool = True
    others: tuple[str, ...] | None = None
    assumed: bool = False


def rule_of(item: Element, declaration: Declaration) -> Rule:
    """The rule of an item. Raises NotTaken where it is none that is known here."""
    processing = child(item, "responseProcessing")
    if processing is None:
        return Rule(MAPPED if declaration.mapping and not declaration.correct else CORRECT, assumed=True)
    address = attribute(processing, "template") or attribute(processing, "templateLocation")
    name = address.rstrip("/").rpartition("/")[2].removesuffix(".xml").lower()
    if name in _TEMPLATES:
        return Rule(_TEMPLATES[name])
    if address and not len(processing):
        raise unsupported(f"the template “{(name or address)[:60]}”")
    found = list(_Rules(item, declaration).of(list(processing)))
    if not found:
        return Rule(MAPPED if declaration.mapping and not declaration.correct else CORRECT, assumed=True)
    if len(set(found)) > 1:
        raise unsupported("several rules that give a score")
    return found[0]


def unsupported(what: str) -> NotTaken:
    """The sentence about scoring that is not known here."""
    return NotTaken(
        f"Unsupported scoring: it is scored by {what}. Score it by match_correct where it comes from, "
        "or write it anew here."
    )


class _Rules:
    """Reads the rules of one item."""

    def __init__(self, item: Element, declaration: Declaration) -> None:
        self.scores = scores_of(item)
        self.declaration = declaration

    def of(self, rules: list[Element]) -> Iterator[Rule]:
        """Each rule among these that gives a score."""
        for one in rules:
            name = plain(one)
            if name == "responseCondition":
                yield from self._condition(one)
            elif name in ("setOutcomeValue", "lookupOutcomeValue"):
                if attribute(one, "identifier") in self.scores:
                    yield from self._given(one, None)
            elif name not in ("exitResponse",):
                raise unsupported(f"“{name[:40]}”")

    def _condition(self, condition: Element) -> Iterator[Rule]:
        if not self._sets_score(condition):
            return
        for branch in condition:
            if plain(branch) not in _BRANCHES:
                raise unsupported(f"“{plain(branch)[:40]}”")
            test = None if plain(branch) == "responseElse" else next(iter(branch), None)
            actions = list(branch) if test is None else list(branch)[1:]
            if test is not None and self._only_bounds(test):
                continue
            for action in actions:
                if plain(action) == "responseCondition":
                    if test is not None and not self._is_about_nothing(test) and self._sets_score(action):
                        raise unsupported("rules within rules")
                    yield from self._condition(action)
                elif attribute(action, "identifier") in self.scores:
                    yield from self._given(action, test)

    def _sets_score(self, element: Element) -> bool:
        return any(
            plain(one) in ("setOutcomeValue", "lookupOutcomeValue") and attribute(one, "identifier") in self.scores
            for one in element.iter()
        )

    def _only_bounds(self, test: Element) -> bool:
        """Whether the test is of the score itself, to keep it between its bounds."""
        variables = [attribute(one, "identifier") for one in test if plain(one) == "variable"]
        return plain(test) in ("gt", "lt", "gte", "lte") and any(one in self.scores for one in variables)

    def _is_about_nothing(self, test: Element) -> bool:
        """Whether the test only asks if there is a response at all."""
        name = plain(test)
        if name == "not":
            return all(self._is_about_nothing(one) for one in test)
        return name == "isNull"

    def _given(self, action: Element, test: Element | None) -> Iterator[Rule]:
        value = next(iter(action), None)
        worth = self._worth(value)
        if worth == MAPPED:
            if test is not None and not self._is_about_nothing(test):
                raise unsupported("a mapping under a condition")
            yield Rule(MAPPED)
        elif worth == "gain":
            if test is None or self._is_about_nothing(test):
                raise unsupported("a mark that every response earns")
            yield self._test(test)

    def _worth(self, value: Element | None) -> str:
        """“gain”, “mapped” or “nothing”."""
        name = plain(value) if value is not None else ""
        if value is None:
            raise unsupported("an outcome without a value")
        if name == "baseValue":
            return "gain" if number(xml.text_in(value)) > 0 else "nothing"
        if name == "variable":
            return "nothing" if attribute(value, "identifier") in self.scores else "gain"
        if name == "mapResponse":
            return MAPPED
        if name in ("sum", "product", "max"):
            parts = {self._worth(one) for one in value}
            return MAPPED if MAPPED in parts else "gain" if "gain" in parts else "nothing"
        raise unsupported(f"“{name[:40]}”")

    def _test(self, test: Element) -> Rule:
        name, parts = plain(test), list(test)
        if name in ("and", "or") and len(parts) == 1:
            return self._test(parts[0])
        if name == "match":
            return self._match(parts)
        if name == "equal":
            return self._equal(test, parts)
        if name == "stringMatch":
            sides = [one for one in parts if not self._is_response(one)]
            case = attribute(test, "caseSensitive").lower() not in ("false", "0")
            return Rule(TEXTS, self._constants(sides), case=case)
        if name == "or":
            return self._any_of([self._test(one) for one in parts])
        if name == "and":
            return self._all_of(parts)
        raise unsupported(f"“{name[:40]}”")

    def _match(self, parts: list[Element]) -> Rule:
        sides = [one for one in parts if not self._is_response(one)]
        if len(parts) != 2 or len(sides) != 1:
            raise unsupported("a comparison of other things than the response")
        if plain(sides[0]) == "correct":
            return Rule(CORRECT)
        return Rule(VALUES, self._constants(sides))

    def _equal(self, test: Element, parts: list[Element]) -> Rule:
        sides = [one for one in parts if not self._is_response(one)]
        if len(parts) != 2 or len(sides) != 1:
            raise unsupported("a comparison of other things than the response")
        given = attribute(test, "tolerance").split() or ["0"]
        mode = attribute(test, "toleranceMode") or "exact"
        for bound in ("includeLowerBound", "includeUpperBound"):
            if mode != "exact" and attribute(test, bound).lower() in ("false", "0"):
                raise unsupported("bounds that do not belong to what is right")
        return Rule(NUMBER, self._constants(sides), (mode, given[0], given[-1]))

    def _any_of(self, rules: list[Rule]) -> Rule:
        if self.declaration.base != "string" or any(one.kind not in (TEXTS, VALUES, CORRECT) for one in rules):
            raise unsupported("“or”")
        texts = [text for one in rules for text in (one.values or self.declaration.correct)]
        return Rule(TEXTS, tuple(texts), case=all(one.case for one in rules))

    def _all_of(self, parts: list[Element]) -> Rule:
        """A number between two others; or each right option and no other one."""
        names = sorted(plain(one) for one in parts)
        if names == ["gte", "lte"]:
            bounds = {plain(one): list(one) for one in parts}
            if all(len(one) == 2 and self._is_response(one[0]) for one in bounds.values()):
                return Rule(RANGE, self._constants([bounds["gte"][1], bounds["lte"][1]]))
        asked = [one for one in parts if not self._is_about_nothing(one)]
        denied = [next(iter(one), one) for one in asked if plain(one) == "not"]
        members = [one for one in asked if plain(one) == "member"]
        if members and len(members) + len(denied) == len(asked) and all(plain(one) == "member" for one in denied):
            return Rule(VALUES, self._members(members), others=self._members(denied))
        if len(asked) == 1 and asked != parts:
            return self._test(asked[0])
        raise unsupported("“and”")

    def _members(self, parts: list[Element]) -> tuple[str, ...]:
        return tuple(
            value for one in parts for value in self._constants([two for two in one if not self._is_response(two)])
        )

    def _is_response(self, element: Element) -> bool:
        return plain(element) == "variable" and attribute(element, "identifier") == self.declaration.identifier

    def _constants(self, sides: list[Element]) -> tuple[str, ...]:
        """The values that stand in a rule; none where it points to the correct response."""
        found: list[str] = []
        for one in sides:
            name = plain(one)
            if name == "baseValue":
                found.append(" ".join(xml.text_in(one).split()))
            elif name in ("multiple", "ordered"):
                found += self._constants(list(one))
            elif name == "correct":
                found += self.declaration.correct
            else:
                raise unsupported(f"a comparison with “{name[:40]}”")
        return tuple(found)
