"""Static files as a site serves them: every name carries a hash, and a page's script modules are one file."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

from sapro.modules import UnknownForm, joined
from sapro.storage import JOINED


@pytest.fixture
def collected(tmp_path: Path, settings: Any) -> Path:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "sapro.storage.HashedStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_a_pages_modules_are_one_file(collected: Path) -> None:
    for name in JOINED:
        stored = staticfiles_storage.stored_name(name)
        assert re.fullmatch(r"js/exam/[a-z]+\.[0-9a-f]{12}\.js", stored)
        text = (collected / stored).read_text()
        assert "import" not in re.findall(r"^\w+", text, re.MULTILINE)
        assert "class Outbox" in text
        assert len((collected / f"{stored}.br").read_bytes()) < len(text) / 3


def test_modules_are_joined_in_the_order_of_their_imports() -> None:
    files = {
        "a/main.js": 'import { one } from "./one.js";\nimport { Two } from "./two.js";\none(new Two());',
        "a/one.js": 'import { Two } from "./two.js";\nexport async function one(x) {\n  // why\n  return x;\n}',
        "a/two.js": "// what\n/** {what} it gives. */\nexport class Two {\n  /** no */ a = 1; /** end */\n}",
    }
    text = joined("a/main.js", files.__getitem__)
    assert text.index("class Two") < text.index("async function one") < text.index("one(new Two())")
    assert text.count("class Two") == 1
    assert "return { Two };" in text
    assert "//" not in text
    assert "it gives" not in text
    assert "  /** no */ a = 1; /** end */" in text
    assert "export" not in text
    assert "const { one } = $a_one;" in text


@pytest.mark.parametrize(
    "text",
    [
        'import two from "./two.js";',
        'import { a as b } from "./two.js";',
        'import { a } from "elsewhere";',
        "export default 1;",
        "export { a };",
        'const a = await import("./two.js");',
        "const a = import.meta.url;",
        "const a = `one line\n// another`;",
        'import { a } from "./main.js";',
    ],
)
def test_what_it_does_not_know_it_refuses(text: str) -> None:
    with pytest.raises(UnknownForm, match=re.escape("main.js")):
        joined("main.js", {"main.js": text}.__getitem__)
