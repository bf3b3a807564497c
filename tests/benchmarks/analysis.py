"""Item analysis of 75 questions × 10,000 attempts: ``python -m tests.benchmarks.analysis [--quick] [--json]``.

In a process of its own, so that the peak of its memory is that of the analysis.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.benchmarks.table import Figure, table
from tests.sources import ROOT

QUESTIONS = 75
MANY, FEW = 10_000, 1_000
QUICK = 3_000
"""Attempts."""


def analysis_figures(*, quick: bool) -> Iterator[Figure]:
    """The figures, measured in another process."""
    command = [sys.executable, "-m", "tests.benchmarks.analysis", "--json", *(["--quick"] if quick else [])]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    for one in json.loads(done.stdout.splitlines()[-1]):
        yield Figure(**one)


def main(arguments: list[str]) -> int:
    """Make the attempts in one process, read them in another, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} attempts, not {MANY}")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    many = QUICK if options.quick else MANY
    if options.folder:
        _set_up(options.folder)
        print(json.dumps([asdict(one) for one in _measured(many)]))
        return 0
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        _set_up(folder)
        _grow(many)
        again = [sys.executable, "-m", "tests.benchmarks.analysis", "--folder", folder]
        if options.quick:
            again.append("--quick")
        done = subprocess.run(again, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    if options.json:
        print(done.stdout.splitlines()[-1])
    else:
        figures = [Figure(**one) for one in json.loads(done.stdout.splitlines()[-1])]
        print(f"Load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores\n\n{table(figures)}")
    return 0


def _set_up(folder: str) -> None:
    for name in [name for name in os.environ if name.startswith("SAPRO_") or name == "DATABASE_URL"]:
        del os.environ[name]
    os.environ |= {"SAPRO_DATA": folder, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"}
    # Models can be imported only once the environment is set and Django is set up.
    import django

    django.setup()


def _grow(many: int) -> None:
    """Two quizzes over the same questions, one sat by many, the other by few."""
    # Django is set up by now.
    from django.core.management import call_command

    from sapro.accounts.models import User  # see above
    from tests.factories import make_authored, make_instructor  # see above
    from tests.own_quizzes import make_own_quiz  # see above

    call_command("migrate", verbosity=0)
    owner = make_instructor()
    questions = make_authored(owner, QUESTIONS)
    User.objects.bulk_create(User(username=f"learner-{one}", password="!") for one in range(many))
    people = list(User.objects.filter(username__startswith="learner-").values_list("pk", flat=True))
    for slug, count in (("many", many), ("few", FEW)):
        quiz = make_own_quiz(owner, questions, slug=slug)
        for start in range(0, count, FEW):
            _sit(quiz, questions, people[start : min(count, start + FEW)], Random(start))


def _sit(quiz: Any, questions: list[Any], people: list[int], rng: Random) -> None:
    """One finished attempt of each, with its trace: able and less able ones, omissions, ends not reached."""
    # Django is set up by now.
    from quizzes.models import Attempt, Response, Result  # see above
    from quizzes.services.attempts import make_code  # see above
    from tests.factories import MADE  # see above

    keys = [one.current.key["correct"] for one in questions]
    wrong = [[o for o in one.current.option_ids if o not in key] for one, key in zip(questions, keys, strict=True)]
    attempts, rows = [], []
    for person in people:
        able, end = rng.gauss(0, 1), QUESTIONS - (rng.randrange(10) if rng.random() < 0.1 else 0)
        trace = {str(place): {"ms": rng.randint(5_000, 240_000)} for place in range(1, end + 1)}
        attempt = Attempt(
            code=make_code(), person_id=person, quiz=quiz, mode="exam", title=quiz.title, state="submitted",
            started_at=MADE, ended_at=MADE + timedelta(hours=2), grace=2, rules={"marking": "all_or_nothing"},
            seed=1, size=QUESTIONS, trace=trace,
        )  # fmt: skip
        attempts.append(attempt)
        order = list(range(QUESTIONS))
        rng.shuffle(order)
        for place, number in enumerate(order, 1):
            right = rng.gauss(able - number / 40 + 1, 1) > 0
            given = place <= end and rng.random() < 0.98
            choice = keys[number] if right else rng.sample(wrong[number], len(keys[number]))
            rows.append((attempt, place, questions[number], choice if given else [], float(right and given)))
    Attempt.objects.bulk_create(attempts, batch_size=500)
    Response.objects.bulk_create(
        (
            Response(
                attempt=attempt, position=place, question=one, version=one.current, fraction=fraction,
                shown_order=one.current.option_ids, choice=choice,
            )
            for attempt, place, one, choice, fraction in rows
        ),
        batch_size=1_000,
    )  # fmt: skip
    Result.objects.bulk_create(
        Result(
            attempt=attempt, number=1, created_at=MADE, reason="first", marking="all_or_nothing", raw=0.0,
            maximum=QUESTIONS, fractions=[0.0] * QUESTIONS, versions=[1] * QUESTIONS,
        )
        for attempt in attempts
    )  # fmt: skip


def _measured(many: int) -> Iterator[Figure]:
    # Django is set up by now.
    from quizzes.engine.analysis import analyse
    from quizzes.models import Quiz  # see above
    from quizzes.queries.answer_sheets import answer_sheet  # see above
    from quizzes.queries.finished_attempts import Wanted, standing  # see above

    seconds: dict[str, tuple[float, float]] = {}
    bare = _peak()
    for slug, count in (("few", FEW), ("many", many)):
        quiz = Quiz.objects.get(slug=slug)
        begun = time.process_time()
        found = answer_sheet(quiz, Wanted())
        read = time.process_time()
        figures = analyse(found.sheet)
        seconds[slug] = (read - begun, time.process_time() - read)
        assert (figures.summary.n, len(figures.items)) == (count, QUESTIONS)
    scale = MANY / many
    (read, computed), few = seconds["many"], sum(seconds["few"])
    note = f"processor-seconds; reading {read * scale:.2f}, figures {computed * scale:.2f}"
    yield Figure(f"analysis of {QUESTIONS} × {MANY}", (read + computed) * scale, "s", 5, note=note)
    ratio = (read + computed) / many / (few / FEW)
    yield Figure(f"– an answer of {many} attempts over one of {FEW}", ratio, "×", 1.5, 1.2)
    yield Figure("memory while analysing", _peak(), "MB", 200, note=f"the most of the process; {bare:.0f} MB before")
    begun = time.process_time()
    standing(Quiz.objects.get(slug="many"), Wanted())
    yield Figure("– whether anything has changed", 1000 * (time.process_time() - begun), "ms")


def _peak() -> float:
    """Megabytes. Not of getrusage: there a process begins with the peak of whoever started it."""
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
