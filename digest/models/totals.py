"""What happened on each day, counted as it happens; and what went wrong, from when until when."""

from django.db import models
from django.db.models import Q


class DailyTotal(models.Model):
    """One number of one day in UTC, such as how many readers left."""

    day = models.DateField()
    name = models.CharField(max_length=40)
    value = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["-day", "name"]
        constraints = [models.UniqueConstraint(fields=["day", "name"], name="daily_total_once")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}: {self.name} {self.value}"


class Incident(models.Model):
    """Something that was not well. Operators are mailed when it begins and when it is over, once each."""

    key = models.CharField(max_length=60, help_text="What is not well, the same each time.")
    words = models.CharField(max_length=300)
    began_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)
    over_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-began_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(over_at__isnull=True), name="incident_once_at_a_time")
        ]

    def __str__(self) -> str:
        return self.words
