"""What is marked in the notes, read and refused field by field."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reference.queries.marks import Text
from reference.quotes import LONGEST_QUOTE, Quote
from reference.services.marks import LONGEST_NOTE

_SPAN = re.compile(r"(\d{1,7})-(\d{1,7})", re.ASCII)
GONE = _("This page has changed since you opened it. Load it again, then mark the passage.")


class NoteForm(forms.Form):
    """A private note in the margin."""

    note = forms.CharField(
        label=_("Your note"),
        required=False,
        strip=False,
        help_text=_("Only you see it."),
        widget=forms.Textarea({"rows": 3, "maxlength": LONGEST_NOTE}),
    )

    def clean_note(self) -> str:
        """The note with one kind of line break, not too long."""
        text = str(self.cleaned_data["note"]).replace("\r\n", "\n").strip()
        if len(text) > LONGEST_NOTE:
            message = _("The note has %(n)s characters; up to %(most)s are kept.")
            raise forms.ValidationError(message % {"n": len(text), "most": LONGEST_NOTE})
        return text


class MarkForm(NoteForm):
    """A passage as first and last letter of a page’s text, with a note or without.

    ``seen`` names the text in which it was chosen; of a script that has not asked yet, how many letters it counted.
    """

    passage = forms.CharField(
        max_length=15, label=_("Passage"), error_messages={"required": _("Choose a passage to mark.")}
    )
    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, text: Text) -> None:
        super().__init__(data)
        self.text = text
        self.quote: Quote | None = None

    field_order = ("passage", "note", "seen")

    def clean_passage(self) -> str:
        """The two counts. The passage itself stands in ``quote``."""
        found = _SPAN.fullmatch(self.cleaned_data["passage"])
        try:
            self.quote = self.text.quote(int(found[1]), int(found[2])) if found else None
        except ValueError:
            self.quote = None
        if self.quote is None:
            raise forms.ValidationError(_("There is no such passage on this page. Choose it again."))
        if len(self.quote.text) > LONGEST_QUOTE:
            message = _("The passage has %(n)s characters; up to %(most)s can be marked at once.")
            raise forms.ValidationError(message % {"n": len(self.quote.text), "most": LONGEST_QUOTE})
        return found[0] if found else ""

    def clean_seen(self) -> str:
        """That the text is the one that was seen."""
        if self.cleaned_data["seen"] not in (self.text.digest, str(self.text.letters)):
            raise forms.ValidationError(GONE)
        return str(self.cleaned_data["seen"])
