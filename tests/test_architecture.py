"""The shape of the code, held by reading it: who may import whom, how long things get, what is kept out.

Each rule is shown to bite on a sample before it is trusted on the tree.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import sources
from tests.sources import ROOT, files, module_of, shown

# Imports

RANKS = {
    "engine": 0,
    "markup": 0,
    "quotes": 0,
    "outline": 0,
    "lifecycle": 1,
    "files": 1,
    "formats": 1,
    "models": 2,
    "queries": 3,
    "search": 3,
    "zones": 3,
    "services": 4,
    "forms": 5,
}
TOP = 6
"""Views, admin, commands, addresses, template tags, and everything else at the edge."""

PURE = {"engine", "formats", "markup", "quotes", "files", "outline", "lifecycle"}
BELOW = {"reference": (), "quizzes": ("reference",), "sapro": ("reference", "quizzes")}
FORMATS_MAY = ("quizzes.engine", "quizzes.formats", "reference.markup", "reference.files", "reference.lifecycle")


def layer(module: str) -> str:
    """The layer of a module of ours: the first part of its name that is one, or “top”."""
    return next((part for part in module.split(".")[1:] if part in RANKS), "top")


def rank(module: str) -> int:
    """How high a module stands; imports point down or sideways."""
    return RANKS.get(layer(module), TOP)


def wrong_imports(source: str, module: str, *, package: bool = False) -> Iterator[str]:
    """What a module imports against the rules, each in words."""
    app = module.split(".")[0]
    for line, name in sources.imports(source, module, package=package):
        other = name.split(".")[0]
        if layer(module) in PURE and other == "django":
            yield f"{line}: {name}: {layer(module)} is pure and knows nothing of Django"
        if other not in sources.APPS:
            continue
        if other != app and other not in BELOW[app]:
            yield f"{line}: {name}: {app} knows nothing of {other}"
        elif layer(module) == "engine" and not name.startswith("quizzes.engine"):
            yield f"{line}: {name}: the engine imports nothing of the project but itself"
        elif layer(module) == "formats" and not name.startswith(FORMATS_MAY):
            yield f"{line}: {name}: formats know the engine and the reading of notes only"
        elif rank(name) > rank(module):
            yield f"{line}: {name}: {layer(module)} stands below {layer(name)}"


@pytest.mark.parametrize(
    ("module", "source", "fault"),
    [
        ("quizzes.engine.scoring", "from django.db import models", "knows nothing of Django"),
        ("quizzes.engine.scoring", "import quizzes.models", "nothing of the project but itself"),
        ("quizzes.engine.scoring", "from reference.markup import render_text", "nothing of the project but itself"),
        ("quizzes.formats.native", "from quizzes.models import Question", "formats know the engine"),
        ("reference.markup.note", "import django", "knows nothing of Django"),
        ("reference.markup.note", "from ..models import Topic", "markup stands below models"),
        ("reference.views", "from quizzes.models import Question", "reference knows nothing of quizzes"),
        ("quizzes.models.bank", "from sapro.accounts.models import User", "quizzes knows nothing of sapro"),
        ("quizzes.models.bank", "from quizzes.queries import bank", "models stands below queries"),
        ("quizzes.queries.bank", "from quizzes.services.bank import stage_bank", "queries stands below services"),
        ("quizzes.services.bank", "from quizzes.forms import SaveForm", "services stands below forms"),
        ("quizzes.forms", "from quizzes import clock", "forms stands below top"),
        ("quizzes.services.bank", "def f():\n    from quizzes.views import bank", "services stands below top"),
    ],
)
def test_a_wrong_import_is_seen(module: str, source: str, fault: str) -> None:
    assert fault in "".join(wrong_imports(source, module))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("quizzes.engine.scoring", "from math import sqrt\nfrom quizzes.engine.kinds import KINDS"),
        ("quizzes.formats.native", "from quizzes.engine.content import Content\nfrom reference.markup import listed"),
        ("quizzes.services.bank", "from reference.models import Topic\nfrom quizzes.queries.draws import DRAW_KEYS"),
        ("sapro.accounts.middleware", "from quizzes import clock\nfrom sapro.accounts.services import let_guest_in"),
        ("reference.files.read", "from ..markup import render_note\nfrom .tree import Page"),
    ],
)
def test_a_right_import_is_let_be(module: str, source: str) -> None:
    assert list(wrong_imports(source, module)) == []


def test_imports_point_down() -> None:
    faults = [
        f"{shown(path)}:{fault}"
        for path in files(".py", folders=sources.APPS)
        for fault in wrong_imports(path.read_text(), module_of(path), package=path.name == "__init__.py")
    ]
    assert faults == []


def test_a_late_import_needs_a_reason() -> None:
    assert list(sources.late_imports("def f():\n    import json\n")) == [2]
    assert list(sources.late_imports("def f():\n    import json  # slow, and rarely needed\n")) == []
    assert list(sources.late_imports("def f():\n    # slow, and rarely needed\n    import json\n")) == []
    faults = [
        f"{shown(path)}:{line}"
        for path in files(".py", folders=(*sources.APPS, "tests"))
        for line in sources.late_imports(path.read_text())
    ]
    assert faults == []


# Sizes

MAX_FILE = 400
MAX_FUNCTION = 40

LONG_FUNCTIONS: dict[str, str] = {}
"""Functions that may be longer, as ``path:name``, each with the reason. Empty is how it should be."""


def too_long(paths: list[Path]) -> list[str]:
    """The files with more lines than a file may have."""
    counted = ((path, len(path.read_text().splitlines())) for path in paths)
    return [f"{shown(path)}: {lines} lines" for path, lines in counted if lines > MAX_FILE]


def test_files_stay_short(tmp_path: Path) -> None:
    long = tmp_path / "long.py"
    long.write_text("pass\n" * (MAX_FILE + 1))
    assert too_long([long]) == ["long.py: 401 lines"]
    assert too_long(files(".py", ".html", ".css", ".js")) == []


def long_functions(source: str, name: str) -> Iterator[str]:
    """The functions of a file that are too long and not excused."""
    for line, function, lines in sources.function_lengths(source):
        if lines > MAX_FUNCTION and f"{name}:{function}" not in LONG_FUNCTIONS:
            yield f"{name}:{line} {function}: {lines} lines"


def test_functions_stay_short() -> None:
    sample = "def f():\n" + "    pass\n" * MAX_FUNCTION
    assert list(long_functions(sample, "sample.py")) == ["sample.py:1 f: 41 lines"]
    paths = files(".py", folders=sources.APPS)
    assert [fault for path in paths for fault in long_functions(path.read_text(), shown(path))] == []


def test_no_excuse_outlives_its_function() -> None:
    there = {
        f"{shown(path)}:{name}"
        for path in files(".py", folders=sources.APPS)
        for _, name, lines in sources.function_lengths(path.read_text())
        if lines > MAX_FUNCTION
    }
    assert set(LONG_FUNCTIONS) - there == set()


# Clocks and dice

HANDED_IN = ("engine", "services", "queries")
"""Layers that are told the time and handed their dice."""


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nx = datetime.now()",
        "from django.utils import timezone\nx = timezone.now()",
        "from django.utils import timezone\nx = timezone.now",
        "import datetime\nx = datetime.date.today()",
        "import time\nx = time.time()",
        "import random\nx = random.choice([1])",
        "from random import shuffle",
        "Question.objects.filter(a=1).order_by('?')",
    ],
)
def test_a_clock_or_dice_of_its_own_are_seen(source: str) -> None:
    assert list(sources.clocks_and_dice(source))


def test_time_and_dice_are_handed_in() -> None:
    assert list(sources.clocks_and_dice("from random import Random\nimport random\nx = random.Random(1)")) == []
    faults = [
        f"{shown(path)}:{line}: {what}"
        for path in files(".py", folders=sources.APPS)
        if layer(module_of(path)) in HANDED_IN
        for line, what in sources.clocks_and_dice(path.read_text())
    ]
    assert faults == []


# Lock files


def test_lock_files_hold_hashes_and_no_host() -> None:
    good = "# made by a tool\nnh3==0.3.8 \\\n    --hash=sha256:00\n    # via -r requirements.in\n"
    assert list(sources.lock_faults(good)) == []
    assert list(sources.lock_faults(good + "yaml==6.0\n")) == ["yaml==6.0 has no hash"]
    assert list(sources.lock_faults("--index-url https://packages.example.org\n" + good))
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert list(sources.lock_faults((ROOT / name).read_text())) == [], name


# Templates


@pytest.mark.parametrize(
    "template",
    [
        '<p style="color: red">',
        "<p\n  style={{ color }}>",
        "<style>p {}</style>",
        "<script>go()</script>",
        '<script type="module">go()</script>',
        '<button onclick="go()">',
        '<button {% if a %}disabled{% endif %} onclick="go()">',
        '<form hx-on:submit="go()">',
        '<a href="javascript:go()">',
    ],
)
def test_inline_code_is_seen(template: str) -> None:
    assert list(sources.inline_code(template))


def test_templates_hold_no_inline_code() -> None:
    for allowed in (
        '<script src="{% static "js/a.js" %}" defer></script>',
        '<script type="application/json" id="form">{}</script>',
        '{# <p style="a"> #}<p data-style="a" class="on">{% if style == "a" %}…{% endif %}</p>',
    ):
        assert list(sources.inline_code(allowed)) == [], allowed
    templates = files(".html", folders=("templates", *sources.APPS))
    assert templates
    found = ((path, fault) for path in templates for fault in sources.inline_code(path.read_text()))
    assert [f"{shown(path)}:{line}: {what}" for path, (line, what) in found] == []


# Documents

LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")


def dead_links(text: str, folder: Path) -> list[str]:
    """The links of a document that lead to no file."""
    return [target for target in LINK.findall(text) if not (folder / target).exists()]


def test_documents_link_to_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "there.md").touch()
    assert dead_links("[a](there.md#part) [b](https://example.org) ![c](gone.png)", tmp_path) == ["gone.png"]
    documents = [*ROOT.glob("*.md"), *(path for path in (ROOT / "docs").rglob("*.md") if path.name != "authoring.md")]
    dead = {shown(path): gone for path in documents if (gone := dead_links(path.read_text(), path.parent))}
    assert dead == {}


def test_every_setting_is_documented() -> None:
    read = re.compile(r"\benv\.\w+\(\s*\"(\w+)\"")
    names = {name for path in files(".py", folders=("sapro",)) for name in read.findall(path.read_text())}
    assert "SAPRO_URL" in names
    told = (ROOT / "docs" / "operating.md").read_text()
    assert {name for name in names if f"`{name}`" not in told} == {"SAPRO_CLOCK"}  # for tests alone
