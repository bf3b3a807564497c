"""The database of a run, and what is done to it: a file of SQLite, or a cluster of PostgreSQL made for this run."""

import os
import shutil
import sqlite3
import subprocess
import threading
from pathlib import Path
from random import Random
from typing import Any, Protocol

from tests.tiers import postgres_programs

LOCKED_SECONDS = (0.3, 2.0)
USER = NAME = "sapro"


class Database(Protocol):
    """What a run needs of its database."""

    title: str
    url: str

    def start(self) -> None:
        """Make it, and let it run."""

    def stop(self) -> None:
        """Let nothing of it be left running."""

    def disturb(self, dice: Random) -> str:
        """Do what happens to such a database, to its end; in words."""

    def connect(self) -> Any:
        """A connection of one's own, with ``?`` or ``%s`` for a value."""


class SqliteFile:
    """One file, with the site's own settings."""

    title = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.path = folder / "sapro.sqlite3"
        self.url = f"sqlite:///{self.path}"

    def start(self) -> None:
        """It comes with the first connection."""

    def stop(self) -> None:
        """Nothing runs."""

    def disturb(self, dice: Random) -> str:
        """Somebody else holds the lock of writers for a while: a copy, a long load, a shell that was forgotten."""
        seconds = dice.uniform(*LOCKED_SECONDS)
        connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            threading.Event().wait(seconds)
            connection.execute("ROLLBACK")
        finally:
            connection.close()
        return f"the database was locked for {seconds:.1f} s"

    def connect(self) -> sqlite3.Connection:
        """A plain connection."""
        return sqlite3.connect(self.path, timeout=30)


class Cluster:
    """A cluster of its own, with the durability that PostgreSQL has by default."""

    title = "PostgreSQL"

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder / "postgres"
        self.port = port
        self.url = f"postgres://{USER}@127.0.0.1:{port}/{NAME}"

    def start(self) -> None:
        """initdb, start, createdb. It refuses to run as root: then it runs as the user that its package made."""
        self.folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        data = self.folder / "data"
        options = ("-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self._run("initdb", "-D", str(data), *options)
        self._control("start")
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", USER, NAME)

    def stop(self) -> None:
        """At once; the folder is thrown away with the run."""
        self._control("stop", "-m", "immediate")

    def disturb(self, dice: Random) -> str:
        """Restart it: as an upgrade does, or as after the plug was pulled."""
        mode = dice.choice(["fast", "immediate"])
        self._control("restart", "-m", mode)
        return f"the database was restarted ({mode})"

    def connect(self) -> Any:
        """A plain connection."""
        import psycopg  # not needed on SQLite

        return psycopg.connect(self.url, connect_timeout=10)

    def _control(self, what: str, *more: str) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=60"
        where = ("-D", str(self.folder / "data"), "-l", str(self.folder / "log"))
        self._run("pg_ctl", what, *where, "-w", "-t", "60", *more, *(() if what == "stop" else ("-o", options)))

    def _run(self, program: str, *arguments: str) -> None:
        folder = postgres_programs()
        if folder is None:
            raise RuntimeError("initdb and pg_ctl are not here. On Debian: apt install postgresql")
        command = [str(folder / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        # The server keeps what it is given: it must not be a pipe that somebody waits for.
        with (self.folder / "said").open("ab") as said:
            subprocess.run(command, cwd=self.folder, stdout=said, stderr=said, check=True)
