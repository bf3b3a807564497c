"""What the pages of repetition send."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from quizzes.forms import MAX_CHOICES
from quizzes.services.cards import SentAnswer

LATEST = 253_402_300_799
"""Seconds: the last second of the year 9999."""


def read_number(text: str) -> int | None:
    """A count or an id as a page sends it; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def read_answer(posted: QueryDict) -> SentAnswer:
    """The answer that a page posted. What a page itself wrote into it and cannot be read is None."""
    seconds = read_number(posted.get("shown_at", ""))
    return SentAnswer(
        choice=posted.getlist("choice")[: MAX_CHOICES + 1],
        confidence=posted.get("confidence", ""),
        repetitions=read_number(posted.get("repetitions", "")),
        version_id=read_number(posted.get("version", "")),
        shown_at=None if seconds is None or seconds > LATEST else datetime.fromtimestamp(seconds, UTC),
    )


class CardFilter(forms.Form):
    """Which cards to list. What cannot be read asks for nothing."""

    STATES = (
        ("", _("All")),
        ("due", _("Due today")),
        ("learned", _("Learned")),
        ("suspended", _("Suspended")),
    )

    q = forms.CharField(label=_("Topic"), max_length=200, required=False, widget=forms.TextInput({"type": "search"}))
    state = forms.ChoiceField(label=_("Which"), choices=STATES, required=False)

    def wanted(self) -> dict[str, Any]:
        """The fields that ask for something and can be read."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
