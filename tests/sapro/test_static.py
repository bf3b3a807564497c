"""Static files as a site serves them: every name carries a hash, in the imports of script modules too."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command


@pytest.fixture
def collected(tmp_path: Path, settings) -> Path:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "sapro.storage.HashedStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_modules_import_each_other_by_hashed_names(collected: Path) -> None:
    main = collected / staticfiles_storage.stored_name("js/exam/main.js")
    imports = re.findall(r'from "\./([^"]+)"', main.read_text())
    assert len(imports) > 3
    assert [name for name in imports if not re.fullmatch(r"[a-z]+\.[0-9a-f]{12}\.js", name)] == []
    assert [name for name in imports if not (collected / "js/exam" / name).is_file()] == []
