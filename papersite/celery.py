"""The Celery application; its options are the ``CELERY_`` settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "papersite.settings")

app = Celery("papersite")
app.config_from_object("django.conf:settings", namespace="CELERY")
# A task that names no limits of its own, in seconds: a harvest that is ended goes on from its cursor.
app.conf.update(task_soft_time_limit=3600, task_time_limit=3660)
app.autodiscover_tasks()

from papersite.runtime import hooks  # noqa: E402, F401  connecting them is all
