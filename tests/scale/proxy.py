"""nginx with the configuration that the project ships; only ports and folders are a test's own."""

import getpass
import json
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests import tiers
from tests.scale.processes import Process, until
from tests.sources import ROOT

DEPLOY = ROOT / "deploy"
MAIN = """
user {user} {group};
worker_processes 2;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log notice;
events {{ worker_connections 512; }}
http {{
    {paths}
    {includes}
}}
"""
LOGS = "/var/log/nginx/"
PATHS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Proxy(Process):
    """nginx in front of servers on these ports."""

    def __init__(self, port: int, servers: list[int], folder: Path) -> None:
        self.folder = folder
        self.access = folder / "access.log"
        configure(port, servers, folder)
        super().__init__(_command(folder), folder / "out.log")

    def start(self) -> None:
        """Start it; it holds its port as soon as its process id is written down."""
        super().start()
        until((self.folder / "nginx.pid").exists, f"nginx runs: {self.said()}")

    def stop(self) -> None:
        """Stop it at once."""
        self.signal(signal.SIGTERM)
        self.wait()

    def lines(self) -> Iterator[dict[str, str]]:
        """The access log, request by request."""
        for line in self.access.read_text().splitlines():
            yield json.loads(line)

    def answered(self, port: int) -> int:
        """How many requests the server on this port has answered so far."""
        return sum(str(one["upstream"]).endswith(f":{port}") and int(one["status"]) < 400 for one in self.lines())


def configure(port: int, servers: list[int], folder: Path) -> None:
    """Write the shipped files into the folder, for these ports."""
    site = (DEPLOY / "nginx.conf").read_text()
    site = _swap(r"listen 80;", f"listen 127.0.0.1:{port};", site)
    (folder / "site.conf").write_text(_swap(LOGS, f"{folder}/", site))
    upstream = (DEPLOY / "upstream.conf").read_text()
    for shipped, own in zip((8001, 8002), servers, strict=True):
        upstream = _swap(rf"127\.0\.0\.1:{shipped}", f"127.0.0.1:{own}", upstream)
    (folder / "upstream.conf").write_text(upstream)
    _write_main(folder, folder / "upstream.conf", folder / "site.conf")


def nginx_says(folder: Path, *files: Path) -> str:
    """What `nginx -t` says of files for its http block; empty where it is content. They are read as they are shipped,
    but for the folder of the log."""
    copies = [folder / f"checked-{number}.conf" for number, _ in enumerate(files)]
    for path, copy in zip(files, copies, strict=True):
        copy.write_text(re.sub(LOGS, f"{folder}/", path.read_text()))
    _write_main(folder, *copies)
    done = subprocess.run([*_command(folder), "-t"], capture_output=True, text=True, check=False)
    words = [line for line in done.stderr.splitlines() if "[emerg]" in line or "[error]" in line]
    return "\n".join(words) or ("" if done.returncode == 0 else done.stderr)


def _command(folder: Path) -> list[str]:
    nginx = tiers.nginx()
    assert nginx is not None
    return [nginx, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]


def _write_main(folder: Path, *files: Path) -> None:
    paths = "\n    ".join(f"{name}_temp_path {folder}/{name};" for name in PATHS)
    includes = "\n    ".join(f"include {path};" for path in files)
    user, group = getpass.getuser(), folder.group()
    main = MAIN.format(folder=folder, paths=paths, includes=includes, user=user, group=group)
    (folder / "nginx.conf").write_text(main)


def _swap(pattern: str, new: str, text: str) -> str:
    changed, count = re.subn(pattern, new, text)
    assert count == 1, f"{pattern} stands {count} times in the shipped configuration"
    return changed
