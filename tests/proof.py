"""``python -m tests.proof [--only chaos,fuzz,load]``: everything that takes too long for the suite, one after another.

Each part leaves its log in docs/proof/. A part that fails stops none of the others; the end says how each went, and
the exit code is 1 where any failed.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests import tiers
from tests.sources import ROOT

LOGS = Path("docs/proof")
DATABASE_URL = "DATABASE_URL"
PARTS: Mapping[str, tuple[str, ...]] = {
    "chaos": ("-m", "tests.chaos", "--schedules", "500", "--log", str(LOGS / "chaos.txt")),
    "fuzz": ("-m", "tests.security", "--log", str(LOGS / "fuzz.txt")),
    "load": ("-m", "tests.benchmarks.loadrun", "--log", str(LOGS / "load.txt")),
}
"""What Python is called with, by the name of the part."""


def main(arguments: list[str], parts: Mapping[str, tuple[str, ...]] = PARTS) -> int:
    """Run the parts that are asked for, and tell of each."""
    parser = argparse.ArgumentParser(prog="make proof", description=__doc__)
    parser.add_argument("--only", default=",".join(parts), help="some of the parts, with commas between them")
    names = parser.parse_args(arguments).only.split(",")
    unknown = sorted(set(names) - set(parts))
    if unknown:
        parser.error(f"there is no part “{unknown[0]}”; there are {', '.join(parts)}")
    codes = {name: _run(name, parts[name]) for name in parts if name in names}
    print("\nWhat was proved")
    for name, (code, seconds) in codes.items():
        print(f"  {name:<8}{'holds' if code == 0 else f'FAILED ({code})'}, {seconds / 60:.0f} minutes")
    return int(any(code for code, _ in codes.values()))


def _run(name: str, command: tuple[str, ...]) -> tuple[int, float]:
    """The exit code of a part, and how long it took."""
    print(f"\n== {name}", flush=True)
    begun = time.monotonic()
    code = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment(os.environ), check=False).returncode
    return code, time.monotonic() - begun


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Where no database is named for the load, it runs on the server of the tests too."""
    url = given.get(DATABASE_URL) or given.get(tiers.POSTGRES, "")
    return {**given, DATABASE_URL: url} if url else dict(given)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
