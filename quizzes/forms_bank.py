"""What instructors post about questions of the bank, read and refused field by field."""

import re
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from quizzes.engine.kinds import KINDS
from quizzes.formats.native import LEVELS, TASKS
from quizzes.formats.pictures import MAX_BYTES, BadPicture, Picture, read_picture
from quizzes.models import Question
from quizzes.queries.question_list import SORTS, Wanted

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


ALL = [("", _("All"))]
TAG = re.compile(r"\w[\w .+/-]{0,39}")
SORT_LABELS = {
    "changed": _("last changed"),
    "code": _("code"),
    "topic": _("topic"),
    "difficulty": _("difficulty"),
    "status": _("status"),
}
KIND_LABELS = {
    "multiple_choice": _("multiple choice"),
    "multiple_response": _("multiple response"),
    "true_false": _("true or false"),
    "ordering": _("ordering"),
    "matching": _("matching"),
    "numeric": _("numeric"),
    "short_text": _("short text"),
}
STATUSES = [
    (one.value, one.label)
    for one in (Question.Status.DRAFT, Question.Status.REVIEW, Question.Status.PUBLISHED, Question.Status.RETIRED)
]
WHOSE = [("own", _("written by me")), ("shared", _("shared with me")), ("course", _("of the course"))]
NEEDS = [
    ("any", _("anything")),
    ("flags", _("the answers warn of it")),
    ("challenges", _("a challenge is open")),
    ("stale", _("overtaken by the provider")),
    ("blocking", _("something holds back publishing")),
    ("alike", _("nearly the same as another")),
    ("review", _("waits for my reading")),
]


class FilterForm(forms.Form):
    """What is looked for. A choice that does not exist is as good as none: addresses are kept and passed on."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200, strip=True)
    whose = forms.ChoiceField(label=_("Whose"), required=False, choices=ALL + WHOSE)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[*ALL, *STATUSES])
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[*ALL, *((k, KIND_LABELS.get(k, k)) for k in KINDS)]
    )
    task = forms.ChoiceField(label=_("Task"), required=False, choices=[*ALL, *((one, one) for one in sorted(TASKS))])
    level = forms.ChoiceField(label=_("Level"), required=False, choices=[*ALL, *((one, one) for one in LEVELS)])
    author = forms.CharField(label=_("Author"), required=False, max_length=150)
    tag = forms.CharField(label=_("Tag"), required=False, max_length=40)
    needs = forms.ChoiceField(label=_("Needs attention"), required=False, choices=ALL + NEEDS)
    sort = forms.ChoiceField(label=_("Sorted by"), required=False, choices=[(one, SORT_LABELS[one]) for one in SORTS])

    def __init__(self, *args: Any, topics: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["topic"]).choices = [*ALL, *topics]

    def wanted(self) -> Wanted:
        """What is asked for, as far as it can be read."""
        self.is_valid()
        values = {name: str(self.cleaned_data.get(name) or "") for name in self.fields}
        text = values.pop("q").replace("\0", "")
        return Wanted(text=text, **{**values, "sort": values["sort"] or "changed"})

    def chosen(self) -> dict[str, str]:
        """The fields that ask for something, as they stand in the address."""
        self.is_valid()
        return {name: str(value) for name in self.fields if (value := self.cleaned_data.get(name))}


class BulkForm(forms.Form):
    """What to do with the questions that are ticked."""

    ACTIONS = [
        ("tag", _("Add the tag")),
        ("untag", _("Take the tag away")),
        ("publish", _("Publish")),
        ("retire", _("Retire")),
    ]

    action = forms.ChoiceField(choices=ACTIONS)
    tag = forms.CharField(label=_("Tag"), required=False, max_length=40)

    def __init__(self, *args: Any, picked: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.picked = picked

    def clean(self) -> dict[str, Any]:
        """Something is ticked, and a tag is given where one is needed."""
        data = super().clean() or self.cleaned_data
        if not self.picked:
            raise forms.ValidationError(_("Tick the questions first."))
        tag = str(data.get("tag") or "").strip().lower()
        if data.get("action") in ("tag", "untag") and not TAG.fullmatch(tag):
            self.add_error("tag", _("Write a tag: letters, digits, spaces, and . + / - within it, at most 40."))
        return {**data, "tag": tag}


class ReviewForm(forms.Form):
    """What a reader says of a version, and what becomes of it."""

    DECISIONS = [("comment", _("Say it")), ("approve", _("Publish it")), ("send_back", _("Send it back"))]

    version = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=DECISIONS)
    text = forms.CharField(
        label=_("What you say of it"),
        help_text=_("Its author reads it. Needed where you send it back."),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self) -> dict[str, Any]:
        """Whoever sends something back says what is to be mended."""
        data = super().clean() or self.cleaned_data
        if data.get("decision") != "approve" and not str(data.get("text") or "").strip():
            self.add_error("text", _("Say something first."))
        return data


class ShareForm(forms.Form):
    """With whom."""

    name = forms.CharField(
        label=_("User name"),
        help_text=_("Of an instructor of this site."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={"required": _("Write a user name.")},
    )


class LogForm(forms.Form):
    """Which lines of the log."""

    KINDS = [
        ("publishing", _("publishing")),
        ("keys", _("keys and marking again")),
        ("rules", _("rules")),
        ("rights", _("rights")),
        ("overrides", _("decisions")),
    ]
    kind = forms.ChoiceField(label=_("What"), required=False, choices=ALL + KINDS)
    question = forms.SlugField(label=_("Question"), required=False, max_length=100)
    quiz = forms.SlugField(label=_("Quiz"), required=False, max_length=80)

    def wanted(self) -> dict[str, str]:
        """What is asked for, as far as it can be read."""
        self.is_valid()
        return {name: str(self.cleaned_data.get(name) or "") for name in self.fields}
