"""The processes, and what they and monitors say to each other."""

import os

from papersite.observability import logs
from papersite.settings.environment import env

# Each thread may hold a connection to the database: PostgreSQL takes 100 as it comes.
WEB_WORKERS = env.int("WEB_WORKERS", default=min(max(os.cpu_count() or 1, 2), 4), least=1)
WEB_THREADS = env.int("WEB_THREADS", default=8, least=1)

# A monitor that brings it may read /metrics/; without one the page does not exist.
METRICS_TOKEN = env("METRICS_TOKEN", default="")

LOGGING_CONFIG = "papersite.observability.logs.configure"
LOG_LEVEL = env.choice("LOG_LEVEL", among=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), default="INFO")
LOG_FORMAT = env.choice("LOG_FORMAT", among=("line", "json"), default="line")
LOGGING = logs.configuration(LOG_LEVEL, LOG_FORMAT)
# A line for each request.
ACCESS_LOG = env.bool("ACCESS_LOG", default=True)
DEFAULT_EXCEPTION_REPORTER = "papersite.observability.logs.Reporter"
