"""Backup and restore: whole or not at all, while others write, and never over people by accident."""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from sapro.backups import MANIFEST
from tests.sources import ROOT

PEOPLE = "SELECT username FROM accounts_user ORDER BY username"


class Site:
    """A site of its own with a data folder of its own: commands run as an operator runs them."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.folder = folder
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environment = kept | {"SAPRO_DATA": str(folder)} | ({"DATABASE_URL": database} if database else {})

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)

    def add(self, name: str) -> None:
        """One person more."""
        made = self.run(
            "shell", "-v0", "-c", f"from sapro.accounts.models import User; User.objects.create(username={name!r})"
        )
        assert made.returncode == 0, made.stderr

    def people(self) -> list[str]:
        """Who is there."""
        names = "User.objects.order_by('username').values_list('username', flat=True)"
        code = f"from sapro.accounts.models import User; print(*{names})"
        found = self.run("shell", "-v0", "-c", code)
        assert found.returncode == 0, found.stderr
        return found.stdout.split()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site with one person, on the database of this run."""
    found = Site(tmp_path / "data", _own_database())
    migrated = found.run("migrate", "-v0")
    assert migrated.returncode == 0, migrated.stderr
    found.add("first")
    return found


def _own_database() -> str:
    """A database beside the one of the tests, on PostgreSQL; nothing on SQLite, where the data folder holds it."""
    if connection.vendor != "postgresql":
        return ""
    settings = connection.settings_dict
    server = f"postgres://{settings['USER']}@{settings['HOST']}:{settings['PORT']}"
    name = f"backup_{os.getpid()}"
    arguments = ["-h", settings["HOST"], "-p", str(settings["PORT"]), "-U", settings["USER"], name]
    subprocess.run(["dropdb", "--if-exists", *arguments], check=True, capture_output=True)
    subprocess.run(["createdb", *arguments], check=True, capture_output=True)
    return f"{server}/{name}"


def test_what_was_written_comes_back(db: None, site: Site, tmp_path: Path) -> None:
    target = tmp_path / "one.tar"
    key = (site.folder / "secret_key").read_text()
    picture = site.folder / "images" / "k3b9x2m4q7ta-2x2"
    picture.parent.mkdir()
    picture.write_bytes(b"picture")
    (picture.parent / ".new-half").write_bytes(b"an upload that was cut off")
    written = site.run("backup", str(target))
    assert written.returncode == 0, written.stderr
    assert oct(target.stat().st_mode & 0o777) == "0o600"
    assert [path.name for path in tmp_path.glob(".sapro-*")] == []
    with tarfile.open(target) as tar:
        assert "images/.new-half" not in tar.getnames()
    picture.unlink()
    site.add("second")
    (site.folder / "secret_key").write_text("another" * 10)
    refused = site.run("restore", str(target))
    assert refused.returncode != 0
    assert "--replace" in refused.stderr
    assert site.people() == ["first", "second"]
    restored = site.run("restore", str(target), "--replace")
    assert restored.returncode == 0, restored.stderr
    assert site.people() == ["first"]
    assert (site.folder / "secret_key").read_text() == key
    assert picture.read_bytes() == b"picture"
    again = site.run("backup", str(target))
    assert "exists already" in again.stderr


def test_a_damaged_backup_changes_nothing(db: None, site: Site, tmp_path: Path) -> None:
    target = tmp_path / "one.tar"
    site.run("backup", str(target))
    data = bytearray(target.read_bytes())
    data[len(data) // 2] ^= 0xFF
    (tmp_path / "damaged.tar").write_bytes(data)
    (tmp_path / "half.tar").write_bytes(target.read_bytes()[: len(data) // 2])
    (tmp_path / "other.tar").write_bytes(b"x" * 2000)
    for name in ("damaged.tar", "half.tar", "other.tar", "nothing.tar"):
        refused = site.run("restore", str(tmp_path / name), "--replace")
        assert refused.returncode != 0, name
        assert "Traceback" not in refused.stderr
    assert site.people() == ["first"]


@pytest.mark.sqlite
def test_a_backup_is_taken_while_somebody_writes(transactional_db: None, tmp_path: Path) -> None:
    """A writer holds the lock with a row that is not committed: the backup does not wait for it, nor hold it up."""
    name = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(name, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("CREATE TABLE half_written (x)")
        call_command("backup", str(tmp_path / "one.tar"), stdout=io.StringIO())
        writer.execute("ROLLBACK")
    with tarfile.open(tmp_path / "one.tar") as tar:
        stream = tar.extractfile("database.sqlite3")
        assert stream is not None
        (tmp_path / "database.sqlite3").write_bytes(stream.read())
    with closing(sqlite3.connect(tmp_path / "database.sqlite3")) as copy:
        assert copy.execute("SELECT name FROM sqlite_master WHERE name = 'half_written'").fetchall() == []
        assert copy.execute(PEOPLE).fetchall() == []


def test_a_backup_of_another_database_is_refused(db: None, tmp_path: Path) -> None:
    manifest: dict[str, Any] = {"format": "sapro-backup-1", "vendor": "oracle", "sha256": {}, "written_at": "then"}
    path = tmp_path / "one.tar"
    with tarfile.open(path, "w") as tar:
        data = json.dumps(manifest).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(data)
        tar.addfile(entry, io.BytesIO(data))
    with pytest.raises(CommandError, match="backup of oracle"):
        call_command("restore", str(path), "--replace")


def test_no_place_to_write_is_told(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nothing can be written"):
        call_command("backup", str(tmp_path / "nowhere" / "one.tar"))
    assert shutil.which("pg_dump") or connection.vendor != "postgresql"
