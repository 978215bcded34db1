"""The site's settings for tests: nothing of this machine's environment, all files in a folder of their own.

``DATABASE_URL`` and ``REDIS_URL`` are kept, so that the same tests run on PostgreSQL and Redis.
"""

import os
import tempfile
from datetime import timedelta

OURS = {
    "ALLOWED_HOSTS", "CELERY_BROKER_URL", "CSRF_TRUSTED_ORIGINS", "DEBUG", "EMAIL_PROVIDER", "EMAIL_URL",
    "ADMIN_SECOND_FACTOR", "BEHIND_PROXY", "CLICKS_PER_ACCOUNT", "CLICKS_PER_NETWORK", "DOORS_PER_NETWORK",
    "API_PER_ACCOUNT", "API_PER_NETWORK",
    "HSTS_SECONDS", "LIMITS_FAIL_OPEN", "MAILS_OVERALL", "MAILS_PER_ADDRESS", "MAILS_PER_ADDRESS_ANYWHERE",
    "MAILS_PER_DEVICE", "MAILS_PER_NETWORK", "PASSWORDS_PER_ADDRESS", "REFUSED_DOMAINS", "SEARCHES_PER_ACCOUNT",
    "MODEL_DIR", "MEANING_IN_SEARCH", "MEANING_IN_MAIL", "DIGEST_FOLDS_ALIKE", "TASTE",
    "SEARCHES_PER_NETWORK", "SSL_REDIRECT", "PAGES_FRESH_SECONDS",
    "MAIL_BOUNCES", "MAIL_FROM", "MAIL_POSTAL_ADDRESS", "SECRET_KEY", "SECRET_KEY_FALLBACKS", "SITE_NAME", "SITE_URL",
}  # fmt: skip
for name in OURS:
    os.environ.pop(name, None)
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
