"""Deploy files, shown and written."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


def test_files_are_shown_under_their_names_or_written(tmp_path: Path) -> None:
    shown = StringIO()

    call_command("deploy", "postfix", "--host", "a.example", stdout=shown)
    call_command("deploy", "nginx", "--to", str(tmp_path / "conf"), "--port", "9000", stdout=StringIO())

    assert "# === main.cf\n" in shown.getvalue()
    assert "virtual_mailbox_domains = a.example\n" in shown.getvalue()
    assert "server 127.0.0.1:9000" in (tmp_path / "conf" / "papersite.conf").read_text()


def test_without_uv_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match="pip install uv"):
        call_command("deploy", "requirements")

    (tmp_path / "uv").write_text("#!/bin/sh\necho no lock >&2\nexit 2\n")
    (tmp_path / "uv").chmod(0o755)
    with pytest.raises(CommandError, match="uv export failed: no lock"):
        call_command("deploy", "requirements")
