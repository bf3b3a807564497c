"""What is posted about the conditions of one learner."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quizzes.engine.availability import Terms
from quizzes.engine.conditions import NOTHING, Grant
from quizzes.models import Condition
from quizzes.queries.conditions import grant_of

FACTORS = ("1", "1.25", "1.5", "2")
OTHER = "other"
MOST_MINUTES, MOST_ATTEMPTS = 12 * 60, 20
TIMES = [
    ("1", _("No factor")),
    ("1.25", _("1.25 × the time limit")),
    ("1.5", _("1.5 × the time limit")),
    ("2", _("2 × the time limit")),
    (OTHER, _("Another factor")),
]


class _Moment(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"step": "1"}, format="%Y-%m-%dT%H:%M:%S")


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, required=False, widget=_Moment())


class ConditionForm(forms.Form):
    """Conditions that hold everywhere: time, breaks, the clock."""

    factor = forms.ChoiceField(label=_("Extra time"), choices=TIMES, initial="1", required=False)
    other_factor = forms.DecimalField(
        label=_("The other factor"),
        help_text=_("From 1 to 3, such as 1.75."),
        required=False,
        min_value=1,
        max_value=3,
        max_digits=3,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.05"}),
        error_messages={
            "min_value": _("Write a factor from 1 to 3: conditions never shorten the time."),
            "max_value": _("Write a factor from 1 to 3."),
        },
    )
    minutes = forms.IntegerField(
        label=_("Minutes more"),
        help_text=_("On top of the factor."),
        required=False,
        min_value=0,
        max_value=MOST_MINUTES,
    )
    breaks = forms.BooleanField(
        label=_("May take breaks"),
        help_text=_("The clock stands still and the questions are out of sight meanwhile; the result says how long."),
        required=False,
    )
    quiet = forms.BooleanField(
        label=_("Quiet clock"),
        help_text=_("The clock is hidden until the learner asks for it. It announces nothing and does not come back."),
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Only those who teach this learner read it. The learner does not."),
        required=False,
        max_length=200,
    )

    @classmethod
    def of(cls, row: Condition | None, **more: Any) -> "ConditionForm":
        """The form as things stand."""
        if row is None:
            return cls(**more)
        factor = f"{row.factor:g}"
        known = factor in FACTORS
        grant = grant_of(row)
        initial = {
            "factor": factor if known else OTHER,
            "other_factor": None if known else factor,
            "minutes": row.extra // 60 or None,
            "attempts": grant.attempts or None,
            "reason": row.reason,
            **{name: getattr(grant, name) for name in ("breaks", "quiet", "opens_at", "due_at", "closes_at")},
        }
        return cls(initial=initial, **more)

    def clean(self) -> dict[str, Any]:
        """What does not go together, each at its field."""
        data = super().clean() or {}
        other = data.get("other_factor")
        if data.get("factor") == OTHER and other is None and "other_factor" not in self.errors:
            self.add_error("other_factor", _("Write the factor, from 1 to 3."))
        if data.get("factor") != OTHER and other is not None:
            self.add_error("other_factor", _("Choose “Another factor” above, or empty this."))
        if not self.errors and self.grant() == NOTHING:
            self.add_error(
                "factor", _("Nothing is granted yet: choose extra time or anything below, or take the conditions back.")
            )
        return data

    def grant(self) -> Grant:
        """What was granted. To be asked of a valid form."""
        data = self.cleaned_data
        chosen = data.get("factor") or "1"
        return Grant(
            factor=float(data["other_factor"] if chosen == OTHER else chosen),
            extra=(data.get("minutes") or 0) * 60,
            opens_at=data.get("opens_at"),
            due_at=data.get("due_at"),
            closes_at=data.get("closes_at"),
            attempts=data.get("attempts") or 0,
            quiet=data["quiet"],
            breaks=data["breaks"],
        )


class AssignmentConditionForm(ConditionForm):
    """Conditions at one assignment: dates and attempts of their own as well.

    ``terms`` and ``due_at`` are everybody’s, ``held`` is the closing that was granted so far: it may lie in the past.
    """

    opens_at = _moment(_("Opens"))
    due_at = _moment(_("Due"))
    closes_at = _moment(_("Closes"))
    attempts = forms.IntegerField(label=_("Attempts more"), required=False, min_value=0, max_value=MOST_ATTEMPTS)

    def __init__(
        self,
        *args: Any,
        terms: Terms,
        due_at: datetime | None,
        now: datetime,
        held: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.terms, self.due, self.now, self.held = terms, due_at, now, held

    def clean(self) -> dict[str, Any]:
        """Dates in their order, with those of everybody where this learner has none of their own."""
        data = super().clean()
        own = {name: data.get(name) for name in ("opens_at", "due_at", "closes_at")}
        opens = own["opens_at"] or self.terms.opens_at
        due = own["due_at"] or self.due
        closes = own["closes_at"] or self.terms.closes_at
        self._check(own, "closes_at", "opens_at", opens, closes, _("It would close before it opens."))
        self._check(own, "due_at", "opens_at", opens, due, _("It would be due before it opens."))
        self._check(own, "closes_at", "due_at", due, closes, _("It would close before it is due."), same=True)
        if own["closes_at"] and own["closes_at"] <= self.now and own["closes_at"] != self.held:
            self.add_error("closes_at", _("This moment is past: choose a later one, or empty this."))
        return data

    def _check(
        self,
        own: dict[str, Any],
        later: str,
        sooner: str,
        first: datetime | None,
        second: datetime | None,
        words: Any,
        *,
        same: bool = False,
    ) -> None:
        """Say so at the date that was written here, the later one first; nothing where neither was."""
        at = later if own[later] else sooner if own[sooner] else None
        if at is None or first is None or second is None or at in self.errors:
            return
        if second < first or (second == first and not same):
            self.add_error(at, words)
