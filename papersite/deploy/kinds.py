"""All kinds of files that can be made."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from papersite.deploy import compose, nginx, postfix, postgresql, systemd
from papersite.deploy.place import Place

KINDS: dict[str, Callable[[Place], dict[str, str]]] = {
    "systemd": systemd.files,
    "compose": compose.files,
    "nginx": nginx.files,
    "postfix": postfix.files,
    "postgresql": postgresql.files,
}
FOLDER = Path(__file__).resolve().parent / "files"
EXPORT = (
    "uv", "export", "--quiet", "--frozen", "--no-dev", "--no-emit-project", "--no-header", "--no-annotate",
    "--format", "requirements-txt",
)  # fmt: skip


def requirements(folder: Path) -> str:
    """All that is installed, at one version each, with checksums and without hosts, from the lock of ``uv sync``.

    Raises OSError where there is no uv, and CalledProcessError where it fails.
    """
    return subprocess.run(EXPORT, cwd=folder, capture_output=True, text=True, check=True).stdout  # noqa: S603


def write(target: Path, files: dict[str, str]) -> list[Path]:
    target.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (target / name).write_text(text, encoding="utf-8")
    return [target / name for name in files]
