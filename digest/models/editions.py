"""The issue of a day, and what curators pin to it."""

from django.db import models
from django.urls import reverse

from papersite.catalogue.models import Paper


class Edition(models.Model):
    """The site's issue of one day: what curators say and pick."""

    day = models.DateField(unique=True)
    intro = models.TextField(
        blank=True, help_text="A sentence or two above the papers of the day, on the site and in mails."
    )
    site_news = models.TextField(
        "news of the site", blank=True, help_text="At the foot of this day's mails, to those who want such news."
    )
    papers = models.ManyToManyField(Paper, through="Pick", related_name="editions")

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("catalogue:day", args=[self.day])


class Pick(models.Model):
    """A paper that a curator pinned to a day: it comes first in every mail of that day."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="picks")
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="picks")
    position = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True, help_text="Why it is worth the time; readers see it.")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "paper"], name="pick_once_per_edition")]

    def __str__(self) -> str:
        return f"{self.edition}: {self.paper}"
