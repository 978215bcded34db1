"""The site's settings for tests: nothing of this machine's environment or ``.env``, all files in a folder of their own.

``DATABASE_URL`` and ``REDIS_URL`` of the environment are kept, so that the same tests run on PostgreSQL and Redis.
"""

import os
import re
import tempfile
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# A file beside the clone may be that of a real site; processes that tests start read none either.
os.environ["ENV_FILE"] = ""
for name in re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE):
    if name not in {"DATABASE_URL", "REDIS_URL"}:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
# With no key there is no button for the other site; tests press all of them.
for site in ("GITHUB", "GOOGLE", "ORCID"):
    os.environ |= {f"{site}_CLIENT_ID": "a-client", f"{site}_CLIENT_SECRET": "a-secret"}
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="papersite-tests-")

from papersite.settings import *  # noqa: E402, F403

SITE_URL = "https://papers.example.org"
MAIL_FROM = DEFAULT_FROM_EMAIL = "Papersite <digest@papers.example.org>"
MAIL_DOMAIN = "papers.example.org"
MAIL_BOUNCES = "bounces@papers.example.org"
MAIL_POSTAL_ADDRESS = "1 Example Street, Exampleton"
if REDIS_URL:  # noqa: F405
    # A database of Redis for each of the test processes: a cache that another one empties is no cache.
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    CACHES["default"]["LOCATION"] = f"{REDIS_URL.rpartition('/')[0]}/{15 - process}"  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tasks run where they are ordered; the tests of real workers start their own processes.
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
DIGEST_JITTER = timedelta(0)
LOGGING = {"version": 1, "disable_existing_loggers": False}
# pytest-django turns DEBUG off after this file was read.
WHITENOISE_AUTOREFRESH = True
# What a test wrote, its next look at a page shows; the tests of shared pages say otherwise.
PAGES_FRESH_SECONDS = 0
HARVEST_WAIT = 0.01
HARVEST_TIMEOUT = 2.0
