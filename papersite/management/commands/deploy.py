"""Writes files for what runs the site beside it."""

import subprocess
from argparse import ArgumentParser
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from papersite.deploy import kinds
from papersite.deploy.place import Place

REQUIREMENTS = "requirements"


class Command(BaseCommand):
    help = (
        "Shows or writes the files of KIND, made from the table of processes that `serve` uses. `requirements` is the "
        "list that the image is built from."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[*kinds.KINDS, REQUIREMENTS], metavar="KIND", help=", ".join(kinds.KINDS))
        parser.add_argument("--to", type=Path, metavar="FOLDER", help="write there instead of showing them")
        for one in fields(Place):
            kind = int if one.type is int else str
            parser.add_argument(f"--{one.name}", type=kind, default=one.default, help=f"default: {one.default}")

    def handle(self, *, kind: str, to: Path | None, **options: Any) -> None:
        place = Place(**{one.name: options[one.name] for one in fields(Place)})
        files = {"requirements.txt": _requirements()} if kind == REQUIREMENTS else kinds.KINDS[kind](place)
        if to is not None:
            for path in kinds.write(to, files):
                self.stdout.write(str(path))
            return
        for name, text in files.items():
            self.stdout.write(text if len(files) == 1 else f"# === {name}\n{text}")


def _requirements() -> str:
    try:
        return kinds.requirements(settings.BASE_DIR)
    except FileNotFoundError as error:
        raise CommandError("It takes uv, which installed the project: pip install uv") from error
    except subprocess.CalledProcessError as error:
        raise CommandError(f"uv export failed: {error.stderr.strip()}") from error
