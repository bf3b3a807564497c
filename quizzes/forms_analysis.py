"""Which attempts item analysis rests on: the filter of its pages, which stands in the address."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quizzes.models import Assignment, Classroom
from quizzes.queries.finished_attempts import Wanted


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=_Day(),
        error_messages={"invalid": _("Enter a date, such as 2027-03-01, or leave it empty.")},
    )


class AnalysisForm(forms.Form):
    """``classes`` and ``assignments`` are those of whoever asks, and of this quiz."""

    given_to = forms.ChoiceField(
        label=_("Given to"),
        required=False,
        error_messages={"invalid_choice": _("There is no such class or assignment here: choose one from the list.")},
    )
    since = _day(_("Begun from"))
    until = _day(_("Begun until"))
    every = forms.BooleanField(label=_("All finished attempts, not only the first of each learner"), required=False)

    def __init__(
        self, data: Any, *, classes: Iterable[Classroom], assignments: Iterable[Assignment], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.of_class = {f"class-{one.code}": one.pk for one in classes}
        self.of_assignment = {f"assignment-{one.code}": one.pk for one in assignments}
        field: Any = self.fields["given_to"]
        field.choices = [
            ("", _("Everybody who sat it")),
            *((f"class-{one.code}", one.name) for one in classes),
            *((f"assignment-{one.code}", _assignment_words(one)) for one in assignments),
        ]

    def clean(self) -> dict[str, Any]:
        """The window has an end after its beginning."""
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("The end is before the beginning: swap the two days."))
        return given

    def wanted(self) -> Wanted:
        """What is asked for; both days of the window belong to it, in the time zone of whoever asks."""
        given = self.cleaned_data
        chosen, until = given["given_to"], given["until"]
        return Wanted(
            classroom=self.of_class.get(chosen),
            assignment=self.of_assignment.get(chosen),
            since=_midnight(given["since"]) if given["since"] else None,
            until=_midnight(until + timedelta(days=1)) if until else None,
            every=given["every"],
        )


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _assignment_words(one: Assignment) -> Any:
    name = f"{one.classroom.name} · {one.group.name}" if one.group else one.classroom.name
    due = one.due_at or one.opens_at or one.created_at
    return _("%(class)s, assignment of %(day)s") % {"class": name, "day": timezone.localdate(due).isoformat()}
