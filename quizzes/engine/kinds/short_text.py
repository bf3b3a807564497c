"""Short text: one of some accepted answers, compared by stated rules. No patterns: an author could write a slow one."""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from quizzes.engine.content import Content
from quizzes.engine.kinds.extras import FLAG, TEXT, TEXTS, Rule, shape_flaws
from quizzes.engine.kinds.typed import LONGEST, Typed, has_controls, typed_flaws

_SPACE = re.compile(r"\s+")
MOST = 50


class ShortText(Typed):
    """``extra`` has ``accepted`` (texts), and may have ``case``, ``spaces`` and ``rationale``.

    Letters of either case are the same unless ``case`` is true. Any run of spaces is one space unless ``spaces`` is
    “exact”, and none at all where it is “ignore”.
    """

    widget = "text"
    extras: Mapping[str, Rule] = MappingProxyType({"accepted": TEXTS, "case": FLAG, "spaces": TEXT, "rationale": TEXT})

    def flaws(self, content: Content) -> list[str]:
        """There is something to accept, and no answer twice."""
        found = typed_flaws(content)
        if misshapen := shape_flaws(content.extra, self.extras):
            return [*found, *misshapen]
        accepted = self.accepted(content)
        if not accepted:
            found.append("no accepted answer: write at least one")
        if len(accepted) > MOST:
            found.append(f"there are {len(accepted)} accepted answers: {MOST} are enough")
        found += [f"an accepted answer is longer than {LONGEST} characters" for one in accepted if len(one) > LONGEST]
        found += [f"nobody can type “{one}”: write it in one line" for one in accepted if has_controls(one.strip())]
        alike = [self.squashed(content, one) for one in accepted]
        if len(set(alike)) != len(alike):
            found.append("two accepted answers are the same by the rules for case and spaces: remove one")
        if content.extra.get("spaces", "one") not in ("one", "exact", "ignore"):
            found.append("spaces is one of one, exact, ignore")
        return found

    def is_right(self, content: Content, text: str) -> bool:
        """The text is one of the accepted ones by the rules."""
        wanted = {self.squashed(content, one) for one in self.accepted(content)}
        return self.squashed(content, text) in wanted

    def accepted(self, content: Content) -> list[str]:
        """The accepted texts."""
        return [str(one) for one in content.extra.get("accepted", ())]

    def squashed(self, content: Content, text: str) -> str:
        """What is compared: compatible letters made equal (Unicode NFKC), then case and spaces by the rules."""
        plain = unicodedata.normalize("NFKC", text).strip()
        spaces = content.extra.get("spaces", "one")
        if spaces != "exact":
            plain = _SPACE.sub("" if spaces == "ignore" else " ", plain)
        return plain if content.extra.get("case") else unicodedata.normalize("NFKC", plain.casefold())
