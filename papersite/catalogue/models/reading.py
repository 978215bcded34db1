"""What readers keep for themselves."""

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
