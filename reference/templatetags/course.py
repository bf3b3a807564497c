"""The course tree, and looking a count up."""

from collections.abc import Mapping, Sequence

from django import template
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from reference.queries import TreeModule

register = template.Library()

@register.filter
def get(counts: Mapping[str, int], key: str) -> int:
    """The count of a key, 0 where there is none."""
    return counts.get(key, 0)


@register.simple_tag
def course_tree(tree: Sequence[TreeModule], here: str) -> SafeString:
    """The tree with the present page marked. It is made once an edition; a page only marks its own link."""
    key = f"tree-html:{hash(tuple(tree))}"
    html: str | None = cache.get(key)
    if html is None:
        html = render_to_string("reference/_tree.html", {"tree": tree})
        cache.set(key, html, None)
    link = f'<a href="/notes/{here}/">'
    return mark_safe(html.replace(link, link.replace(">", ' aria-current="page">'), 1))
