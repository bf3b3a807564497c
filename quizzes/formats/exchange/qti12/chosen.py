"""Items whose response is chosen: from one list, from a list for each prompt, or an order of a list."""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds.true_false import FALSE, TRUE
from quizzes.formats.exchange.projection import plain_ids
from quizzes.formats.exchange.qti12.keys import MOST_OPTIONS, Key, order_key, pair_key, several_key, single_key
from quizzes.formats.exchange.qti12.parts import Item
from quizzes.formats.exchange.qti12.taking import NotTaken
from quizzes.formats.exchange.xml import local


def single(item: Item) -> Content:
    """Multiple choice. Raises NotTaken."""
    response = item.one_list
    labels = item.labels(response)
    key = single_key(item.scoring, response.get("ident", ""), _idents(labels))
    _account_of_key(item, key)
    return Content("multiple_choice", item.stem, 1, _order(item, response), _options(item, labels, key))


def several(item: Item) -> Content:
    """Multiple response; multiple choice where one option alone is right. Raises NotTaken."""
    response = item.one_list
    labels = item.labels(response)
    key = several_key(item.scoring, response.get("ident", ""), _idents(labels))
    if len(key.options) == 1:
        item.account.changed("kind", "Any number of options could be ticked; one is right, so that one is chosen.")
    else:
        words = (
            f"Any number of options could be ticked; here {len(key.options)} are to be chosen, as many as are right."
        )
        item.account.assumed("choose", words)
    if key.all_ticked:
        item.account.changed("scoring", "Ticking every option scored in full there; here it does not.")
    _account_of_key(item, key)
    kind = "multiple_choice" if len(key.options) == 1 else "multiple_response"
    return Content(kind, item.stem, len(key.options), _order(item, response), _options(item, labels, key))


def true_false(item: Item) -> Content:
    """True or false; multiple choice where its two options read otherwise. Raises NotTaken."""
    response = item.one_list
    labels = item.labels(response)
    meant = _truth(item, labels)
    if sorted(meant.values()) != [FALSE, TRUE] or len(labels) != 2:
        item.account.changed("kind", "Its options are not “True” and “False”, so that it is multiple choice here.")
        return single(item)
    key = single_key(item.scoring, response.get("ident", ""), _idents(labels))
    ordered = sorted(labels, key=lambda one: meant[one.get("ident", "")] == FALSE)
    options = [
        Option(one, text, ident in key.options, "")
        for one, text, ident in zip((TRUE, FALSE), ("True", "False"), _idents(ordered), strict=True)
    ]
    given = item.feedback(*_idents(ordered)).given_to(options, _idents(ordered), item.account)
    return Content("true_false", item.stem, 1, "fixed", given)


def looks_true_false(item: Item) -> bool:
    """Whether the two options of an item without metadata are true and false."""
    labels = [one for one in item.lists[0].iter() if local(one) == "response_label"]
    return len(labels) == 2 and sorted(_truth(item, labels, texts_only=True).values()) == [FALSE, TRUE]


def _truth(item: Item, labels: Sequence[Element], texts_only: bool = False) -> dict[str, str]:
    """Which label means true and which false: by its text, else by its identifier."""
    found = {}
    for one in labels:
        ident = one.get("ident", "")
        words = [item.texts.of(one), *([] if texts_only else [ident])]
        for word in words:
            plain = re.sub(r"[^a-z]", "", word.casefold()) if len(word) < 40 else ""
            if plain in (TRUE, FALSE):
                found[ident] = plain
                break
    return found


def ordering(item: Item) -> Content:
    """Ordering. Raises NotTaken."""
    response = item.one_list
    labels = {one.get("ident", ""): one for one in item.labels(response)}
    ordered = order_key(item.scoring, response.get("ident", ""), list(labels))
    options = _options(item, [labels[one] for one in ordered], Key(frozenset(ordered)))
    return Content("ordering", item.stem, len(options), "shuffle", options)


