"""What papers mean, beside their words."""

from pathlib import Path

from papersite.settings.environment import env

_FOLDER = env("MODEL_DIR")
# A folder with a sentence encoder; words alone do the work without it.
MODEL_DIR = Path(_FOLDER).resolve() if _FOLDER else None
MEANING_IN_SEARCH = env.bool("MEANING_IN_SEARCH", default=True)
MEANING_IN_MAIL = env.bool("MEANING_IN_MAIL", default=True)
