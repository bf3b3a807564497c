"""YAML whose mappings remember their lines, so that an error can say where it is."""

from typing import Any

import yaml

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Located(dict[str, Any]):
    """A mapping that knows the line it starts on and the line of each of its keys (from 1)."""

    line: int
    key_lines: dict[str, int]

    def line_of(self, key: str) -> int:
        """The line of a key, or of the mapping where the key is absent."""
        return self.key_lines.get(key, self.line)


class LocatedError(ValueError):
    """YAML that cannot be read, with its line and what to do."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


class _Loader(_BASE):  # type: ignore[misc]
    pass


def _mapping(loader: Any, node: yaml.MappingNode) -> Located:
    found = Located()
    found.line = node.start_mark.line + 1
    found.key_lines = {}
    for key_node, value_node in node.value:
        key = _value(loader, key_node)
        line = key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise LocatedError(line, f"the key {key!r} must be text: put it in quotes")
        if key in found:
            raise LocatedError(line, f"the key “{key}” stands twice: remove one")
        found[key] = _value(loader, value_node)
        found.key_lines[key] = line
    return found


def _value(loader: Any, node: yaml.Node) -> Any:
    try:
        return loader.construct_object(node, deep=True)
    except LocatedError:
        raise
    except ValueError as error:
        # A date such as 2026-13-01 looks like one and is none.
        message = f"this value cannot be read ({error}): correct or quote it"
        raise LocatedError(node.start_mark.line + 1, message) from error


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load(text: str) -> Any:
    """The document, its mappings as Located. Raises LocatedError."""
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        message = f"not valid YAML: {error.problem}. Check quotes, colons and indentation here"
        raise LocatedError(line, message) from error
    except yaml.YAMLError as error:
        # The position is in bytes or in characters, as the reader has it; the character stands where it first stands.
        line = text.count("\n", 0, text.find(chr(getattr(error, "character", 0)))) + 1
        raise LocatedError(line, f"not valid YAML: {error}".splitlines()[0]) from error
    except LocatedError:
        raise
    except ValueError as error:
        raise LocatedError(1, f"not valid YAML: {error}") from error