def matching(item: Item) -> Content:
    """Matching: one list for each prompt. Raises NotTaken."""
    if len(item.lists) > MOST_OPTIONS or item.typed:
        raise NotTaken(f"It has {len(item.lists):,} prompts; at most {MOST_OPTIONS} are taken: split it up.")
    pairs, apart = pair_key(item.scoring)
    idents = [one.get("ident", "") for one in item.lists]
    if len(set(idents)) != len(idents) or set(pairs) != set(idents):
        raise NotTaken.scoring("not every prompt has one right match")
    targets: dict[str, str] = {}
    meant: dict[tuple[str, str], str] = {}
    read: dict[str, str] = {}
    for response in item.lists:
        for label in item.labels(response):
            text = item.texts.of(label)
            number = read.setdefault(text, str(len(read) + 1))
            targets[number] = text
            meant[response.get("ident", ""), label.get("ident", "")] = number
    if len(targets) > MOST_OPTIONS:
        raise NotTaken(f"It has {len(targets):,} different matches; at most {MOST_OPTIONS} are taken: split it up.")
    if any((ident, value) not in meant for ident, value in pairs.items()):
        raise NotTaken.scoring("it names a match that is not in the list of its prompt")
    if apart:
        item.account.changed("scoring", "Each right pair scored on its own; how it is marked is set in a quiz here.")
    options = _whole(item, item.lists, idents)
    extra = {
        "targets": [{"id": one, "text": text} for one, text in targets.items()],
        "pairs": {option.id: meant[ident, pairs[ident]] for option, ident in zip(options, idents, strict=True)},
    }
    return Content("matching", item.stem, len(options), "fixed", options, extra)


def dropdown(item: Item) -> Content:
    """A text with one menu in it, as multiple choice. Raises NotTaken."""
    if len(item.lists) != 1:
        raise NotTaken(f"It has {len(item.lists)} menus in its text: split it into questions with one each.")
    response = item.one_list
    labels = item.labels(response)
    key = single_key(item.scoring, response.get("ident", ""), _idents(labels))
    item.account.changed("kind", "A menu in the text is a list of options below it here.")
    return Content(
        "multiple_choice", with_gap(item.stem, response), 1, _order(item, response), _options(item, labels, key)
    )


def with_gap(stem: str, response: Element) -> str:
    r"""A stem with a line where the name of a blank stood: “in [zone]” → “in \_\_\_\_\_”."""
    name = response.get("ident", "").removeprefix("response_")
    gap = r"\_\_\_\_\_"
    for written in (f"[{name}]", rf"\[{name}\]", rf"\[{name}]"):
        if written in stem:
            return stem.replace(written, gap)
    return stem


def _idents(labels: Sequence[Element]) -> list[str]:
    return [one.get("ident", "") for one in labels]


def _options(item: Item, labels: Sequence[Element], key: Key) -> tuple[Option, ...]:
    idents = _idents(labels)
    options = [
        Option(name, item.texts.of(label), ident in key.options, "")
        for name, label, ident in zip(plain_ids(), labels, idents, strict=False)
    ]
    return item.feedback(*idents).given_to(options, idents, item.account)


def _whole(item: Item, parts: Sequence[Element], idents: Sequence[str]) -> tuple[Option, ...]:
    """Parts that all belong to the key, with the text beside their lists."""
    options: list[Option] = []
    for name, part in zip(plain_ids(), parts, strict=False):
        materials = [one for one in part if local(one) in ("material", "material_ref", "flow_mat", "flow")]
        options.append(Option(name, item.texts.beside(materials), True, ""))
    return item.feedback(*idents).given_to(options, idents, item.account)


def _order(item: Item, response: Element) -> str:
    """Whether the order of options matters; few files say it."""
    said = {one.get("shuffle", "").casefold() for one in response.iter()} - {""}
    if said:
        return "fixed" if said == {"no"} else "shuffle"
    item.account.assumed("order", "The file does not say whether the order of options is fixed; they are shuffled.")
    return "shuffle"


def _account_of_key(item: Item, key: Key) -> None:
    if key.partial:
        words = "Other responses than the key scored a part of the points; how it is marked is set in a quiz here."
        item.account.changed("scoring", words)
    if key.minus:
        item.account.lost("scoring", "Wrong responses cost points there; whether they do is set in a quiz here.")
