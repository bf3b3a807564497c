"""Where the processes of a server add up their figures: out of reach of a full disk and of other people."""

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.sources import ROOT

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
Start = Callable[..., Path]


@pytest.fixture
def conf(tmp_path: Path, monkeypatch: Any) -> ModuleType:
    """The configuration of the server, with a data folder and a file system in memory of its own."""
    spec = importlib.util.spec_from_file_location("gunicorn_conf", ROOT / "gunicorn.conf.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "memory").mkdir()
    monkeypatch.setattr(module, "MEMORY", tmp_path / "memory")
    monkeypatch.setenv("SAPRO_DATA", str(tmp_path / "data"))
    monkeypatch.delenv(VARIABLE, raising=False)
    return module


@pytest.fixture
def start(conf: ModuleType, monkeypatch: Any) -> Start:
    """Start a server that listens there; gives the folder of its figures."""

    def run(bind: str = "127.0.0.1:8000", wanted: str = "") -> Path:
        monkeypatch.setenv(VARIABLE, wanted)
        conf.on_starting(SimpleNamespace(cfg=SimpleNamespace(bind=[bind])))
        return Path(os.environ[VARIABLE])

    return run


def test_figures_are_kept_in_memory(conf: ModuleType, start: Start) -> None:
    """Two servers count apart; a server that starts again begins at zero; one that stops leaves nothing."""
    folder = start()
    assert folder.parent == conf.MEMORY
    assert folder.stat().st_mode & 0o777 == 0o700
    other = start("127.0.0.1:8001")
    assert other != folder
    (folder / "counter_1.db").touch()
    assert start() == folder
    assert list(folder.iterdir()) == []
    conf.on_exit(None)
    assert list(conf.MEMORY.iterdir()) == [other]


def test_what_a_killed_server_left_is_removed_by_the_next_one(conf: ModuleType, start: Start, tmp_path: Path) -> None:
    """Of a server that lives, of one that is starting and of somebody else nothing is touched."""
    alive = start("127.0.0.1:8001")
    killed, starting, others = (conf.MEMORY / f"{conf.OURS}{name}" for name in ("killed", "starting", "others"))
    for folder in (killed, starting, tmp_path / "theirs"):
        folder.mkdir()
    others.symlink_to(tmp_path / "theirs")
    for folder in (alive, killed, others):
        (folder / "counter_1.db").touch()
    start()
    assert not killed.exists()
    assert starting.is_dir()
    assert (alive / "counter_1.db").exists()
    assert (others / "counter_1.db").exists()


def test_what_is_somebody_elses_is_not_used(conf: ModuleType, start: Start, tmp_path: Path) -> None:
    """A link that somebody has laid in the place to be is not followed."""
    folder = start()
    folder.rmdir()
    folder.symlink_to(tmp_path)
    used = start()
    assert used.is_relative_to(tmp_path / "data" / "metrics")
    (used / "counter_1.db").touch()
    conf.on_exit(None)
    assert (used / "counter_1.db").exists()


def test_without_memory_and_where_the_operator_says_so_they_are_on_disk(
    conf: ModuleType, start: Start, tmp_path: Path
) -> None:
    assert start(wanted=str(tmp_path / "elsewhere")) == tmp_path / "elsewhere"
    conf.MEMORY.rmdir()
    assert start().is_relative_to(tmp_path / "data" / "metrics")
