"""What instructors post about questions of the bank, read and refused field by field."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from quizzes.formats.pictures import MAX_BYTES, BadPicture, Picture, read_picture

WHY_NOT = {
    "large": _("This file is larger than 1 MB. Save it smaller, and choose it again."),
    "kind": _("This is no picture that is taken here: send a PNG, JPEG or WebP file."),
    "pixels": _("This picture has more than 12.5 million pixels. Save it smaller, and choose it again."),
    "moving": _("Moving pictures are not taken. Send one that stands still."),
    "broken": _("This picture cannot be read to its end. Save it anew, and choose it again."),
}


class ImageForm(forms.Form):
    """A picture, and the words for those who do not see it."""

    file = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG, JPEG or WebP, at most 1 MB. It is written anew: place, camera and date are not kept."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty. Choose another.")},
    )
    alt = forms.CharField(
        label=_("In words"),
        help_text=_("What somebody must know who does not see it, without telling the answer. No square brackets."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in words what the picture shows.")},
    )

    def clean_file(self) -> Picture:
        """The picture, decoded and encoded anew."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            if (file.size or 0) > MAX_BYTES:
                raise BadPicture("large")
            return read_picture(file.read(MAX_BYTES + 1))
        except BadPicture as error:
            raise forms.ValidationError(WHY_NOT[error.why]) from error

    def clean_alt(self) -> str:
        """One line without what would end it in Markdown."""
        text = " ".join(str(self.cleaned_data["alt"]).split())
        if "[" in text or "]" in text:
            raise forms.ValidationError(_("Leave the square brackets out: they would end the words."))
        return text

    def picture(self) -> tuple[Picture, str]:
        """The picture and its words. To be asked of a valid form."""
        return self.cleaned_data["file"], self.cleaned_data["alt"]
