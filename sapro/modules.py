"""Script modules that import each other, as one file: for when static files are collected.

The modules stay what is written, read and debugged; a browser that has nothing yet would ask for them one by one, in
turns. Only the forms of import and export that we use are known, everything else is refused: this is no bundler.
"""

import re
from collections.abc import Callable
from posixpath import dirname, join, normpath

_IMPORT = re.compile(r'^import \{ (\w+(?:, \w+)*) \} from "(\./[\w-]+\.js)";$')
_EXPORT = re.compile(r"^export ((?:async )?function|class) (\w+)")
_KEYWORD = re.compile(r"^\s*(?:import|export)\b|\bimport\(|\bimport\.meta\b")
_COMMENT = re.compile(r"^\s*(?://|/\*\*(?:(?!\*/).)*\*/$)")


class UnknownForm(ValueError):
    """A line that this cannot join."""


def joined(main: str, read: Callable[[str], str]) -> str:
    """The module of that name with all that it imports, each in a function of its own, whole lines of comment left out.

    ``read`` gives a module's text by its path. Raises UnknownForm, also for modules that import each other in a circle.
    """
    done: dict[str, str] = {}
    _add(main, read, done, ())
    return "".join(done.values())


def _add(path: str, read: Callable[[str], str], done: dict[str, str], above: tuple[str, ...]) -> None:
    if path in done:
        return
    if path in above:
        raise UnknownForm(f"{path} imports itself by way of {', '.join(above)}")
    body, exports = [], []
    for number, line in enumerate(read(path).splitlines(), 1):
        if _COMMENT.match(line):
            continue
        if line.count("`") % 2:
            raise UnknownForm(f"{path}, line {number}: a text over several lines")
        if found := _IMPORT.match(line):
            other = normpath(join(dirname(path), found[2]))
            _add(other, read, done, (*above, path))
            line = f"const {{ {found[1]} }} = {_name(other)};"
        elif found := _EXPORT.match(line):
            exports.append(found[2])
            line = line.removeprefix("export ")
        elif _KEYWORD.search(line):
            raise UnknownForm(f"{path}, line {number}: {line.strip()}")
        body.append(line)
    body.append(f"return {{ {', '.join(exports)} }};")
    done[path] = f"const {_name(path)} = (() => {{\n" + "\n".join(body) + "\n})();\n"


def _name(path: str) -> str:
    return "$" + re.sub(r"\W", "_", path.removesuffix(".js"))
