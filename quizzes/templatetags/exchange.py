"""Words of imports and exports."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.formats.exchange.registry import FORMATS
from quizzes.models import Import, ImportItem

register = template.Library()

ENCODINGS = {
    "utf-8": gettext_lazy("UTF-8"),
    "utf-8-sig": gettext_lazy("UTF-8"),
    "utf-16": gettext_lazy("UTF-16"),
    "cp1252": gettext_lazy("Windows-1252"),
}
SEVERITIES = {
    "lost": gettext_lazy("lost"),
    "changed": gettext_lazy("changed"),
    "assumed": gettext_lazy("assumed"),
}
SIGNS = {Import.State.DONE: "right", Import.State.FAILED: "wrong", Import.State.CHOOSING: "then"}


@register.simple_tag
def import_state(source: Import) -> SafeString:
    """The state of an import, with a sign that is no color alone."""
    return format_html(
        '<span class="tag {}">{}</span>', SIGNS.get(Import.State(source.state), ""), source.get_state_display()
    )


@register.simple_tag
def format_title(name: str) -> str:
    """The title of a format; a dash where it is not known yet."""
    return FORMATS[name].title if name in FORMATS else name or "–"


@register.filter
def encoding_name(encoding: str) -> str:
    """An encoding in words."""
    return str(ENCODINGS.get(encoding, encoding))


@register.filter
def sentence(words: str) -> str:
    """What a reader of files says, as a sentence."""
    return f"{words[:1].upper()}{words[1:]}".rstrip(".") + "." if words else ""


@register.filter
def severity_name(severity: str) -> str:
    """What happened to an aspect."""
    return str(SEVERITIES.get(severity, severity))


@register.filter
def percent(share: Any) -> str:
    """A share of 1, or of 100, in percent."""
    number = float(share)
    return _("%(n)d %%") % {"n": round(number * 100 if number <= 1 else number)}


@register.simple_tag
def held_back(row: ImportItem) -> str:
    """Why a question that came in is not asked yet, and what became of it that was not chosen; a dash for nothing."""
    found = [str(one["words"]) for one in row.findings if one["blocks"]]
    found += [str(one["words"]) for one in row.notes if one["aspect"] == "status"]
    return " ".join(found) or "–"
