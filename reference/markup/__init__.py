"""Markdown to html: the only renderer of the site, notes and questions alike. Pure: no Django, no files."""

from .anchors import ANCHOR_NAME
from .links import TOPIC_NAME, LinkFor, is_web_address, note_address
from .model import (
    RENDERER_VERSION,
    Anchor,
    Change,
    Diagram,
    ExternalLink,
    Link,
    MarkupError,
    RenderedNote,
    Section,
)
from .note import render_note
from .pictures import picture_address, picture_size
from .quick import quick_words
from .sanitise import plain_text
from .text import render_text
from .words import did_you_mean, listed

__all__ = [
    "ANCHOR_NAME",
    "RENDERER_VERSION",
    "TOPIC_NAME",
    "Anchor",
    "Change",
    "Diagram",
    "ExternalLink",
    "Link",
    "LinkFor",
    "MarkupError",
    "RenderedNote",
    "Section",
    "did_you_mean",
    "is_web_address",
    "listed",
    "note_address",
    "picture_address",
    "picture_size",
    "plain_text",
    "quick_words",
    "render_note",
    "render_text",
]
