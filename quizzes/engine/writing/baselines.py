"""Strategies that know nothing of the matter sit the bank: none may do better than chance by more than a little."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from quizzes.engine.writing.cues import key_share, overlaps, single_key
from quizzes.engine.writing.likeness import similarity_sums
from quizzes.engine.writing.model import Item
from quizzes.engine.writing.text import content_words, option_lengths, plain

MARGIN: Final = 0.05
"""How much better than chance a strategy may be."""

_MANAGED: Final = re.compile(
    r"\b(?:managed|serverless|automatic(?:ally)?|Lambda|Fargate|Aurora|DynamoDB|Step Functions|EventBridge|S3|"
    r"Organizations|Control Tower|Systems Manager|Bedrock|AgentCore|Glue|Athena|AWS Backup|Global Accelerator|"
    r"CloudFront|Transit Gateway|PrivateLink|Lattice|Security Hub|GuardDuty|Config)\b"
)
_BY_HAND: Final = re.compile(
    r"\b(?:EC2|instances?|scripts?|cron|own|self-managed|manual(?:ly)?|appliances?|custom|agents?|install(?:s|ed)?|"
    r"servers?|hosts?|engineers?|team)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Baseline:
    """How a strategy fared: the share of single-key items it got right, and what chance gives."""

    name: str
    rate: float
    chance: float

    @property
    def passed(self) -> bool:
        """Whether it stayed within MARGIN of chance."""
        return self.rate <= self.chance + MARGIN


def managed_words(text: str) -> int:
    """How much more an option speaks of what is managed than of what is done by hand."""
    return len(_MANAGED.findall(text)) - len(_BY_HAND.findall(text))


def _managed(item: Item) -> Sequence[float]:
    return [managed_words(plain(option.text)) for option in item.options]


def _repeated(item: Item) -> Sequence[float]:
    return similarity_sums([content_words(option.text) for option in item.options])


STRATEGIES: Final[dict[str, Callable[[Item], Sequence[float]]]] = {
    "longest option": option_lengths,
    "most words of the stem": overlaps,
    "most managed option": _managed,
    "most repeated elements": _repeated,
}
"""By name: what each option is worth to the strategy, which takes the one worth most; of equals, any."""


def baselines(items: Sequence[Item]) -> list[Baseline]:
    """How each of the STRATEGIES fares on the single-key items; chance is the mean of one over their options."""
    singles = single_key(items)
    if not singles:
        return []
    chance = fmean(1 / len(item.options) for item in singles)
    return [
        Baseline(name, fmean(key_share(item, values(item)) for item in singles), chance)
        for name, values in STRATEGIES.items()
    ]
