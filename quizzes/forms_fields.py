"""Fields that several forms have: moments in the reader's zone, whole numbers, boxes."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

YEARS = range(2000, 2101)


class _Moment(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"step": "1"}, format="%Y-%m-%dT%H:%M:%S")


class MomentField(forms.DateTimeField):
    """A moment in the zone of whoever types it. An hour that a change of the clocks skips or repeats is refused."""

    default_error_messages = {
        "invalid": gettext_lazy("Write a day and a time, such as 2026-11-30 17:00."),
    }

    def to_python(self, value: Any) -> datetime | None:
        """The aware moment; None where nothing was typed."""
        try:
            found: datetime | None = super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            raise ValidationError(_unclear(str(value).strip()), code=error.code) from error
        if found is not None and found.year not in YEARS:
            raise ValidationError(_("Choose a day between the years 2000 and 2100."), code="range")
        return found


def _unclear(text: str) -> str:
    """Why a time of the day is none, or two, and what to do."""
    zone = timezone.get_current_timezone()
    typed = parse_datetime(text)
    skipped = (
        typed is not None and typed.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != typed
    )
    words = (
        _("There is no such time in %(zone)s on this day: the clocks go forward. Choose an hour later.")
        if skipped
        else _("This time comes twice in %(zone)s on this day: the clocks go back. Choose an hour earlier or later.")
    )
    return words % {"zone": timezone.get_current_timezone_name()}


def moment(label: Any, help_text: Any) -> MomentField:
    """A moment that may be left empty."""
    return MomentField(label=label, help_text=help_text, required=False, widget=_Moment())


def whole(label: Any, help_text: Any, low: int, high: int, **more: Any) -> forms.IntegerField:
    """A whole number between two others that may be left empty."""
    options: dict[str, Any] = {"required": False, "min_value": low, "max_value": high, **more}
    return forms.IntegerField(label=label, help_text=help_text, **options)


def box(label: Any, help_text: Any) -> forms.BooleanField:
    """A box to tick."""
    return forms.BooleanField(label=label, help_text=help_text, required=False)


def local_words(value: datetime) -> str:
    """A moment in the reader's zone, for a page that names the zone."""
    here = timezone.localtime(value)
    return date_format(here, "F j, Y, H:i:s" if here.second else "F j, Y, H:i")


def differences(form: forms.Form, stored: forms.Form, *, secret: str = "") -> list[tuple[str, str]]:
    """Where a form that was typed differs from how things stand now: the label, and what stands there.

    Of the ``secret`` field only that there is something. ``form`` has been validated.
    """
    found = []
    for name, field in form.fields.items():
        value = stored.get_initial_for_field(field, name)
        if name == "revision" or (form.cleaned_data.get(name) or None) == (value or None):
            continue
        if name == secret:
            value = _("another one") if value else ""
        if isinstance(value, datetime):
            value = local_words(value)
        if isinstance(value, bool):
            value = _("yes") if value else _("no")
        choices = dict(getattr(field, "choices", ()))
        found.append((str(field.label), str(choices.get(value, value or _("empty")))))
    return found
