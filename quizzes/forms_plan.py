"""The form of the plan: when the exam is, and how many minutes there are on which day."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_MINUTES, MOST_DAYS = 600, 730
WEEKDAYS = (
    ("monday", _("Monday")),
    ("tuesday", _("Tuesday")),
    ("wednesday", _("Wednesday")),
    ("thursday", _("Thursday")),
    ("friday", _("Friday")),
    ("saturday", _("Saturday")),
    ("sunday", _("Sunday")),
)


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _minutes(label: Any, help_text: Any = "", *, required: bool = False) -> forms.IntegerField:
    wrong = _("Enter whole minutes from 0 to 600.")
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=required,
        min_value=0,
        max_value=MOST_MINUTES,
        error_messages={"required": wrong, "invalid": wrong, "min_value": wrong, "max_value": wrong},
    )


class PlanForm(forms.Form):
    """``today`` is the learner's. A weekday that is left empty has the minutes of every day."""

    exam_on = forms.DateField(
        label=_("Day of your exam"),
        widget=_Day(),
        error_messages={
            "required": _("Enter the day of your exam."),
            "invalid": _("Enter a date, such as 2027-03-01."),
        },
    )
    minutes = _minutes(_("Minutes a day"), _("What you can keep up, from 0 to 600."), required=True)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name, label in WEEKDAYS:
            self.fields[name] = _minutes(label)

    @property
    def weekdays(self) -> list[Any]:
        """The fields of the weekdays, Monday first."""
        return [self[name] for name, _label in WEEKDAYS]

    @property
    def is_by_weekday(self) -> bool:
        """Whether any weekday has something of its own, so that its fields should be seen."""
        return any(field.value() not in (None, "") or field.errors for field in self.weekdays)

    def clean_exam_on(self) -> date:
        """A day from tomorrow on, within two years."""
        day: date = self.cleaned_data["exam_on"]
        if day <= self.today:
            raise forms.ValidationError(_("This day is not in the future. Enter the day of an exam that is to come."))
        if day > self.today + timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("This is more than two years away. Enter a day within two years."))
        return day

    def clean(self) -> dict[str, Any]:
        """Some day must have time."""
        values: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(self.by_weekday()):
            self.add_error("minutes", _("Every day has 0 minutes. Give at least one day some time."))
        return values

    def by_weekday(self) -> list[int]:
        """Minutes, Monday first."""
        own = [self.cleaned_data.get(name) for name, _label in WEEKDAYS]
        return [self.cleaned_data["minutes"] if one is None else one for one in own]


def initial_of(exam_on: date, minutes: list[int]) -> dict[str, Any]:
    """What the form shows of a stored plan: the most frequent minutes for every day, the others by weekday."""
    usual = max(minutes, key=lambda one: (minutes.count(one), one))
    by_day = zip(WEEKDAYS, minutes, strict=True)
    own = {name: one for (name, _label), one in by_day if one != usual}
    return {"exam_on": exam_on, "minutes": usual, **own}
