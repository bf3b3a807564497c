"""``make proof``: a part that fails is told, and keeps no other from running."""

from pathlib import Path

import pytest

from tests.proof import PARTS, environment, main
from tests.sources import ROOT


def part(file: Path, code: int) -> tuple[str, ...]:
    """A part that leaves a file and ends with this code."""
    return ("-c", f"import pathlib, sys; pathlib.Path({str(file)!r}).touch(); sys.exit({code})")


@pytest.mark.parametrize("code", [0, 1, 5])
def test_a_part_that_fails_makes_all_of_it_fail_and_the_others_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], code: int
) -> None:
    parts = {"first": part(tmp_path / "1", code), "second": part(tmp_path / "2", 0)}
    assert main([], parts) == (1 if code else 0)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["1", "2"]
    told = capsys.readouterr().out.partition("What was proved")[2].split("\n")
    words = f"FAILED ({code})" if code else "holds"
    assert told[1:3] == [f"  first   {words}, 0 minutes", "  second  holds, 0 minutes"]


def test_some_parts_can_be_asked_for(tmp_path: Path) -> None:
    parts = {"first": part(tmp_path / "1", 1), "second": part(tmp_path / "2", 0), "third": part(tmp_path / "3", 0)}
    assert main(["--only", "third,second"], parts) == 0
    assert sorted(one.name for one in tmp_path.iterdir()) == ["2", "3"]
    with pytest.raises(SystemExit) as ended:
        main(["--only", "second,fourth"], parts)
    assert ended.value.code == 2


def test_the_load_runs_on_the_server_of_the_tests_where_no_other_is_named() -> None:
    assert environment({}) == {}
    assert environment({"SAPRO_TEST_POSTGRES": "a"})["DATABASE_URL"] == "a"
    assert environment({"SAPRO_TEST_POSTGRES": "a", "DATABASE_URL": "b"})["DATABASE_URL"] == "b"


def test_every_part_is_a_module_that_keeps_its_log() -> None:
    for name, (_, module, *more) in PARTS.items():
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()
        assert more[-2:] == ["--log", f"docs/proof/{name}.txt"]
