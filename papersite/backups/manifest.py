"""What a backup says of itself: when, from which release, which files with which checksums, how many rows."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

NAME = "manifest.json"
FORMAT = 1
CHUNK = 1 << 20


class Unusable(Exception):
    """Why a backup cannot be made, checked or restored, in words for who asked."""


@dataclass(slots=True)
class Manifest:
    made_at: datetime
    vendor: str
    """``sqlite`` or ``postgresql``."""
    migrations: list[str]
    """Those that the database had, as ``app.name``."""
    rows: dict[str, int]
    """How many each table has."""
    settings: list[str]
    """Names of the variables that were set; no values."""
    key_mark: str
    """By which a SECRET_KEY is known again."""
    left_out: dict[str, str]
    """What lies in DATA_DIR and is not in the backup, and why."""
    files: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each, by its path in the backup."""

    def write(self, folder: Path) -> None:
        """Takes the checksums of all that is in the folder, and says them in its manifest."""
        self.files = {name: sha256(folder / name) for name in listed(folder)}
        held = {"format": FORMAT} | asdict(self) | {"made_at": self.made_at.isoformat()}
        (folder / NAME).write_text(json.dumps(held, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        try:
            held: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
            if (version := held.pop("format")) != FORMAT:
                raise Unusable(f"{folder} is a backup of format {version}; this release reads {FORMAT}.")
            return cls(**held | {"made_at": datetime.fromisoformat(held["made_at"])})
        except FileNotFoundError:
            raise Unusable(f"{folder} is no backup: it has no {NAME}.") from None
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise Unusable(f"{folder / NAME} cannot be read: {error}") from error

    def verify(self, folder: Path) -> None:
        """Raises Unusable where a file is missing, changed, or one too many."""
        there = listed(folder)
        odd = [f"{name} is missing" for name in self.files if name not in there]
        odd += [f"{name} does not belong to it" for name in there if name not in self.files]
        odd += [
            f"{name} was changed or damaged"
            for name, wanted in self.files.items()
            if name in there and sha256(folder / name) != wanted
        ]
        if odd:
            raise Unusable(f"{folder} is not whole: {', '.join(odd)}.")


def sha256(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def listed(folder: Path) -> list[str]:
    """Paths of all files but the manifest."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return [name for name in files if name != NAME]
