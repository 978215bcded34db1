"""Signs of life of the site's processes, kept where all hosts can see them."""

from datetime import datetime, timedelta

from django.db import models

# A process that is well says so every fifteen seconds.
GONE_AFTER = timedelta(seconds=60)


class Heartbeat(models.Model):
    """One process: when it last said that it works."""

    name = models.CharField(max_length=20, help_text="As in the table of processes.")
    host = models.CharField(max_length=100)
    pid = models.PositiveIntegerField()
    queues = models.CharField(max_length=100, blank=True, db_default="", help_text="Those a worker takes.")
    version = models.CharField(max_length=40, blank=True, db_default="")
    started_at = models.DateTimeField()
    beaten_at = models.DateTimeField(db_index=True)
    figures = models.JSONField(default=dict, blank=True, help_text="What it counts of its own work.")

    class Meta:
        ordering = ["name", "host", "pid"]
        constraints = [models.UniqueConstraint(fields=["name", "host", "pid"], name="heartbeat_once_a_process")]

    def __str__(self) -> str:
        return f"{self.name} on {self.host}"

    def is_alive(self, now: datetime) -> bool:
        return now - self.beaten_at < GONE_AFTER


class Probe(models.Model):
    """A queue: when an order last went from beat through the broker and a worker into the database."""

    queue = models.CharField(max_length=40, unique=True)
    ordered_at = models.DateTimeField()
    done_at = models.DateTimeField()

    class Meta:
        ordering = ["queue"]

    def __str__(self) -> str:
        return self.queue
