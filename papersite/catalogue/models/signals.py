"""What papers earn: votes here, and numbers from elsewhere."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from papersite.catalogue.models.papers import Paper


class VoteQuerySet(models.QuerySet["Vote"]):
    def standing(self) -> "VoteQuerySet":
        """Those that move the order: not taken back, and counted."""
        return self.filter(taken_back_at__isnull=True, is_counted=True)


class Vote(models.Model):
    """One reader's vote for one paper. Taken back, it stays as a row: cast again, it is the same vote."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="votes")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="votes")
    voted_at = models.DateTimeField(default=timezone.now, help_text="When it was first cast.")
    taken_back_at = models.DateTimeField(null=True, blank=True)
    is_counted = models.BooleanField(
        "counted", default=True, help_text="Not, where many accounts voted from one network at once."
    )
    network = models.CharField(
        max_length=16, blank=True, editable=False, help_text="A keyed hash of the voter's address, new every day."
    )

    objects = VoteQuerySet.as_manager()

    class Meta:
        ordering = ["-voted_at"]
        indexes = [
            models.Index(fields=["paper", "network"], name="vote_by_network"),
            models.Index(fields=["id"], name="vote_not_counted", condition=Q(is_counted=False)),
        ]
        constraints = [models.UniqueConstraint(fields=["paper", "reader"], name="vote_once_per_reader")]

    def __str__(self) -> str:
        return f"a vote for {self.paper}"


class SignalWeight(models.Model):
    """How many hours newer a doubling of one signal makes a paper."""

    class Signal(models.TextChoices):
        VOTES = "vote_count", "votes here"
        HF_UPVOTES = "hf_upvotes", "upvotes on Hugging Face"
        GITHUB_WEEK = "github_week", "stars on GitHub in seven days"

    signal = models.CharField(max_length=20, choices=Signal, unique=True)
    hours = models.FloatField(help_text="The signal's half-life: so many hours later it takes twice as much.")

    class Meta:
        ordering = ["signal"]
        constraints = [models.CheckConstraint(condition=Q(hours__gte=0), name="weight_not_negative")]

    def __str__(self) -> str:
        return f"{self.get_signal_display()}: {self.hours:g} h"


class Reading(models.Model):
    """What one signal of a paper stood at on one day, in UTC."""

    class Signal(models.TextChoices):
        HF_UPVOTES = "hf_upvotes", "upvotes on Hugging Face"
        GITHUB_STARS = "github_stars", "stars on GitHub"

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="readings")
    signal = models.CharField(max_length=20, choices=Signal)
    day = models.DateField()
    value = models.PositiveIntegerField()

    class Meta:
        ordering = ["paper", "signal", "day"]
        indexes = [models.Index(fields=["day"], name="reading_by_day")]
        constraints = [models.UniqueConstraint(fields=["paper", "signal", "day"], name="reading_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.value} {self.get_signal_display()}"


class Repository(models.Model):
    """A repository on GitHub that papers link to, as it was when last asked."""

    url = models.URLField(max_length=500, unique=True, help_text="As the papers name it.")
    renamed_to = models.URLField(max_length=500, blank=True)
    is_archived = models.BooleanField("archived", default=False)
    is_gone = models.BooleanField("gone", default=False, help_text="Deleted, private or blocked when last asked.")
    stars = models.PositiveIntegerField(null=True, blank=True)
    week_stars = models.PositiveIntegerField("stars in seven days", null=True, blank=True)
    etag = models.CharField("ETag", max_length=200, blank=True, editable=False)
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["url"]
        verbose_name_plural = "repositories"
        indexes = [models.Index(fields=["asked_at"], name="repository_by_asking")]

    def __str__(self) -> str:
        return self.url.removeprefix("https://github.com/")
