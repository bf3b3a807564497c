"""On which days before an exam a mock exam is sat."""

from collections.abc import Sequence
from dataclasses import dataclass

MOCK_MINUTES = 180
"""A mock exam of full length."""

REVIEW_MINUTES = 30
"""Reading it afterwards, where the day still has room."""

LATEST = 3
"""The last mock is sat as late as that before the exam: time is left to read what was missed, and to rest."""

APART, SPACED = 5, 10
"""Days between two mocks: never fewer than the first, by rule the second."""

ENOUGH_MET = 1 / 3
"""From this share of the bank on a mock says something; at the latest it is sat when half of the time is gone."""


@dataclass(frozen=True, slots=True)
class Mocks:
    """Days from today on which a mock is sat; ``proposed``: no day has three hours, so these are only proposals."""

    days: tuple[int, ...]
    proposed: bool


def mock_days(minutes: Sequence[int], met: float, since_mock: int | None) -> Mocks:
    """The days, 0 is today. ``minutes``: of each day until the exam; ``met``: share of the bank 0-1.

    ``since_mock``: days since the latest full mock, None where there was none.
    """
    days = len(minutes)
    most = max(minutes, default=0)
    proposed = 0 < most < MOCK_MINUTES
    fit = [day for day, there in enumerate(minutes) if there >= (most if proposed else MOCK_MINUTES) and there > 0]
    earliest = 0 if met >= ENOUGH_MET else days // 2
    if since_mock is not None:
        earliest = max(earliest, APART - since_mock)
    fit = [day for day in fit if earliest <= day <= days - LATEST]
    if not fit:
        return Mocks((), proposed)
    chosen = [fit[-1]]
    for day in reversed(fit):
        if day <= chosen[-1] - SPACED:
            chosen.append(day)
    if len(chosen) == 1:
        chosen += [day for day in fit if day <= chosen[0] - APART][:1]
    return Mocks(tuple(sorted(chosen)), proposed)
