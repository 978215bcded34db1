"""The kept files are those that the table makes today."""

import re
import shutil
from pathlib import Path

import pytest

from papersite.deploy import kinds
from papersite.deploy.place import Place
from tests.conftest import missing
from tests.site import ROOT


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_the_kept_files_are_as_they_would_be_made(kind: str) -> None:
    kept = {path.name: path.read_text() for path in (kinds.FOLDER / kind).iterdir()}

    assert kept == kinds.KINDS[kind](Place()), f"run: manage.py deploy {kind} --to papersite/deploy/files/{kind}"


def test_files_are_written_into_a_folder_that_is_made(tmp_path: Path) -> None:
    (path,) = kinds.write(tmp_path / "new" / "folder", {"a.conf": "words\n"})

    assert path.read_text() == "words\n"


def test_requirements_have_checksums_and_no_hosts() -> None:
    if not shutil.which("uv") or not (ROOT / "uv.lock").exists():
        missing("uv, or its lock,")
    text = kinds.requirements(ROOT)

    wanted = re.findall(r"^([\w.-]+)==\S+", text, re.MULTILINE)
    assert {"django", "celery", "granian"} <= set(wanted)
    assert "pytest" not in wanted
    assert text.count("--hash=sha256:") >= len(wanted)
    assert "//" not in text
