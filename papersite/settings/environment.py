"""Where the variables come from."""

from pathlib import Path

from papersite import variables

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = variables.from_process(BASE_DIR / ".env")
