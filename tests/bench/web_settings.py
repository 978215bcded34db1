"""The site's settings with one address more: an empty view behind the same middleware."""

from papersite.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.web_urls"
