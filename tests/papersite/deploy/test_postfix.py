"""What comes back finds its command, one mail for one address."""

import shutil
import subprocess
from pathlib import Path

import pytest

from papersite.deploy import postfix
from papersite.deploy.place import Place
from tests.site import ROOT


def test_each_address_has_a_pipe_to_a_command_that_exists() -> None:
    files = postfix.files(Place(host="a.example", folder="/srv/papers", name="papers"))

    for address, command in postfix.PIPES.items():
        assert (ROOT / "digest" / "management" / "commands" / f"{command}.py").is_file()
        assert f"{address}@a.example = papers-{address}:" in files["main.cf"]
        assert f"papers-{address}_destination_recipient_limit = 1" in files["main.cf"]
        assert f"papers-{address} unix - n n - 2 pipe" in files["master.cf"]
        assert f"argv=/srv/papers/.venv/bin/python /srv/papers/manage.py {command}" in files["master.cf"]


@pytest.mark.long
@pytest.mark.processes
@pytest.mark.pure
def test_postfix_takes_them(tmp_path: Path) -> None:
    if not shutil.which("postmap"):
        pytest.skip("postfix is not on this machine")
    (tmp_path / "main.cf").write_text(postfix.files(Place())["main.cf"])
    (tmp_path / "master.cf").write_text("smtp inet n - n - - smtpd\n" + postfix.files(Place())["master.cf"])

    shown = subprocess.run(["postconf", "-c", str(tmp_path), "-M"], capture_output=True, text=True, check=True)
    found = subprocess.run(
        ["postmap", "-c", str(tmp_path), "-q", "bounces@papers.example.org",
         subprocess.run(["postconf", "-c", str(tmp_path), "-h", "transport_maps"], capture_output=True, text=True,
                        check=True).stdout.strip()],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert shown.stderr == ""
    assert "papersite-unsub" in shown.stdout
    assert found.stdout == "papersite-bounces:\n"
