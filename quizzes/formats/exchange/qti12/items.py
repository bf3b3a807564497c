"""An item of QTI 1.2 -> a question of this site, or why it is none."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from xml.etree.ElementTree import Element, tostring

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.model import Exchanged, ReadItem
from quizzes.formats.exchange.projection import with_plain_ids
from quizzes.formats.exchange.qti12 import chosen, typed
from quizzes.formats.exchange.qti12.conditions import scoring_of
from quizzes.formats.exchange.qti12.package import Place
from quizzes.formats.exchange.qti12.parts import Item
from quizzes.formats.exchange.qti12.taking import Account, NotTaken
from quizzes.formats.exchange.qti12.texts import Texts
from quizzes.formats.exchange.xml import local

Maker = Callable[[Item], Content]
CODE_FIELD = "question_code"
"""The code of a question where it cannot be an identifier; Canvas passes over fields that it does not know."""
_MAKERS: Mapping[str, Maker] = MappingProxyType(
    {
        "single": chosen.single,
        "true_false": chosen.true_false,
        "several": chosen.several,
        "ordering": chosen.ordering,
        "matching": chosen.matching,
        "dropdowns": chosen.dropdown,
        "text": typed.short_text,
        "number": typed.numeric,
        "blanks": typed.blank,
    }
)
_CANVAS: Mapping[str, str] = MappingProxyType(
    {
        "multiple_choice_question": "single",
        "true_false_question": "true_false",
        "multiple_answers_question": "several",
        "short_answer_question": "text",
        "numerical_question": "number",
        "matching_question": "matching",
        "ordering_question": "ordering",
        "multiple_dropdowns_question": "dropdowns",
        "missing_word_question": "dropdowns",
        "fill_in_multiple_blanks_question": "blanks",
    }
)
_PROFILES: Mapping[str, str] = MappingProxyType(
    {
        "cc.multiple_choice": "single",
        "cc.true_false": "true_false",
        "cc.multiple_response": "several",
        "cc.fib": "text",
        "cc.pattern_match": "text",
        "cc.essay": "essay_question",
    }
)
_UNTAKEN: Mapping[str, str] = MappingProxyType(
    {
        "essay_question": "An essay is read by a person; this site has no kind for it. Rewrite it as a short text.",
        "file_upload_question": "A file is asked for; this site has no kind for it.",
        "text_only_question": "It is a text without a question. Put it into the stem of those that need it.",
        "calculated_question": "It is computed from a formula with variables. Write it anew with fixed numbers.",
        "categorization_question": "Items are sorted into categories. Write it anew as a matching question.",
        "hot_spot_question": "A place in a picture is asked for; this site has no kind for it.",
    }
)


@dataclass(frozen=True)
class Setting:
    """What stands around an item: its file, the tags from there, and whether its group draws from it by chance."""

    place: Place
    tags: tuple[str, ...] = ()
    draws: str = ""
    stimuli: Mapping[str, str] = field(default_factory=dict)


def read_item(element: Element, place: str, setting: Setting) -> ReadItem:
    """The question of an item, with its account, or the reason why it is not taken."""
    account = Account()
    item = Item(element, Texts(setting.place, account), account)
    try:
        question = _question(item, setting)
    except NotTaken as reason:
        return ReadItem(place, None, account.notes, str(reason), raw_of(element))
    if flaws := _flaws(question.content):
        return ReadItem(place, None, account.notes, f"It cannot be asked here: {flaws[0]}.", raw_of(element))
    return ReadItem(place, question, account.notes)


def raw_of(element: Element) -> str:
    """The beginning of an element as text."""
    text = tostring(element, encoding="unicode")[:4_000]
    return re.sub(r"\s*xmlns:ns\d+=\"[^\"]*\"|\bns\d+:", "", text)[:500]


def _flaws(content: Content) -> list[str]:
    """What the kind says, and where a text is missing."""
    missing = [f"option {one.id} has no text" for one in content.options if not one.text]
    return [*([] if content.stem else ["the stem is empty"]), *missing, *KINDS[content.kind].flaws(content)]


def _question(item: Item, setting: Setting) -> Exchanged:
    kind = _kind(item)
    if kind in _UNTAKEN:
        raise NotTaken(_UNTAKEN[kind])
    maker = _MAKERS.get(kind)
    if maker is None:
        raise NotTaken(f"Questions of the type “{kind[:60]}” have no place here: write it anew as another kind.")
    item.scoring = scoring_of(item.element)
    content = _with_stimulus(maker(item), item, setting)
    _account_of_setting(item, setting)
    code = item.fields.get(CODE_FIELD) or item.element.get("ident", "").strip()
    question = Exchanged(
        code=code[:200],
        content=content,
        title=" ".join(item.element.get("title", "").split())[:200],
        known=Attributes(tags=setting.tags),
    )
    return with_plain_ids(question)


def _kind(item: Item) -> str:
    """The type that the metadata says, else the one that its elements make it."""
    said = item.fields.get("question_type", "").casefold()
    if said in _CANVAS:
        return _CANVAS[said]
    if said.endswith("_question"):
        return said
    profile = re.sub(r"\.v\d+p\d+$", "", item.fields.get("cc_profile", "").casefold())
    return _PROFILES.get(profile) or _shape(item)


def _shape(item: Item) -> str:
    lists, fields = item.lists, item.typed
    if not lists and not fields:
        names = {local(one) for one in item.element.iter()}
        return "hot_spot_question" if names & {"response_xy", "render_hotspot"} else "text_only_question"
    if lists and fields:
        raise NotTaken("It asks for several responses of different kinds: split it into questions with one each.")
    if len(fields) > 1:
        return "blanks"
    if fields:
        return typed.shape_of(item)
    if len(lists) > 1:
        return "matching"
    cardinality = lists[0].get("rcardinality", "Single").casefold()
    if cardinality == "single" and chosen.looks_true_false(item):
        return "true_false"
    return {"multiple": "several", "ordered": "ordering"}.get(cardinality, "single")


def _with_stimulus(content: Content, item: Item, setting: Setting) -> Content:
    """The text that New Quizzes show beside several questions stands at the head of each of them."""
    shared = setting.stimuli.get(item.fields.get("parent_stimulus_item_ident", ""), "")
    if not shared:
        return content
    item.account.changed("scenario", "The text that it shares with other questions stands at the head of its stem.")
    return replace(content, stem=f"{shared}\n\n{content.stem}")


def _account_of_setting(item: Item, setting: Setting) -> None:
    points = item.fields.get("points_possible", "1")
    if points and not re.fullmatch(r"1(?:\.0*)?", points):
        words = f"It was worth {points[:20]} points; here all questions of a quiz count the same."
        item.account.changed("scoring", words)
    if setting.draws:
        words = f"Its group draws {setting.draws} of its questions by chance; a draw is set in a quiz here."
        item.account.lost("extra", words)
