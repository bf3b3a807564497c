"""``python -m tests.security [--log FILE] [what pytest takes]``: looks longer than the suite does, and tells of it.

``SAPRO_TEST_EXAMPLES`` says how many requests go to each part of the site, ``SAPRO_TEST_SEED`` which. Ends with 0
where nothing was violated.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests import tiers
from tests.security.log import report
from tests.sources import ROOT

FILES = ("tests/security/test_fuzz.py", "tests/security/test_live_injection.py")
WORKERS = min(2, os.cpu_count() or 1)
QUIETLY = ("-q", "-n", str(WORKERS), "--dist", "worksteal", "--show-capture=no")
COMPLETE = (0, 1)
"""What pytest ends with where every test has run."""


def main(arguments: list[str]) -> int:
    """Run both files with the profile of the proof; the log goes to the screen, and to a file."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--log", type=Path, help="write the log to this file as well")
    chosen, more = parser.parse_known_args(arguments)
    if lacking := tiers.TIERS["browser"].lacking():
        print(f"It wants a browser, but {lacking}.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        results = Path(folder) / "results.xml"
        options = [*FILES, *QUIETLY, f"--junitxml={results}", *more]
        environment = {"SAPRO_TEST_SEED": f"{time.time():.0f}", **os.environ, "SAPRO_TEST_PROFILE": "proof"}
        done = subprocess.run([sys.executable, "-m", "pytest", *options], cwd=ROOT, env=environment, check=False)
        text = f"{_heading()}\n{report(results.read_text())}" if results.is_file() else "No test was run.\n"
    if done.returncode not in COMPLETE:
        text += f"The run did not come to its end: pytest says {done.returncode}.\n"
    print(f"\n{text}")
    if chosen.log:
        chosen.log.parent.mkdir(parents=True, exist_ok=True)
        chosen.log.write_text(text)
    return done.returncode


def _heading() -> str:
    """When and on what it ran."""
    database = "PostgreSQL" if tiers.is_postgres() else "SQLite"
    return f"make fuzz, {datetime.now(UTC):%B %-d, %Y}. Python {platform.python_version()}, {database}.\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
