"""What readers keep for themselves."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone

from papersite.catalogue.models.papers import Paper


class SavedPaper(models.Model):
    """A paper on one reader's reading list."""

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_papers", db_index=False
    )
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="saved_by")
    note = models.TextField(blank=True, max_length=2000, help_text="For the reader's own eyes.")
    saved_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-saved_at", "-pk"]
        indexes = [models.Index(fields=["reader", "-saved_at"], name="saved_paper_by_reader")]
        constraints = [models.UniqueConstraint(fields=["reader", "paper"], name="saved_paper_once")]

    def __str__(self) -> str:
        return str(self.paper)


class BroughtLibrary(models.Model):
    """What one reader's file held, from the moment it was read until they said what to keep; a day at most."""

    reader = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="brought_library")
    key = models.UUIDField(default=uuid4, editable=False, help_text="Tells one file from the one brought after it.")
    name = models.CharField(max_length=200, blank=True, help_text="The file's.")
    format_name = models.CharField(max_length=20)
    remark = models.CharField(max_length=200, blank=True)
    found = models.JSONField(
        default=list,
        help_text="Lists of a paper's number, the note, whether it is read, when it was, when it was added.",
    )
    missing = models.JSONField(default=list, help_text="What is not in the catalogue, a line each.")
    rejected = models.JSONField(default=list, help_text="What could not be read: where it stands, and why.")
    offers = models.JSONField(default=list, help_text="What to follow, as lines of a list of follows.")
    brought_at = models.DateTimeField(default=timezone.now, db_index=True)
    kept_at = models.DateTimeField(null=True, blank=True)
    kept = models.PositiveIntegerField(default=0, help_text="How many papers came to the reading list by it.")

    class Meta:
        verbose_name_plural = "brought libraries"

    def __str__(self) -> str:
        return f"{self.format_name} of {self.brought_at:%Y-%m-%d %H:%M}"
