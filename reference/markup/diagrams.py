"""Pictures: hand-written svg files of this repository, checked, given their ids and put into the page."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, fromstring, tostring

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_ELEMENTS = {
    *("circle", "clipPath", "defs", "desc", "ellipse", "g", "line", "marker", "path", "pattern", "polygon"),
    *("polyline", "rect", "symbol", "text", "title", "tspan", "use"),
}
_ATTRIBUTES = {
    *("class", "clip-path", "clipPathUnits", "cx", "cy", "d", "dominant-baseline", "dx", "dy", "height", "href", "id"),
    *("marker-end", "marker-mid", "marker-start", "markerHeight", "markerUnits", "markerWidth", "opacity", "orient"),
    *("pathLength", "patternTransform", "patternUnits", "points", "preserveAspectRatio", "r", "refX", "refY", "rotate"),
    *("rx", "ry", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-width", "text-anchor", "transform"),
    *("viewBox", "width", "x", "x1", "x2", "y", "y1", "y2", "vector-effect", "aria-hidden"),
}
_REASONS = {
    "style": "color by class: no style",
    "fill": "color by class: no fill",
    "stroke": "color by class: no stroke",
    "font-family": "name no fonts",
    "font-size": "size text by the classes t, t2, tb",
}
_VIEW_BOX = re.compile(r"0 0 (\d+(?:\.\d+)?) (\d+(?:\.\d+)?)")
_URL = re.compile(r"url\(\s*['\"]?(.*?)['\"]?\s*\)")


def place_svg(svg: str, prefix: str, alt: str) -> tuple[str, list[str]]:
    """Markup for a page, with `prefix` before each id, and what is wrong with the file (then the markup is "")."""
    if "<!DOCTYPE" in svg or "<!ENTITY" in svg:
        return "", ["remove the document type"]
    try:
        root = fromstring(svg)
    except ParseError as error:
        return "", [f"is not well-formed: {error}"]
    if root.tag != f"{_SVG}svg":
        return "", ['must be an <svg xmlns="http://www.w3.org/2000/svg">']
    problems = list(dict.fromkeys(_root_problems(root)))
    ids = {element.get("id", "") for element in root.iter() if "id" in element.attrib}
    for element in root.iter():
        if element is not root:
            problems += _element_problems(element)
        problems += _prefix_ids(element, prefix, ids)
    if problems:
        return "", list(dict.fromkeys(problems))
    view_box, classes = root.get("viewBox", ""), root.get("class")
    root.attrib = {"viewBox": view_box, "role": "img", "aria-label": alt}
    if classes:
        root.set("class", classes)
    root.tail = None
    return tostring(root, encoding="unicode"), []


def _root_problems(root: Element) -> Iterator[str]:
    if match := _VIEW_BOX.fullmatch(root.get("viewBox", "")):
        if float(match[1]) > 640:
            yield f"is {match[1]} wide: at most 640"
    else:
        yield 'needs viewBox="0 0 W H"'
    for name in ("width", "height"):
        if name in root.attrib:
            yield f"remove {name} from <svg>: the page gives the size"
    for name in root.attrib:
        if name not in ("viewBox", "width", "height", "class", "id", "role", "aria-label", "aria-labelledby"):
            yield from _attribute_problems(name, root.attrib[name])
    root.tag = "svg"


def _element_problems(element: Element) -> Iterator[str]:
    tag = str(element.tag).removeprefix(_SVG)
    if tag not in _ELEMENTS:
        yield f"<{tag.rpartition('}')[2]}> is not allowed"
        return
    element.tag = tag
    for name, value in element.attrib.items():
        yield from _attribute_problems(name, value)


def _attribute_problems(name: str, value: str) -> Iterator[str]:
    if name in _REASONS:
        if value != "none":
            yield _REASONS[name]
    elif name not in _ATTRIBUTES and name != _XLINK and not name.startswith("{http://www.w3.org/XML/"):
        yield f"the attribute {name.rpartition('}')[2]} is not allowed"


def _prefix_ids(element: Element, prefix: str, ids: set[str]) -> Iterator[str]:
    """Rewrite ids and references to them in place; what leads elsewhere is a problem."""
    for name in [name for name in element.attrib if name.startswith("{")]:
        value = element.attrib.pop(name)
        if name == _XLINK:
            element.set("href", value)
    for name, value in element.attrib.items():
        if name == "id":
            element.set(name, prefix + value)
        elif name == "href":
            if not value.startswith("#") or value[1:] not in ids:
                yield f"href leads to {value}: only #ids of the same file"
            element.set(name, f"#{prefix}{value[1:]}")
        else:
            for target in _URL.findall(value):
                if not target.startswith("#") or target[1:] not in ids:
                    yield f"url({target}) is refused: only #ids of the same file"
            element.set(name, _URL.sub(lambda match: f"url(#{prefix}{match[1].removeprefix('#')})", value))
