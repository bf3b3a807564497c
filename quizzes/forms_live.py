"""What is posted from the live view: minutes and reasons."""

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_MINUTES = 24 * 60


class _Why(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("Kept in the log of the attempt and of the class."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say why, in a few words.")},
    )


class _Minutes(forms.Form):
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=MOST_MINUTES,
        error_messages={
            "required": _("Say how many minutes."),
            "invalid": _("Write the minutes as a whole number, such as 10."),
            "min_value": _("Give at least one minute."),
            "max_value": _("Give at most 1440 minutes, which is a day."),
        },
    )


class ReasonForm(_Why):
    """End or void: only why."""


class ReopenForm(_Why, _Minutes):
    """For how long it is open again, and why."""

    field_order = ("minutes", "reason")

    def __init__(self, *args: object, timed: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["minutes"].label = _("Minutes from now")
        if not timed:
            del self.fields["minutes"]


class ExtendForm(_Why, _Minutes):
    """How much more time. The token makes two presses of one button one extension."""

    token = forms.CharField(max_length=40, widget=forms.HiddenInput)
    field_order = ("minutes", "reason", "token")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["minutes"].label = _("Minutes more")
        self.fields["reason"].required = False
