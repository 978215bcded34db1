"""What changed, for search indexes to follow."""

from django.db import models


class Revision(models.Model):
    """That a paper changed, for search indexes to follow: each remembers how far it came.

    The number is given after the change is there for all to see, one round after the other, so
    that whoever has read up to a number has missed nothing below it. A row outlives its paper:
    then the paper leaves the indexes.
    """

    # Counts the rounds; no paper has this number.
    COUNTER = 0

    paper_id = models.PositiveBigIntegerField(primary_key=True)
    number = models.PositiveBigIntegerField(null=True, blank=True, help_text="Empty until a round gives it one.")

    class Meta:
        ordering = ["number", "paper_id"]
        indexes = [models.Index(fields=["number", "paper_id"], name="revision_by_number")]

    def __str__(self) -> str:
        return f"paper {self.paper_id}, revision {self.number or 'not numbered yet'}"
