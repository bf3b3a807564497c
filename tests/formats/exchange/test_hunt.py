"""The hunt for bytes that break a reader, briefly; ``python -m tests.formats.hunt`` looks for as long as one likes."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.sources import ROOT

if find_spec("atheris"):  # not built for every machine

    def test_nothing_breaks_a_reader(tmp_path: Path) -> None:
        command = [sys.executable, "-m", "tests.formats.hunt", "--runs", "3000"]
        environment = {**os.environ, "TMPDIR": str(tmp_path)}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-4000:]
        assert "Done 3000 runs" in done.stderr
