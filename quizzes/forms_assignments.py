"""What is posted about the terms on which a quiz is given to a class."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.engine.showing import When, is_later
from quizzes.forms_fields import box, local_words, moment, whole
from quizzes.models import Assignment, Group, Quiz
from quizzes.services.assignments import Given

DATES = ("opens_at", "due_at", "closes_at")
SHOWN = ("show_score", "show_key", "show_rationale")


def _when(label: Any, help_text: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=help_text, required=False)


class AssignmentForm(forms.Form):
    """The terms of one assignment. What is left empty is as the quiz says, and what that is stands beside it."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    group = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        required=False,
        help_text=gettext_lazy("Once somebody has begun, this stays as it is."),
    )
    opens_at = moment(gettext_lazy("Opens"), "")
    due_at = moment(gettext_lazy("Due"), gettext_lazy("What is handed in later is late, and still counts."))
    closes_at = moment(gettext_lazy("Closes"), "")
    closing_cuts = box(gettext_lazy("Closing ends attempts that are running"), "")
    attempts_allowed = whole(gettext_lazy("Attempts"), "", 1, 100)
    counts = forms.ChoiceField(
        label=gettext_lazy("Which attempt counts"),
        choices=Assignment.Counts.choices,
        initial=Assignment.Counts.BEST,
        help_text=gettext_lazy("What the gradebook takes where somebody has several."),
    )
    show_score = _when(gettext_lazy("Score"), gettext_lazy("How many were right in all."))
    show_key = _when(gettext_lazy("Right answers"), gettext_lazy("Keep them back while others still sit it."))
    show_rationale = _when(
        gettext_lazy("Reasons"), gettext_lazy("They tell the right answers: never earlier than these.")
    )

    def __init__(
        self,
        posted: QueryDict | None = None,
        *,
        quiz: Quiz,
        groups: Sequence[Group],
        now: datetime,
        stored: Assignment | None = None,
        settled: bool = False,
    ) -> None:
        """``stored``: what is changed; ``settled``: somebody has begun it, so that for whom it is stays."""
        initial = {name: getattr(stored, name) for name in ("revision", *_NAMES)} if stored else _NEW
        group = str(stored.group_id or "") if stored else ""
        super().__init__(posted, initial={**initial, "group": group})
        self.quiz, self.now, self.stored = quiz, now, stored
        self._offer("group", [("", _("The whole class")), *((str(one.pk), one.name) for one in groups)])
        # Where one was posted all the same, the page was older than the first attempt: the service says so.
        self.fields["group"].disabled = settled and "group" not in self.data
        self._say_what_the_quiz_says()

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def _say_what_the_quiz_says(self) -> None:
        quiz, fields = self.quiz, self.fields
        opens = local_words(quiz.opens_at) if quiz.opens_at else _("at once")
        closes = local_words(quiz.closes_at) if quiz.closes_at else _("never")
        often = str(quiz.attempts_allowed or _("as often as they like"))
        fields["opens_at"].help_text = _("Nobody can start earlier. Empty: as the quiz says, %(said)s.") % {
            "said": opens
        }
        fields["closes_at"].help_text = _(
            "Nobody can start from this second on. Empty: as the quiz says, %(said)s."
        ) % {"said": closes}
        fields["attempts_allowed"].help_text = _("How often each may sit it. Empty: as the quiz says, %(said)s.") % {
            "said": often
        }
        fields["closing_cuts"].help_text = self._cuts_words()
        if quiz.mode != Quiz.Mode.EXAM:
            del fields["closing_cuts"]
        for name in SHOWN:
            own = [one for one in Quiz.Showing.choices if one[0] != When.DURING or quiz.mode != Quiz.Mode.EXAM]
            said = getattr(quiz, f"get_{name}_display")()
            self._offer(name, [("", _("As the quiz says: %(said)s") % {"said": said}), *own])

    def _cuts_words(self) -> str:
        words = _("Without it, who starts in time has the whole time. It belongs to a closing time that you set here.")
        if self.quiz.closes_at is None:
            return words
        theirs = (
            _("When the quiz itself closes, running attempts end.")
            if self.quiz.closing_cuts
            else _("When the quiz itself closes, running attempts go on.")
        )
        return f"{words} {theirs}"

    def clean(self) -> dict[str, Any]:
        """What does not go together, each at its field."""
        data = super().clean() or {}
        if not any(name in self.errors for name in DATES):
            self._check_order(data)
            self._check_passed(data)
        self._check_showing(data)
        return data

    def _check_order(self, data: dict[str, Any]) -> None:
        """Opens < due <= closes, where the quiz's dates stand in for those that were left empty."""
        quiz, due = self.quiz, data.get("due_at")
        opens, closes = data.get("opens_at") or quiz.opens_at, data.get("closes_at") or quiz.closes_at
        if opens and closes and closes <= opens:
            if data.get("closes_at"):
                words = _("It would close before it opens, on %(opens)s: choose a later time.")
                self.add_error("closes_at", words % {"opens": local_words(opens)})
            else:
                words = _("The quiz closes before that, on %(closes)s: choose an earlier time, or a closing time here.")
                self.add_error("opens_at", words % {"closes": local_words(closes)})
        if due and opens and due <= opens:
            words = _("It would be due before it opens, on %(opens)s: choose a later time.")
            self.add_error("due_at", words % {"opens": local_words(opens)})
        if due and closes and due > closes:
            words = _("It would be due after it closes, on %(closes)s: choose an earlier time, or let it close later.")
            self.add_error("due_at", words % {"closes": local_words(closes)})

    def _check_passed(self, data: dict[str, Any]) -> None:
        """A moment that has passed is refused where it is new; what stands may be saved again."""
        closes, due = data.get("closes_at"), data.get("due_at")
        if closes and closes <= self.now and self._is_new("closes_at", closes):
            self.add_error("closes_at", _("This moment has passed, and nobody could begin: choose a later time."))
        if due and due <= self.now and self._is_new("due_at", due):
            self.add_error("due_at", _("This moment has passed, and everybody would be late: choose a later time."))
        theirs = self.quiz.closes_at
        if not closes and theirs and theirs <= self.now and self._is_new("closes_at", None):
            words = _("The quiz has closed, on %(closes)s: set a closing time here, or nobody can begin.")
            self.add_error("closes_at", words % {"closes": local_words(theirs)})

    def _is_new(self, name: str, value: datetime | None) -> bool:
        return self.stored is None or getattr(self.stored, name) != value

    def _check_showing(self, data: dict[str, Any]) -> None:
        closes = data.get("closes_at") or self.quiz.closes_at
        for name in SHOWN:
            if data.get(name) == When.CLOSED and not closes and "closes_at" not in self.errors:
                self.add_error(name, _("It never closes: set a closing time above, or choose another time."))
        if "show_key" in self.errors or "show_rationale" in self.errors:
            return
        key = data.get("show_key") or self.quiz.show_key
        why = data.get("show_rationale") or self.quiz.show_rationale
        if is_later(key, why):
            labels = dict(Quiz.Showing.choices)
            words = _(
                "The reasons would be shown %(why)s and tell the right answers, which are shown %(key)s:"
                " show them no earlier."
            )
            self.add_error("show_rationale", words % {"why": labels[why], "key": labels[key]})

    def given(self) -> Given:
        """What was set. To be asked of a valid form."""
        data = {name: self.cleaned_data[name] for name in _NAMES if name in self.cleaned_data}
        group = self.cleaned_data["group"]
        return Given(group_id=int(group) if group else None, **data)


_NAMES = tuple(name for name in Given.__dataclass_fields__ if name != "group_id")
_NEW = {"revision": 0, "closing_cuts": True, "counts": Assignment.Counts.BEST}
