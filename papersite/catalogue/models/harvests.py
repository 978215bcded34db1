"""What was read from sources, and who may ask them next."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone


class RequestSlot(models.Model):
    """Who asks a service that wants one request at a time, and when the next may come."""

    service = models.CharField(max_length=40, unique=True)
    holder = models.CharField(max_length=32, blank=True)
    held_until = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "catalogue_turn"
        ordering = ["service"]

    def __str__(self) -> str:
        return self.service


class Harvest(models.Model):
    """One run of a source."""

    source = models.CharField(max_length=40)
    origin = models.CharField(max_length=300, blank=True, help_text="The file or address that was read.")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    seen = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    notes = models.TextField(blank=True, help_text="What went wrong on the way and was waited out.")
    cursor = models.TextField(blank=True, help_text="How far it came: the next run goes on from here.")
    is_live = models.BooleanField("live", default=False, help_text="From the service itself, not from a file.")
    alive_until = models.DateTimeField(
        null=True, blank=True, help_text="A live run that has said nothing until then was killed."
    )

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["source", "-id"], name="harvest_by_source")]
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(is_live=True, finished_at__isnull=True),
                name="harvest_one_live_run_of_a_source",
            )
        ]

    def state(self, now: datetime) -> str:
        """In a word, whether it runs and how it went."""
        if self.finished_at is not None:
            return "failed" if self.error else "finished"
        if not self.is_live:
            return "reads a file, or broke off"
        return "running" if self.alive_until is None or self.alive_until > now else "vanished"

    def __str__(self) -> str:
        return f"{self.source} {self.started_at:%Y-%m-%d %H:%M}"


class Reject(models.Model):
    """A record that a harvest could not use, and why."""

    harvest = models.ForeignKey(Harvest, on_delete=models.CASCADE, related_name="rejects")
    place = models.CharField(max_length=300, help_text="Where in the source it stands.")
    reason = models.CharField(max_length=300)
    excerpt = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"
