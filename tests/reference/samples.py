"""A note of the tests, and what is made of it."""

from html.parser import HTMLParser

import pytest

from reference.markup import MarkupError, RenderedNote, render_note

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 200"><defs><marker id="arrow"><path d="M0 0"/></marker>'
    '</defs><path class="ink" marker-end="url(#arrow)" d="M0 0"/><use href="#arrow"/><text>A &lt; B</text></svg>'
)

DIAGRAM = "/// diagram | One *each*\n    file: zones\n    alt: Two zones: a “b” and\n      <c>.\n///"


def note(text: str, **options: object) -> RenderedNote:
    return render_note(text, topic="nat", diagrams={"zones": SVG}, **options)  # type: ignore[arg-type]


def problems(text: str, **options: object) -> list[tuple[int, str]]:
    with pytest.raises(MarkupError) as caught:
        note(text, **options)
    return caught.value.problems


def found(text: str) -> list[tuple[str, str, int]]:
    return [(anchor.name, anchor.text, anchor.line) for anchor in note(text).anchors]


class Tags(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
