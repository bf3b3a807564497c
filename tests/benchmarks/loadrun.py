"""``make load``: a crowd on SQLite and, where DATABASE_URL names one, on PostgreSQL; the log of a full run is kept."""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import databases, server
from tests.benchmarks.__main__ import set_environment
from tests.benchmarks.table import table
from tests.sources import ROOT

FULL_SECONDS = 600.0
LEARNERS = 500
LOG = ROOT / "docs" / "proof" / "load.txt"
BANK = 500


def main(arguments: list[str]) -> int:
    """Run it on each database in a process of its own. 1 where a request erred or an answer was lost."""
    parser = argparse.ArgumentParser(prog="make load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=FULL_SECONDS, help="how long they answer")
    parser.add_argument("--learners", type=int, default=LEARNERS, help="how many there are")
    parser.add_argument("--starts-within", type=float, default=1.0, help="seconds in which all start, and all submit")
    parser.add_argument("--log", type=Path, help=f"where the log goes; a full run is kept as {LOG.relative_to(ROOT)}")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.here:
        return _run_here(chosen)
    url = os.environ.get(databases.URL, "")
    parts, worst = [_machine()], 0
    for target in ["", *([url] if url.startswith("postgres") else [])]:
        command = [sys.executable, "-m", "tests.benchmarks.loadrun", *arguments, "--here"]
        environment = os.environ | {databases.URL: target}
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
        print(done.stdout, flush=True)
        parts.append(done.stdout)
        worst = max(worst, done.returncode)
    is_full = chosen.seconds >= FULL_SECONDS and (chosen.learners, chosen.starts_within) == (LEARNERS, 1.0)
    log = chosen.log or (LOG if is_full else None)
    if log:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("\n".join(parts))
    return worst


def _machine() -> str:
    """What it ran on, in plain words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"make load, {datetime.now(UTC):%B %-d, %Y}. A machine of {os.cpu_count()} cores and {memory:.0f} GB of memory;"
        " server, database and the crowd’s client\nshare it. docs/performance.md says what each figure means.\n"
    )


def _run_here(chosen: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        port = server.free_port()
        set_environment(folder, port)
        with databases.made(Path(folder)) as names:
            # Models can be imported only once the environment is set and Django is set up.
            import django

            django.setup()
            # See above.
            from tests.benchmarks.load import alone

            figures = alone(
                port,
                database=names.is_postgres,
                seconds=chosen.seconds,
                bank=BANK,
                learners=chosen.learners,
                starts_within=chosen.starts_within,
            )
    kind = "PostgreSQL" if names.is_postgres else "SQLite"
    print(f"{platform.python_implementation()} {platform.python_version()}, {kind}, ", end="")
    print(f"{server.WORKERS} workers × {server.THREADS} threads, a bank of {BANK} questions\n\n{table(figures)}")
    return int(any(one.must == 0 and one.value for one in figures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
