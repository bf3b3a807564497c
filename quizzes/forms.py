"""What is posted, read and refused field by field."""

from collections.abc import Sequence
from typing import Any, Protocol, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from quizzes.engine.attempts import MAX_AT, MAX_TAB, TIME_OPTIONS, UNTIMED
from quizzes.engine.traces import Trace, read_trace
from quizzes.models import Challenge
from quizzes.services.attempts import UnreadSave
from quizzes.services.challenges import Objection
from reference.markup import is_web_address

MAX_CHOICES = 24


class Choosable(Protocol):
    """A topic in a list of choices."""

    @property
    def slug(self) -> str: ...

    @property
    def title(self) -> str: ...


class BadField(ValueError):
    """A field that cannot be read: its name, and what to send instead."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def read_save(posted: QueryDict) -> UnreadSave:
    """The save that a page posted. Raises BadField.

    A register counts as sent when its field is there or ``has`` names it: an unchecked box sends nothing.
    """
    has = set(posted.getlist("has"))
    if unknown := has - {"choice", "flagged"}:
        raise BadField("has", f"“{min(unknown)[:20]}” is not known: choice or flagged.")
    sent = posted.getlist("choice")
    if len(sent) > MAX_CHOICES:
        raise BadField("choice", "Too many choices.")
    choice = tuple(sent) if sent or "choice" in has else None
    flagged = _flag(posted) if "flagged" in posted or "flagged" in has else None
    return UnreadSave(
        sent=choice,
        flagged=flagged,
        at=_whole(posted, "at", MAX_AT),
        tab=_whole(posted, "tab", MAX_TAB) or 0,
        trace=read_posted_trace(posted),
    )


def read_posted_trace(posted: QueryDict) -> Trace:
    """The trace, cleaned; an unreadable one is empty."""
    return read_trace(posted.get("trace", ""), 999)


def _flag(posted: QueryDict) -> bool:
    value = posted.get("flagged", "")
    if value not in ("", "0", "1", "on"):
        raise BadField("flagged", "Send 1 or 0.")
    return value in ("1", "on")


def _whole(posted: QueryDict, field: str, limit: int) -> int | None:
    values = posted.getlist(field)
    text = values[-1] if values else ""
    if text == "":
        return None
    if len(values) > 1 or not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= limit):
        raise BadField(field, "Send one whole number, not below 0.")
    return int(text)


def time_choices() -> list[tuple[str, str]]:
    """Values and labels of the time a learner may choose before the start."""
    labels = {
        "standard": _("Official time"),
        "plus30": _("30 minutes more (exam not in your first language)"),
        "x125": _("Time and a quarter"),
        "x150": _("Time and a half"),
        "x200": _("Double time"),
    }
    return [(value, str(labels[value])) for value in TIME_OPTIONS] + [(UNTIMED, str(_("No time limit")))]


class StartForm(forms.Form):
    """The choice before a start; only official time where the quiz allows no other."""

    time = forms.ChoiceField(choices=time_choices, required=False, label=_("Time"))

    def __init__(self, *args: Any, more_time: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not more_time:
            cast(forms.ChoiceField, self.fields["time"]).choices = time_choices()[:1]

    def time_option(self) -> str:
        """The chosen option; nothing chosen is the official time."""
        return str(self.cleaned_data.get("time") or "standard")


class PracticeForm(forms.Form):
    """What to practise. ``choices`` are the topics that have questions."""

    COUNTS = [(5, "5"), (10, "10"), (20, "20"), (40, "40")]
    ONLY = [("", _("Any, unseen first")), ("unseen", _("Unseen only")), ("missed", _("Missed before"))]

    topics = forms.MultipleChoiceField(required=False, label=_("Topics"))
    count = forms.ChoiceField(choices=COUNTS, initial="10", required=False, label=_("How many"))
    only = forms.ChoiceField(choices=ONLY, required=False, label=_("Which"))
    section = forms.SlugField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: Sequence[Choosable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = cast(forms.MultipleChoiceField, self.fields["topics"])
        topics.choices = [(choice.slug, choice.title) for choice in choices]
        topics.error_messages["invalid_choice"] = _("“%(value)s” is not a topic with questions. Choose from the list.")

    def clean_count(self) -> int:
        """The number; ten where none was chosen."""
        return int(self.cleaned_data["count"] or 10)


LONGEST_OBJECTION, SHORTEST_OBJECTION = 3000, 10
KEY_FLAWS = (Challenge.Flaw.KEY, Challenge.Flaw.AMBIGUOUS)
"""What can be wrong with a question only."""


class ChallengeForm(forms.Form):
    """What is wrong, and where that can be read."""

    flaw = forms.ChoiceField(choices=Challenge.Flaw.choices, label=_("What is wrong"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("In your words"),
        help_text=_("What it says, and what holds instead."),
        min_length=SHORTEST_OBJECTION,
        max_length=LONGEST_OBJECTION,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    evidence = forms.CharField(
        label=_("Where that stands"),
        help_text=_("The https address of a page, of the provider’s documentation if possible."),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, about_notes: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if about_notes:
            choices = [choice for choice in Challenge.Flaw.choices if choice[0] not in KEY_FLAWS]
            cast(forms.ChoiceField, self.fields["flaw"]).choices = choices

    def clean_evidence(self) -> str:
        """An address that can be opened, or nothing."""
        address = str(self.cleaned_data["evidence"]).strip()
        if address and not is_web_address(address):
            raise forms.ValidationError(_("Give an address that begins with https://, or leave this empty."))
        return address

    def objection(self) -> Objection:
        """What was said. To be asked of a valid form."""
        data = self.cleaned_data
        return Objection(flaw=data["flaw"], text=data["text"], evidence=data["evidence"])


class ScenarioForm(forms.Form):
    """A text that several questions share."""

    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("Only instructors see it."))
    text = forms.CharField(
        label=_("Text"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Markdown, as in questions."),
    )
    revision = forms.IntegerField(min_value=0, max_value=10**9, required=False, widget=forms.HiddenInput)

    def written(self) -> dict[str, str]:
        """Title and text. To be asked of a valid form."""
        return {"title": self.cleaned_data["title"], "text": self.cleaned_data["text"].replace("\r\n", "\n")}

    def begun_from(self) -> int:
        """From which revision was begun."""
        return int(self.cleaned_data["revision"] or 0)


SHORTEST_ANSWER = 3


class DecisionForm(forms.Form):
    """What becomes of a challenge, and what its challenger is told."""

    ACCEPTED, DECLINED = "accepted", "declined"
    DECISIONS = [
        (ACCEPTED, _("Accept: they are right, and it is corrected")),
        (DECLINED, _("Decline: it stays as it is")),
    ]

    decision = forms.ChoiceField(choices=DECISIONS, label=_("What becomes of it"), widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("What you tell them"),
        help_text=_("What was changed, or why it stays. They see it with your decision."),
        min_length=SHORTEST_ANSWER,
        max_length=LONGEST_OBJECTION,
        error_messages={"required": _("Write a sentence: whoever took the trouble to object is owed a reason.")},
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def is_accepted(self) -> bool:
        """The decision. To be asked of a valid form."""
        return bool(self.cleaned_data["decision"] == self.ACCEPTED)


class RemarkForm(forms.Form):
    """Why results are marked again, and by which keys: those of the preview."""

    reason = forms.CharField(
        label=_("Why"),
        help_text=_("Learners read it beside their old and their new result."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    token = forms.CharField(max_length=16, widget=forms.HiddenInput)
    total = forms.IntegerField(required=False, min_value=0, max_value=10_000_000, widget=forms.HiddenInput)
