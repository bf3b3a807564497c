"""``python -m tests.benchmarks [--quick]``: print the figures beside their targets. Fails on errors only."""

import argparse
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks import databases, server


def main(arguments: list[str]) -> int:
    """One run in a folder of its own."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds: under a minute, rougher ratios")
    quick = parser.parse_args(arguments).quick
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        port = server.free_port()
        set_environment(folder, port)
        with databases.made(Path(folder)) as names:
            # Models can be imported only once the environment is set and Django is set up.
            import django

            django.setup()
            # See above.
            from tests.benchmarks.figures import measure, print_figures

            figures = measure(names, port, quick=quick)
    kind = "PostgreSQL" if names.is_postgres else "SQLite"
    heading = f"{platform.python_implementation()} {platform.python_version()}, {kind}, {os.cpu_count()} cores"
    print_figures(figures, f"{heading}, load {os.getloadavg()[0]:.1f}, {time.monotonic() - begun:.0f} s")
    return 0


def set_environment(folder: str, port: int) -> None:
    """What whoever runs this has set changes nothing but the database's server."""
    for name in [name for name in os.environ if name.startswith("SAPRO_")]:
        del os.environ[name]
    for name in ("CACHE_URL", "EMAIL_URL"):
        os.environ.pop(name, None)
    os.environ["SAPRO_DATA"] = folder
    os.environ["SAPRO_URL"] = f"http://localhost:{port}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
