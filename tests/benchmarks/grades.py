"""What the gradebook of a large class costs over that of a small one: ``python -m tests.benchmarks.grades [--json]``.

In a process of its own, with a database of its own: both classes stand in it, and are asked for in turn.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from random import Random
from statistics import median
from typing import Any

from tests.benchmarks.exchange import set_up
from tests.benchmarks.table import Figure, over, table
from tests.sources import ROOT

LARGE, SMALL = (500, 40), (50, 4)
"""Learners and assignments. A page has fifty learners: ten times the cells, out of a hundred times the attempts."""
TURNS = 3
ROUNDS, QUICK_ROUNDS = 9, 3
FILTERS = ("", "?sort=-mean&page=2", "?state=below")


def grade_figures(*, quick: bool) -> Iterator[Figure]:
    """The figures, measured in another process."""
    command = [sys.executable, "-m", "tests.benchmarks.grades", "--json", *(["--quick"] if quick else [])]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    for one in json.loads(done.stdout.splitlines()[-1]):
        yield Figure(**one)


def main(arguments: list[str]) -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds, not {ROUNDS}")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        set_up(folder)
        figures = list(_measured(QUICK_ROUNDS if options.quick else ROUNDS))
    if options.json:
        print(json.dumps([asdict(one) for one in figures]))
    else:
        print(f"Load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores\n\n{table(figures)}")
    return 0


def _measured(rounds: int) -> Iterator[Figure]:
    from django.core.management import call_command  # Django is set up by now
    from django.test import Client  # Django is set up by now
    from django.utils import timezone  # Django is set up by now

    from tests.factories import make_instructor  # likewise
    from tests.many_grades import make_grades  # likewise

    call_command("collectstatic", interactive=False, verbosity=0)
    teacher = make_instructor()
    small, large = (make_grades(teacher, *size, timezone.now()) for size in (SMALL, LARGE))
    client = Client(SERVER_NAME="localhost")
    client.force_login(teacher, backend="django.contrib.auth.backends.ModelBackend")
    ratios, milliseconds = [], []
    for number in range(rounds + 1):
        order = [small, large]
        Random(number).shuffle(order)
        costs = {one.pk: _cost(client, one) for one in order}
        if number:  # the first round warms up
            ratios.append(costs[large.pk] / costs[small.pk])
            milliseconds.append(1000 * costs[large.pk])
    ratio, spread = over(ratios)
    size = " over ".join(f"{learners} × {assignments}" for learners, assignments in (LARGE, SMALL))
    yield Figure(f"gradebook, {size}", ratio, "×", 10, None, f"{median(milliseconds):.0f} ms; {spread}")
    yield Figure("gradebook: statements", _most(client, large), "", 10, note="session and person among them")


def _cost(client: Any, classroom: Any) -> float:
    from tests.benchmarks.databases import spent  # Django is set up by now

    taken = []
    for _ in range(TURNS):
        begun = spent()
        _ask(client, classroom, "")
        taken.append(spent() - begun)
    return median(taken)


def _most(client: Any, classroom: Any) -> int:
    from django.db import connection  # Django is set up by now
    from django.test.utils import CaptureQueriesContext  # Django is set up by now

    from tests.benchmarks.statements import count_of  # likewise

    counts = []
    for query in FILTERS:
        with CaptureQueriesContext(connection) as captured:
            _ask(client, classroom, query)
        counts.append(count_of(captured.captured_queries).statements)
    return max(counts)


def _ask(client: Any, classroom: Any, query: str) -> None:
    reply = client.get(f"/teach/classes/{classroom.code}/gradebook/{query}")
    assert reply.status_code == 200, reply.status_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
