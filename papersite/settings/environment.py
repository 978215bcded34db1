"""Where the variables come from: the environment, and a file beside it."""

import os
from pathlib import Path

from papersite import variables

BASE_DIR = Path(__file__).resolve().parent.parent.parent
# ENV_FILE names another file; where it is empty none is read.
named = os.environ.get("ENV_FILE")
file = str(BASE_DIR / ".env") if named is None else named
env = variables.from_process(Path(file) if file else None)
if named and not Path(named).exists():
    env.problems.append(f"ENV_FILE: there is no {named}")
