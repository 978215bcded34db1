"""Small files that are written whole or not at all."""

import os
from pathlib import Path


def write(path: Path, text: str) -> None:
    """All or nothing, even when the machine stops in between."""
    beside = path.with_name(f"{path.name}.new")
    with beside.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
