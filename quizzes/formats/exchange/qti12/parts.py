"""An item taken apart: its metadata, its responses, their labels."""

from dataclasses import dataclass, field
from functools import cached_property
from xml.etree.ElementTree import Element

from quizzes.formats.exchange.qti12.conditions import Scoring
from quizzes.formats.exchange.qti12.feedback import Feedback, feedback_of
from quizzes.formats.exchange.qti12.keys import MOST_OPTIONS
from quizzes.formats.exchange.qti12.taking import Account, NotTaken
from quizzes.formats.exchange.qti12.texts import Texts
from quizzes.formats.exchange.xml import child, local, text_in


@dataclass
class Item:
    """One item while it is read. ``scoring`` is set once its type is known to be one that is taken."""

    element: Element
    texts: Texts
    account: Account
    scoring: Scoring = field(default_factory=lambda: Scoring(()))

    @cached_property
    def fields(self) -> dict[str, str]:
        """The metadata by label."""
        return fields_of(self.element)

    @cached_property
    def lists(self) -> list[Element]:
        """The responses that are chosen from a list."""
        return [one for one in self._responses if local(one) in ("response_lid", "response_grp")]

    @cached_property
    def typed(self) -> list[Element]:
        """The responses that are typed."""
        return [one for one in self._responses if local(one) in ("response_str", "response_num")]

    @cached_property
    def _responses(self) -> list[Element]:
        presentation = child(self.element, "presentation")
        parts = presentation.iter() if presentation is not None else ()
        return [one for one in parts if local(one).startswith("response_")]

    @property
    def one_list(self) -> Element:
        """The one list of the item. Raises NotTaken where there is none, or more than one."""
        if len(self.lists) != 1 or self.typed:
            raise NotTaken("It should have one list of options, and has another number of responses: export it again.")
        return self.lists[0]

    @property
    def one_field(self) -> Element:
        """The one field of the item. Raises NotTaken where there is none, or more than one."""
        if len(self.typed) != 1 or self.lists:
            raise NotTaken("It should have one field, and has another number of responses: split it up.")
        return self.typed[0]

    @property
    def stem(self) -> str:
        """Its text."""
        return self.texts.stem(self.element, typed=bool(self.typed))

    def labels(self, response: Element) -> list[Element]:
        """What can be chosen in a response. Raises NotTaken where it is too much, or two have one identifier."""
        found = [one for one in response.iter() if local(one) == "response_label"]
        if len(found) > MOST_OPTIONS:
            raise NotTaken(f"It has {len(found):,} options; at most {MOST_OPTIONS} are taken: leave some out.")
        idents = [one.get("ident", "") for one in found]
        if len(set(idents)) != len(idents):
            raise NotTaken("Two of its options have the same identifier, so that its key is not known: rename one.")
        return found

    def feedback(self, *owners: str) -> Feedback:
        """Its feedback. ``owners``: the identifiers of what may have some of its own."""
        return feedback_of(self.element, self.scoring, self.texts, owners)


def fields_of(item: Element) -> dict[str, str]:
    """The metadata of an item by label."""
    found = [one for one in item.iter() if local(one) == "qtimetadatafield"]
    return {text_in(child(one, "fieldlabel")): text_in(child(one, "fieldentry")) for one in found}
