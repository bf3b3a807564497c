"""Interactions as kinds of this site: choosing, ordering and matching. What is typed stands in ``entries``."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from xml.etree.ElementTree import Element

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds.true_false import FALSE, TRUE
from quizzes.formats.exchange.model import Note, Severity
from quizzes.formats.exchange.projection import plain_ids
from quizzes.formats.exchange.qti import identifiers, scoring
from quizzes.formats.exchange.qti.declared import Declaration, NotTaken
from quizzes.formats.exchange.qti.feedback import Feedback
from quizzes.formats.exchange.qti.scoring import Rule
from quizzes.formats.exchange.qti.texts import Texts
from quizzes.formats.exchange.qti.vocabulary import attribute, child, children, plain

TRUE_FALSE = "true-false"
"""The class of our own interactions of that kind."""
MOST = 12


@dataclass
class Asked:
    """One interaction with all that is needed to make a question of it; ``notes`` grow on the way."""

    interaction: Element
    declaration: Declaration
    rule: Rule
    stem: str
    texts: Texts
    feedback: Feedback
    ours: bool
    notes: list[Note] = field(default_factory=list)

    def note(self, aspect: str, severity: Severity, words: str) -> None:
        """One more line of the account."""
        self.notes.append(Note(aspect, severity, words))

    @property
    def shuffled(self) -> bool:
        """Whether the parts are shown in an order of the dice."""
        return attribute(self.interaction, "shuffle").lower() in ("true", "1")

    @property
    def classes(self) -> list[str]:
        """What stands in “class”: a mark that a file of ours carries."""
        return attribute(self.interaction, "class").split() if self.ours else []


def choice(asked: Asked) -> Content:
    """One or several of some options. Raises NotTaken."""
    elements = children(asked.interaction, "simpleChoice", "inlineChoice")
    names = _names(elements)
    key = choice_key(asked, names)
    options = _options(asked, elements, key)
    kind = "multiple_choice" if len(key) == 1 else "multiple_response"
    order = _order(asked, elements)
    texts = [one.text.strip(" .").casefold() for one in options]
    if TRUE_FALSE in asked.classes:
        kind = "true_false"
    elif not asked.ours and kind == "multiple_choice" and texts == [TRUE, FALSE]:
        kind, order = "true_false", "fixed"
        asked.note("kind", Severity.ASSUMED, "Its two options read true and false: it is taken as true or false.")
        options = tuple(
            Option(name, one.text, one.correct, one.rationale) for name, one in zip((TRUE, FALSE), options, strict=True)
        )
    _limits(asked, len(key))
    return Content(kind, asked.stem, len(key), order, options)


def choice_key(asked: Asked, names: Sequence[str]) -> list[str]:
    """The right options by their identifiers, and what is to be said of how they are scored."""
    declared, rule = asked.declaration, asked.rule
    if rule.kind not in (scoring.CORRECT, scoring.MAPPED, scoring.VALUES):
        raise scoring.unsupported("a rule for what is typed")
    if rule.kind == scoring.VALUES and rule.others is not None and {*rule.values, *rule.others} != set(names):
        raise scoring.unsupported("a rule that leaves some options open")
    found = list(rule.values if rule.kind == scoring.VALUES else declared.correct)
    if rule.kind == scoring.MAPPED:
        found = _mapped_key(asked, found)
    elif rule.kind == scoring.VALUES and declared.correct and set(found) != set(declared.correct):
        words = "The correct response that the file declares is not what its rule rewards: the rule is followed."
        asked.note("scoring", Severity.ASSUMED, words)
    elif declared.mapping and set(declared.gains) != set(found) and not asked.ours:
        words = "Its mapping rewards other options than the correct response, but is not used: it is left out."
        asked.note("scoring", Severity.ASSUMED, words)
    key = [one for one in names if one in found]
    if not key:
        raise NotTaken("The file does not say which of its options are right: add a correct response, or a mapping.")
    if unknown := [one for one in found if one not in names]:
        raise NotTaken(f"Its key names “{unknown[0][:40]}”, which is no option of it: correct the key.")
    if declared.cardinality == "single" and len(key) > 1:
        raise NotTaken("Any one of several options is right in it, which no kind here can say: leave one right option.")
    if rule.assumed:
        words = "The file does not say how it is scored: its correct response is taken as the key."
        asked.note("scoring", Severity.ASSUMED, words)
    return key


def _mapped_key(asked: Asked, correct: list[str]) -> list[str]:
    declared = asked.declaration
    gains = list(declared.gains)
    if not gains:
        raise NotTaken("Its mapping rewards nothing: correct it, or write the question anew.")
    best = max(one.worth for one in declared.mapping)
    full = [one.key for one in declared.mapping if one.worth == best] if declared.cardinality == "single" else gains
    key = correct or full
    if set(key) != set(full):
        words = (
            f"Its correct response ({', '.join(key)[:80]}) and its mapping ({', '.join(full)[:80]}) do not agree: "
            "the correct response is taken. Check the key."
        )
        asked.note("scoring", Severity.ASSUMED, words)
    if len(gains) > len(full):
        words = "Other options than the key earn a part of the mark in it: here they are wrong."
        asked.note("scoring", Severity.CHANGED, words)
    if declared.cardinality != "single" and len(key) > 1:
        words = (
            "Each right option earns its part of the mark in it; here the marking rule of the quiz decides, which is "
        )
        words += "all or nothing unless you change it."
        free = all(one.worth >= 0 for one in declared.mapping) and declared.default >= 0
        if free and _most(asked) != len(key):
            words += " Wrong options cost nothing in it, so that ticking all of them scores in full."
        asked.note("scoring", Severity.CHANGED, words)
    return key


def _limits(asked: Asked, key: int) -> None:
    """What is to be said of how many options may be chosen."""
    given, most = attribute(asked.interaction, "maxChoices"), _most(asked)
    several = asked.declaration.cardinality == "multiple"
    if several and given and 0 < most < key:
        raise NotTaken(f"It lets learners choose {most}, but its key has {key} options: make the two agree.")
    if several and given and most != key:
        allowed = "any number of" if most == 0 else f"up to {most}"
        words = f"It lets learners choose {allowed} options; here they are told to choose {key}."
        asked.note("choose", Severity.CHANGED, words)


def _most(asked: Asked) -> int:
    given = attribute(asked.interaction, "maxChoices")
    return int(given) if given.isdecimal() and len(given) < 5 else 1


def _order(asked: Asked, elements: Sequence[Element]) -> str:
    if not asked.shuffled:
        return "fixed"
    if any(attribute(one, "fixed").lower() in ("true", "1") for one in elements):
        words = (
            "Some of its options stay where they are while the others are shuffled: here the order is fixed for all."
        )
        asked.note("order", Severity.CHANGED, words)
        return "fixed"
    return "shuffle"


def order(asked: Asked) -> Content:
    """All choices in one order. Raises NotTaken."""
    elements = children(asked.interaction, "simpleChoice")
    names = _names(elements)
    if asked.rule.kind not in (scoring.CORRECT, scoring.VALUES):
        raise scoring.unsupported("a rule that gives parts of the mark for an order")
    sequence = list(asked.rule.values if asked.rule.kind == scoring.VALUES else asked.declaration.correct)
    if sorted(sequence) != sorted(names):
        raise NotTaken("Its key does not put every one of its options in order: give each of them a place.")
    if not asked.shuffled and not asked.ours:
        asked.note("order", Severity.CHANGED, "The steps are always shuffled here.")
    by_name = dict(zip(names, elements, strict=True))
    options = _options(asked, [by_name[one] for one in sequence], sequence)
    _assumed(asked)
    return Content("ordering", asked.stem, len(options), "shuffle", options)


def match(asked: Asked) -> Content:
    """A target for each source. Raises NotTaken."""
    sets = [children(one, "simpleAssociableChoice") for one in children(asked.interaction, "simpleMatchSet")]
    if len(sets) != 2:
        raise NotTaken("It does not have two sets to match: export it again.")
    sources, targets = _names(sets[0]), _names(sets[1])
    pairs = _pairs(asked, sources, targets)
    if len(targets) > MOST:
        raise NotTaken(f"It has {len(targets)} targets; at most {MOST} are taken.")
    called = [identifiers.target_name(one) if asked.ours else str(place) for place, one in enumerate(targets, 1)]
    ids = dict(zip(targets, called, strict=True))
    texts = [asked.texts.of(one) for one in sets[1]]
    options = _options(asked, sets[0], sources)
    extra = {
        "targets": [{"id": one, "text": text} for one, text in zip(called, texts, strict=True)],
        "pairs": {one.id: ids[pairs[name]] for one, name in zip(options, sources, strict=True)},
    }
    _assumed(asked)
    return Content("matching", asked.stem, len(options), "shuffle" if asked.shuffled else "fixed", options, extra)


def _pairs(asked: Asked, sources: Sequence[str], targets: Sequence[str]) -> dict[str, str]:
    rule, declared = asked.rule, asked.declaration
    if rule.kind not in (scoring.CORRECT, scoring.MAPPED, scoring.VALUES) or rule.others is not None:
        raise scoring.unsupported("a rule that is not for pairs")
    listed = rule.values if rule.kind == scoring.VALUES else declared.correct or declared.gains
    if rule.kind == scoring.MAPPED:
        if set(listed) != set(declared.gains):
            words = "Its correct pairs and its mapping do not agree: the correct pairs are taken. Check them."
            asked.note("scoring", Severity.ASSUMED, words)
        words = "Each right pair earns its part of the mark in it; here the marking rule of the quiz decides, which is "
        asked.note("scoring", Severity.CHANGED, words + "all or nothing unless you change it.")
    found: dict[str, str] = {}
    for one in listed:
        source, _, target = one.partition(" ")
        if source in found:
            raise NotTaken("Some of its sources have several targets, which matching here cannot say: split them.")
        found[source] = target
    if set(found) != set(sources):
        raise NotTaken("Not every one of its sources has a target, which matching here asks for: pair each of them.")
    if not set(found.values()) <= set(targets):
        raise NotTaken("Its key names a target that it does not have: correct the key.")
    return found


def _assumed(asked: Asked) -> None:
    if asked.rule.assumed:
        words = "The file does not say how it is scored: its correct response is taken as the key."
        asked.note("scoring", Severity.ASSUMED, words)


def _names(elements: Sequence[Element]) -> list[str]:
    names = [attribute(one, "identifier") for one in elements]
    if len(set(names)) != len(names):
        raise NotTaken("Two of its options have the same identifier: export it again.")
    if len(names) > MOST:
        raise NotTaken(f"It has {len(names)} options; at most {MOST} are taken: split it.")
    return names


def _options(asked: Asked, elements: Sequence[Element], key: Sequence[str]) -> tuple[Option, ...]:
    names = [attribute(one, "identifier") for one in elements]
    ids = [identifiers.name_of(one) for one in names] if asked.ours else list(islice(plain_ids(), len(names)))
    found = []
    for element, name, called in zip(elements, names, ids, strict=True):
        asked.feedback.gather()
        text = asked.texts.of(element)
        inline, asked.texts.feedback = [asked.texts.markdown(one) for _, one in asked.texts.feedback], []
        found.append(Option(called, text, name in key, asked.feedback.of(name, names, inline)))
    return tuple(found)


def prompt_of(interaction: Element) -> Element | None:
    """What is asked within an interaction."""
    return child(interaction, "prompt")


def kind_of(interaction: Element) -> str:
    """Its name without “Interaction”."""
    return plain(interaction).removesuffix("Interaction")
