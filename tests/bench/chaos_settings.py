"""The site's settings for a short run: beat orders every few seconds what it orders every minute."""

from papersite.settings import *  # noqa: F403
from papersite.settings import CELERY_BEAT_SCHEDULE

for _name in ("wake the digest", "fulfil orders"):
    CELERY_BEAT_SCHEDULE[_name] |= {"schedule": 3.0, "options": {"expires": 10}}
