"""Our own source files, and what can be read off them without running them. For tests about the code itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("reference", "quizzes", "sapro")
FOLDERS = (*APPS, "tests", "templates", "static")
NOT_OURS = {"foreign", "vendor", "migrations", "__pycache__"}


def files(*suffixes: str, folders: tuple[str, ...] = FOLDERS) -> list[Path]:
    """Our files with these suffixes, sorted."""
    found = [path for folder in folders for suffix in suffixes for path in (ROOT / folder).rglob(f"*{suffix}")]
    return sorted(path for path in found if not NOT_OURS & set(path.relative_to(ROOT).parts))


def shown(path: Path) -> str:
    """A path as people write it."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def module_of(path: Path) -> str:
    """The dotted name of a Python file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(source: str, module: str, *, package: bool) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every import; ``from a import b`` gives ``a.b``. Relative ones are resolved."""
    home = module.split(".") if package else module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = home[: len(home) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{base}.{name.name}") for name in node.names)


def late_imports(source: str) -> Iterator[int]:
    """Lines of imports inside functions that give no reason in a comment, beside them or right above."""
    lines = source.splitlines()
    for function in _functions(source):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                above = lines[node.lineno - 2].strip() if node.lineno > 1 else ""
                if "#" not in lines[(node.end_lineno or node.lineno) - 1] and not above.startswith("#"):
                    yield node.lineno


def function_lengths(source: str) -> Iterator[tuple[int, str, int]]:
    """(line, name, lines) of every function, decorators left out."""
    for function in _functions(source):
        yield function.lineno, function.name, (function.end_lineno or function.lineno) - function.lineno + 1


def _functions(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


CLOCK_CALLS = re.compile(
    r"(?:^|\.)(?:(?:datetime|timezone)\.(?:now|utcnow)|date(?:time)?\.today|time\.time|localdate)$"
)
BARE_DICE = re.compile(r"random\.(?!Random$)\w+")


def clocks_and_dice(source: str) -> Iterator[tuple[int, str]]:
    """(line, what) wherever the time is asked for or dice are thrown that nobody handed in."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            name = ast.unparse(node)
            if CLOCK_CALLS.search(name) or BARE_DICE.fullmatch(name):
                yield node.lineno, name
        elif isinstance(node, ast.ImportFrom) and node.module == "random":
            yield from ((node.lineno, f"random.{name.name}") for name in node.names if name.name != "Random")
        elif isinstance(node, ast.Call) and ast.unparse(node).endswith("order_by('?')"):
            yield node.lineno, 'order_by("?")'


TEMPLATE_CODE = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|{%.*?%}|{{.*?}}", re.DOTALL)
TAG = re.compile(r"<[a-zA-Z][^>]*>", re.DOTALL)
INLINE = {
    "an inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"\s(?:hx-)?on[a-z:-]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "a style element": re.compile(r"^<style\b", re.IGNORECASE),
}
DATA_SCRIPT = re.compile(r"\ssrc\s*=|\stype\s*=\s*[\"']?application/(?:ld\+)?json", re.IGNORECASE)


def inline_code(template: str) -> Iterator[tuple[int, str]]:
    """(line, what) for everything in a template that a strict content security policy refuses."""
    blanked = TEMPLATE_CODE.sub(lambda match: "\n" * match.group().count("\n"), template)
    for match in TAG.finditer(blanked):
        tag, line = match.group(), blanked.count("\n", 0, match.start()) + 1
        yield from ((line, what) for what, pattern in INLINE.items() if pattern.search(tag))
        if tag.lower().startswith("<script") and not DATA_SCRIPT.search(tag):
            yield line, "an inline script"


def lock_faults(text: str) -> Iterator[str]:
    """What is wrong with a lock file: a package without hashes, or the name of a host."""
    for entry in re.split(r"\n(?=\S)", text):
        if entry.startswith("#"):
            continue
        name = entry.split()[0] if entry.split() else ""
        if name and "--hash=sha256:" not in entry:
            yield f"{name} has no hash"
    if match := re.search(r"\S*://\S*|--(?:extra-)?index-url|--find-links|--trusted-host", text):
        yield f"it names a place to get packages from: {match.group()}"
