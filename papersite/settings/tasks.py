"""The broker, its queues, and how workers take from them."""

from kombu import Exchange, Queue

from papersite.runtime import beat, broker
from papersite.settings.environment import env
from papersite.settings.site import DATA_DIR
from papersite.settings.sources import HARVEST_SOURCES, PROMISE
from papersite.settings.stores import REDIS_URL

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default=REDIS_URL or "filesystem://localhost//")
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT = "papersite.runtime.broker:Transport"
    CELERY_WORKER_POOL = "papersite.runtime.pool:TaskPool"
CELERY_BROKER_TRANSPORT_OPTIONS = broker.options(CELERY_BROKER_URL, DATA_DIR / "broker")
CELERY_BROKER_CONNECTION_TIMEOUT = 4
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Apart, so that a source that keeps us waiting never delays a digest. A worker takes all unless
# it is started with -Q.
QUEUES = ("doors", "mail", "harvest", "housekeeping")
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in QUEUES]
CELERY_TASK_ROUTES = {
    "accounts.fulfil": {"queue": "doors"},
    "digest.fold": {"queue": "housekeeping"},
    "digest.*": {"queue": "mail"},
    "catalogue.harvest": {"queue": "harvest"},
}
CELERY_TASK_DEFAULT_QUEUE = "housekeeping"
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 330_000  # in kilobytes: a child that has grown beyond is replaced
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "papersite.runtime.beat:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = beat.schedule(HARVEST_SOURCES, QUEUES, learns=PROMISE)
