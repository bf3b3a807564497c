"""What is posted about instructors' quizzes: by those who sit them, and by those who make them."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from quizzes.engine.sections import MAX_QUESTIONS
from quizzes.engine.showing import When, is_later
from quizzes.forms import Choosable, StartForm
from quizzes.forms_fields import box as _box
from quizzes.forms_fields import moment as _moment
from quizzes.forms_fields import whole as _whole
from quizzes.models import Quiz, Section
from quizzes.queries.quiz_builder import Pick
from quizzes.queries.sections import COURSE, OWN
from quizzes.services.quiz_sections import SectionSettings
from quizzes.services.quizzes import Settings

MARKINGS = [
    ("all_or_nothing", _("All or nothing: 1 for exactly the right options, else 0")),
    ("partial", _("Partial: (right choices − wrong choices) ÷ right options, never below 0")),
    (
        "negative",
        _("Negative: 1 if right, 0 if not answered, else −1 ÷ (possible answers − 1); for one of four options −1⁄3"),
    ),
]
POOLS = [(OWN, _("Questions of the quiz’s owner")), (COURSE, _("Questions of the course"))]
MOST_TAGS, LONGEST_TAG = 20, 40


class DeliveryForm(StartForm):
    """What is asked before the start of an instructor's quiz: the time, the access code."""

    access_code = forms.CharField(
        label=_("Access code"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, with_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["access_code"].required = with_code
        self.with_code = with_code


class NewQuizForm(forms.Form):
    """A quiz begins with a title and a mode."""

    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("Learners see it. It becomes the address."))
    mode = forms.ChoiceField(
        label=_("How it is sat"),
        initial=Quiz.Mode.EXAM,
        widget=forms.RadioSelect,
        choices=[
            (Quiz.Mode.EXAM, _("Exam: all questions at once, feedback after the end")),
            (Quiz.Mode.PRACTICE, _("Practice: one question at a time, feedback after each answer")),
        ],
    )


def _when(label: Any, help_text: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=help_text, choices=Quiz.Showing.choices)


class SettingsForm(forms.Form):
    """All settings of a quiz, each with what it is for beside it. Lengths are minutes here, seconds in the quiz."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("The address stays as it is."))
    summary = forms.CharField(
        label=_("What learners read before the start"),
        help_text=_("What it is about, what is allowed, whom to ask."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    mode = forms.ChoiceField(
        label=_("How it is sat"),
        widget=forms.RadioSelect,
        choices=NewQuizForm.base_fields["mode"].choices,  # type: ignore[attr-defined]
    )
    time_limit = _whole(_("Time limit, in minutes"), _("Exams only. Empty: no limit."), 1, 24 * 60)
    time_options = _box(
        _("Learners may choose more time before the start"),
        _("For those who read in a second language or were granted more time. The result names the choice."),
    )
    opens_at = _moment(_("Opens"), _("Nobody can start earlier. Empty: as soon as it is published."))
    closes_at = _moment(_("Closes"), _("Nobody can start from this second on. Empty: never."))
    closing_cuts = _box(
        _("Closing ends attempts that are running"),
        _("Exams only. Without it, who starts in time has the whole time. Learners are told before the start."),
    )
    attempts_allowed = _whole(
        _("Attempts"), _("How often one person may sit it. Empty: as often as they like."), 1, 100
    )
    delay = _whole(
        _("Wait between attempts, in minutes"),
        _("From the end of one to the start of the next: time to read. Empty: none."),
        0,
        60 * 24 * 365,
    )
    order = forms.ChoiceField(
        label=_("Order of the questions"),
        choices=Quiz.Order.choices,
        help_text=_("Shuffled: neighbors see different questions. Sections stay in their order."),
    )
    marking = forms.ChoiceField(
        label=_("Marking"),
        choices=MARKINGS,
        widget=forms.RadioSelect,
        help_text=_("Under negative marking a blind guess is worth nothing on average; learners are told."),
    )
    pass_mark = _whole(_("Pass mark, in percent"), _("The result says passed or not. Empty: only the score."), 1, 100)
    show_score = _when(_("Score"), _("How many were right in all."))
    show_key = _when(_("Right answers"), _("Keep them back while others still sit the quiz."))
    show_rationale = _when(
        _("Reasons"), _("Why each option is right or wrong. They tell the key: never earlier than it.")
    )
    access_code = forms.CharField(
        label=_("Access code"),
        max_length=40,
        required=False,
        help_text=_("Asked before the start: for a class in a room. Empty: whoever has the address."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    forward_only = _box(
        _("Forward only"),
        _("Exams only. What lies behind cannot be changed any more: for questions that give earlier ones away."),
    )
    pause_allowed = _box(
        _("Learners may pause"),
        _("Exams only. The clock stands still and the questions are out of sight; the result tells how long."),
    )

    EXAMS_ONLY = ("time_limit", "closing_cuts", "forward_only", "pause_allowed")

    @classmethod
    def of(cls, quiz: Quiz) -> "SettingsForm":
        """The form as the quiz stands."""
        names = [name for name in cls.base_fields if name not in ("time_limit", "delay")]
        initial = {name: getattr(quiz, name) for name in names}
        initial["time_limit"] = quiz.time_limit // 60 if quiz.time_limit else None
        initial["delay"] = quiz.delay // 60 or None
        return cls(initial=initial)

    def clean_access_code(self) -> str:
        """Blanks around a code are never meant."""
        return str(self.cleaned_data["access_code"]).strip()

    def clean(self) -> dict[str, Any]:
        """What does not go together, each at its field."""
        data = super().clean() or {}
        if data.get("mode") == Quiz.Mode.PRACTICE:
            for name in self.EXAMS_ONLY:
                if data.get(name):
                    self.add_error(name, _("Only an exam has this: empty it, or choose exam above."))
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("It would close before it opens: choose a later time."))
        if data.get("closing_cuts") and not closes and "closes_at" not in self.errors:
            self.add_error("closing_cuts", _("There is no closing time: set one above, or take this back."))
        if data.get("closing_cuts") and data.get("pause_allowed"):
            self.add_error("pause_allowed", _("A pause cannot outlast the closing time: choose one of the two."))
        if data.get("time_options") and not data.get("time_limit") and data.get("mode") == Quiz.Mode.EXAM:
            self.add_error("time_options", _("There is no time limit to choose more of: set one, or take this back."))
        self._check_showing(data)
        return data

    def _check_showing(self, data: dict[str, Any]) -> None:
        for name in ("show_score", "show_key", "show_rationale"):
            when = data.get(name)
            if when == When.DURING and data.get("mode") == Quiz.Mode.EXAM:
                self.add_error(name, _("An exam tells nothing while it is sat: choose a later time."))
            if when == When.CLOSED and not data.get("closes_at") and "closes_at" not in self.errors:
                self.add_error(name, _("It never closes: set a closing time above, or choose another time."))
        key, why = data.get("show_key"), data.get("show_rationale")
        if key and why and is_later(key, why):
            self.add_error("show_rationale", _("The reasons tell the right answers: show them no earlier."))

    def settings(self) -> Settings:
        """What was set. To be asked of a valid form."""
        data = {name: self.cleaned_data[name] for name in Settings.__dataclass_fields__}
        data["time_limit"] = data["time_limit"] * 60 if data["time_limit"] else None
        data["delay"] = (data["delay"] or 0) * 60
        return Settings(**data)


class SectionForm(forms.Form):
    """One section. Which fields there are depends on where its questions come from."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        help_text=_("The result counts by section. Empty: its number."),
    )
    count = _whole(_("How many questions"), _("Drawn anew for each attempt, unseen ones first."), 1, MAX_QUESTIONS)
    pool = forms.ChoiceField(label=_("From"), choices=POOLS, initial=OWN)
    topics = forms.MultipleChoiceField(label=_("Topics"), required=False, help_text=_("None chosen: all."))
    tags = forms.CharField(
        label=_("Tags"), max_length=900, required=False, help_text=_("With commas between them; one of them is enough.")
    )

    def __init__(
        self,
        *args: Any,
        source: str,
        topics: Sequence[Choosable] = (),
        domains: Sequence[tuple[int, str]] = (),
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        self.domains = list(domains) if source == Section.Source.BLUEPRINT else []
        if source == Section.Source.FIXED:
            for name in ("count", "pool", "topics", "tags"):
                del self.fields[name]
            return
        self.fields["count"].required = True
        cast(forms.MultipleChoiceField, self.fields["topics"]).choices = [(one.slug, one.title) for one in topics]
        for number, name in self.domains:
            self.fields[f"weight_{number}"] = _whole(name, "", 0, 1000)

    @property
    def weight_fields(self) -> list[forms.BoundField]:
        """The weights, domain by domain."""
        return [self[f"weight_{number}"] for number, _name in self.domains]

    def clean_tags(self) -> list[str]:
        """The tags one by one."""
        tags = [" ".join(one.split()) for one in str(self.cleaned_data["tags"]).split(",")]
        found = list(dict.fromkeys(one for one in tags if one))
        if len(found) > MOST_TAGS or any(len(one) > LONGEST_TAG for one in found):
            raise forms.ValidationError(
                _("At most %(n)d tags of at most %(length)d letters.") % {"n": MOST_TAGS, "length": LONGEST_TAG}
            )
        return found

    def clean(self) -> dict[str, Any]:
        """A blueprint without weights draws nothing."""
        data = super().clean() or {}
        names = [f"weight_{number}" for number, _name in self.domains]
        if names and not any(name in self.errors for name in names) and not any(data.get(name) for name in names):
            self.add_error(names[0], _("Give at least one domain a weight."))
        return data

    def settings(self) -> SectionSettings:
        """What was set. To be asked of a valid form."""
        data = self.cleaned_data
        return SectionSettings(
            title=data["title"],
            count=data.get("count") or 0,
            pool=data.get("pool") or OWN,
            topics=data.get("topics") or (),
            tags=data.get("tags") or (),
            weights={str(number): data[f"weight_{number}"] or 0 for number, _name in self.domains},
        )


class PickForm(forms.Form):
    """A search for questions to put into a section. It is never wrong: what cannot be read is not narrowed by."""

    q = forms.CharField(label=_("Words"), max_length=200, required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    tag = forms.CharField(label=_("Tag"), max_length=LONGEST_TAG, required=False)
    pool = forms.ChoiceField(
        label=_("From"),
        required=False,
        choices=[("", _("All that you may use")), (OWN, _("Yours")), (COURSE, _("The course"))],
    )

    def __init__(self, *args: Any, topics: Sequence[Choosable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", str(_("Any"))), *((one.slug, one.title) for one in topics)]
        cast(forms.ChoiceField, self.fields["topic"]).choices = choices

    def pick(self) -> Pick:
        """What to look for."""
        self.is_valid()
        data = self.cleaned_data
        return Pick(data.get("q", ""), data.get("topic", ""), data.get("tag", "").strip(), data.get("pool", ""))
