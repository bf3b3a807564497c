"""A backup of what cannot be made again, taken while the site runs, and its way back.

One tar file: the database (a copy of the SQLite file, or a dump of PostgreSQL in its custom format), the secret key
where it is kept in the data folder, the pictures of questions, and a manifest with hashes. The course comes from the
repository.
"""

import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

FORMAT = "sapro-backup-1"
MANIFEST, KEY = "manifest.json", "secret_key"
SQLITE, POSTGRES = "database.sqlite3", "database.dump"
PICTURE = re.compile(r"images/[a-z0-9]+-[0-9x]+")
CHUNK = 1 << 20


class BackupError(Exception):
    """It cannot be done; the message says why and what to do."""


def write_backup(target: Path, *, secret_key: Path, images: Path, now: datetime) -> Mapping[str, Any]:
    """Write a backup to a file that does not exist yet; it appears whole or not at all. Returns its manifest."""
    if target.exists():
        raise BackupError(f"{target} exists already: give another name.")
    with _beside(target) as folder:
        name = POSTGRES if connection.vendor == "postgresql" else SQLITE
        (_dump if name == POSTGRES else _copy)(folder / name)
        parts = [name]
        if secret_key.is_file():
            shutil.copyfile(secret_key, folder / KEY)
            parts.append(KEY)
        # After the database: a picture comes before its row, so that none is lacking.
        parts += _copy_pictures(images, folder)
        manifest = {
            "format": FORMAT,
            "written_at": now.isoformat(),
            "vendor": connection.vendor,
            "sha256": {part: _hash(folder / part) for part in parts},
        }
        finished = folder / "finished.tar"
        with tarfile.open(finished, "w") as tar:
            _add_text(tar, MANIFEST, json.dumps(manifest, indent=1))
            for part in parts:
                tar.add(folder / part, part)
        os.chmod(finished, 0o600)
        os.replace(finished, target)
    return manifest


def restore_backup(source: Path, *, secret_key: Path, images: Path) -> Mapping[str, Any]:
    """Put a backup in the place of database, key and pictures. Nothing is touched before it has been read and checked.

    Pictures that stand there stay: each has a name of its own, and those that no row knows are swept.

    The site must not be running: its processes would go on with the file that was replaced.
    """
    with _beside(Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else source) as folder:
        manifest = _unpack(source, folder)
        if manifest["vendor"] != connection.vendor:
            raise BackupError(f"This is a backup of {manifest['vendor']}; the site is set to {connection.vendor}.")
        _put_pictures(folder / "images", images)
        if connection.vendor == "postgresql":
            _load(folder / POSTGRES)
        else:
            _replace(folder / SQLITE)
        if (folder / KEY).is_file():
            os.chmod(folder / KEY, 0o600)
            shutil.copyfile(folder / KEY, secret_key)
            os.chmod(secret_key, 0o600)
    return manifest


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A folder on the same disk, so that what is finished can be moved there in one step."""
    try:
        folder = tempfile.mkdtemp(prefix=".sapro-", dir=path.resolve().parent)
    except OSError as error:
        raise BackupError(f"Nothing can be written to {path.resolve().parent}: {error.strerror}.") from error
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(target: Path) -> None:
    """SQLite's own online backup: one snapshot, while others go on writing. https://www.sqlite.org/backup.html"""
    with closing(sqlite3.connect(target)) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
    _check(target)


def _check(path: Path) -> None:
    with closing(sqlite3.connect(path)) as copy:
        try:
            (found,) = copy.execute("PRAGMA integrity_check").fetchone()
        except sqlite3.DatabaseError as error:
            raise BackupError(f"The copy of the database is damaged: {error}.") from error
    if found != "ok":
        raise BackupError(f"The copy of the database is damaged: {found}.")


def _replace(copy: Path) -> None:
    _check(copy)
    name = Path(connection.settings_dict["NAME"])
    connection.close()
    for ending in ("-wal", "-shm"):
        name.with_name(name.name + ending).unlink(missing_ok=True)
    os.replace(copy, name)


def _dump(target: Path) -> None:
    _run("pg_dump", "--format=custom", "--no-owner", "--file", str(target))


def _load(dump: Path) -> None:
    connection.close()
    _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error", str(dump))


def _run(program: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs, told by its environment where the database is."""
    settings = connection.settings_dict
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    environment = os.environ | {name: str(settings[key]) for key, name in names.items() if settings.get(key)}
    command = [program, *arguments]
    if program == "pg_restore":
        command += ["--dbname", str(settings["NAME"])]
    try:
        subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise BackupError(f"There is no {program} here. On Debian: apt install postgresql-client") from error
    except subprocess.CalledProcessError as error:
        raise BackupError(f"{program} failed: {error.stderr.strip()}") from error


def _unpack(source: Path, folder: Path) -> Mapping[str, Any]:
    """The parts of a backup, checked against its manifest. Only names that a backup has are taken from the file."""
    try:
        with tarfile.open(source, "r:") as tar:
            stream = tar.extractfile(MANIFEST)
            manifest = json.load(stream) if stream else {}
            if manifest.get("format") != FORMAT:
                raise BackupError(f"{source} is no backup of this site.")
            for part in manifest["sha256"]:
                if part in (SQLITE, POSTGRES, KEY) or PICTURE.fullmatch(part):
                    (folder / part).parent.mkdir(exist_ok=True)
                    _extract(tar, part, folder / part)
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise BackupError(f"{source} cannot be read as a backup: {error}") from error
    wrong = [part for part, digest in manifest["sha256"].items() if _hash(folder / part) != digest]
    if wrong:
        raise BackupError(f"{source} is damaged: {wrong[0]} is not what was written.")
    return dict(manifest)


def _extract(tar: tarfile.TarFile, name: str, target: Path) -> None:
    stream = tar.extractfile(name)
    if stream is None:
        raise KeyError(name)
    with target.open("wb") as file:
        shutil.copyfileobj(stream, file, CHUNK)


def _copy_pictures(images: Path, folder: Path) -> list[str]:
    """The pictures of questions as parts of a backup. One that is removed meanwhile is not missed."""
    (folder / "images").mkdir()
    names = [f"images/{path.name}" for path in sorted(images.iterdir())] if images.is_dir() else []
    found = []
    for name in names:
        if PICTURE.fullmatch(name):
            with suppress(FileNotFoundError):
                shutil.copyfile(images.parent / name, folder / name)
                found.append(name)
    return found


def _put_pictures(source: Path, images: Path) -> None:
    for path in sorted(source.iterdir()) if source.is_dir() else []:
        images.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Beside its place first: never half a picture under its name.
        beside = images / f".new-{path.name}"
        shutil.copyfile(path, beside)
        os.replace(beside, images / path.name)


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    if path.is_file():
        with path.open("rb") as file:
            while piece := file.read(CHUNK):
                digest.update(piece)
    return digest.hexdigest()


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    data = text.encode()
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    tar.addfile(entry, io.BytesIO(data))
