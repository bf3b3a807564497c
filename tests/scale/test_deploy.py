"""What deploy/ holds fits the site, the documents and itself, as far as can be seen without containers or systemd."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from sapro.middleware import UPLOADS
from tests.scale.proxy import DEPLOY, nginx_says
from tests.sources import ROOT

OPERATING = (ROOT / "docs" / "operating.md").read_text()
DEPLOYING = (ROOT / "docs" / "deploying.md").read_text()
UNITS = sorted((DEPLOY / "systemd").iterdir())
# Names that belong to the programs they are given to.
FOREIGN = {"POSTGRES_USER", "POSTGRES_DB", "PGOPTIONS"}


@pytest.fixture(scope="module")
def compose() -> Any:
    """compose.yaml as YAML, with its merges done."""
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def variables(text: str) -> set[str]:
    """Names of variables that a file sets or asks for."""
    return set(re.findall(r"\b(?:SAPRO|POSTGRES)_[A-Z_]+|\b[A-Z]+_URL\b|\bPG[A-Z]+\b", text))


# Containers


def test_two_servers_differ_in_their_address_alone(compose: Any) -> None:
    one, two = (dict(compose["services"][name]) for name in ("site1", "site2"))
    addresses = [site.pop("networks")["default"]["ipv4_address"] for site in (one, two)]
    assert one == two
    servers = re.findall(r"server ([\d.]+):8000", (DEPLOY / "upstream-compose.conf").read_text())
    assert servers == addresses
    assert int(one["stop_grace_period"].removesuffix("s")) > 30


def test_servers_and_commands_share_what_people_bring(compose: Any) -> None:
    for name in ("setup", "site1", "site2"):
        assert compose["services"][name]["volumes"] == [
            "pictures:/var/lib/sapro/images",
            "imports:/var/lib/sapro/imports",
        ]
    assert {"pictures", "imports"} <= set(compose["volumes"])
    # A named volume takes the owner of what the image has there: root could write, the site could not.
    made = (DEPLOY / "Dockerfile").read_text()
    assert made.index("USER sapro") < made.index("mkdir --mode=700 /var/lib/sapro/images /var/lib/sapro/imports")


def test_what_a_service_waits_for_is_there(compose: Any) -> None:
    services = compose["services"]
    for name, service in services.items():
        waits = service.get("depends_on", [])
        assert set(waits) <= set(services), name
        for other, how in waits.items() if isinstance(waits, dict) else []:
            assert how["condition"] != "service_healthy" or "healthcheck" in services[other], (name, other)
    assert set(services["setup"]["environment"]) - {"PGOPTIONS"} == set(services["site1"]["environment"])


def test_files_that_are_mounted_or_copied_exist(compose: Any) -> None:
    mounts = [one.split(":")[0] for one in compose["services"]["nginx"]["volumes"]]
    assert all((DEPLOY / one).is_file() for one in mounts), mounts
    build = compose["services"]["site1"]["build"]
    assert (DEPLOY / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]).is_file()
    copied = re.findall(r"^COPY (\S+) ", (ROOT / build["dockerfile"]).read_text(), re.MULTILINE)
    assert copied
    assert all((ROOT / one).exists() for one in copied)


# Documents


@pytest.mark.parametrize("path", [DEPLOY / "compose.yaml", DEPLOY / "sapro.env", DEPLOY / "upgrade"], ids=str)
def test_every_variable_is_documented(path: Path) -> None:
    names = variables(path.read_text()) - FOREIGN
    assert names
    assert {name for name in names if f"`{name}`" not in OPERATING + DEPLOYING} <= {"SAPRO_HOME", "SAPRO_ENV"}


def test_every_command_that_is_told_exists() -> None:
    texts = [DEPLOYING, *(path.read_text() for path in (*UNITS, DEPLOY / "compose.yaml", DEPLOY / "upgrade"))]
    told = {name for text in texts for name in re.findall(r"\b(?:manage\.py|^manage) ([a-z_]+)", text, re.MULTILINE)}
    assert {"migrate", "load_course", "collectstatic", "backup", "close_attempts", "first_run"} <= told
    assert told <= set(get_commands())


def test_every_file_is_told_of() -> None:
    for name in ("nginx.conf", "upstream.conf", "compose.yaml", "upgrade", "sapro.env", "Dockerfile"):
        assert (DEPLOY / name).is_file()
        assert name in DEPLOYING
    for unit in UNITS:
        if unit.suffix == ".timer":
            assert unit.name in DEPLOYING
            assert unit.with_suffix(".service").is_file()


# Units, script, nginx


def test_a_server_has_longer_to_stop_than_its_requests_to_end() -> None:
    unit = (DEPLOY / "systemd" / "sapro@.service").read_text()
    conf = (ROOT / "gunicorn.conf.py").read_text()
    stop, graceful = re.search(r"TimeoutStopSec=(\d+)", unit), re.search(r"graceful_timeout = (\d+)", conf)
    assert stop
    assert graceful
    assert int(stop[1]) > int(graceful[1])
    assert "KillMode=mixed" in unit


def test_the_script_is_sound_shell() -> None:
    script = DEPLOY / "upgrade"
    assert script.stat().st_mode & 0o111
    assert subprocess.run(["sh", "-n", str(script)], capture_output=True, check=False).stderr == b""
    refused = subprocess.run(["sh", str(script)], capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "the folder of the release" in refused.stderr


LOCATION = re.compile(r"location (~|=) (\S+) \{\s*client_max_body_size (\d+)([km]);")
UNITS_OF_SIZE = {"k": 1024, "m": 1024 * 1024}


@pytest.mark.parametrize(
    "path", ["/teach/questions/q-1/images/", "/accounts/data/", "/teach/imports/", "/teach/classes/c1/roster/"]
)
def test_nginx_lets_through_what_the_site_takes(path: str) -> None:
    """Else a file that the site would take is refused before it is seen."""
    taken = [size for pattern, (_mega, size) in UPLOADS.items() if pattern.fullmatch(path)]
    found = LOCATION.findall((DEPLOY / "nginx.conf").read_text())
    passed = [
        int(number) * UNITS_OF_SIZE[unit]
        for how, place, number, unit in found
        if (path == place if how == "=" else re.search(place, path))
    ]
    assert len(taken) == len(passed) == 1
    assert passed[0] >= taken[0]
    assert len(found) == len(UPLOADS)


@pytest.mark.nginx
def test_nginx_is_content_with_the_files(tmp_path: Path) -> None:
    assert nginx_says(tmp_path, DEPLOY / "nginx.conf", DEPLOY / "upstream-compose.conf") == ""
    assert nginx_says(tmp_path, DEPLOY / "nginx.conf", DEPLOY / "upstream.conf") == ""
    broken = tmp_path / "broken.conf"
    broken.write_text("server { lisen 80; }")
    assert "unknown directive" in nginx_says(tmp_path, broken)
