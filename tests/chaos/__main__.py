"""``python -m tests.chaos [--database sqlite] [--schedules 20] [--seed 1]``: ends with 1 where a promise was broken."""

import argparse
import asyncio
import sys
from pathlib import Path

from tests.chaos.run import DATABASES, ROOM, run


def main(arguments: list[str]) -> int:
    """Run on the databases that are asked for; the log goes to the screen, and to a file."""
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    parser.add_argument("--schedules", type=int, default=20, help="how many; each has the next seed")
    parser.add_argument("--seed", type=int, default=1, help="of the first schedule")
    parser.add_argument("--room", type=int, default=ROOM, help="how many learners sit at the same time")
    parser.add_argument("--log", type=Path, help="write the log to this file as well")
    asked = parser.parse_args(arguments)
    lines: list[str] = []

    def say(line: str = "") -> None:
        print(line, flush=True)
        lines.append(line)

    names = [*DATABASES] if asked.database == "both" else [asked.database]
    broken = 0
    for name in names:
        broken += asyncio.run(run(name, seed=asked.seed, schedules=asked.schedules, room=asked.room, say=say)).broken
    if asked.log is not None:
        asked.log.parent.mkdir(parents=True, exist_ok=True)
        asked.log.write_text("\n".join(lines) + "\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
