"""The demo, run as a stranger runs it: through a worker process, on an empty folder."""

import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tests import migrated
from tests.site import ROOT, wait_until

# It takes neither of the machine's servers, whatever the environment names.
pytestmark = [pytest.mark.long, pytest.mark.processes, pytest.mark.pure]

LINE = re.compile(r"(?P<to>\S+@\S+)  (?P<subject>.+)  papers=(?P<papers>\d+)  (?P<file>\S+\.eml)")
SUMMARY = "digest: planned={0} sent={0} empty=0 failed=0 papers={1} outbox={2}"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """No service and no variable, but a folder of its own."""
    ours = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
    return {name: value for name, value in os.environ.items() if name not in ours} | {"DATA_DIR": str(tmp_path)}


@pytest.fixture
def migrated_environment(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """With the tables, which take longer to make than what most of these tests ask."""
    shutil.copytree(migrated.folder(), tmp_path, dirs_exist_ok=True)
    return environment


def demo(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "demo", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


def check_mails(output: str) -> list[Any]:
    """Each line names a mail that is there, with that subject, to that address, with that many papers."""
    mails = [match for line in output.splitlines() if (match := LINE.fullmatch(line))]
    for match in mails:
        mail = message_from_bytes(Path(match["file"]).read_bytes(), policy=policy.default)
        assert (mail["To"], mail["Subject"]) == (match["to"], match["subject"])
        html = mail.get_body(("html",))
        assert html is not None
        assert html.get_content().count('class="paper"') == int(match["papers"])
    return mails


def test_demo_once_mails_each_reader_then_the_demo_serves_pages_and_mails_nobody_again(
    environment: dict[str, str], tmp_path: Path
) -> None:
    once = demo(environment, "--once")
    served, page = serve(environment, tmp_path / "output")

    assert once.returncode == 0, once.stdout + once.stderr
    assert once.stdout.splitlines()[-1] == SUMMARY.format(3, 30, tmp_path / "outbox")
    assert {match["to"] for match in check_mails(once.stdout)} == {
        "ada@example.org", "bo@example.org", "chiyo@example.org",
    }  # fmt: skip
    assert SUMMARY.format(0, 0, tmp_path / "outbox") in served.splitlines()
    assert page.count("@example.org</td>") == 3
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 3


def test_the_demo_mails_each_reader_then_once_more_nobody(migrated_environment: dict[str, str], tmp_path: Path) -> None:
    served, _ = serve(migrated_environment, tmp_path / "output")
    again = demo(migrated_environment, "--once")

    assert len(check_mails(served)) == 3
    assert again.returncode == 0, again.stdout + again.stderr
    assert again.stdout.splitlines()[-1] == SUMMARY.format(0, 0, tmp_path / "outbox")
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 3


@pytest.mark.parametrize("papers", ["000_ed20440609c8a2fa.txt", "hf_daily"])
def test_demo_once_with_papers_of_ones_own(
    migrated_environment: dict[str, str], tmp_path: Path, shared_data: Path, papers: str
) -> None:
    first = demo(migrated_environment, "--once", "--papers", str(shared_data / papers))

    assert first.returncode == 0, first.stdout + first.stderr
    assert first.stdout.splitlines()[-1] == SUMMARY.format(3, 30, tmp_path / "outbox")
    assert len(check_mails(first.stdout)) == 3


def test_demo_says_what_is_wrong_with_a_file(migrated_environment: dict[str, str], tmp_path: Path) -> None:
    done = demo(migrated_environment, "--once", "--papers", str(tmp_path / "nowhere.txt"))

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"CommandError: {tmp_path}/nowhere.txt: there is no such file or folder"


def serve(environment: dict[str, str], output: Path) -> tuple[str, str]:
    """Runs the demo until it answers and stops it, with all its children; what it printed, and the page of mails."""
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", "8431"],
            cwd=ROOT, env=environment | {"PYTHONUNBUFFERED": "1"}, stdout=file, stderr=file, start_new_session=True,
        )  # fmt: skip
    try:
        wait_until(lambda: "Ctrl-C stops everything" in output.read_text(), 60, "the demo to be ready")
        found = re.search(r"the site +(http://localhost:\d+)/", output.read_text())
        assert found is not None
        wait_until(lambda: answers(found[1] + "/health/"), 20, "the web server")
        with urllib.request.urlopen(found[1] + "/outbox/", timeout=20) as answer:
            page = answer.read().decode()
        children = children_of(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(40) == 0
        assert len(children) == 7  # with the guard
        assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(40)
    return output.read_text(), page


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def children_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
