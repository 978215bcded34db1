"""Units that systemd's own tools take, one for each process."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from papersite.deploy import kinds, systemd
from papersite.deploy.place import Place
from papersite.runtime.processes import TABLE
from tests.conftest import missing


def test_each_process_has_a_unit_that_stops_it_as_the_table_says() -> None:
    units = systemd.files(Place(host="a.example", folder="/srv/papers", name="papers", port=9000))

    for one in TABLE:
        unit = units[f"papers-{one.name}.service"]
        assert f"ExecStart=/srv/papers/.venv/bin/python /srv/papers/manage.py start {one.name}" in unit
        assert f"\nTimeoutStopSec={one.stop_within}\n" in unit
        assert "\nRestart=always\n" in unit
        assert "\nUser=papers\n" in unit
        assert f"papers-{one.name}.service" in units["papers.target"]
    assert "start web --port 9000" in units["papers-web.service"]


def test_data_elsewhere_may_be_written_to() -> None:
    unit = systemd.files(Place(data="/srv/data"))["papersite-web.service"]

    assert "\nReadWritePaths=/srv/data\n" in unit


@pytest.mark.long
@pytest.mark.processes
@pytest.mark.pure
def test_systemd_takes_them_and_finds_them_well_closed(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        missing("systemd-analyze")
    folder = tmp_path / "site"
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
    units = kinds.write(tmp_path / "units", systemd.files(Place(folder=str(folder))))

    taken = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, units)], capture_output=True, text=True, check=False
    )
    services = [str(path) for path in units if path.suffix == ".service"]
    scored = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", *services],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert [line for line in taken.stderr.splitlines() if "papersite" in line] == []
    assert scored.returncode == 0, scored.stdout + scored.stderr
