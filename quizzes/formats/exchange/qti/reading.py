"""One item as a question, with the account of it; or why it is none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from xml.etree.ElementTree import Element

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange import xml
from quizzes.formats.exchange.model import Exchanged, Note, ReadItem, Severity
from quizzes.formats.exchange.qti import identifiers, interactions
from quizzes.formats.exchange.qti.declared import NotTaken, declaration_of
from quizzes.formats.exchange.qti.entries import entry
from quizzes.formats.exchange.qti.feedback import Feedback, with_general
from quizzes.formats.exchange.qti.interactions import Asked
from quizzes.formats.exchange.qti.scoring import rule_of
from quizzes.formats.exchange.qti.texts import Texts
from quizzes.formats.exchange.qti.vocabulary import TOOL, attribute, child, children, plain

RAW = 500
"""Characters of what stands in the file, for a question that is not taken."""
BLANK = "_____"
SCENARIO, UNIT = "scenario", "unit"
"""Classes of our own: a shared text in the body, and what stands behind a field."""
_TAKEN: Mapping[str, Callable[[Asked], Content]] = MappingProxyType(
    {
        "choice": interactions.choice,
        "inlineChoice": interactions.choice,
        "order": interactions.order,
        "match": interactions.match,
        "textEntry": entry,
    }
)
_INLINE = ("inlineChoice", "textEntry")


@dataclass(frozen=True, slots=True)
class Stimulus:
    """A text that items share: its code, its Markdown, and what was lost of it."""

    code: str
    text: str
    lost: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Around:
    """What an item cannot say itself: pictures and shared texts by their addresses, and the tags of its resource.

    A shared text is None where it is not in the file.
    """

    picture: Callable[[str], str | None] = lambda address: None
    stimulus: Callable[[str, str], Stimulus | None] = lambda address, name: None
    tags: tuple[str, ...] = ()


@dataclass
class _Body:
    stem: str
    scenario: Stimulus | None = None
    unit: str = ""
    notes: list[Note] = field(default_factory=list)


def read_item(item: Element, place: str, around: Around) -> ReadItem:
    """The question of an item. Never raises: what is wrong stands in what is returned."""
    texts = Texts(around.picture)
    try:
        question, notes = _question(item, around, texts)
    except NotTaken as refused:
        return ReadItem(place, None, problem=str(refused), raw=_raw(item))
    if flaws := KINDS[question.content.kind].flaws(question.content):
        problem = f"{'; '.join(flaws)}."
        return ReadItem(place, None, problem=f"{problem[:1].upper()}{problem[1:]}", raw=_raw(item))
    return ReadItem(place, question, (*notes, *texts.notes()))


def _raw(item: Element) -> str:
    return " ".join(xml.text_in(child(item, "itemBody")).split())[:RAW]


def _question(item: Element, around: Around, texts: Texts) -> tuple[Exchanged, list[Note]]:
    ours = attribute(item, "toolName") == TOOL
    if attribute(item, "adaptive").lower() in ("true", "1"):
        raise NotTaken("It answers step by step to what learners do, which no kind here can: write it anew.")
    if children(item, "templateDeclaration", "templateProcessing"):
        raise NotTaken("Its values are drawn anew for each learner: write it here with fixed values.")
    interaction = _only_interaction(item)
    declaration = declaration_of(item, attribute(interaction, "responseIdentifier"))
    rule = rule_of(item, declaration)
    body = _body(item, interaction, around, texts, ours)
    feedback = Feedback(item, texts)
    feedback.gather()
    asked = Asked(interaction, declaration, rule, body.stem, texts, feedback, ours, body.notes)
    content = _TAKEN[interactions.kind_of(interaction)](asked)
    if body.unit:
        content = replace(content, extra={**content.extra, "unit": body.unit})
    if body.scenario:
        content = replace(content, scenario=body.scenario.text)
    feedback.gather()
    content, general = with_general(content, feedback.rest())
    if not content.stem:
        raise NotTaken("It has no text that asks something: write the stem.")
    code = attribute(item, "identifier")
    title = attribute(item, "title")
    known = Attributes(tags=around.tags, scenario=body.scenario.code if body.scenario else "")
    question = Exchanged(identifiers.name_of(code) if ours else code, content, "" if title == code else title, known)
    return question, [*asked.notes, *general]


def _only_interaction(item: Element) -> Element:
    body = child(item, "itemBody")
    if body is None:
        raise NotTaken("It has no body: export it again.")
    found = [one for one in body.iter() if plain(one).endswith("Interaction") and plain(one) != "endAttemptInteraction"]
    if not found:
        raise NotTaken("It asks nothing: it has text, but no interaction.")
    names = list(dict.fromkeys(interactions.kind_of(one) for one in found))
    if strange := [one for one in names if one not in _TAKEN]:
        raise NotTaken(
            f"It has an interaction of the kind “{strange[0][:40]}”, which this site does not have: write it "
            "anew as one of the kinds here."
        )
    if len(found) > 1:
        raise NotTaken(f"It asks {len(found)} things at once ({', '.join(names)}): make a question of each.")
    return found[0]


def _body(item: Element, interaction: Element, around: Around, texts: Texts, ours: bool) -> _Body:
    """The stem and what stands beside it."""
    body = child(item, "itemBody")
    assert body is not None
    parents = {inner: outer for outer in body.iter() for inner in outer}
    replaced: dict[Element, str] = {}
    found = _Body("")
    for one in body.iter():
        if ours and plain(one) == "div" and attribute(one, "class") == SCENARIO:
            found.scenario = Stimulus(identifiers.name_of(attribute(one, "id")), texts.of(one))
            replaced[one] = ""
        elif ours and plain(one) == "span" and attribute(one, "class") == UNIT:
            found.unit = xml.text_in(one)
            replaced[one] = ""
    prompt = interactions.prompt_of(interaction)
    asked = "" if prompt is None else f"<div>{texts.html(prompt, {})}</div>"
    inline = interactions.kind_of(interaction) in _INLINE
    alone = _alone(interaction, parents, replaced) if inline else None
    replaced[interaction] = asked or (BLANK if inline else "")
    if alone is not None:
        replaced[alone] = ""
    for reference in _references(item):
        _share(reference, around, texts, found, replaced)
    found.stem = texts.of(body, replaced)
    return found


def _alone(interaction: Element, parents: Mapping[Element, Element], replaced: Mapping[Element, str]) -> Element | None:
    """The paragraph that holds nothing but a field, which is no part of what is asked."""
    outer = parents.get(interaction)
    if outer is None or plain(outer) not in ("p", "div", "span"):
        return None
    if (outer.text or "").strip() or any(one not in (interaction, *replaced) for one in outer):
        return None
    return None if any((one.tail or "").strip() for one in outer) else outer


def _references(item: Element) -> list[Element]:
    return [one for one in item.iter() if plain(one) == "assessmentStimulusRef"]


def _share(reference: Element, around: Around, texts: Texts, found: _Body, replaced: dict[Element, str]) -> None:
    """The text that an item shares with others: the first is the scenario, more are said."""
    replaced[reference] = ""
    name = attribute(reference, "identifier")
    stimulus = around.stimulus(attribute(reference, "href"), name)
    if stimulus is None:
        words = f"The shared text “{name[:60]}” that it refers to is not in the file: it is left out."
        found.notes.append(Note("scenario", Severity.LOST, words))
        return
    texts.lost |= stimulus.lost
    if found.scenario is None:
        found.scenario = stimulus
    else:
        joined = f"{found.scenario.text}\n\n{stimulus.text}"
        found.scenario = Stimulus(f"{found.scenario.code}-{stimulus.code}"[:100].strip("-"), joined)
        words = "It shares several texts with others: here they are one scenario."
        if not any(one.words == words for one in found.notes):
            found.notes.append(Note("scenario", Severity.CHANGED, words))
