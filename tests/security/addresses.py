"""Every address of the site, read off its own configuration: a new one cannot be forgotten."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RegexPattern, RoutePattern


@dataclass(frozen=True, slots=True)
class Route:
    """One named address: ``attempts:response`` with the words that its address takes."""

    name: str
    takes: tuple[str, ...]

    @property
    def namespace(self) -> str:
        """What stands before the colon."""
        return self.name.rpartition(":")[0]


def routes() -> list[Route]:
    """All named routes, each once."""
    return sorted(set(_routes(get_resolver().url_patterns, "", ())), key=lambda one: (one.name, one.takes))


def _routes(patterns: Sequence[Any], namespace: str, takes: tuple[str, ...]) -> Iterator[Route]:
    for one in patterns:
        words = takes + _words(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from _routes(one.url_patterns, inner, words)
        elif isinstance(one, URLPattern) and one.name:
            yield Route(namespace + one.name, words)


def _words(pattern: Any) -> tuple[str, ...]:
    if isinstance(pattern, RoutePattern):
        return tuple(pattern.converters)
    return tuple(pattern.regex.groupindex) if isinstance(pattern, RegexPattern) else ()


def spelled(route: Route, known: Mapping[str, Sequence[object]]) -> Iterator[str]:
    """The addresses of a route with everything that is ``known`` for each of its words."""
    choices = [known.get(f"{route.name} {word}", known.get(word, ["x"])) for word in route.takes]
    for values in product(*choices):
        try:
            yield reverse(route.name, kwargs=dict(zip(route.takes, values, strict=True)))
        except NoReverseMatch:
            continue
