"""What curators changed, kept: former addresses of topics, and former weights."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from papersite.catalogue.models.subjects import Topic


class FormerSlug(models.Model):
    """An address that a topic had: it leads to the one it has."""

    slug = models.SlugField(max_length=80, unique=True)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="former_slugs")

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class WeightsChange(models.Model):
    """Weights from one change to the next: who set them, when and why."""

    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    why = models.CharField(max_length=200, blank=True)
    hours = models.JSONField(help_text="Of each signal, from then on.")
    before = models.JSONField(help_text="Until then.")

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"
