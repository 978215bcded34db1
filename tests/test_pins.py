"""Every machine runs the versions that are written down, and the command that moves them knows its file."""

import re
import runpy
import tomllib
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = (ROOT / "pyproject.toml").read_text()
PIN = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w,-]+\])?==(?P<version>[\w.+!-]+)")
# They install the others, and come with the machine.
INSTALLERS = {"pip", "uv"}


def canonical(name: str) -> str:
    """As PEP 503 has it: Django and django, factory_boy and factory-boy are one."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements() -> list[str]:
    project = tomllib.loads(WRITTEN)
    groups = project["dependency-groups"].values()
    return [
        *project["project"]["dependencies"],
        *(requirement for group in groups for requirement in group),
        *project["tool"]["uv"]["constraint-dependencies"],
    ]


def pins() -> dict[str, str]:
    return {canonical(pin["name"]): pin["version"] for pin in map(PIN.fullmatch, requirements()) if pin}


@pytest.fixture
def upgrade() -> dict[str, Any]:
    """The names of the command that moves the pins."""
    return runpy.run_path(str(ROOT / ".ci" / "upgrade"))


def test_everything_written_is_pinned_exactly_and_once() -> None:
    assert [requirement for requirement in requirements() if not PIN.fullmatch(requirement)] == []
    assert len(pins()) == len(requirements())


def test_everything_installed_is_of_the_version_that_is_written() -> None:
    installed = {canonical(found.name): found.version for found in distributions()}

    written = pins()
    assert len(installed) > 50
    assert {
        f"{name} {version} is installed, {written.get(name, 'nothing')} is written"
        for name, version in installed.items()
        if name not in INSTALLERS and written.get(name) != version
    } == set()


def test_nothing_is_written_that_uv_does_not_resolve() -> None:
    """A pin that nobody needs any more would be kept for ever."""
    lock = ROOT / "uv.lock"
    if not lock.exists():
        pytest.skip("there is no uv.lock: this environment was not made by uv run")

    packages = tomllib.loads(lock.read_text())["package"]

    assert {each["name"]: each["version"] for each in packages if "virtual" not in each["source"]} == pins()


def test_each_direct_dependency_says_what_it_is_for() -> None:
    above = WRITTEN.partition("constraint-dependencies")[0]
    lines = [line for line in above.splitlines() if "==" in line]

    assert len(lines) > 30
    assert [line for line in lines if not re.search(r'", # \w.+$', line)] == []


def test_the_same_versions_leave_the_file_as_it_is(upgrade: Any) -> None:
    assert upgrade["rewritten"](WRITTEN, pins()) == WRITTEN


def test_newer_versions_move_the_pins_and_nothing_else(upgrade: Any) -> None:
    newer = pins() | {"django": "99.1", "amqp": "99.2", "newcomer": "1.0"}
    newer.pop("vine")

    moved = upgrade["rewritten"](WRITTEN, newer)

    before, after = set(WRITTEN.splitlines()), set(moved.splitlines())
    assert sorted(after - before) == [
        '    "amqp==99.2",', '    "django==99.1", # the site', '    "newcomer==1.0",',
    ]  # fmt: skip
    assert {re.sub("==.*", "", line).strip(' "') for line in before - after} == {"amqp", "django", "vine"}


def test_what_is_resolved_anew_names_no_version_and_keeps_the_extras(upgrade: Any) -> None:
    project = tomllib.loads(upgrade["rewritten"](WRITTEN, {}))

    assert "celery[redis]" in project["project"]["dependencies"]
    assert not [each for each in upgrade["direct"](upgrade["rewritten"](WRITTEN, {})) if "=" in each]
    assert project["tool"]["uv"]["constraint-dependencies"] == []
