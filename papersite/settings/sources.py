"""Live sources, and patience with them."""

from datetime import timedelta

from papersite.settings.environment import env

# Which live sources beat reads: arxiv, huggingface, github; none until the operator says so.
HARVEST_SOURCES = env.list("HARVEST_SOURCES")
HARVEST_CONTACT = env("HARVEST_CONTACT", default="")
HARVEST_TIMEOUT = env.float("HARVEST_TIMEOUT_SECONDS", default=90, least=0.1)
HARVEST_MAX_BYTES = env.int("HARVEST_MAX_BYTES", default=64_000_000)
# A run that shows no life for so long was killed; well over the longest wait for one answer.
HARVEST_LEASE = timedelta(seconds=env.int("HARVEST_LEASE_SECONDS", default=900, least=1))
HARVEST_ATTEMPTS = env.int("HARVEST_ATTEMPTS", default=5, least=1)
HARVEST_WAIT = env.float("HARVEST_WAIT_SECONDS", default=3)
HUGGINGFACE_URL = env.url("HUGGINGFACE_URL", schemes=("http", "https"), default="https://huggingface.co").rstrip("/")
ARXIV_ARCHIVES = env.list("ARXIV_ARCHIVES", default=["cs", "stat", "eess"])
ARXIV_FEED_URL = env.url("ARXIV_FEED_URL", schemes=("http", "https"), default="https://rss.arxiv.org").rstrip("/")
ARXIV_OAI_URL = env.url("ARXIV_OAI_URL", schemes=("http", "https"), default="https://oaipmh.arxiv.org/oai").rstrip("/")
ARXIV_API_URL = env.url("ARXIV_API_URL", schemes=("http", "https"), default="https://export.arxiv.org").rstrip("/")
ARXIV_PAUSE = env.float("ARXIV_PAUSE_SECONDS", default=3)
GITHUB_URL = env.url("GITHUB_URL", schemes=("http", "https"), default="https://api.github.com").rstrip("/")
GITHUB_TOKEN = env("GITHUB_TOKEN", default="")
